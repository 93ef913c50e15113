"""Back-propagation through time: all steps of a sequence."""

import numpy as np

from rnnchecks.e03_bptt._sweep import arguments, before, from_dz, right_dz, shares, swept
from rnnchecks.engine.problem import Problem
from rnnchecks.engine.rules import bias_from_weights, bias_gradient, inherited, never_added_to

problem = Problem(
    "bptt.rnn_backward",
    "03-bptt",
    task=3,
    outputs={"dx": "TBD", "dh0": "BH", "dW_xh": "DH", "dW_hh": "HH", "db_h": "H"},
)


@problem.reference
def rnn_backward(dh, x, h0, h, W_xh, W_hh):
    """From the last step to the first: what comes from outside plus what comes from the future, through each step."""
    dx, dW_xh, dW_hh = np.zeros_like(x), np.zeros_like(W_xh), np.zeros_like(W_hh)
    db_h, dh_next = np.zeros_like(W_hh[0]), np.zeros_like(h0)
    for t in reversed(range(len(x))):
        dz = (dh[t] + dh_next) * (1 - h[t] ** 2)
        h_prev = h[t - 1] if t > 0 else h0
        dx[t] = dz @ W_xh.T
        dW_xh += x[t].T @ dz
        dW_hh += h_prev.T @ dz
        db_h += dz.sum(axis=0)
        dh_next = dz @ W_hh.T
    return dx, dh_next, dW_xh, dW_hh, db_h


@problem.arguments
def random_arguments(rng, s):
    return arguments(rng, s.T, s.B, s.D, s.H)


@problem.misconception(
    "dW_xh, dW_hh and db_h hold one step's share, that of t = 0: each turn of the loop replaces what the turn before "
    "found. How many times is each weight used?"
)
def no_sum_over_time(dh, x, h0, h, W_xh, W_hh):
    dx, dh0, *_ = rnn_backward(dh, x, h0, h, W_xh, W_hh)
    return dx, dh0, *(share[0] for share in shares(right_dz(dh, h, W_hh), x, before(h0, h)))


@problem.misconception(
    "dW_hh has one step's share in it, that of t = 0, while dW_xh and db_h have them all. How many times is W_hh used?",
    name="one-step-in-dW_hh",
)
def one_step_in_dW_hh(dh, x, h0, h, W_xh, W_hh):
    dx, dh0, dW_xh, _, db_h = rnn_backward(dh, x, h0, h, W_xh, W_hh)
    return dx, dh0, dW_xh, h0.T @ right_dz(dh, h, W_hh)[0], db_h


@problem.misconception(
    "dW_xh holds the share of the last step alone. An early input acts on every later loss, through the states: W_xh "
    "needs the same sum over time as W_hh.",
    name="last-step-only-in-dW_xh",
)
def last_step_only_in_dW_xh(dh, x, h0, h, W_xh, W_hh):
    dx, dh0, _, dW_hh, db_h = rnn_backward(dh, x, h0, h, W_xh, W_hh)
    return dx, dh0, x[-1].T @ (dh[-1] * (1 - h[-1] ** 2)), dW_hh, db_h


@problem.misconception(
    "Each of your steps sees only the gradient from its own output. What did h_t do besides feeding the output?"
)
def no_future(dh, x, h0, h, W_xh, W_hh):
    return from_dz(dh * (1 - h**2), x, before(h0, h), W_xh, W_hh)


@problem.misconception(
    "Only dh[T-1] reaches your result: at each earlier step, what comes from the future takes the place of dh[t]. "
    "A state that is used twice gets gradient from both uses. How do two of them combine?"
)
def only_the_last_loss(dh, x, h0, h, W_xh, W_hh):
    only_last = np.concatenate((np.zeros_like(dh[:-1]), dh[-1:]))
    return rnn_backward(only_last, x, h0, h, W_xh, W_hh)


@problem.misconception(
    "Your loop runs from the first step to the last, so a step is done before its future is known. Which step has no "
    "future?"
)
def forward_order(dh, x, h0, h, W_xh, W_hh):
    dz = swept(dh[::-1], lambda s, dh_next: (dh[::-1][s] + dh_next) * (1 - h[::-1][s] ** 2), lambda dz: dz @ W_hh.T)
    dx, _, *weights = from_dz(dz[::-1], x, before(h0, h), W_xh, W_hh)
    return dx, dz[0] @ W_hh.T, *weights


@problem.misconception(
    "Your loop ends before step 0, so that dx[0] stays empty and every sum lacks a share. Is the end of a range part "
    "of it?"
)
def stops_before_the_first_step(dh, x, h0, h, W_xh, W_hh):
    dz = np.append(0 * dh[:1], right_dz(dh, h, W_hh)[1:], axis=0)
    dx, _, *weights = from_dz(dz, x, before(h0, h), W_xh, W_hh)
    return dx, dz[1] @ W_hh.T if len(dz) > 1 else 0 * h0, *weights


@problem.misconception(
    "Your dW_hh is made with h[t], the state after the step. Which state did W_hh multiply at step t?",
    name="new-state-in-dW_hh",
)
def new_state_in_dW_hh(dh, x, h0, h, W_xh, W_hh):
    return from_dz(right_dz(dh, h, W_hh), x, h, W_xh, W_hh)


@problem.misconception(
    "At t = 0 the index t - 1 is -1, and Python takes the last state of the sequence without a word. Which state comes "
    "before the first step?"
)
def wraps_to_the_last_state(dh, x, h0, h, W_xh, W_hh):
    return from_dz(right_dz(dh, h, W_hh), x, np.roll(h, 1, axis=0), W_xh, W_hh)


@problem.misconception(
    "dW_hh lacks the share of the first step, as if h0 were zero. W_hh met a state at t = 0 too: which one?"
)
def h0_left_out(dh, x, h0, h, W_xh, W_hh):
    return from_dz(right_dz(dh, h, W_hh), x, before(0 * h0, h), W_xh, W_hh)


@problem.misconception(
    "Nothing in your loop knows of the tanh. By what does it multiply a gradient that passes it on the way back?"
)
def no_slope(dh, x, h0, h, W_xh, W_hh):
    dz = swept(dh, lambda t, dh_next: dh[t] + dh_next, lambda dz: dz @ W_hh.T)
    return from_dz(dz, x, before(h0, h), W_xh, W_hh)


@problem.misconception(
    "What comes from the future is added after the slope of the tanh. It arrives at h_t, just as dh[t] does: on which "
    "side of the tanh is that?"
)
def future_past_the_slope(dh, x, h0, h, W_xh, W_hh):
    dz = swept(dh, lambda t, dh_next: dh[t] * (1 - h[t] ** 2) + dh_next, lambda dz: dz @ W_hh.T)
    return from_dz(dz, x, before(h0, h), W_xh, W_hh)


@problem.misconception(
    "You take the slope of the tanh at the state before the step. Which state came out of the tanh of step t?"
)
def slope_of_the_step_before(dh, x, h0, h, W_xh, W_hh):
    slope = 1 - before(h0, h) ** 2
    dz = swept(dh, lambda t, dh_next: (dh[t] + dh_next) * slope[t], lambda dz: dz @ W_hh.T)
    return from_dz(dz, x, before(h0, h), W_xh, W_hh)


@problem.misconception(
    "The gradient goes back through W_hh the same way round as the state came forward. W_hh is square, so NumPy does "
    "not complain: which of its axes belongs to the older state?"
)
def no_transpose(dh, x, h0, h, W_xh, W_hh):
    dz = swept(dh, lambda t, dh_next: (dh[t] + dh_next) * (1 - h[t] ** 2), lambda dz: dz @ W_hh)
    dx, _, *weights = from_dz(dz, x, before(h0, h), W_xh, W_hh)
    return dx, dz[0] @ W_hh, *weights


@problem.misconception(
    "You hand dz itself to the step before. On its way forward the state went through a matrix: what does the gradient "
    "go through on its way back?",
    name="future-without-W_hh",
)
def future_without_W_hh(dh, x, h0, h, W_xh, W_hh):
    dz = swept(dh, lambda t, dh_next: (dh[t] + dh_next) * (1 - h[t] ** 2), lambda dz: dz)
    dx, _, *weights = from_dz(dz, x, before(h0, h), W_xh, W_hh)
    return dx, dz[0], *weights


@problem.misconception(
    "You return what reaches the state after the first step. The initial state lies one step further back."
)
def dh0_is_dh_of_the_first_step(dh, x, h0, h, W_xh, W_hh):
    dz = right_dz(dh, h, W_hh)
    future = dz[1] @ W_hh.T if len(dh) > 1 else 0
    dx, _, *weights = from_dz(dz, x, before(h0, h), W_xh, W_hh)
    return dx, dh[0] + future, *weights


@problem.misconception(
    "The initial state is an input like x: it changes every state, so it has a gradient. What is left in your hands "
    "when the loop has passed the first step?"
)
def no_gradient_for_h0(dh, x, h0, h, W_xh, W_hh):
    dx, dh0, *weights = rnn_backward(dh, x, h0, h, W_xh, W_hh)
    return dx, 0 * dh0, *weights


@problem.misconception("Your dx is in the order in which the loop found it, last step first. dx[t] belongs to x[t].")
def dx_in_loop_order(dh, x, h0, h, W_xh, W_hh):
    dx, *others = rnn_backward(dh, x, h0, h, W_xh, W_hh)
    return dx[::-1], *others


@problem.misconception(
    "You divide the weights' gradients by T. If the loss is a mean, dh already carries the division; here the shares "
    "of the steps are added."
)
def mean_over_time(dh, x, h0, h, W_xh, W_hh):
    dx, dh0, *weights = rnn_backward(dh, x, h0, h, W_xh, W_hh)
    return dx, dh0, *(dW / len(x) for dW in weights)


@problem.misconception(
    "You divide the weights' gradients by B. If the loss is a mean, dh already carries the division; here the shares "
    "of the rows are added."
)
def mean_over_batch(dh, x, h0, h, W_xh, W_hh):
    dx, dh0, *weights = rnn_backward(dh, x, h0, h, W_xh, W_hh)
    return dx, dh0, *(dW / x.shape[1] for dW in weights)


@problem.misconception(
    "dh plays no part in your answer: you start from ones, as if the loss were the sum of the states. What does dh say "
    "about the loss?"
)
def dh_ignored(dh, x, h0, h, W_xh, W_hh):
    return rnn_backward(np.ones_like(dh), x, h0, h, W_xh, W_hh)


# The same, by those whose ones come in at the last step alone.
@problem.variant("dh-ignored")
def dh_ignored_ones_at_the_end(dh, x, h0, h, W_xh, W_hh):
    ones = np.zeros_like(dh)
    ones[-1] = 1
    return rnn_backward(ones, x, h0, h, W_xh, W_hh)


@bias_gradient(problem, "db_h")
def shares_of_db_h(dh, x, h0, h, W_xh, W_hh):
    return right_dz(dh, h, W_hh).sum(axis=0)


bias_from_weights(problem, "db_h", "dW_xh", "dW_hh")
never_added_to(problem, "dW_xh", "dW_hh", "db_h")


@inherited(problem, "bptt.rnn_step_backward")
def by_steps(step, dh, x, h0, h, W_xh, W_hh):
    dx, weights, dh_next = [], [], np.zeros_like(h0)
    for t in reversed(range(len(x))):
        dx_t, dh_next, *shares = step(dh[t] + dh_next, x[t], h[t - 1] if t > 0 else h0, h[t], W_xh, W_hh)
        dx.append(dx_t)
        weights.append(shares)
    return np.stack(dx[::-1]), dh_next, *(sum(shares) for shares in zip(*weights, strict=True))
