import absent_here  # noqa: F401
