raise ImportError("something is lacking")
