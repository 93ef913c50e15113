"""Attributes of layers that watch what is assigned to them."""

from collections.abc import Callable
from typing import Any, overload

from rnnlib._validate import require_size


class Checked:
    """An attribute that a ``require_...`` function checks whenever it is set, and not only in the constructor.

    Args:
        check: function of the attribute's name and the new value that returns what is kept.
        *more: what `check` gets besides, such as the choices.
    """

    def __init__(self, check: Callable[..., Any], *more: Any):
        self._check, self._more = check, more
        self.__doc__ = None  # the class that has the attribute explains it

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, thing: object | None, owner: type | None = None) -> Any:
        return self if thing is None else thing.__dict__[self._name]

    def __set__(self, thing: object, value: Any) -> None:
        thing.__dict__[self._name] = self._check(self._name, value, *self._more)


class Size:
    """A width of a layer: a whole number of at least 1 that stays what it was when the layer was made."""

    def __init__(self) -> None:
        self.__doc__ = None  # the class that has the attribute explains it

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, layer: None, owner: Any = None) -> "Size": ...

    @overload
    def __get__(self, layer: object, owner: Any = None) -> int: ...

    def __get__(self, layer: object | None, owner: Any = None) -> Any:
        if layer is None:
            return self
        try:
            return layer.__dict__[self._name]
        except KeyError:
            raise AttributeError(self._name) from None

    def __set__(self, layer: object, value: int) -> None:
        if self._name in layer.__dict__:
            was = layer.__dict__[self._name]
            raise ValueError(f"{self._name}: expected it to stay {was}, got {value!r:.60}. Make a new layer.")
        layer.__dict__[self._name] = require_size(self._name, value)
