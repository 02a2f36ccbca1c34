# The environment arrives, PYTHON* included.
# env: {"FOO": "bar", "PYTHONX": "1"}
import os
print(os.environ.get('FOO'), os.environ.get('PYTHONX'))
