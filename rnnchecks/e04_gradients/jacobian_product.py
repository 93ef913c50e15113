"""The derivative of a state by one several steps earlier."""

import numpy as np

from rnnchecks.e04_gradients.step_jacobian import step_jacobian
from rnnchecks.engine.problem import Problem, normal
from rnnchecks.engine.rules import inherited_by_call

problem = Problem("gradients.jacobian_product", "04-gradients", task=2, outputs={"P": "HH"})


@problem.reference
def jacobian_product(h, W_hh, k, t):
    """The latest step on the left; for t = k nothing is multiplied, and the identity is left."""
    P = np.eye(len(W_hh))
    for j in range(k + 1, t + 1):
        P = step_jacobian(h[j], W_hh) @ P
    return P


def multiplied(h, W_hh, steps):
    """Multiply the Jacobians of the given steps, each new one on the left."""
    P = np.eye(len(W_hh))
    for j in steps:
        P = step_jacobian(h[j], W_hh) @ P
    return P


def entry_by_entry(P, h, W_hh, k, t):
    """Multiply P by the Jacobian of every step, number by number."""
    for j in range(k + 1, t + 1):
        P = step_jacobian(h[j], W_hh) * P
    return P


@problem.arguments
def random_arguments(rng, s):
    return np.tanh(normal(rng, s.T, s.H)), normal(rng, s.H, s.H), max(0, s.T - 4), s.T - 1


@problem.special("k = t")
def k_t(rng):
    return np.tanh(normal(rng, 4, 3)), normal(rng, 3, 3), 2, 2


@problem.special("t is not the last step")
def t_is_not_the_last_step(rng):
    return np.tanh(normal(rng, 6, 3)), normal(rng, 3, 3), 1, 4


@problem.special("neighbouring steps, t = k + 1", hidden=True)
def neighbouring_steps_t_k_1(rng):
    return np.tanh(normal(rng, 5, 3)), normal(rng, 3, 3), 2, 3


@problem.special("from the first step to the last, T = 9", hidden=True)
def from_the_first_step_to_the_last_T_9(rng):
    return np.tanh(normal(rng, 9, 4)), normal(rng, 4, 4, scale=0.6), 0, 8


@problem.misconception(
    "The factors stand in the wrong order. By the chain rule, what acted last on the way forward stands on the left: "
    "which step is that, k + 1 or t?"
)
def earliest_on_the_left(h, W_hh, k, t):
    P = np.eye(len(W_hh))
    for j in range(k + 1, t + 1):
        P = P @ step_jacobian(h[j], W_hh)
    return P


@problem.misconception(
    "Your product has t - k + 1 factors: the Jacobian of step k is among them. That one leads from h[k - 1] to "
    "h[k], and you start at h[k]."
)
def one_factor_too_many(h, W_hh, k, t):
    return multiplied(h, W_hh, range(k, t + 1))


@problem.misconception(
    "The Jacobian of step t is not in your product. Count: from h[k] to h[t] it is t - k steps. Where does a Python "
    "range end?"
)
def last_factor_missing(h, W_hh, k, t):
    return multiplied(h, W_hh, range(k + 1, t))


@problem.misconception(
    "You multiply the Jacobians of the steps k to t - 1. The Jacobian made with h[j] leads from h[j - 1] to h[j]: "
    "which states lie between h[k] and h[t]?"
)
def steps_k_to_t_1(h, W_hh, k, t):
    return multiplied(h, W_hh, range(k, t))


@problem.misconception(
    "You raise the Jacobian of step t to a power. The slopes change from step to step, so each factor has its own."
)
def power_of_the_last(h, W_hh, k, t):
    return np.linalg.matrix_power(step_jacobian(h[t], W_hh), t - k)


@problem.misconception(
    "Each factor of yours is the whole derivative of h[t] by h[k] again. A factor leads over one step only: from "
    "h[j - 1] to h[j]."
)
def product_of_the_whole(h, W_hh, k, t):
    return np.linalg.matrix_power(jacobian_product(h, W_hh, k, t), t - k)


@problem.misconception("This is a power of W_hh transposed. Every step passes a tanh as well.")
def no_slopes(h, W_hh, k, t):
    return np.linalg.matrix_power(W_hh.T, t - k)


@problem.misconception(
    "You add the Jacobians. Steps that come one after the other multiply; what adds up are different paths."
)
def sum_of_the_steps(h, W_hh, k, t):
    return sum((step_jacobian(h[j], W_hh) for j in range(k + 1, t + 1)), np.zeros_like(W_hh))


@problem.misconception("You multiply entry by entry. In NumPy that is `*`: which operator multiplies matrices?")
def entry_by_entry_(h, W_hh, k, t):
    return entry_by_entry(np.ones_like(W_hh) if t > k else np.eye(len(W_hh)), h, W_hh, k, t)


@problem.misconception(
    "You multiply entry by entry, which in NumPy is `*`, and start with ones. Which operator multiplies matrices, and "
    "which matrix changes nothing in such a product?"
)
def entry_by_entry_from_ones(h, W_hh, k, t):
    return entry_by_entry(np.ones_like(W_hh), h, W_hh, k, t)


@problem.misconception(
    "Only the diagonal of yours is filled: you multiply entry by entry, which in NumPy is `*`. Which operator "
    "multiplies matrices?"
)
def entry_by_entry_from_the_identity(h, W_hh, k, t):
    return entry_by_entry(np.eye(len(W_hh)), h, W_hh, k, t)


@problem.misconception(
    "For t = k your product still has a factor in it. From h[k] to h[k] there is no step: what is left of a product "
    "when nothing is multiplied?"
)
def never_without_a_factor(h, W_hh, k, t):
    return jacobian_product(h, W_hh, k, t) if t > k else step_jacobian(h[min(k + 1, len(h) - 1)], W_hh)


@problem.variant("never-without-a-factor")
def never_without_the_last_factor(h, W_hh, k, t):
    return jacobian_product(h, W_hh, k, t) if t > k else step_jacobian(h[t], W_hh)


@problem.misconception(
    "For t = k you return zeros. h[k] moved by something moves h[k] by just that: which matrix leaves every vector "
    "as it is?"
)
def zeros_for_k_equals_t(h, W_hh, k, t):
    return jacobian_product(h, W_hh, k, t) * (t > k)


@problem.misconception("This is the transpose of the derivative. Row i should belong to unit i of the later state.")
def product_transposed(h, W_hh, k, t):
    return jacobian_product(h, W_hh, k, t).T


@problem.misconception(
    "In your factors W_hh is not transposed. Is your step_jacobian right? Call it, or compare your factor with it.",
    name="W_hh-not-transposed",
)
def W_hh_not_transposed(h, W_hh, k, t):
    return jacobian_product(h, W_hh.T, k, t)


@problem.misconception(
    "In your factors the slopes multiply columns. Is your step_jacobian right? Call it, or compare your factor with it."
)
def slope_on_the_columns(h, W_hh, k, t):
    P = np.eye(len(W_hh))
    for j in range(k + 1, t + 1):
        P = (W_hh.T * (1 - h[j] ** 2)) @ P
    return P


@problem.misconception(
    "Each factor of yours is the transpose of a Jacobian. Is your step_jacobian right? Call it, or compare your factor "
    "with it."
)
def factors_transposed(h, W_hh, k, t):
    P = np.eye(len(W_hh))
    for j in range(k + 1, t + 1):
        P = step_jacobian(h[j], W_hh).T @ P
    return P


inherited_by_call(problem, "gradients.step_jacobian")
