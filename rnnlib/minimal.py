"""Recurrent layers cut down to a linear recurrence: minGRU and minLSTM, in PyTorch."""

import torch
from torch.nn.functional import logsigmoid, softplus

from rnnlib._torch_validate import require_tensor
from rnnlib._validate import require_choice, require_size
from rnnlib.scan import scan_log, scan_loop, scan_parallel

__all__ = ["MinGRU", "MinLSTM", "g", "log_g", "mix"]

SCANS = {"loop": scan_loop, "parallel": scan_parallel, "log": scan_log}


def g(v: torch.Tensor) -> torch.Tensor:
    """Make a candidate positive: ``v + 1/2`` where v >= 0, ``sigmoid(v)`` below. It is continuous and increasing.

    Taught in: chapter 14.
    """
    return torch.where(v >= 0, v + 0.5, v.sigmoid())


def log_g(v: torch.Tensor) -> torch.Tensor:
    """Logarithm of ``g(v)``, without taking the logarithm of a number that was rounded to zero.

    Taught in: chapter 14.
    """
    # The clamp does nothing to the half that is kept. Without it the other half would have an infinite slope at
    # v = -1/2, and zero times infinity is NaN.
    return torch.where(v >= 0, (v.clamp(min=0) + 0.5).log(), logsigmoid(v))


def mix(k: torch.Tensor, v: torch.Tensor, state: torch.Tensor | None = None, scan: str = "parallel") -> torch.Tensor:
    """Run ``h_t = (1 - z_t) h_{t-1} + z_t g(v_t)`` with ``z_t = sigmoid(k_t)``.

    Args:
        k: tensor (T, B, H), what the share of the new is the sigmoid of.
        v: tensor (T, B, H), the candidates, made positive by `g`.
        state: tensor (B, H), the state before the first step; default zeros.
        scan: ``"loop"``, ``"parallel"`` (default) or ``"log"``: they give the same.

    Returns:
        Tensor (T, B, H).

    Taught in: chapter 14.
    """
    if scan == "log":
        # 1 - z = sigmoid(-k), and -softplus(k) is the logarithm of sigmoid(-k).
        return scan_log(-softplus(k), log_g(v) - softplus(-k), None if state is None else state.log())
    z = k.sigmoid()
    return SCANS[scan](1 - z, z * g(v), state)


class MinGRU(torch.nn.Module):
    """A GRU whose gate and candidate see the input alone, so that all steps can be computed at once.

    ::

        z_t = sigmoid(x_t W_z + b_z)
        n_t = g(x_t W_n + b_n)
        h_t = (1 - z_t) * h_{t-1} + z_t * n_t

    Args:
        D: width of the input.
        H: width of the hidden state.
        scan: how the recurrence is solved: ``"loop"``, ``"parallel"`` (default) or ``"log"``.

    Attributes:
        gates: `torch.nn.Linear` from D to 2 H; its rows are z, n in that order.

    Taught in: chapter 14.
    Source: Feng et al. 2024, "Were RNNs all we needed?"; `g` is from its appendix.

    Example:
        >>> h, state = MinGRU(D=3, H=5)(torch.ones(7, 2, 3))
        >>> h.shape, state.shape
        (torch.Size([7, 2, 5]), torch.Size([2, 5]))
    """

    def __init__(self, D: int, H: int, *, scan: str = "parallel"):
        super().__init__()
        self.scan = require_choice("scan", scan, SCANS)
        self.gates = torch.nn.Linear(require_size("D", D), 2 * require_size("H", H))

    def forward(self, x: torch.Tensor, state: torch.Tensor | None = None) -> tuple[torch.Tensor, torch.Tensor]:
        """Run the layer over a batch of sequences.

        Args:
            x: tensor (T, B, D).
            state: tensor (B, H), the state before the first step; default zeros. With ``"log"`` it must be positive.

        Returns:
            h: tensor (T, B, H), the state after every step.
            state: tensor (B, H), the state after the last.

        Raises:
            ValueError: when an argument has the wrong rank, width or dtype, is empty or is not finite.
        """
        _require_input(self, x, state, H=self.gates.out_features // 2)
        k, v = self.gates(x).chunk(2, dim=-1)
        h = mix(k, v, state, self.scan)
        return h, h[-1]


class MinLSTM(torch.nn.Module):
    """An LSTM without output gate, whose gates see the input alone and are scaled to sum to 1.

    ::

        f_t = sigmoid(x_t W_f + b_f)
        i_t = sigmoid(x_t W_i + b_i)
        n_t = g(x_t W_n + b_n)
        h_t = f_t / (f_t + i_t) * h_{t-1} + i_t / (f_t + i_t) * n_t

    Args:
        D: width of the input.
        H: width of the hidden state.
        scan: how the recurrence is solved: ``"loop"``, ``"parallel"`` (default) or ``"log"``.

    Attributes:
        gates: `torch.nn.Linear` from D to 3 H; its rows are f, i, n in that order.

    Notes:
        ``i / (f + i) = sigmoid(log i - log f)``: it is a minGRU with another way to reach z, and this form cannot
        divide zero by zero.

    Taught in: chapter 14.
    Source: Feng et al. 2024, "Were RNNs all we needed?"

    Example:
        >>> h, state = MinLSTM(D=3, H=5)(torch.ones(7, 2, 3))
        >>> h.shape, state.shape
        (torch.Size([7, 2, 5]), torch.Size([2, 5]))
    """

    def __init__(self, D: int, H: int, *, scan: str = "parallel"):
        super().__init__()
        self.scan = require_choice("scan", scan, SCANS)
        self.gates = torch.nn.Linear(require_size("D", D), 3 * require_size("H", H))

    def forward(self, x: torch.Tensor, state: torch.Tensor | None = None) -> tuple[torch.Tensor, torch.Tensor]:
        """Run the layer over a batch of sequences; arguments, results and errors as `MinGRU.forward`."""
        _require_input(self, x, state, H=self.gates.out_features // 3)
        f, i, v = self.gates(x).chunk(3, dim=-1)
        h = mix(logsigmoid(i) - logsigmoid(f), v, state, self.scan)
        return h, h[-1]


def _require_input(layer: MinGRU | MinLSTM, x: torch.Tensor, state: torch.Tensor | None, H: int) -> None:
    """Check the arguments of a layer's forward pass."""
    weight = layer.gates.weight
    require_tensor("x", x, ("T", "B", weight.shape[1]), dtype=weight.dtype, finite=True)
    if state is None:
        return
    require_tensor("state", state, (x.shape[1], H), dtype=weight.dtype, finite=True)
    if layer.scan == "log" and (state <= 0).any():
        raise ValueError(
            f"state: expected numbers greater than 0 for scan='log', got {state.min().item()}. "
            "For a start at zero, leave the state out; or take another scan."
        )
