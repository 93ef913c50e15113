"""All steps of the LSTM, backward."""

import numpy as np

from rnnchecks.e05_lstm._net import forward
from rnnchecks.e05_lstm.lstm_step_backward import lstm_step_backward
from rnnchecks.engine.problem import Problem, normal
from rnnchecks.engine.rules import bias_from_weights, bias_gradient, inherited, never_added_to, two_names

problem = Problem(
    "lstm.lstm_backward",
    "05-lstm",
    task=4,
    outputs={"dx": "TBD", "dh0": "BH", "dc0": "BH", "dW_xh": "DK", "dW_hh": "HK", "db_h": "K"},
)


@problem.reference
def lstm_backward(dh, x, h0, c0, h, c, gates, W_xh, W_hh):
    """From the last step to the first, with two threads: one through the states, one along the cells."""
    dx, dW_xh, dW_hh, db_h = np.zeros_like(x), np.zeros_like(W_xh), np.zeros_like(W_hh), np.zeros_like(W_hh[0])
    dh_next, dc_next = np.zeros_like(h0), np.zeros_like(c0)
    for t in reversed(range(len(x))):
        h_prev, c_prev = (h[t - 1], c[t - 1]) if t > 0 else (h0, c0)
        dx[t], dh_next, dc_next, dW_xh_t, dW_hh_t, db_h_t = lstm_step_backward(
            dh[t] + dh_next, dc_next, x[t], h_prev, c_prev, c[t], gates[t], W_xh, W_hh
        )
        dW_xh += dW_xh_t
        dW_hh += dW_hh_t
        db_h += db_h_t
    return dx, dh_next, dc_next, dW_xh, dW_hh, db_h


def before(first, states):
    """Return the state before each step, (T, B, H)."""
    return np.concatenate((first[None], states[:-1]))


def hand_on(dh, dc):
    """Hand on to the step before what came out of this one."""
    return dh, dc


def walked(dh, x, h_prev, c_prev, c, gates, W_xh, W_hh, carry=hand_on, order=reversed, first=0, dc_end=0):
    """Walk over the steps from `first` on in an order; `carry` changes what is handed on, `dc_end` comes in at the end.

    Results and the shares of each step.
    """
    T = len(x)
    dx, shares = np.zeros_like(x), [(0 * W_xh, 0 * W_hh, 0 * W_hh[0])] * T
    dh_next, dc_next = last = np.zeros_like(dh[0]), dc_end + np.zeros_like(dh[0])
    for t in order(range(first, T)):
        kept = x[t], h_prev[t], c_prev[t], c[t], gates[t]
        dx[t], dh_next, dc_next, *shares[t] = lstm_step_backward(dh[t] + dh_next, dc_next, *kept, W_xh, W_hh)
        last, (dh_next, dc_next) = (dh_next, dc_next), carry(dh_next, dc_next)
    return dx, *last, shares


def summed(dx, dh0, dc0, shares):
    """Add the shares up: the six results."""
    return dx, dh0, dc0, *(sum(part) for part in zip(*shares, strict=True))


@problem.arguments
def random_arguments(rng, s):
    arguments = forward(rng, s.T, s.B, s.D, s.H)
    return normal(rng, s.T, s.B, s.H), *arguments


@problem.misconception(
    "Each of your steps sees only the gradient from its own output. Two things are handed from step t + 1 to step t: "
    "which?"
)
def no_future(dh, x, h0, c0, h, c, gates, W_xh, W_hh):
    kept = x, before(h0, h), before(c0, c), c, gates, W_xh, W_hh
    return summed(*walked(dh, *kept, carry=lambda dh, dc: (0 * dh, 0 * dc)))


@problem.misconception(
    "The gradient comes back through the states, but not along the cells: dc starts from zero at every step. That "
    "thread is what the LSTM was made for."
)
def only_along_the_states(dh, x, h0, c0, h, c, gates, W_xh, W_hh):
    kept = x, before(h0, h), before(c0, c), c, gates, W_xh, W_hh
    return summed(*walked(dh, *kept, carry=lambda dh, dc: (dh, 0 * dc)))


@problem.misconception(
    "The gradient comes back along the cells, but not through the states: what the gates of step t + 1 send to h_t is "
    "lost."
)
def only_along_the_cells(dh, x, h0, c0, h, c, gates, W_xh, W_hh):
    kept = x, before(h0, h), before(c0, c), c, gates, W_xh, W_hh
    return summed(*walked(dh, *kept, carry=lambda dh, dc: (0 * dh, dc)))


@problem.misconception(
    "What your step hands on as dh_prev arrives as dc, and the other way round. Both have the same shape, so nothing "
    "complains: check the order in which you unpack."
)
def threads_exchanged(dh, x, h0, c0, h, c, gates, W_xh, W_hh):
    kept = x, before(h0, h), before(c0, c), c, gates, W_xh, W_hh
    dx, dh0, dc0, shares = walked(dh, *kept, carry=lambda dh, dc: (dc, dh))
    return summed(dx, dc0, dh0, shares)


@problem.misconception(
    "Your loop runs from the first step to the last, so a step is done before its future is known. Which step has no "
    "future?"
)
def forward_order(dh, x, h0, c0, h, c, gates, W_xh, W_hh):
    return summed(*walked(dh, x, before(h0, h), before(c0, c), c, gates, W_xh, W_hh, order=iter))


@problem.misconception(
    "At t = 0 the index t - 1 is -1, and Python takes the last state and the last cell without a word. Which come "
    "before the first step?"
)
def wraps_to_the_last_state(dh, x, h0, c0, h, c, gates, W_xh, W_hh):
    return summed(*walked(dh, x, np.roll(h, 1, axis=0), np.roll(c, 1, axis=0), c, gates, W_xh, W_hh))


@problem.misconception(
    "You took care of h0, but at t = 0 your cell before the step is c[-1], the last one. There is a c0 as well."
)
def wraps_to_the_last_cell(dh, x, h0, c0, h, c, gates, W_xh, W_hh):
    return summed(*walked(dh, x, before(h0, h), np.roll(c, 1, axis=0), c, gates, W_xh, W_hh))


@problem.misconception("You take zeros for the state and the cell before the first step. They are given: h0 and c0.")
def initial_state_taken_for_zero(dh, x, h0, c0, h, c, gates, W_xh, W_hh):
    return summed(*walked(dh, x, before(0 * h0, h), before(0 * c0, c), c, gates, W_xh, W_hh))


@problem.misconception(
    "You give each step its own cell c[t] where it wants the one before. What did the forget gate multiply?"
)
def new_cell_for_the_old(dh, x, h0, c0, h, c, gates, W_xh, W_hh):
    return summed(*walked(dh, x, before(h0, h), c, c, gates, W_xh, W_hh))


@problem.misconception("You give each step its own state h[t] where it wants the one before. What did W_hh multiply?")
def new_state_for_the_old(dh, x, h0, c0, h, c, gates, W_xh, W_hh):
    return summed(*walked(dh, x, h, before(c0, c), c, gates, W_xh, W_hh))


@problem.misconception(
    "The weights' gradients hold one step's share, that of t = 0: each turn of the loop replaces what the turn before "
    "found. How many times is each weight used?"
)
def no_sum_over_time(dh, x, h0, c0, h, c, gates, W_xh, W_hh):
    dx, dh0, dc0, shares = walked(dh, x, before(h0, h), before(c0, c), c, gates, W_xh, W_hh)
    return dx, dh0, dc0, *shares[0]


@problem.misconception(
    "You multiply what comes along the cell by the forget gate once more between the steps. The step back has done it."
)
def forget_gate_twice(dh, x, h0, c0, h, c, gates, W_xh, W_hh):
    f = iter(gates[::-1, 1])
    kept = x, before(h0, h), before(c0, c), c, gates, W_xh, W_hh
    dx, dh0, dc0, shares = walked(dh, *kept, carry=lambda dh, dc: (dh, dc * next(f)))
    return summed(dx, dh0, dc0 * gates[0, 1], shares)


@problem.misconception(
    "h0 and c0 are inputs like x: they change every state, so they have gradients. What do you still carry when the "
    "loop is over?"
)
def no_gradient_for_the_initial_states(dh, x, h0, c0, h, c, gates, W_xh, W_hh):
    dx, dh0, dc0, *weights = lstm_backward(dh, x, h0, c0, h, c, gates, W_xh, W_hh)
    return dx, 0 * dh0, 0 * dc0, *weights


@problem.misconception("Your dx is in the order in which the loop found it, last step first. dx[t] belongs to x[t].")
def dx_in_loop_order(dh, x, h0, c0, h, c, gates, W_xh, W_hh):
    dx, *others = lstm_backward(dh, x, h0, c0, h, c, gates, W_xh, W_hh)
    return dx[::-1], *others


@problem.misconception(
    "You divide the weights' gradients by T. If the loss is a mean, dh already carries the division; here the shares "
    "of the steps are added."
)
def mean_over_time(dh, x, h0, c0, h, c, gates, W_xh, W_hh):
    dx, dh0, dc0, *weights = lstm_backward(dh, x, h0, c0, h, c, gates, W_xh, W_hh)
    return dx, dh0, dc0, *(dW / len(x) for dW in weights)


@problem.misconception(
    "Your loop ends before it reaches step 0: dx[0] is empty, and h0 and c0 get what belongs to the state and the cell "
    "after step 0. Where does range stop?"
)
def first_step_left_out(dh, x, h0, c0, h, c, gates, W_xh, W_hh):
    return summed(*walked(dh, x, before(h0, h), before(c0, c), c, gates, W_xh, W_hh, first=1))


@problem.misconception(
    "Your dh0 and dc0 are right and stand in each other's place. Return dx, dh0, dc0, then the weights."
)
def initial_gradients_exchanged(dh, x, h0, c0, h, c, gates, W_xh, W_hh):
    dx, dh0, dc0, *weights = lstm_backward(dh, x, h0, c0, h, c, gates, W_xh, W_hh)
    return dx, dc0, dh0, *weights


@problem.misconception(
    "You add dh[t] to what comes back along the cells as well. From outside something reaches the states only; how it "
    "goes on to the cell is the business of the step back."
)
def outside_joins_both_threads(dh, x, h0, c0, h, c, gates, W_xh, W_hh):
    earlier = iter([*dh[-2::-1], np.zeros_like(h0)])
    kept = x, before(h0, h), before(c0, c), c, gates, W_xh, W_hh
    return summed(*walked(dh, *kept, carry=lambda dh, dc: (dh, dc + next(earlier)), dc_end=dh[-1]))


@bias_gradient(problem, "db_h")
def shares_of_db_h(dh, x, h0, c0, h, c, gates, W_xh, W_hh):
    rows = (slice(b, b + 1) for b in range(len(h0)))
    kept = ((dh[:, b], x[:, b], h0[b], c0[b], h[:, b], c[:, b], gates[:, :, b]) for b in rows)
    return np.stack([lstm_backward(*of_a_row, W_xh, W_hh)[5] for of_a_row in kept])


bias_from_weights(problem, "db_h", "dW_xh", "dW_hh")
never_added_to(problem, "dW_xh", "dW_hh", "db_h")
two_names(problem, "dh0", "dc0")


@inherited(problem, "lstm.lstm_step_backward")
def by_steps(step, dh, x, h0, c0, h, c, gates, W_xh, W_hh):
    dx, weights, dh_next, dc_next = [], [], np.zeros_like(h0), np.zeros_like(c0)
    h_prev, c_prev = before(h0, h), before(c0, c)
    for t in reversed(range(len(x))):
        kept = x[t], h_prev[t], c_prev[t], c[t], gates[t]
        dx_t, dh_next, dc_next, *shares = step(dh[t] + dh_next, dc_next, *kept, W_xh, W_hh)
        dx.append(dx_t)
        weights.append(shares)
    return np.stack(dx[::-1]), dh_next, dc_next, *(sum(shares) for shares in zip(*weights, strict=True))
