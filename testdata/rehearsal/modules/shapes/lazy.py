def __getattr__(name):
    if name == "late":
        return "made late"
    raise AttributeError(f"no {name}")
