"""`Ok`, `Err` and `Some`: values of `result` and of nested `option` types."""

from dataclasses import dataclass
from typing import Generic, TypeVar

_S = TypeVar("_S")
_T = TypeVar("_T")
_E = TypeVar("_E")

@dataclass
class Some(Generic[_S]):
    """A value that is there, where a missing one inside of it would be `None` as well."""

    value: _S

@dataclass
class Ok(Generic[_T]):
    """The value of a `result` that succeeded."""

    value: _T

@dataclass
class Err(Exception, Generic[_E]):
    """The error of a `result`: raised where the result is a function's own, else a value as any other."""

    value: _E

Result = Ok[_T] | Err[_E]
