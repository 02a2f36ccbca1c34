"""Reads, changes and writes TOML with its comments and layout kept."""

import datetime

import tomlkit
from tomlkit.exceptions import ParseError

TEXT = '''# top
title = "x" # beside

[owner]
name = 'Ann'
born = 1979-05-27T07:32:00Z

[[items]]
n = 1
[[items]]
n = 0x1F
list = [ 1,
  2, # two
]
'''
document = tomlkit.parse(TEXT)
document["title"] = "new"
document["owner"]["age"] = 30
document["items"][0]["tags"] = ["a", "b"]
document["items"].append({"n": 3})
document["owner"].comment("the owner")
table = tomlkit.table()
table.add(tomlkit.comment("made"))
table.add("when", datetime.date(2026, 1, 2))
table["inline"] = tomlkit.inline_table()
table["inline"].update({"x": 1.5, "y": True})
document.add("made", table)
document.remove("title")
print(tomlkit.dumps(document))
print(document["items"][1]["n"] + 1, document.unwrap()["owner"], type(document["owner"]["name"]).__name__)
print(tomlkit.dumps({"a": {"b": [1, 2]}, "s": 'multi\nline "q"'}), tomlkit.string("x\ny", multiline=True).as_string())
for bad in ["a = ", "a = 1\na = 2", "[x", "d = 2026-13-01"]:
    try:
        tomlkit.parse(bad)
    except ParseError as error:
        print(type(error).__name__, error)
    except Exception as error:
        print(type(error).__name__, str(error)[:50])
