KIND = "late"
