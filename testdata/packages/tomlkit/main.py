"""Edits a document and keeps its comments and layout."""

import tomlkit

TEXT = """\
# a project
[project]   # name and version
name = 'demo'
version = "0.1.0"
keywords = [
    "one",  # first
    "two",
]

[tool.x]
when = 2024-02-29T10:00:00Z
size = 1_000
"""

document = tomlkit.parse(TEXT)
document["project"]["version"] = "0.2.0"
document["project"]["keywords"].append("three")
document["tool"]["x"]["limits"] = {"low": 1, "high": 2.5}
table = tomlkit.table()
table.add("on", True)
table.add(tomlkit.comment("added later"))
document["tool"].append("y", table)
print(tomlkit.dumps(document))
print(document.unwrap())
try:
    tomlkit.parse("a = [1, 2")
except tomlkit.exceptions.ParseError as error:
    print(type(error).__name__, error)
