from . import deep
from .one import NUMBER
import registry

registry.add(f"two after {NUMBER}")
