import importlib
import importlib.util
import runpy
import sys

print("importlib user")
by_name = importlib.import_module("shapes.round")
relative = importlib.import_module(".circle", "shapes.round")
square = importlib.import_module("shapes.square")
square.side = 5
reloaded = importlib.reload(square)
print(reloaded is square, square.side)
print(importlib.util.find_spec("shapes.star").name, importlib.util.find_spec("nowhere"))
result = runpy.run_module("shapes.star", run_name="as_run")
print(result["__name__"], result["from_star"], "as_run" in sys.modules)
result = runpy.run_module("shapes.square", alter_sys=True)
print(result["__name__"], result["__annotations__"])
print(by_name.area is relative.area)
