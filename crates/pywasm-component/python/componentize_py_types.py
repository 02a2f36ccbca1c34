"""`Ok`, `Err` and `Some`: values of `result` and of nested `option` types."""

GenericAlias = type(list[int])


class _Value:
    __match_args__ = ("value",)
    __class_getitem__ = classmethod(GenericAlias)

    def __init__(self, value):
        self.value = value

    def __eq__(self, other):
        if other.__class__ is self.__class__:
            return self.value == other.value
        return NotImplemented

    __hash__ = None

    def __repr__(self):
        return f"{self.__class__.__qualname__}(value={self.value!r})"


class Some(_Value):
    """A value that is there, where a missing one inside of it would be `None` as well."""


class Ok(_Value):
    """The value of a `result` that succeeded."""


class Err(_Value, Exception):
    """The error of a `result`: raised where the result is a function's own, else a value as any other."""

    def __hash__(self):
        return hash((self.value,))


class _Result(type):
    def __getitem__(cls, types):
        ok, err = types
        return Ok[ok] | Err[err]

    def __instancecheck__(cls, instance):
        return isinstance(instance, (Ok, Err))


class Result(metaclass=_Result):
    """`Result[T, E]` is `Ok[T] | Err[E]`."""
