from . import heavy, light, tests
