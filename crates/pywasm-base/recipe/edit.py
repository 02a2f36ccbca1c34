"""Makes the few edits to CPython's sources that the base needs.

In: edits.json, a source tree. Out: the tree with each edit made. A text that is not found exactly once is an error, so that
a new version of CPython cannot pass by an edit unnoticed. An edit in Lib/ moves no line.
"""

import json
import os
import sys


def main(list_of_edits, tree):
    with open(list_of_edits, encoding="utf-8") as file:
        edits = json.load(file)
    for edit in edits:
        path = os.path.join(tree, edit["file"])
        with open(path, encoding="utf-8", newline="") as file:
            text = file.read()
        if text.count(edit["find"]) != 1:
            sys.exit(f"edits.json: {edit['file']}: the text {edit['find']!r} stands there {text.count(edit['find'])} times, not once")
        is_at_end = text.endswith(edit["find"])
        if edit["file"].startswith("Lib/") and not is_at_end and edit["find"].count("\n") != edit["replace"].count("\n"):
            sys.exit(f"edits.json: {edit['file']}: the edit moves the lines below it, which tracebacks and warnings name")
        os.unlink(path)  # the tree is made of hard links
        with open(path, "w", encoding="utf-8", newline="") as file:
            file.write(text.replace(edit["find"], edit["replace"]))
        print(f"edited {edit['file']}: {edit['why']}")


main(*sys.argv[1:])
