import base64
import io
import json
import sys

# Methods of other things.
json.JSONEncoder().encode({"a": 1})
base64.encode(io.BytesIO(b"a"), io.BytesIO())

for name in sys.argv[1:]:
    try:
        print("ab".encode(name))
    except LookupError as error:
        print(error)
