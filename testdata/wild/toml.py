"""Loads and dumps TOML with dates, nested tables, arrays and errors."""

import datetime
import io

import toml

TEXT = """
title = "Example"
[owner]
name = "Tom \\u00e9"
dob = 1979-05-27T07:32:00-08:00
[servers.alpha]
ip = "10.0.0.1"
ports = [ 8001, 8_002 ]
ratio = 1e3
on = true
[[products]]
name = "Hammer"
[[products]]
name = '''Nail
s'''
"""
data = toml.loads(TEXT)
print(data["owner"]["name"], data["owner"]["dob"].isoformat(), data["servers"], [p["name"] for p in data["products"]])
print(toml.dumps(data))
print(toml.dumps({"when": datetime.datetime(2026, 1, 2, 3), "list": [1.5, 2.0], "nested": {"a": {"b": "c"}}, "q": 'a"b\\'}))
file = io.StringIO()
toml.dump({"x": {"y": [{"z": 1}]}}, file)
print(file.getvalue(), toml.load(io.StringIO(file.getvalue())))
for bad in ["a = [1, 'x'", "a 1", "a = 1\na = 2", "x = 00"]:
    try:
        print(toml.loads(bad))
    except toml.TomlDecodeError as error:
        print(error.lineno, error.msg)
print(toml.TomlEncoder(dict).get_empty_table())
