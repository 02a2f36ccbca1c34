"""Compiles many Python files in one process: requests on stdin, answers on stdout.

The base itself runs this script (`pywasm_python -S -c <this text>`), so the bytecode
has the base's version by construction. The host's half of the protocol is the module
`bytecode` of the crate `pywasm-bundle`; change both together.

Every integer is an unsigned 64-bit little-endian number. A `bytes` is its length and
then that many bytes. A `text` is a `bytes` that holds UTF-8.

    request   flags     bit 0: leave the docstrings out
              text      co_filename, a path in the guest
              bytes     the source, in the encoding that it declares (PEP 263)

    stdin     request*  until the end of the input

    header    8 bytes   "PYWASMBC"
              integer   the protocol's version, 1
              bytes     the magic number of .pyc files

    answer    integer   number of warnings, then for each of them:
                integer   line, 0 where unknown
                text      category, such as SyntaxWarning
                text      message
              integer   0: compiled, 1: failed
              compiled: bytes    the module's code object, marshalled
              failed:   text     the exception's type, such as SyntaxError
                        text     message
                        integer  line, 0 where unknown
                        integer  column in characters, from 1, 0 where unknown
                        text     the source line, empty where unknown

    stdout    header answer*     one answer for each request, in the same order

Asserts stay (`optimize=0`). Only modules that are built in are imported: a start of the
interpreter is most of what a small build pays.
"""

import _ast
import _frozen_importlib_external
import gc
import marshal
import sys

STRIP_DOCSTRINGS = 1

read = sys.stdin.buffer.read
write = sys.stdout.buffer.write
warned = []


def integer(value):
    return value.to_bytes(8, "little")


def block(value):
    return integer(len(value)) + value


def text(value):
    # Python's strings may hold lone surrogates, UTF-8 may not.
    return block(value.encode("utf-8", "backslashreplace"))


def number(value):
    """A line or a column: CPython uses None, 0 and -1 for "unknown"."""
    return integer(value if isinstance(value, int) and value > 0 else 0)


def read_block():
    size = int.from_bytes(read(8), "little")
    value = read(size)
    if len(value) != size:
        raise EOFError("a request is cut short")
    return value


def catch_warnings():
    """Sends what the compiler warns about to `warned`.

    C code looks for the module `warnings` only in sys.modules. This stand-in has the
    attributes that it asks for, and costs nothing to import.
    """
    stand_in = type(sys)("warnings")
    stand_in.filters = [("always", None, Warning, None, 0)]
    stand_in.WarningMessage = lambda message, category, filename, line, *rest: (
        line,
        category.__name__,
        str(message),
    )
    stand_in._showwarnmsg = warned.append
    sys.modules["warnings"] = stand_in


def starts_with_string(body):
    return (
        len(body) > 0
        and isinstance(body[0], _ast.Expr)
        and isinstance(body[0].value, _ast.Constant)
        and isinstance(body[0].value.value, str)
    )


def strip_docstrings(tree):
    """Takes the docstrings out of modules, classes and functions; no line moves."""
    holders = (_ast.Module, _ast.ClassDef, _ast.FunctionDef, _ast.AsyncFunctionDef)
    todo = [tree]
    while todo:
        node = todo.pop()
        if isinstance(node, holders) and starts_with_string(node.body):
            strip_first(node)
        # Only statements hold statements, so expressions need no visit.
        for field in ("body", "orelse", "finalbody", "handlers", "cases"):
            todo += getattr(node, field, ())


def strip_first(node):
    docstring = node.body.pop(0)
    left_empty = not node.body and not isinstance(node, _ast.Module)
    # A second string in a row would now be taken for the docstring.
    if left_empty or starts_with_string(node.body):
        place = _ast.Pass(
            lineno=docstring.lineno,
            col_offset=docstring.col_offset,
            end_lineno=docstring.end_lineno,
            end_col_offset=docstring.end_col_offset,
        )
        node.body.insert(0, place)


def compile_source(source, path, strip):
    if strip:
        try:
            tree = compile(source, path, "exec", _ast.PyCF_ONLY_AST, True, 0)
            strip_docstrings(tree)
            return compile(tree, path, "exec", 0, True, 0)
        except (RecursionError, MemoryError):
            # Deep expressions fit the compiler, but not the tree as Python objects.
            # Such a file keeps its docstrings.
            warned.clear()
    return compile(source, path, "exec", 0, True, 0)


def answer(flags, path, source):
    warned.clear()
    try:
        code = compile_source(source, path, flags & STRIP_DOCSTRINGS)
        result = integer(0) + block(marshal.dumps(code))
    except Exception as error:
        result = (
            integer(1)
            + text(type(error).__name__)
            + text(str(getattr(error, "msg", None) or error))
            + number(getattr(error, "lineno", 0))
            + number(getattr(error, "offset", 0))
            + text((getattr(error, "text", None) or "").rstrip("\n"))
        )
    # The parser reads a file with an error twice, and warns twice.
    unique = list(dict.fromkeys(warned))
    warnings = [number(line) + text(kind) + text(message) for line, kind, message in unique]
    return integer(len(unique)) + b"".join(warnings) + result


def main():
    # Trees hold no cycles; without the collector, compiling is a third quicker.
    gc.disable()
    catch_warnings()
    write(b"PYWASMBC" + integer(1) + block(_frozen_importlib_external.MAGIC_NUMBER))
    while flags := read(8):
        write(answer(int.from_bytes(flags, "little"), read_block().decode(), read_block()))
    sys.stdout.buffer.flush()


main()
