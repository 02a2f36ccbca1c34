from . import inner

__all__ = ["inner", "other"]
