"""Tuples with names for their elements, as C code makes them (`pwd.struct_passwd`). In: a class with `fields`. Out: such a type."""
from operator import itemgetter


class Structure(tuple):
    """A subclass names its `fields`, and calls publish() with the module that it belongs to."""

    __slots__ = ()

    def __new__(cls, sequence, dict=None):
        values = tuple(sequence)
        if len(values) != len(cls.fields):
            raise TypeError(f"{cls.__module__}.{cls.__name__}() takes a {len(cls.fields)}-sequence ({len(values)}-sequence given)")
        return super().__new__(cls, values)

    @classmethod
    def publish(cls, module):
        cls.__module__, cls.__match_args__ = module, cls.fields
        cls.n_fields = cls.n_sequence_fields = len(cls.fields)
        cls.n_unnamed_fields = 0
        for index, name in enumerate(cls.fields):
            setattr(cls, name, property(itemgetter(index)))

    def __repr__(self):
        values = ", ".join(f"{name}={value!r}" for name, value in zip(self.fields, self))
        return f"{type(self).__module__}.{type(self).__name__}({values})"

    def __reduce__(self):
        return type(self), (tuple(self), {})

    def __replace__(self, /, **changes):
        values = [changes.pop(name, value) for name, value in zip(self.fields, self)]
        if changes:
            raise TypeError(f"Got unexpected field name(s): {list(changes)!r}")
        return type(self)(values)
