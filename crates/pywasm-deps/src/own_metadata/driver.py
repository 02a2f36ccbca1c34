"""Asks a project's build backend for the metadata that its wheel would have, by the hooks of PEP 517.

usage: python driver.py ORDER.json

In: the project's folder, the backend, the folder with what the backend needs. The backend works on a copy of the project,
since some leave files there. Out: METADATA and entry_points.txt, or requires.json with what the backend still needs.
"""

import importlib
import json
import os
import shutil
import sys
import zipfile

with open(sys.argv[1], encoding="utf-8") as file:
    order = json.load(file)
out, copy = order["out"], os.path.join(order["work"], "source")

# What a backend prints is no result.
os.dup2(2, 1)

if not os.path.isdir(copy):
    root = os.path.abspath(order["root"])

    def left_out(folder, names):
        always = {"__pycache__"}
        return always | set(order["skipped"]) if os.path.abspath(folder) == root else always

    shutil.copytree(root, copy, symlinks=True, ignore=left_out)
os.chdir(copy)
sys.path[:0] = [*(os.path.join(copy, folder) for folder in order["path"]), order["site"]]
module, _, attributes = order["backend"].partition(":")
backend = importlib.import_module(module)
for attribute in filter(None, attributes.split(".")):
    backend = getattr(backend, attribute)

if not order["again"] and hasattr(backend, "get_requires_for_build_wheel"):
    requires = list(backend.get_requires_for_build_wheel({}))
    if requires:
        with open(os.path.join(out, "requires.json"), "w", encoding="utf-8") as file:
            json.dump(requires, file)
        sys.exit()

result = os.path.join(order["work"], "result")
os.makedirs(result, exist_ok=True)
if hasattr(backend, "prepare_metadata_for_build_wheel"):
    folder = os.path.join(result, backend.prepare_metadata_for_build_wheel(result, {}))
else:
    with zipfile.ZipFile(os.path.join(result, backend.build_wheel(result, {}))) as wheel:
        wheel.extractall(result)
    (name,) = [name for name in os.listdir(result) if name.endswith(".dist-info")]
    folder = os.path.join(result, name)
for name in ("METADATA", "entry_points.txt"):
    if os.path.exists(os.path.join(folder, name)):
        shutil.copyfile(os.path.join(folder, name), os.path.join(out, name))
