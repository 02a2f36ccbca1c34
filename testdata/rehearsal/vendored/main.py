"""Packages in a vendor folder: partial ones, registries, relative imports."""
import sys

import pkg.core
import pkg.plugins as plugins
from pkg import *
from pkg.core import base as core_base
import pkg.deep.deeper.deepest as deepest
import namespace.part.inside
from namespace import other
import single

print("stop")
print(plugins.REGISTRY, core_base.Base.__subclasses__(), deepest.VALUE, exported, single.__file__.endswith("single.py"))
print([name for name in sys.modules if name.partition(".")[0] in ("pkg", "namespace", "single")])
print(namespace.__path__ is not None, getattr(namespace, "__file__", "none"), type(namespace.__spec__.loader).__name__, other.NAME)
print(pkg.lazy_value, pkg.core.base is core_base, pkg.__all__, hasattr(pkg, "absent"), sorted(vars(pkg).keys() - {"__builtins__"}))
import pkg.late

print(pkg.late.ORDER, plugins.REGISTRY, pkg.counter)
