late = "late"
