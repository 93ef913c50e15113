"""The linear recurrence ``h_t = a_t h_{t-1} + b_t`` solved three ways, in PyTorch.

`rnnlib.minimal` holds two recurrent layers that are built on it.
"""

import torch

from rnnlib._torch_validate import require_tensor

__all__ = ["scan_log", "scan_loop", "scan_parallel"]


def scan_loop(a: torch.Tensor, b: torch.Tensor, h0: torch.Tensor | None = None) -> torch.Tensor:
    """Solve ``h_t = a_t h_{t-1} + b_t``, element by element, step after step.

    Args:
        a: tensor (T, ...).
        b: tensor of the same shape.
        h0: tensor (...), the state before the first step; default zeros.

    Returns:
        Tensor (T, ...): h_1 ... h_T.

    Raises:
        ValueError: when the shapes or dtypes do not belong together, or there is no step.

    Taught in: chapter 14.

    Example:
        >>> scan_loop(torch.tensor([0.5, 0.5, 0.5]), torch.tensor([8.0, 0.0, 1.0]))
        tensor([8., 4., 3.])
    """
    h = _require_scan(a, b, h0)
    hs = []
    # unbind cuts all steps at once. The backward pass of b[t] fills a whole (T, ...) with zeros, at every step.
    for a_t, b_t in zip(a.unbind(), b.unbind(), strict=True):
        h = torch.addcmul(b_t, a_t, h)
        hs.append(h)
    return torch.stack(hs)


def scan_parallel(a: torch.Tensor, b: torch.Tensor, h0: torch.Tensor | None = None) -> torch.Tensor:
    """Solve ``h_t = a_t h_{t-1} + b_t`` in about 2 log2 T rounds, each over many steps at once.

    Two steps in a row are one step of the same form, which is all that the method needs::

        h_{t+1} = (a_{t+1} a_t) h_{t-1} + (a_{t+1} b_t + b_{t+1})

    So join the steps two by two, solve the recurrence that is half as long, and fill in the states between.

    Args, results and errors as `scan_loop`.

    Notes:
        The work is proportional to T, as in the loop: T/2 + T/4 + ... joins, and as many states to fill in.

    Taught in: chapter 14.
    Source: Blelloch 1990, "Prefix sums and their applications".

    Example:
        >>> scan_parallel(torch.tensor([0.5, 0.5, 0.5]), torch.tensor([8.0, 0.0, 1.0]))
        tensor([8., 4., 3.])
    """
    return _by_pairs(a, b, _require_scan(a, b, h0))


def _by_pairs(a: torch.Tensor, b: torch.Tensor, h0: torch.Tensor) -> torch.Tensor:
    """`scan_parallel` without the checks."""
    T, *rest = b.shape
    if T == 1:
        return torch.addcmul(b, a, h0)
    if T % 2:
        h = _by_pairs(a[:-1], b[:-1], h0)
        return torch.cat((h, torch.addcmul(b[-1:], a[-1:], h[-1:])))
    (a1, a2), (b1, b2) = (steps.reshape(T // 2, 2, *rest).unbind(1) for steps in (a, b))
    h2 = _by_pairs(a2 * a1, torch.addcmul(b2, a2, b1), h0)  # h_2, h_4, ..., h_T
    before = torch.cat((h0[None], h2[:-1]))  # h_0, h_2, ..., h_{T-2}
    h1 = torch.addcmul(b1, a1, before)  # h_1, h_3, ..., h_{T-1}
    return torch.stack((h1, h2), dim=1).reshape(T, *rest)


def scan_log(log_a: torch.Tensor, log_b: torch.Tensor, log_h0: torch.Tensor | None = None) -> torch.Tensor:
    """Solve ``h_t = a_t h_{t-1} + b_t`` for positive a and b that are given by their logarithms.

    With ``s_t = log a_1 + ... + log a_t``, unrolling the recurrence gives two running sums::

        h_t / e^{s_t} = h_0 + sum_{j <= t} b_j / e^{s_j}
        log h_t       = s_t + log(h_0 + sum_{j <= t} e^{log b_j - s_j})

    Args:
        log_a: tensor (T, ...).
        log_b: tensor of the same shape.
        log_h0: tensor (...), the logarithm of the state before the first step; default: that state is zero.

    Returns:
        Tensor (T, ...): h_1 ... h_T, not their logarithms.

    Raises:
        ValueError: when the shapes or dtypes do not belong together, or there is no step.

    Notes:
        s grows with T, and its rounding error with it, and the exponential turns that into a relative error of h. So
        the sums are kept in float64, whatever the dtype of the arguments.

    Taught in: chapter 14.
    Source: Heinsen 2023, "Efficient parallelization of a ubiquitous sequential computation".

    Example:
        >>> scan_log(torch.tensor([0.5, 0.5, 0.5]).log(), torch.tensor([8.0, 1.0, 1.0]).log())
        tensor([8.0000, 5.0000, 3.5000])
    """
    _require_scan(log_a, log_b, log_h0, names=("log_a", "log_b", "log_h0"))
    s = log_a.double().cumsum(0)
    terms = log_b - s
    if log_h0 is None:
        log_sum = terms.logcumsumexp(0)
    else:
        log_sum = torch.cat((log_h0[None].double(), terms)).logcumsumexp(0)[1:]
    return (s + log_sum).exp().to(log_b.dtype)


def _require_scan(
    a: torch.Tensor, b: torch.Tensor, h0: torch.Tensor | None, names: tuple[str, str, str] = ("a", "b", "h0")
) -> torch.Tensor:
    """Check that the arguments of a scan belong together, and return the state before the first step."""
    name_a, name_b, name_h0 = names
    free = tuple(f"n{axis}" for axis in range(1, a.dim() if torch.is_tensor(a) else 1))
    require_tensor(name_a, a, ("T", *free))
    require_tensor(name_b, b, tuple(a.shape), dtype=a.dtype)
    if h0 is None:
        return torch.zeros_like(b[0])
    return require_tensor(name_h0, h0, tuple(a.shape[1:]), dtype=a.dtype)
