"""The base of generated classes for records and for cases of variants: what a dataclass would do, without the module."""


class Record:
    __match_args__ = ()

    def __eq__(self, other):
        if other.__class__ is self.__class__:
            return all(getattr(self, name) == getattr(other, name) for name in self.__match_args__)
        return NotImplemented

    __hash__ = None

    def __repr__(self):
        fields = (f"{name}={getattr(self, name)!r}" for name in self.__match_args__)
        return f"{self.__class__.__qualname__}({', '.join(fields)})"
