"""Weights to and from PyTorch's recurrent layers, however deep, in one direction or both.

Torch's weights are the transposes of ours, with the same order of gates. It adds two biases, ``b_ih`` and ``b_hh``; we
keep their sum, and apart only what the GRU's reset gate multiplies. Torch is imported when a function here is called.

Taught in: nowhere; used where a chapter compares with PyTorch.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from rnnlib._types import Layer
from rnnlib.bidirectional import Bidirectional
from rnnlib.gru import GRU
from rnnlib.lstm import LSTM
from rnnlib.rnn import RNN
from rnnlib.stack import Stack

__all__ = ["from_torch", "to_torch"]

LAYERS: dict[str, Any] = {"RNN": RNN, "LSTM": LSTM, "GRU": GRU}


def from_torch(module: Any) -> Layer:
    """Make the layer that computes what `module` computes.

    Args:
        module: `torch.nn.RNN`, `torch.nn.LSTM` or `torch.nn.GRU` in float32 or float64. The result is time-major, even
            where `module` has ``batch_first``.

    Returns:
        An `RNN`, `LSTM` or `GRU`; a `Bidirectional` of two if the module has two directions; a `Stack` of such if it
        has several layers, with the module's dropout.

    Raises:
        ValueError: when `module` is none of the three, or an LSTM with projections.

    Example:
        >>> import torch
        >>> layer = from_torch(torch.nn.GRU(3, 5, bidirectional=True))
        >>> layer.params["backward.W_hh"].shape
        (5, 15)
    """
    kind = getattr(module, "mode", "").split("_")[0]
    if kind not in LAYERS or getattr(module, "proj_size", False):
        raise ValueError(
            "module: expected a torch.nn.RNN, torch.nn.LSTM or torch.nn.GRU without projections, "
            f"got {type(module).__name__}."
        )
    weights = {name: w.detach().cpu().numpy() for name, w in module.named_parameters()}

    def one(suffix: str) -> RNN | LSTM | GRU:
        """The layer of one direction."""
        W_ih, W_hh = weights[f"weight_ih_{suffix}"], weights[f"weight_hh_{suffix}"]
        options = {"activation": module.nonlinearity} if kind == "RNN" else {}
        layer = LAYERS[kind](W_ih.shape[1], module.hidden_size, dtype=W_ih.dtype, **options)
        none = np.zeros(len(W_ih), W_ih.dtype)
        b_ih, b_hh = weights.get(f"bias_ih_{suffix}", none), weights.get(f"bias_hh_{suffix}", none).copy()
        if kind == "GRU":
            n = slice(2 * module.hidden_size, None)
            layer.params["b_hn"][:] = b_hh[n]
            b_hh[n] = 0
        for name, value in {"W_xh": W_ih.T, "W_hh": W_hh.T, "b_h": b_ih + b_hh}.items():
            layer.params[name][:] = value
        return layer

    levels = [
        Bidirectional(one(f"l{i}"), one(f"l{i}_reverse")) if module.bidirectional else one(f"l{i}")
        for i in range(module.num_layers)
    ]
    return levels[0] if module.num_layers == 1 else Stack(levels, dropout=module.dropout)


def to_torch(layer: Layer) -> Any:
    """Make the torch module that computes what `layer` computes.

    Args:
        layer: `RNN`, `LSTM` or `GRU`; `Bidirectional` of two of a kind; or `Stack` of such of one kind and width.

    Returns:
        `torch.nn.RNN`, `torch.nn.LSTM` or `torch.nn.GRU`, time-major. Its second bias is zero but for the part that the
        GRU's reset gate multiplies.

    Raises:
        ValueError: when torch has no module for `layer`.

    Example:
        >>> to_torch(Stack([LSTM(D=3, H=5), LSTM(D=5, H=5)]))
        LSTM(3, 5, num_layers=2)
    """
    import torch

    levels = layer.layers if isinstance(layer, Stack) else [layer]
    pairs = [(b.forward_layer, b.backward_layer) if isinstance(b, Bidirectional) else (b,) for b in levels]
    _require_uniform(levels, pairs)
    first = pairs[0][0]
    D, H = first.params["W_xh"].shape[0], first.params["W_hh"].shape[0]
    module = getattr(torch.nn, type(first).__name__)(
        D,
        H,
        num_layers=len(levels),
        bidirectional=len(pairs[0]) == 2,
        dropout=layer.dropout if isinstance(layer, Stack) and len(levels) > 1 else 0.0,
        dtype=torch.from_numpy(first.params["b_h"]).dtype,
        **({"nonlinearity": first.activation} if isinstance(first, RNN) else {}),
    )
    weights: dict[str, Any] = {}
    for i, pair in enumerate(pairs):
        for one, suffix in zip(pair, (f"l{i}", f"l{i}_reverse"), strict=False):
            p = one.params
            b_hh = np.zeros_like(p["b_h"])
            if isinstance(one, GRU):
                b_hh[2 * H :] = p["b_hn"]
            names = {"weight_ih": p["W_xh"].T, "weight_hh": p["W_hh"].T, "bias_ih": p["b_h"], "bias_hh": b_hh}
            weights |= {f"{name}_{suffix}": torch.tensor(value) for name, value in names.items()}
    module.load_state_dict(weights)
    return module


def _require_uniform(levels: Sequence[Layer], pairs: Sequence[tuple[Any, ...]]) -> None:
    """Refuse what no single torch module can be: kinds, widths or directions mixed, sums, the first GRU."""
    ones = [one for pair in pairs for one in pair]
    widths = {one.params["W_hh"].shape[0] for one in ones if type(one) in LAYERS.values()}
    if (
        any(type(one) not in LAYERS.values() for one in ones)
        or len({(type(one), getattr(one, "activation", None)) for one in ones}) > 1
        or len({len(pair) for pair in pairs}) > 1
        or len(widths) > 1
        or any(isinstance(level, Bidirectional) and level.merge != "concat" for level in levels)
        or any(isinstance(one, GRU) and not one.reset_after for one in ones)
    ):
        raise ValueError(
            "layer: expected RNN, LSTM or GRU layers of one kind, one width and the same number of directions, "
            f"concatenated, and GRUs with reset_after=True, got {[type(one).__name__ for one in ones]}."
        )
