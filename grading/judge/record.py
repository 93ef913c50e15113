"""Records: frozen dataclasses that become JSON, and are read from JSON only where nothing in it is impossible."""

import dataclasses
import math
import types
import typing
from dataclasses import dataclass
from functools import cache
from typing import Any, Self


class VerdictError(ValueError):
    """JSON that no judge can have written; the message names the place, what was expected and what came."""


@dataclass(frozen=True)
class Record:
    """A part of a verdict: its fields are the keys of its JSON."""

    def __post_init__(self) -> None:
        """Refuse numbers that are none: no points below 0, no seconds that are infinite."""
        for name, value in vars(self).items():
            if isinstance(value, float) and not 0 <= value < math.inf:
                raise VerdictError(f"{name}: expected a number from 0 up, got {value}")

    def to_json(self) -> dict[str, Any]:
        """Turn it into what JSON can say."""
        return {field.name: _plain(getattr(self, field.name)) for field in dataclasses.fields(self)}

    @classmethod
    def from_json(cls, data: Any, place: str = "") -> Self:
        """Read it from JSON.

        Args:
            data: what JSON gave.
            place: where it stands in a verdict, such as ``tests[2]``.

        Raises:
            VerdictError: when a field is missing, of another type than it should be, or impossible.
        """
        fields = _fields(cls)  # type: ignore[arg-type]  # a class can be hashed
        if not isinstance(data, dict):
            raise VerdictError(f"{place or 'the verdict'}: expected an object, got {data!r:.60}")
        named = f"{place}: " if place else ""
        if data.keys() != fields.keys():
            missing, others = sorted(fields.keys() - data.keys()), sorted(data.keys() - fields.keys())
            what = f"{', '.join(missing)} missing" if missing else f"{others[0]!r:.60}, which is no field"
            raise VerdictError(f"{named}expected the fields of a {cls.__name__}, got {what}")
        values = {name: _value(kind, data[name], f"{place}.{name}" if place else name) for name, kind in fields.items()}
        try:
            return cls(**values)
        except VerdictError as error:
            raise VerdictError(f"{place}.{error}" if place else str(error)) from error


@cache
def _fields(cls: type[Record]) -> dict[str, Any]:
    """The fields of a record, and what they may hold."""
    hints = typing.get_type_hints(cls)
    return {field.name: hints[field.name] for field in dataclasses.fields(cls)}


def _plain(value: Any) -> Any:
    """Give what JSON can say of a field: unlike `dataclasses.asdict` it copies no text and no number."""
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return value.to_json() if isinstance(value, Record) else value


def _value(kind: Any, data: Any, place: str) -> Any:
    """Read a value of a kind.

    Raises:
        VerdictError: when it is of another.
    """
    if isinstance(kind, types.UnionType):
        kind = next(one for one in kind.__args__ if (one is types.NoneType) == (data is None))
    if typing.get_origin(kind) is tuple:
        if not isinstance(data, list | tuple):
            raise VerdictError(f"{place}: expected a list, got {data!r:.60}")
        return tuple(_value(kind.__args__[0], value, f"{place}[{i}]") for i, value in enumerate(data))
    if isinstance(kind, type) and issubclass(kind, Record):
        return kind.from_json(data, place)
    if kind is float and type(data) is int:
        data = float(data) if abs(data) < 2**53 else math.inf
    if type(data) is not kind and kind is not types.NoneType:
        raise VerdictError(f"{place}: expected {_NAMES[kind]}, got {data!r:.60}")
    return data


_NAMES = {str: "a text", float: "a number", int: "a whole number", bool: "true or false"}


def one_of(name: str, value: str, known: tuple[str, ...]) -> None:
    """Refuse a word that is none of those that are known."""
    if value not in known:
        raise VerdictError(f"{name}: expected one of {', '.join(known)}, got {value!r:.60}")
