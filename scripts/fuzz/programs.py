"""Makes Python programs for `scan.py`. In: a source of random numbers. Out: bytes of a program that
imports in every way that the grammar has, or a changed copy of a file.
"""

import ast

NAMES = ["os", "sys", "json.decoder", "a.b.c", "éclair", "ﬁle", "x1", "_y", "importlib", "Ǆ.ª", "match", "type"]
NOISE = [
    "# import hidden\n", '"""\nimport hidden\n"""\n', "x = 'import hidden'\n", "y = (1,\n  2)\n", "z = 1 if unknown() else 2\n",
    "w = [i for i in range(3) if i]\n", "print(f\"{x!r:>{y}} {'import q'} {{\")\n", "del_ = lambda a, /, b=1, *c, d, **e: a\n",
    "v: int = 3\n", "u = b'\\x00' b'x'\n", "type Alias[T: int, *Ts, **P] = dict[T, P]\n", "import_ = 1; from_ = 2\n",
    "if (n := 3) > 2: pass\n", "t = x[1:2, ::3, *y]\n", "s = not -~1 ** 2 @ 3 // 4\n", "r = \\\n    5\n", "print(rf'{x:{y}}' R'\\N')\n",
    "q = 0o17 + 0b1 + 0xF_F + 1e5j + 1_0.0\n", "p = f'''{\nx\n}'''\n", "x = yield_ = ...\n", "o = {**{}, 'a': 1} if 0 else {*()}\n",
    "class match: case = 1\n", "match = case = type = 1\n", "print(*[1], **{}, sep='')\n", "m = 'a' 'b' \"c\" f'{1}'\n", "\n", "\x0c\n", "    \n", "\t# x\n",
]


def names(source):
    return source.choice(NAMES)


def simple(source, nested=False):
    """One import statement, without a line end."""
    kind = source.randrange(8)
    alias = lambda: source.choice(["", " as z", "  as  éa"])
    if kind < 3:
        return "import " + ", ".join(names(source) + alias() for _ in range(source.choice([1, 1, 2, 3])))
    dots = source.choice(["", "", "", ".", "..", "...", ". .", "....", ".\\\n."])
    module = names(source) if not dots or source.random() < 0.6 else ""
    listed = [names(source).split(".")[0] + alias() for _ in range(source.choice([1, 1, 2, 4]))]
    form = source.randrange(3)
    text = ", ".join(listed)
    if form == 0:
        text = "(" + ",\n  # import no\n ".join(listed) + source.choice([",", ""]) + ")"
    elif form == 1 and source.random() < 0.3:
        text = "names" if nested else "*"
    return f"from {dots}{module} import {text}" if module or dots else f"import {text}"


def indent(text):
    return "".join("    " + line if line.strip() else line for line in text.splitlines(keepends=True))


def statement(source, depth):
    kind = source.randrange(30 if depth else 12)
    if kind < 6:
        nested = depth < 3
        text = simple(source, nested)
        if source.random() < 0.2:
            text += "; " + simple(source, nested)
        return text + source.choice(["\n", "\n", "  # why\n", ";\n"])
    if kind < 12:
        return source.choice(NOISE)
    body = lambda: indent(block(source, depth - 1))
    heads = [
        "def f(x: int = 1, *a, **k) -> str:", "async def g():", "class C(Base, metaclass=M):", "with a as b, (c):", "for i in x:",
        "while unknown():", "if unknown():", "@decorated(1)\ndef h[T](y: T):", "def main():", "class D[T]: \n    x = 1\n    pass\nif unknown():",
    ]
    head = source.choice(heads)
    if kind < 20:
        return f"{head}\n{body()}"
    if kind < 22:
        return f"if unknown():\n{body()}elif unknown():\n{body()}else:\n{body()}"
    if kind < 26:
        caught = source.choice(["except ImportError:", "except (ImportError, OSError) as e:", "except* ValueError:", "except Exception:"])
        tail = source.choice(["", f"else:\n{body()}", f"finally:\n{body()}"])
        return f"try:\n{body()}{caught}\n{body()}{tail}"
    if kind < 28:
        return f"match unknown():\n    case [1, *z] | {{'a': str(z)}} if z:\n{indent(body())}    case _:\n{indent(body())}"
    return source.choice(["pass\n", f"if sys.platform == 'win32':\n{body()}", "def r():\n    return 1\n", f"def n():\n    if unknown(): return\n{body()}"])


def block(source, depth):
    return "".join(statement(source, depth) for _ in range(source.randint(1, 4))) + "pass\n"


def program(source):
    """The bytes of a program."""
    text = "".join(statement(source, 3) for _ in range(source.randint(1, 8)))
    if source.random() < 0.1:
        text = "from __future__ import annotations\n" + text
    if source.random() < 0.15:
        text = text.replace("\n", source.choice(["\r\n", "\r"]))
    if source.random() < 0.1:
        return "# -*- coding: utf-16-le -*-\n".replace("utf-16-le", source.choice(["utf-8", "UTF_8"])).encode() + text.encode()
    if source.random() < 0.05:
        return b"\xef\xbb\xbf" + text.encode()
    if source.random() < 0.05:
        return b"# coding: latin-1\n" + text.encode("latin-1", "ignore")
    return text.encode()


def change(content, source):
    """A changed copy of a file: lines are copied, dropped, swapped, imports come in, or the whole is written again."""
    try:
        lines = content.decode().splitlines(keepends=True)
    except UnicodeDecodeError:
        return content
    if source.random() < 0.2:
        try:
            return ast.unparse(ast.parse(content)).encode()
        except (SyntaxError, ValueError, RecursionError):
            return content
    for _ in range(source.randint(1, 6)):
        if not lines:
            break
        at = source.randrange(len(lines))
        kind = source.randrange(6)
        if kind == 0:
            del lines[at]
        elif kind == 1:
            lines.insert(at, lines[source.randrange(len(lines))])
        elif kind < 5:
            line = lines[at]
            space = line[: len(line) - len(line.lstrip())]
            lines.insert(at, space.replace("\n", "") + simple(source) + "\n")
        else:
            line = lines[at]
            cut = source.randrange(len(line) + 1)
            lines[at] = line[:cut] + source.choice(["(", ")", ",", ":", "=", " ", "\\\n", "'", "import", "0", "é", "#"]) + line[cut:]
    return "".join(lines).encode()
