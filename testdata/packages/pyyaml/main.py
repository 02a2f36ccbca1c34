"""Settings in YAML: loading, dumping, tags of our own, and errors, all in pure Python."""

import datetime

import yaml

TEXT = """\
name: shop
tags: [a, b, &x c]
when: 2024-02-03 04:05:06
empty: ~
numbers: {int: 0x1F, float: 1.5e3, inf: .inf, octal: 0o17, bool: yes}
text: |
  two
  lines
folded: >-
  one
  line
base: &base {color: red, size: 1}
derived:
  <<: *base
  size: 2
same: *x
binary: !!binary aGVsbG8=
set: !!set {a, b}
pairs: !!pairs [a: 1, a: 2]
"""


class Point(yaml.YAMLObject):
    yaml_tag = "!point"
    yaml_loader = yaml.SafeLoader

    def __init__(self, x, y):
        self.x, self.y = x, y

    def __repr__(self):
        return f"Point({self.x}, {self.y})"


def main():
    data = yaml.safe_load(TEXT)
    for key, value in data.items():
        print(key, repr(value) if key != "set" else sorted(value))
    print(yaml.dump(data, sort_keys=True))
    print(yaml.safe_dump({"b": [1, 2, {"c": None}], "a": "ü: x", "d": datetime.date(2024, 1, 2)}, allow_unicode=True))
    print(yaml.safe_load("[!point {x: 1, y: 2}, !point {x: 3, y: 4}]"))
    print(yaml.dump({"p": Point(1, 2)}), end="")
    print(list(yaml.safe_load_all("a: 1\n---\nb: 2\n---\n")))
    print(yaml.load("!!python/tuple [1, 2]", Loader=yaml.FullLoader))
    print([type(event).__name__ for event in yaml.parse("a: [1]")])
    for bad in ["a: [1", "a: b: c", "!nope x", "\ta: 1", "a: *gone"]:
        try:
            yaml.safe_load(bad)
        except yaml.YAMLError as error:
            print(type(error).__name__, str(error).replace("\n", " | "))


main()
