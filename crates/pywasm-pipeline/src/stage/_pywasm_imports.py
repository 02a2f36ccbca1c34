
# What a quick build (`--profile dev`) adds to `_pywasm`: it says which modules the program looks for in vain, also
# where the program catches the ImportError.
#
# In:  what the importer asks its first and its last finder.
# Out: on standard error, a line for each module that was left out, the first time that it is looked for; and in the
#      file that `pywasm run --explain-imports` mounts, at once:
#
#     held TAB MODULE                      it is imported when the process starts
#     asked TAB MODULE                     an import looks for it
#     absent TAB KIND TAB MODULE TAB WHO TAB REASON
#                                          nobody has found it: `left-out`, `platform` or `nowhere`
#     unsure TAB MODULE                    a finder of the program's own is asked next
#
# What happens in a rehearsal is kept, and said when the process starts.
import posix as _posix

_RECORD = "/.pywasm-imports/record"
_events, _said, _unsure = [], set(), {}
# The record's descriptor; None before the start of the process, -1 where nobody wants a record.
_descriptor = None


def _write(descriptor, text):
    try:
        _posix.write(descriptor, text.encode("utf-8", "replace"))
    except OSError:
        pass


def _tell(*fields):
    # What became of modules that finders of the program were asked for.
    for name, absence in list(_unsure.items()):
        del _unsure[name]
        _tell(*(("asked", name) if name in sys.modules else absence))
    line = "\t".join(fields)
    if _descriptor is None:
        _events.append(line)
    elif _descriptor >= 0 and "\n" not in line:
        _write(_descriptor, line + "\n")


def _say(name, who, reason):
    if name in _said:
        return
    if _descriptor is None:
        _events.append((name, who, reason))
    else:
        _said.add(name)
        _write(2, f"pywasm: {who} looks for the module {name!r}: {reason}\n")


def _begin():
    """The process starts: says what has happened before."""
    global _descriptor
    try:
        _descriptor = _posix.open(_RECORD, _posix.O_WRONLY | _posix.O_APPEND)
    except OSError:
        _descriptor = -1
    for name in list(sys.modules):
        if isinstance(name, str) and name not in ("__main__", "_pywasm"):
            _tell("held", name)
    for event in _events:
        if isinstance(event, str):
            _tell(event)
        else:
            _say(*event)
    _events.clear()


def _frames():
    frame = sys._getframe(1)
    while frame is not None:
        file = frame.f_code.co_filename
        if file != FILE and not file.startswith("<frozen importlib"):
            yield frame
        frame = frame.f_back


def _is_program(frame):
    file = frame.f_code.co_filename
    return file.startswith("/pywasm/app/") or "/site-packages/" in file


def _who():
    """The line that looks for a module: one of the program or a dependency if there is any; None where the
    interpreter itself looks."""
    frames = list(_frames())
    frame = next(filter(_is_program, frames), frames[0] if frames else None)
    return None if frame is None else f"{frame.f_code.co_filename}:{frame.f_lineno}"


def _is_own(name):
    """Whether an import statement of the standard library looks: the build knows those, and which of them a program
    does without."""
    frame = next(_frames(), None)
    if frame is None or _is_program(frame):
        return False
    names = frame.f_code.co_names
    return name in names or name.rpartition(".")[2] in names


def _is_import(frame):
    """Whether an import asks, and not find_spec() of importlib.util. `frame` is importlib's _find_spec, and where a
    rehearsal ended in an import, one more of that name."""
    while frame.f_code.co_name == "_find_spec" and frame.f_back is not None:
        frame = frame.f_back
    return frame.f_code is _bootstrap._find_and_load_unlocked.__code__


def _kind(name):
    reason = _reason(name)
    if reason is None or name == "tzdata":
        return "nowhere", ""
    if name in sys.stdlib_module_names and f"\n{name}\n" not in _left_out and f"\n{name} excluded" not in _left_out:
        return "platform", ""
    package, _, codec = name.rpartition(".")
    if package == "encodings" and f"\n{name}\n" in _left_out:
        reason = _codec_reason(codec)
    return "left-out", reason


class _Last:
    """The last finder that is asked."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        kind, reason = _kind(name)
        who = _who()
        if who is None:
            return
        absence = "absent", kind, name, who, reason
        # A program may put finders of its own behind; they may know a name that is in no list.
        if kind != "left-out" and sys.meta_path[-1] is not LeftOutFinder:
            _tell("unsure", name)
            _unsure[name] = absence
        else:
            _tell(*absence)
            if kind == "left-out" and not _is_own(name):
                _say(name, who, reason)


def _first(find):
    def find_spec(name, path=None, target=None):
        # Only for a record: an audit hook hears of _getframe().
        if _descriptor is not None and _descriptor >= 0 and _is_import(sys._getframe(1)):
            _tell("asked", name)
        return find(name, path, target)

    return find_spec


class _Entry(dict):
    """What main.c asks for the name of the program when it sets sys.argv: with the process, after a snapshot too."""

    def __getitem__(self, key):
        if key == "program" and _descriptor is None:
            _begin()
        return dict.__getitem__(self, key)


entry = _Entry(entry)
_bootstrap.BuiltinImporter.find_spec = staticmethod(_first(_bootstrap.BuiltinImporter.find_spec))
sys.meta_path.insert(-1, _Last)
