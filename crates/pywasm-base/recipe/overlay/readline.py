"""Line editing. WASI has no terminal to edit a line on; history and settings are kept, and history files are read and written."""
_READLINE_LIBRARY_VERSION, _READLINE_RUNTIME_VERSION, _READLINE_VERSION = "8.2", 0x802, 0x802
backend = "readline"

_history = []
_length = -1
_completer = None
_delimiters = " \t\n`~!@#$%^&*()-=+[{]}\\|;:'\",<>/?"


def _callable(name, function):
    if function is not None and not callable(function):
        raise TypeError(f"{name}(func): argument not callable")
    return function


def _failure(error):
    return OSError(error.errno, error.strerror)


def _path(filename):
    import os

    return os.path.expanduser("~/.history") if filename is None else filename


def parse_and_bind(string, /):
    if not isinstance(string, str):
        raise TypeError(f"parse_and_bind() argument must be str, not {type(string).__name__}")


def read_init_file(filename=None, /):
    if filename is not None:
        with open(filename, "rb"):
            pass


def read_history_file(filename=None, /):
    try:
        with open(_path(filename), encoding="utf-8", errors="surrogateescape") as file:
            _history.extend(file.read().splitlines())
    except OSError as error:
        raise _failure(error) from None


def write_history_file(filename=None, /):
    lines = _history if _length < 0 else _history[len(_history) - min(_length, len(_history)):]
    _write(filename, "w", lines)


def append_history_file(nelements, filename=None, /):
    if nelements < 0:
        raise ValueError("nelements must be positive")
    _write(filename, "r+", _history[len(_history) - min(nelements, len(_history)):])


def _write(filename, mode, lines):
    try:
        with open(_path(filename), mode, encoding="utf-8", errors="surrogateescape") as file:
            file.seek(0, 2)
            file.writelines(line + "\n" for line in lines)
    except OSError as error:
        raise _failure(error) from None


def get_history_length():
    return _length


def set_history_length(length, /):
    global _length
    _length = length


def get_current_history_length():
    return len(_history)


def get_history_item(index, /):
    return _history[index - 1] if 0 < index <= len(_history) else None


def add_history(string, /):
    if not isinstance(string, str):
        raise TypeError(f"add_history() argument must be str, not {type(string).__name__}")
    _history.append(string)


def clear_history():
    _history.clear()


def _check(position):
    if position < 0:
        raise ValueError("History index cannot be negative")
    if position >= len(_history):
        raise ValueError(f"No history item at position {position}")


def remove_history_item(pos, /):
    _check(pos)
    del _history[pos]


def replace_history_item(pos, line, /):
    _check(pos)
    _history[pos] = line


def set_auto_history(enabled, /):
    pass


def set_completer(function=None, /):
    global _completer
    _completer = _callable("set_completer", function)


def get_completer():
    return _completer


def set_completer_delims(string, /):
    global _delimiters
    _delimiters = string


def get_completer_delims():
    return _delimiters


def set_startup_hook(function=None, /):
    _callable("set_startup_hook", function)


def set_pre_input_hook(function=None, /):
    _callable("set_pre_input_hook", function)


def set_completion_display_matches_hook(function=None, /):
    _callable("set_completion_display_matches_hook", function)


def get_line_buffer():
    return ""


def get_begidx():
    return 0


def get_endidx():
    return 0


def get_completion_type():
    return 0


def insert_text(string, /):
    pass


def redisplay():
    pass
