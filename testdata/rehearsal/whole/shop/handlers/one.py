from .base import Base


class One(Base):
    pass
