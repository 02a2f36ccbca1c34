"""Files of the app: read before the stop, kept open over it."""
import configparser
import importlib.resources
import io
import json
import os
import pathlib
import pkgutil
import tomllib
import zipfile
import linecache
import inspect
import ast

import holder

here = pathlib.Path(__file__).parent
text = (here / "data" / "words.txt").read_text().split()
settings = json.loads((here / "data" / "settings.json").read_bytes())
kept = open(here / "data" / "words.txt")
first = kept.readline()
binary = open(here / "data" / "words.txt", "rb")
binary.seek(4)
descriptor = os.open(here / "data" / "words.txt", os.O_RDONLY)
started = os.read(descriptor, 3)
listed = sorted(os.listdir(here / "data"))
walked = [(pathlib.Path(top).name, sorted(names)) for top, folders, names in os.walk(here / "data")]
resource = importlib.resources.files("holder").joinpath("note.txt").read_text()
packaged = pkgutil.get_data("holder", "note.txt")
exists = os.path.exists(here / "data" / "no.txt"), os.path.exists(here / "data")
try:
    open(here / "data" / "no.txt")
except FileNotFoundError as error:
    missing = error.errno, pathlib.Path(error.filename).name
size = (here / "data" / "words.txt").stat().st_size
iterator = os.scandir(here / "data")
one = next(iterator).name
archive = io.BytesIO()
with zipfile.ZipFile(archive, "w") as file:
    file.writestr("a.txt", "inside")
source = inspect.getsource(holder.function)
line = linecache.getline(__file__, 1)
tree = ast.dump(ast.parse(pathlib.Path(holder.__file__).read_text()))[:20]
print("stop")
print(text, settings, first, kept.readline(), kept.read(), kept.tell(), binary.read(), os.read(descriptor, 100), started)
print(listed, walked, resource, packaged, exists, missing[1], size, one, sorted(entry.name for entry in iterator) != [])
print(zipfile.ZipFile(archive).read("a.txt"), source, line, tree)
kept.seek(0)
print(kept.read(3), kept.closed, holder.kept.read())
os.close(descriptor)
