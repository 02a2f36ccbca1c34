"""Makes, applies and reads patches, with pointers, tests, moves, copies and errors."""

import jsonpatch
import jsonpointer
from jsonpointer import JsonPointer, resolve_pointer, set_pointer

old = {"title": "a", "list": [1, 2, 3], "nested": {"k~/": {"x": 1}}, "gone": True}
new = {"title": "b", "list": [1, 3, 4], "nested": {"k~/": {"x": 1, "y": [None]}}, "added": {"z": "ü"}}
patch = jsonpatch.make_patch(old, new)
print(patch.apply(old) == new, sorted(operation["op"] for operation in patch))
steps = jsonpatch.JsonPatch([
    {"op": "test", "path": "/title", "value": "a"}, {"op": "replace", "path": "/title", "value": "c"}, {"op": "add", "path": "/list/-", "value": 9}, {"op": "add", "path": "/list/1", "value": 0},
    {"op": "move", "from": "/gone", "path": "/kept"}, {"op": "copy", "from": "/nested/k~0~1", "path": "/copy"}, {"op": "remove", "path": "/nested"},
])
print(steps.apply(old), jsonpatch.apply_patch({"a": 1}, '[{"op": "remove", "path": "/a"}]'), jsonpatch.JsonPatch.from_string(steps.to_string()) == steps)
for bad in [[{"op": "test", "path": "/title", "value": "z"}], [{"op": "remove", "path": "/none"}], [{"op": "nope", "path": "/a"}], [{"op": "add", "path": "/list/9", "value": 1}], [{"path": "/a"}]]:
    try:
        print(jsonpatch.apply_patch(old, bad))
    except (jsonpatch.JsonPatchException, jsonpointer.JsonPointerException) as error:
        print(type(error).__name__, error)
print(resolve_pointer(old, "/nested/k~0~1/x"), resolve_pointer(old, "/x/y", "default"), set_pointer({"a": [1, 2]}, "/a/1", 5, inplace=False), resolve_pointer(old, "") is old)
pointer = JsonPointer("/list/0")
print(pointer.parts, JsonPointer.from_parts(["a/b", "~c"]).path, pointer.contains(JsonPointer("/list/0/y")), pointer.to_last(old))
