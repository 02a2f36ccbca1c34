"""Loads and dumps YAML with anchors, tags, several documents, own types, styles and errors."""

import datetime

import yaml

TEXT = """
base: &base {a: 1, b: [x, y]}
derived: {<<: *base, b: 2.5}
text: |
  line one
  line two
folded: >-
  a
  b
when: 2026-01-02
flag: yes
nothing: ~
hex: 0xFF
"""
data = yaml.safe_load(TEXT)
print(data)
print(yaml.safe_dump(data, sort_keys=False, default_flow_style=False))
print(list(yaml.safe_load_all("a: 1\n---\n- b\n---\nc")))


class Point(yaml.YAMLObject):
    yaml_tag, yaml_loader = "!point", yaml.SafeLoader

    def __init__(self, x):
        self.x = x


print(yaml.safe_load("!point {x: 3}").x, yaml.dump(Point(4)), yaml.dump({"t": (1, 2), "d": datetime.date(2026, 1, 1)}))
yaml.SafeLoader.add_constructor("!env", lambda loader, node: f"<{loader.construct_scalar(node)}>")
print(yaml.safe_load("v: !env HOME"), yaml.dump(["ä", "multi\nline"], allow_unicode=True, default_style='"'))
for bad in ["a: [1", "a: !!python/object/apply:os.system [x]", "\tx"]:
    try:
        yaml.safe_load(bad)
    except yaml.YAMLError as error:
        print(type(error).__name__, str(error).splitlines()[0])
print([type(token).__name__ for token in yaml.scan("a: [b]")], [type(event).__name__ for event in yaml.parse("- 1")])
