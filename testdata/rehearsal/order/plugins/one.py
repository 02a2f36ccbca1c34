import registry

NUMBER = registry.add("one")
from . import deep
