"""The command line: `python -m codecheck [--digests] [FILE ...]`."""

import ast
import sys
from pathlib import Path

from . import checks, digests


def parse(name, data):
    """Source bytes to a tree, or None with a message that shows the place."""
    try:
        return ast.parse(data, filename=name)
    except SyntaxError as error:
        print(f"{name}:{error.lineno}:{error.offset}: E1 {error.msg}")
        if error.text:
            print(f"    {error.text.strip()}")
        return None


def validate(name, data):
    """Prints what is wrong with one source; returns how much that is."""
    tree = parse(name, data)
    if tree is None:
        return 1
    findings = checks.check(tree)
    for finding in findings:
        print(f"{name}:{finding.line}:{finding.column}: {finding.code} {finding.message}")
    definitions = sum(isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef) for node in ast.walk(tree))
    print(f"{name}: {definitions} definitions, {len(findings)} findings, "
          f"text {digests.text_digest(data)}, meaning {digests.meaning_digest(tree)}")
    return len(findings)


def main(argv):
    """Validates files, or standard input; returns 1 where something was found."""
    if argv == ["--digests"]:
        for name, digest in digests.known_answers():
            print(f"{name:<12} {digest}")
        return 0
    if argv:
        sources = ((name, Path(name).read_bytes()) for name in argv)
    else:
        sources = [("<stdin>", sys.stdin.buffer.read())]
    found = 0
    for name, data in sources:
        found += validate(name, data)
    return int(found > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
