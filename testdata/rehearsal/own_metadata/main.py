"""The project's own metadata where its build backend computes them."""
from importlib import metadata
from importlib.metadata import entry_points

import parcel

print(parcel.__version__, metadata.metadata("parcel-kit")["Summary"])
print(metadata.distribution("parcel.kit").metadata.get_payload() or metadata.metadata("Parcel_Kit")["Description"])
print(sorted((point.name, point.load().around) for point in entry_points(group="parcel.wraps")))
(script,) = entry_points(group="console_scripts", name="parcel")
print(script.value, script.dist.version, script.load()())
