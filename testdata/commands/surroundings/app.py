import os
import sys
import sysconfig

print(sys.argv, dict(os.environ), os.getcwd())
print(sys.path, sys.prefix, __file__, __name__, __spec__)
print(sys.version_info[:2], sys.platform, sys.implementation.name, sys.flags.utf8_mode)
print(sysconfig.get_paths()["stdlib"], sysconfig.get_platform())
print(sorted(name for name in sys.modules if not name.startswith(("_", "encodings"))))
