aliases = {
    "latin1": "latin_1",
    "utf8": "utf_8",
    "windows_1252": "cp1252",
    "thai": "tis_620",
}
