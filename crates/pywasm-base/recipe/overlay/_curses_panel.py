"""Windows of `curses` that lie above each other. There are no windows, so each function raises `error`; see `_curses`."""
version = __version__ = "2.1"
error = type("error", (Exception,), {"__module__": "_curses_panel"})


class panel:
    def __new__(cls, *arguments):
        raise TypeError("cannot create '_curses_panel.panel' instances")


panel.__module__ = __name__


def new_panel(win, /):
    raise TypeError(f"new_panel() argument must be _curses.window, not {type(win).__name__}")


def _refusal(name):
    def refuse():
        raise error("must call initscr() first")

    refuse.__name__ = refuse.__qualname__ = name
    return refuse


bottom_panel, top_panel, update_panels = map(_refusal, ("bottom_panel", "top_panel", "update_panels"))
