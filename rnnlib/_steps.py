"""The views that each step of a gated layer reads and writes, for `Workspace.cut`: nothing is computed here.

In `backward` the gradient of each step is made gate by gate, in the slopes of its chunk of steps, and copied to the
rows that the weights meet.
"""

from rnnlib._types import Array

Views = tuple[Array, ...]


def lstm_forward_steps(cell: Array, terms: Array, tanh_c: Array) -> list[Views]:
    """For every step: all gates; c and i; f and g; what they give, together and each; c_t; tanh(c_t); o."""
    by_time = zip(cell[:-1], terms, cell[1:, 0], tanh_c, strict=True)  # c_t lies in the cell of the step after
    return [(now[1:], now[:2], now[2:4], both, *both, c, tanh_c_t, now[4]) for now, both, c, tanh_c_t in by_time]


def lstm_backward_steps(cell: Array, slopes: Array, dz: Array) -> list[Views]:
    """For every step: f; the slopes of the gates; that of the cell; the row of dz, whole and gate by gate."""
    by_time = zip(cell[:-1, 2], _repeated(slopes, len(dz)), dz, strict=True)
    return [(f, slope[:4], slope[4], row, _by_gate(row)) for f, slope, row in by_time]


def gru_forward_steps(gates: Array, qs: Array) -> list[Views]:
    """For every step: r and z together, r, z, n, q."""
    return [(a[:2], *a, q) for a, q in zip(gates, qs, strict=True)]


def gru_backward_steps(gates: Array, slopes: Array, da: Array) -> list[Views]:
    """For every step: r; z; the slopes; the row of da gate by gate, its part for q, r and z, and that for r and z."""
    H = gates.shape[3]
    by_time = zip(gates, _repeated(slopes, len(da)), da, strict=True)
    return [(r, z, slope, _by_gate(row), row[:, : 3 * H], row[:, H : 3 * H]) for (r, z, _), slope, row in by_time]


def _repeated(slopes: Array, T: int) -> list[Array]:
    """The slopes of T steps, where every chunk of steps uses the same memory."""
    return [slopes[t % len(slopes)] for t in range(T)]


def _by_gate(row: Array) -> Array:
    """A view (4, B, H) of `row`, (B, 4H)."""
    return row.reshape(len(row), 4, -1).swapaxes(0, 1)
