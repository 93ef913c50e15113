"""A recurrent layer over a padded batch: each row's state stops where the row ends."""

import numpy as np

from rnnchecks.e07_bidirectional._lengths import real_steps, some_lengths
from rnnchecks.engine.problem import Problem, normal

problem = Problem("bidirectional.frozen_forward", "07-bidirectional", task=2, outputs={"h": "TBH", "last": "BH"})


@problem.reference
def frozen_forward(x, lengths, W_xh, W_hh, b_h):
    """Go on where a step is real, keep the state where it is padding; show zeros there."""
    h, last = [], np.zeros((x.shape[1], len(W_hh)))
    for t, x_t in enumerate(x):
        real = (t < lengths)[:, None]
        last = np.where(real, np.tanh(x_t @ W_xh + last @ W_hh + b_h), last)
        h.append(np.where(real, last, 0))
    return np.stack(h), last


def weights(rng, D, H):
    """Draw W_xh, W_hh and b_h."""
    return tuple(normal(rng, *shape, scale=0.5) for shape in ((D, H), (H, H), (H,)))


@problem.arguments
def random_arguments(rng, s):
    return normal(rng, s.T, s.B, s.D), some_lengths(rng, s.T, s.B), *weights(rng, s.D, s.H)


@problem.special("no row fills the array")
def no_row_fills_the_array(rng):
    return normal(rng, 7, 3, 4), np.array([5, 2, 4]), *weights(rng, 4, 2)


def gated(x, real, W_xh, W_hh, b_h):
    """Return the states of all steps, frozen wherever `real` (T, B) is False; no zeros."""
    h, state = [], np.zeros((x.shape[1], len(W_hh)))
    for x_t, on in zip(x, real[..., None], strict=True):
        state = np.where(on, np.tanh(x_t @ W_xh + state @ W_hh + b_h), state)
        h.append(state)
    return np.stack(h)


def shown(h, real):
    """Return h with zeros where `real` is False, and the state after the last step of the array."""
    return np.where(real[..., None], h, 0), h[-1]


@problem.misconception(
    "Your net runs through the padding as if it were part of the sequence. What should the state do after the last "
    "real step?"
)
def reads_the_padding(x, lengths, W_xh, W_hh, b_h):
    h = gated(x, np.ones(x.shape[:2], bool), W_xh, W_hh, b_h)
    return h, h[-1]


@problem.misconception(
    "The zeros in h are right, but behind them the state runs on through the padding, and last is what came of it."
)
def zeros_shown_padding_read(x, lengths, W_xh, W_hh, b_h):
    return shown(gated(x, np.ones(x.shape[:2], bool), W_xh, W_hh, b_h), real_steps(lengths, len(x)))


@problem.misconception(
    "Your last is zero for every row that ends early. The zeros belong into h only: was the state set to zero with it, "
    "or last read off the end of h?"
)
def last_is_zero_where_a_row_ended(x, lengths, W_xh, W_hh, b_h):
    h, _ = frozen_forward(x, lengths, W_xh, W_hh, b_h)
    return h, h[-1]


@problem.misconception(
    "The state stops where it should, and last is right. But in h it is repeated through the padding, where zeros were "
    "asked for."
)
def last_state_repeated(x, lengths, W_xh, W_hh, b_h):
    h = gated(x, real_steps(lengths, len(x)), W_xh, W_hh, b_h)
    return h, h[-1]


@problem.misconception(
    "You set the inputs in the padding to zero and let the net run on. With a zero input the state still moves, by "
    "W_hh and b_h."
)
def input_erased_instead(x, lengths, W_xh, W_hh, b_h):
    real = real_steps(lengths, len(x))
    h = gated(x * real[..., None], np.ones_like(real), W_xh, W_hh, b_h)
    return h, h[-1]


@problem.misconception(
    "Each row reads one step of its padding. Steps are counted from 0: is step n of a row of length n real?"
)
def one_step_too_many(x, lengths, W_xh, W_hh, b_h):
    real = real_steps(lengths + 1, len(x))
    return shown(gated(x, real, W_xh, W_hh, b_h), real)


@problem.misconception(
    "Each row stops one step early: its last real step is treated as padding. From which number do you count steps?"
)
def one_step_too_few(x, lengths, W_xh, W_hh, b_h):
    real = real_steps(lengths - 1, len(x))
    return shown(gated(x, real, W_xh, W_hh, b_h), real)


@problem.misconception("Your state stands still on the real steps and moves on the padding. Look at the two branches.")
def mask_upside_down(x, lengths, W_xh, W_hh, b_h):
    real = ~real_steps(lengths, len(x))
    return shown(gated(x, real, W_xh, W_hh, b_h), real)


@problem.misconception(
    "You skip the first steps of a short row, as if its padding came first. Where does a padded row keep its sequence?"
)
def padding_in_front(x, lengths, W_xh, W_hh, b_h):
    real = real_steps(lengths, len(x))[::-1]
    return shown(gated(x, real, W_xh, W_hh, b_h), real)


@problem.misconception("All your rows go on until the longest one ends. Each row has a length of its own.")
def all_end_together(x, lengths, W_xh, W_hh, b_h):
    real = real_steps(np.full_like(lengths, lengths.max()), len(x))
    return shown(gated(x, real, W_xh, W_hh, b_h), real)


@problem.misconception(
    "Your h shows at each step the state from before it: zeros at the first step. Has the state moved when you write "
    "it down?"
)
def state_before_the_step(x, lengths, W_xh, W_hh, b_h):
    h, last = frozen_forward(x, lengths, W_xh, W_hh, b_h)
    before = np.concatenate((0 * h[:1], h[:-1]))
    return np.where(real_steps(lengths, len(x))[..., None], before, 0), last


@problem.misconception(
    "Row 0 is right, and each further row starts from the last state of the row before it. Where does every row start?"
)
def not_reset_between_rows(x, lengths, W_xh, W_hh, b_h):
    state, last = np.zeros(len(b_h)), []
    h = np.zeros((*x.shape[:2], len(b_h)))
    for b, n in enumerate(lengths):
        for t in range(n):
            state = h[t, b] = np.tanh(x[t, b] @ W_xh + state @ W_hh + b_h)
        last.append(state)
    return h, np.stack(last)
