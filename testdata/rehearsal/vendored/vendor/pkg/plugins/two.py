from pkg.core.base import Base
from pkg.plugins import REGISTRY


class Two(Base):
    order = list(REGISTRY)


REGISTRY["two"] = Two
