from .base import Base


class Two(Base):
    pass
