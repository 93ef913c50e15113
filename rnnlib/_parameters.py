"""The parameters of a layer, and of a net made of layers: a new array is taken or refused, and never lost.

A net reads and writes the arrays of its layers and keeps none itself. So an array given to a layer is the net's too,
and one given to the net is the layer's. Arrays are taken, not copied: a later write into one is a write into the layer,
and an array given to two layers is changed through both.
"""

from collections.abc import ItemsView, Iterator, Mapping, MutableMapping
from typing import Any, NoReturn, Protocol, overload

import numpy as np

from rnnlib._types import Array, Part
from rnnlib._validate import describe, is_array


def named(parts: Mapping[str, Mapping[str, Array]]) -> dict[str, Array]:
    """Join the dicts of several layers into one, under ``layer.name`` keys: the arrays stay the layers' own.

    Example:
        >>> named({"rnn": {"W_hh": 1, "b_h": 2}, "out": {"b": 3}})
        {'rnn.W_hh': 1, 'rnn.b_h': 2, 'out.b': 3}
    """
    return {f"{layer}.{name}": array for layer, arrays in parts.items() for name, array in arrays.items()}


def named_grads(parts: Mapping[str, Part]) -> dict[str, Array]:
    """The gradients that several layers gathered, under ``layer.name`` keys."""
    return named({layer: part.grads for layer, part in parts.items()})


class Parameters(MutableMapping[str, Array]):
    """The arrays of one layer under their names. A new one must have the old one's shape and dtype, and its own memory.

    Attributes:
        replaced: how often arrays came in the place of others: `backward` needs those of `forward`.
    """

    replaced = 0

    def __init__(self, arrays: Mapping[str, Array]):
        self._arrays = dict(arrays)

    def __getitem__(self, name: str) -> Array:
        return self._arrays[name]

    def __setitem__(self, name: str, array: Array) -> None:
        _require_name(name, self)
        array = _require_like(name, array, self[name], self[name].dtype)
        _require_apart({**self._arrays, name: array}, name)
        self._arrays[name] = array
        self.replaced += 1

    def __delitem__(self, name: str) -> None:
        raise ValueError(f"params: expected the layer to keep its parameters, got del params[{name!r}].")

    def __iter__(self) -> Iterator[str]:
        return iter(self._arrays)

    def __len__(self) -> int:
        return len(self._arrays)

    def items(self) -> ItemsView[str, Array]:
        """Pairs of name and array."""
        return self._arrays.items()

    def __or__(self, others: Mapping[str, Any]) -> dict[str, Any]:
        return {**self, **others}

    def __ror__(self, others: Mapping[str, Any]) -> dict[str, Any]:
        return {**others, **self}

    def __repr__(self) -> str:
        inside = ", ".join(f"{name}: {p.dtype} {p.shape}" for name, p in self.items())
        return f"{{{inside}}}"

    def replace(self, arrays: Mapping[str, Array]) -> None:
        """Take new arrays for all names; their dtype may be another, the same for all."""
        _require_names(arrays, self)
        dtype = next((np.asarray(array).dtype for array in arrays.values()), None)
        taken = {name: _require_like(name, arrays[name], p, dtype) for name, p in self.items()}
        for name in taken:
            _require_apart(taken, name)
        self._arrays = taken
        self.replaced += 1


class NetOfLayers(Protocol):
    """What is made of layers."""

    def _parts(self) -> Mapping[str, Part]:
        """The layers that it has now, under the names that their parameters get in front."""
        ...


class NamedParameters(Parameters):
    """The parameters of the layers of `net` under ``layer.name`` names, read from the layers and written to them."""

    def __init__(self, net: NetOfLayers):
        seen: dict[int, str] = {}
        for path, layer in _leaves(net):
            if id(layer) in seen:
                raise ValueError(
                    f"layers: expected none of them twice, got one as {seen[id(layer)]} and as {path}. Make two layers."
                )
            seen[id(layer)] = path
        self._net = net

    def __getitem__(self, name: str) -> Array:
        layer, _, inner = name.partition(".")
        parts = self._net._parts()
        if layer not in parts:
            raise KeyError(name)
        return parts[layer].params[inner]

    def __setitem__(self, name: str, array: Array) -> None:
        _require_name(name, self)
        layer, _, inner = name.partition(".")
        _require_apart({**self, name: _require_like(name, array, self[name], self[name].dtype)}, name)
        self._net._parts()[layer].params[inner] = array

    def __iter__(self) -> Iterator[str]:
        return (f"{layer}.{name}" for layer, part in self._net._parts().items() for name in part.params)

    def __len__(self) -> int:
        return sum(len(part.params) for part in self._net._parts().values())

    def items(self) -> ItemsView[str, Array]:
        """Pairs of name and array."""
        return named({layer: part.params for layer, part in self._net._parts().items()}).items()

    def replace(self, arrays: Mapping[str, Array]) -> None:
        """Take new arrays for all names; their dtype may be another."""
        _require_names(arrays, self)
        for name in arrays:
            _require_apart(arrays, name)
        for layer, part in self._net._parts().items():
            taken = {name: arrays[f"{layer}.{name}"] for name in part.params}
            if isinstance(part.params, Parameters):
                part.params.replace(taken)
            else:
                part.params = taken


class ParamsAttribute:
    """The attribute `params` of a layer: what is assigned to it later replaces all arrays, or is refused."""

    def __init__(self) -> None:
        self.__doc__ = None  # the class that has the attribute explains it

    @overload
    def __get__(self, layer: None, owner: Any = None) -> "ParamsAttribute": ...

    @overload
    def __get__(self, layer: object, owner: Any = None) -> Parameters: ...

    def __get__(self, layer: object | None, owner: Any = None) -> Any:
        return self if layer is None else layer.__dict__["params"]

    def __set__(self, layer: object, params: Mapping[str, Array]) -> None:
        own = layer.__dict__.get("params")
        if own is None:
            layer.__dict__["params"] = params if isinstance(params, NamedParameters) else Parameters(params)
            return
        if params is own or (own and params.keys() == own.keys() and all(params[name] is p for name, p in own.items())):
            # Whoever kept them to go back would not: they have changed with the layer.
            raise ValueError(
                "params: expected a dict of arrays, got the layer's own, as they are now. "
                "To go back later, keep copies: {name: p.copy() for name, p in layer.params.items()}."
            )
        own.replace(params)


class OfNet:
    """An attribute that a model has from its `net`, and gives to it."""

    def __init__(self) -> None:
        self.__doc__ = None  # the class that has the attribute explains it

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, model: Any, owner: type | None = None) -> Any:
        return self if model is None else getattr(model.net, self._name)

    def __set__(self, model: Any, value: Any) -> None:
        setattr(model.net, self._name, value)


def require_params_of_forward(params: Parameters, replaced: int) -> None:
    """Check that no array came in the place of another since `forward`, when it was `replaced` times.

    Raises:
        ValueError: with the calls in their order.
    """
    if params.replaced != replaced:
        raise ValueError(
            "backward: expected the parameters of the forward pass, got others since. "
            "Run forward again, then backward, and assign to params before or after both."
        )


def no_shallow_copy(layer: object) -> NoReturn:
    """The ``__copy__`` of layers and nets: two would share parameters and memory, and each spoil the other's passes."""
    raise TypeError(
        f"{type(layer).__name__}: copy.copy would share parameters and memory with the original. Use copy.deepcopy."
    )


def _leaves(net: Any) -> Iterator[tuple[str, Part]]:
    """The layers of a net that are not made of layers, under their names from the outside in."""
    for name, part in net._parts().items():
        if hasattr(part, "_parts"):
            yield from ((f"{name}.{path}", leaf) for path, leaf in _leaves(part))
        else:
            yield name, part


def _require_apart(arrays: Mapping[str, Array], name: str) -> None:
    """Check that the array of this name shares no memory with the others: a step would change it twice."""
    for other, array in arrays.items():
        if other != name and np.may_share_memory(array, arrays[name]) and np.shares_memory(array, arrays[name]):
            raise ValueError(
                f"params[{name!r}]: expected an array with memory of its own, got that of {other!r}. Give a copy."
            )


def _require_name(name: str, params: Mapping[str, Array]) -> None:
    if name not in params:
        raise ValueError(f"params: expected one of the names {', '.join(params) or 'of no parameter'}, got {name!r}.")


def _require_names(arrays: Mapping[str, Array], params: Mapping[str, Array]) -> None:
    if arrays.keys() != params.keys():
        missing, unknown = sorted(params.keys() - arrays.keys()), sorted(arrays.keys() - params.keys())
        raise ValueError(
            f"params: expected arrays under the names {', '.join(params)}; "
            f"missing {missing or 'none'}, unknown {unknown or 'none'}."
        )


def _require_like(name: str, array: Array, old: Array, dtype: Any) -> Array:
    """Check that `array` can stand in the place of `old`, and return it."""
    if not is_array(array) or array.shape != old.shape or array.dtype != dtype or dtype.kind not in "fc":
        raise ValueError(
            f"params[{name!r}]: expected a {dtype if dtype.kind in 'fc' else old.dtype} array of shape {old.shape}, "
            f"got {describe(array)}. Change numbers in place with params[{name!r}][...] = values; "
            "for another dtype give all parameters at once with layer.params = {...}."
        )
    return array
