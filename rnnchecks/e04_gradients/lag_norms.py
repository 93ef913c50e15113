"""How much of a gradient reaches each earlier state."""

import numpy as np

from rnnchecks.engine.problem import Problem, normal

problem = Problem("gradients.lag_norms", "04-gradients", task=3, outputs={"norms": "LB"})


@problem.reference
def lag_norms(d, h, W_hh):
    """Norm of each row at the last state, then one step further back at a time."""
    T, B, H = h.shape
    norms = np.zeros((T, B))
    norms[0] = np.linalg.norm(d, axis=1)
    for lag in range(1, T):
        d = (d * (1 - h[T - lag] ** 2)) @ W_hh.T
        norms[lag] = np.linalg.norm(d, axis=1)
    return norms


def carried(d, h, back):
    """Collect the gradient rows at every lag; ``back(d, lag)`` takes one step back and arrives at that lag."""
    rows = [d]
    for lag in range(1, len(h)):
        rows.append(back(rows[-1], lag))
    return np.stack(rows)


def right(d, h, W_hh):
    """Return the gradient rows themselves, (T, B, H)."""
    return carried(d, h, lambda d, lag: (d * (1 - h[len(h) - lag] ** 2)) @ W_hh.T)


def length(rows):
    """Norm of each row."""
    return np.linalg.norm(rows, axis=2)


@problem.arguments
def random_arguments(rng, s):
    return normal(rng, s.B, s.H), np.tanh(normal(rng, s.T, s.B, s.H)), normal(rng, s.H, s.H)


@problem.special("a gradient that grows, T = 8")
def a_gradient_that_grows_T_8(rng):
    return normal(rng, 3, 4), np.tanh(0.3 * normal(rng, 8, 3, 4)), normal(rng, 4, 4, scale=1.5)


@problem.special("one example sends no gradient", hidden=True)
def one_example_sends_no_gradient(rng):
    d = normal(rng, 3, 4)
    d[1] = 0
    return d, np.tanh(normal(rng, 5, 3, 4)), normal(rng, 4, 4)


@problem.misconception(
    "You take the slope at the state where the gradient arrives. The step from h[t] back to h[t - 1] passes the tanh "
    "that made h[t]."
)
def slope_of_the_step_before(d, h, W_hh):
    return length(carried(d, h, lambda d, lag: (d * (1 - h[len(h) - 1 - lag] ** 2)) @ W_hh.T))


@problem.misconception(
    "Your loop takes the slopes from the start of the sequence. The gradient starts at the last state and goes back: "
    "which state's slope does it meet first?"
)
def slope_of_the_first_steps(d, h, W_hh):
    return length(carried(d, h, lambda d, lag: (d * (1 - h[lag] ** 2)) @ W_hh.T))


@problem.misconception("Your gradient never meets a tanh. By what does it multiply, besides W_hh, at every step back?")
def no_slope(d, h, W_hh):
    return length(carried(d, h, lambda d, lag: d @ W_hh.T))


@problem.misconception(
    "You go back through W_hh the same way round as the state came forward. Which of its axes belongs to the older "
    "state?"
)
def no_transpose(d, h, W_hh):
    return length(carried(d, h, lambda d, lag: (d * (1 - h[len(h) - lag] ** 2)) @ W_hh))


@problem.misconception(
    "You multiply by W_hh first and by the slope after. On the way forward the tanh came last: what comes first on the "
    "way back?"
)
def slope_after_the_weights(d, h, W_hh):
    return length(carried(d, h, lambda d, lag: (d @ W_hh.T) * (1 - h[len(h) - lag] ** 2)))


@problem.misconception(
    "Your norms are in the order of time. Row 0 of the result belongs to lag 0, which is the last state."
)
def earliest_first(d, h, W_hh):
    return lag_norms(d, h, W_hh)[::-1]


@problem.misconception(
    "Your first row is already one step back. At lag 0 no step has been taken: what is the norm there?"
)
def no_lag_zero(d, h, W_hh):
    rows = right(d, h, W_hh)
    return length(np.concatenate([rows[1:], ((rows[-1] * (1 - h[0] ** 2)) @ W_hh.T)[None]]))


@problem.misconception("You return the sum of squares. A norm is as long as the vector: what is missing?")
def norm_squared(d, h, W_hh):
    return lag_norms(d, h, W_hh) ** 2


@problem.misconception(
    "You add absolute values. The norm asked for is the Euclidean one, the root of the sum of squares."
)
def sum_of_absolute_values(d, h, W_hh):
    return np.abs(right(d, h, W_hh)).sum(axis=2)


@problem.misconception(
    "You return the largest entry of each row. The norm asked for is the Euclidean one, the root of the sum of squares."
)
def largest_entry(d, h, W_hh):
    return np.abs(right(d, h, W_hh)).max(axis=2)


@problem.misconception(
    "You divide by the norm at lag 0. That is what you may plot; here the norms themselves are asked for."
)
def relative_to_lag_zero(d, h, W_hh):
    found = lag_norms(d, h, W_hh)
    return found / np.where(found[0] > 0, found[0], 1)


@problem.misconception(
    "Every example has the same norm in your result: that of the whole batch. Over which axis must the norm be taken?"
)
def one_norm_for_the_batch(d, h, W_hh):
    return np.repeat(np.linalg.norm(lag_norms(d, h, W_hh), axis=1)[:, None], h.shape[1], axis=1)


@problem.misconception(
    "You add d at every step, as if every state had a loss. Here only the last one has: what reaches an earlier state "
    "came through the states after it."
)
def a_loss_at_every_step(d, h, W_hh):
    first = d
    return length(carried(d, h, lambda d, lag: (d * (1 - h[len(h) - lag] ** 2)) @ W_hh.T + first))


@problem.misconception(
    "Your result has a row too many. From h[0] there is no step back to take: which slope is never needed?"
)
def one_lag_too_many(d, h, W_hh):
    rows = right(d, h, W_hh)
    return length(np.concatenate([rows, ((rows[-1] * (1 - h[0] ** 2)) @ W_hh.T)[None]]))


@problem.misconception(
    "You have one number a lag, and every example should have its own. Over which axis must the norm be taken?"
)
def one_number_a_lag(d, h, W_hh):
    return np.linalg.norm(lag_norms(d, h, W_hh), axis=1)


@problem.misconception(
    "You take the norm over the examples, unit by unit. It should be taken over the units, example by example: which "
    "axis is that?"
)
def norm_over_the_batch(d, h, W_hh):
    return np.linalg.norm(right(d, h, W_hh), axis=1)
