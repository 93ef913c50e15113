"""Truncated back-propagation through time: the state crosses a cut, the gradient does not."""

import numpy as np

from rnnchecks.e03_bptt._sweep import arguments
from rnnchecks.e03_bptt.rnn_backward import rnn_backward
from rnnchecks.engine.problem import Problem
from rnnchecks.engine.rules import bias_from_weights, bias_gradient, inherited_by_call, never_added_to

problem = Problem("bptt.truncated_backward", "03-bptt", task=4, outputs={"dW_xh": "DH", "dW_hh": "HH", "db_h": "H"})


@problem.reference
def truncated_backward(dh, x, h0, h, W_xh, W_hh, tau):
    """Add up the gradients of pieces of tau steps, each of which starts from the state before it."""
    dW_xh, dW_hh, db_h = np.zeros_like(W_xh), np.zeros_like(W_hh), np.zeros_like(W_hh[0])
    for start in range(0, len(x), tau):
        h_before = h[start - 1] if start > 0 else h0
        piece = slice(start, start + tau)
        _, _, dW_xh_piece, dW_hh_piece, db_h_piece = rnn_backward(dh[piece], x[piece], h_before, h[piece], W_xh, W_hh)
        dW_xh += dW_xh_piece
        dW_hh += dW_hh_piece
        db_h += db_h_piece
    return dW_xh, dW_hh, db_h


def piece_gradients(start, stop, dh, x, h0, h, W_xh, W_hh):
    """Return the weights' gradients of the steps from `start` to `stop` alone."""
    h_before = h[start - 1] if start > 0 else h0
    return rnn_backward(dh[start:stop], x[start:stop], h_before, h[start:stop], W_xh, W_hh)[2:]


def added(gradients):
    """Add up the gradients of several pieces, weight by weight."""
    return tuple(sum(shares) for shares in zip(*gradients, strict=True))


def only(dh, t):
    """Keep what comes from the loss at `t`."""
    kept = np.zeros_like(dh)
    kept[t] = dh[t]
    return kept


@problem.arguments
def random_arguments(rng, s):
    return *arguments(rng, s.T, s.B, s.D, s.H), 2 if s.T < 7 else 3


@problem.special("tau divides T: T = 6, tau = 3")
def tau_divides_T_T_6_tau_3(rng):
    return *arguments(rng, 6, 2, 3, 4), 3


@problem.special("pieces of a single step, tau = 1")
def pieces_of_a_single_step_tau_1(rng):
    return *arguments(rng, 4, 2, 3, 5), 1


@problem.special("one piece holds everything: T = 4, tau = 6")
def one_piece_holds_everything_T_4_tau_6(rng):
    return *arguments(rng, 4, 3, 2, 5), 6


@problem.special("tau = T", hidden=True)
def tau_T(rng):
    return *arguments(rng, 5, 2, 3, 4), 5


@problem.special("many pieces", hidden=True)
def many_pieces(rng):
    return *arguments(rng, 11, 2, 3, 4), 4


@problem.misconception(
    "This is the whole gradient: it flows through the cuts as if tau were not there. What does the last step of a "
    "piece get from the step after it?"
)
def no_cut(dh, x, h0, h, W_xh, W_hh, tau):
    return rnn_backward(dh, x, h0, h, W_xh, W_hh)[2:]


@problem.misconception(
    "You let each loss flow back over its own last tau steps: that is the other common truncation, with windows that "
    "overlap. Here the cuts stand at fixed places, the same for every loss."
)
def window_of_tau_steps(dh, x, h0, h, W_xh, W_hh, tau):
    windows = ((max(0, t - tau + 1), t + 1, only(dh, t)) for t in range(len(x)))
    return added(piece_gradients(start, stop, loss, x, h0, h, W_xh, W_hh) for start, stop, loss in windows)


@problem.misconception(
    "You let each loss flow back through tau transitions of its own: that is the other common truncation, with windows "
    "that overlap. Here the cuts stand at fixed places, the same for every loss."
)
def window_of_tau_transitions(dh, x, h0, h, W_xh, W_hh, tau):
    windows = ((max(0, t - tau), t + 1, only(dh, t)) for t in range(len(x)))
    return added(piece_gradients(start, stop, loss, x, h0, h, W_xh, W_hh) for start, stop, loss in windows)


@problem.misconception(
    "Your pieces are full at the end of the sequence and the short one comes first. The net reads from the start, and "
    "so are the pieces counted."
)
def pieces_counted_from_the_end(dh, x, h0, h, W_xh, W_hh, tau):
    pieces = ((max(0, stop - tau), stop) for stop in range(len(x), 0, -tau))
    return added(piece_gradients(start, stop, dh, x, h0, h, W_xh, W_hh) for start, stop in pieces)


@problem.misconception(
    "Your first piece has a single step, and every later cut is shifted with it. With tau = 3, which steps make up the "
    "first piece?"
)
def cut_one_step_off(dh, x, h0, h, W_xh, W_hh, tau):
    starts = [0, *range(1, len(x), tau)]
    pieces = zip(starts, [*starts[1:], len(x)], strict=True)
    return added(piece_gradients(start, stop, dh, x, h0, h, W_xh, W_hh) for start, stop in pieces)


@problem.misconception(
    "Only the last tau steps have left a gradient. The pieces before them are cut off from it, but they have losses of "
    "their own."
)
def last_piece_only(dh, x, h0, h, W_xh, W_hh, tau):
    return piece_gradients(max(0, len(x) - tau), len(x), dh, x, h0, h, W_xh, W_hh)


@problem.misconception(
    "You return the gradients of the piece you came to last, the final one. All pieces use the same weights: what "
    "happens to their shares?"
)
def pieces_not_added(dh, x, h0, h, W_xh, W_hh, tau):
    last = range(0, len(x), tau)[-1]
    return piece_gradients(last, len(x), dh, x, h0, h, W_xh, W_hh)


@problem.misconception(
    "You average over the pieces. Each piece adds its share of one gradient, as the steps inside it do."
)
def mean_over_pieces(dh, x, h0, h, W_xh, W_hh, tau):
    pieces = len(range(0, len(x), tau))
    return tuple(dW / pieces for dW in truncated_backward(dh, x, h0, h, W_xh, W_hh, tau))


@problem.misconception(
    "The steps after the last full piece are missing. When tau does not divide T, what remains is a shorter piece."
)
def leftover_dropped(dh, x, h0, h, W_xh, W_hh, tau):
    pieces = ((start, start + tau) for start in range(0, len(x) - tau + 1, tau))
    zero = (np.zeros_like(W_xh), np.zeros_like(W_hh), np.zeros_like(W_hh[0]))
    return added((zero, *(piece_gradients(start, stop, dh, x, h0, h, W_xh, W_hh) for start, stop in pieces)))


# The same, by those whose sums start from the number 0: without a full piece nothing makes arrays of them.
@problem.variant("leftover-dropped")
def leftover_dropped_sums_from_0(dh, x, h0, h, W_xh, W_hh, tau):
    pieces = ((start, start + tau) for start in range(0, len(x) - tau + 1, tau))
    return added(((0, 0, 0), *(piece_gradients(start, stop, dh, x, h0, h, W_xh, W_hh) for start, stop in pieces)))


@problem.misconception("You cut the sequence into tau pieces. tau is how many steps a piece has.")
def tau_pieces(dh, x, h0, h, W_xh, W_hh, tau):
    pieces = [steps for steps in np.array_split(np.arange(len(x)), tau) if len(steps)]
    return added(piece_gradients(steps[0], steps[-1] + 1, dh, x, h0, h, W_xh, W_hh) for steps in pieces)


@problem.misconception(
    "Every piece of yours starts from h0, and dW_hh shows it. Forward, the state was carried across the cuts: which "
    "state stood before the first step of a later piece?"
)
def every_piece_from_h0(dh, x, h0, h, W_xh, W_hh, tau):
    pieces = (slice(start, start + tau) for start in range(0, len(x), tau))
    return added(rnn_backward(dh[piece], x[piece], h0, h[piece], W_xh, W_hh)[2:] for piece in pieces)


@problem.misconception(
    "dW_hh is wrong by the first piece: where that starts, the index before 0 is -1, and Python takes the last state "
    "of the sequence without a word. Which state comes before the first step?"
)
def wraps_to_the_last_state(dh, x, h0, h, W_xh, W_hh, tau):
    return truncated_backward(dh, x, h[-1], h, W_xh, W_hh, tau)


@problem.misconception(
    "Your first piece starts from a state of zeros, and dW_hh shows it. Which state was there before the first step?"
)
def h0_left_out(dh, x, h0, h, W_xh, W_hh, tau):
    return truncated_backward(dh, x, 0 * h0, h, W_xh, W_hh, tau)


@problem.misconception(
    "Your later pieces start from a state of zeros, and dW_hh shows it. A cut stops the gradient on its way back; the "
    "state had crossed it on the way forward."
)
def state_cut_too(dh, x, h0, h, W_xh, W_hh, tau):
    pieces = [slice(start, start + tau) for start in range(0, len(x), tau)]
    states = [h0, *(0 * h0 for _ in pieces[1:])]
    each = zip(pieces, states, strict=True)
    return added(rnn_backward(dh[piece], x[piece], state, h[piece], W_xh, W_hh)[2:] for piece, state in each)


@bias_gradient(problem, "db_h")
def shares_of_db_h(dh, x, h0, h, W_xh, W_hh, tau):
    rows = (slice(b, b + 1) for b in range(len(h0)))
    return np.stack([truncated_backward(dh[:, b], x[:, b], h0[b], h[:, b], W_xh, W_hh, tau)[2] for b in rows])


bias_from_weights(problem, "db_h", "dW_xh", "dW_hh")
never_added_to(problem, "dW_xh", "dW_hh", "db_h")
inherited_by_call(problem, "bptt.rnn_backward")
