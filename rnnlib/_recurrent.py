"""What RNN, LSTM and GRU do alike around their equations: their first parameters, and the states that they return."""

from rnnlib._readonly import read_only
from rnnlib._types import Array, DType, Ids, Rng
from rnnlib.init import uniform
from rnnlib.masking import keep_valid, last_valid


def initial_params(rng: Rng, D: int, H: int, gates: int, dtype: DType) -> dict[str, Array]:
    """``W_xh``, ``W_hh`` and ``b_h`` for this number of gates, uniform on ``[-1/sqrt(H), 1/sqrt(H))``."""
    shapes = {"W_xh": (D, gates * H), "W_hh": (H, gates * H), "b_h": (gates * H,)}
    return {name: uniform(rng, shape, H**-0.5, dtype) for name, shape in shapes.items()}


def last_state(states: Array, lengths: Ids | None) -> Array:
    """The last of `states`, (T, B, H), that counts in every sequence: (B, H), read-only, in memory of its own."""
    return read_only(states[-1].copy() if lengths is None else last_valid(states, lengths))


def outputs(hs: Array, lengths: Ids | None) -> Array:
    """Of `hs`, h_0 ... h_T, the outputs h_1 ... h_T: zero after the end of a sequence, and read-only like `hs`."""
    if lengths is not None:
        # Steps after the end come after every step that counts: whatever they hold flows into nothing that is kept.
        keep_valid(hs[1:], lengths)
    return read_only(hs)[1:]
