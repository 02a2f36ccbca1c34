held = None
