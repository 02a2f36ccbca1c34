from ..core.base import Base
from . import REGISTRY


class One(Base):
    pass


REGISTRY["one"] = One
