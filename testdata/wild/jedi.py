"""Completes, infers, finds names and references, and shows signatures in a source and the standard library."""

import jedi

jedi.settings.cache_directory = "/tmp/jedi"
SOURCE = '''import json
from dataclasses import dataclass

@dataclass
class Point:
    """A point."""
    x: int
    y: int = 0

    def shift(self, by):
        return Point(self.x + by, self.y)

p = Point(1)
p.sh
json.lo
p.shift(
'''
script = jedi.Script(SOURCE, path="/tmp/example.py")
print([c.name for c in script.complete(14, 4)])
print([c.name for c in script.complete(15, 7)])
print([(s.name, s.index, [p.name for p in s.params]) for s in script.get_signatures(16, 8)])
print([(d.full_name, d.type, d.docstring()) for d in script.infer(13, 4)])
print([(r.line, r.column) for r in script.get_references(5, 8)])
print([n.name for n in script.get_names(all_scopes=True, definitions=True)])
print([d.description for d in script.goto(13, 5)])
print([c.name for c in jedi.Interpreter("text.up", [{"text": "abc"}]).complete()])
print(script.rename(13, 0, new_name="q").get_diff())
