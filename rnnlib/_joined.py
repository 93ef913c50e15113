"""The parameters of a net made of layers."""

from collections.abc import Mapping

from rnnlib._types import Params


def joined(parts: Mapping[str, Params] | Mapping[int, Params]) -> Params:
    """Join the dicts of several layers into one, under ``layer.name`` keys: the arrays stay the layers' own.

    Example:
        >>> joined({"rnn": {"W_hh": 1, "b_h": 2}, "out": {"b": 3}})
        {'rnn.W_hh': 1, 'rnn.b_h': 2, 'out.b': 3}
    """
    return {f"{layer}.{name}": array for layer, arrays in parts.items() for name, array in arrays.items()}
