"""The derivative of a state by one several steps earlier."""

import numpy as np

from rnnlib.checks.gradients.jacobians import step_jacobian
from rnnlib.checks.problem import Problem, normal

product = Problem("gradients.jacobian_product", "04-gradients", outputs={"P": "HH"})


@product.reference
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


@product.arguments
def _(rng, s):
    return np.tanh(normal(rng, s.T, s.H)), normal(rng, s.H, s.H), max(0, s.T - 4), s.T - 1


@product.special("k = t")
def _(rng):
    return np.tanh(normal(rng, 4, 3)), normal(rng, 3, 3), 2, 2


@product.special("t is not the last step")
def _(rng):
    return np.tanh(normal(rng, 6, 3)), normal(rng, 3, 3), 1, 4


@product.special("neighbouring steps, t = k + 1", hidden=True)
def _(rng):
    return np.tanh(normal(rng, 5, 3)), normal(rng, 3, 3), 2, 3


@product.special("from the first step to the last, T = 9", hidden=True)
def _(rng):
    return np.tanh(normal(rng, 9, 4)), normal(rng, 4, 4, scale=0.6), 0, 8


@product.misconception(
    "earliest-on-the-left",
    "The factors stand in the wrong order. By the chain rule, what acted last on the way forward stands on the left: "
    "which step is that, k + 1 or t?",
)
def _(h, W_hh, k, t):
    P = np.eye(len(W_hh))
    for j in range(k + 1, t + 1):
        P = P @ step_jacobian(h[j], W_hh)
    return P


@product.misconception(
    "one-factor-too-many",
    "Your product has t - k + 1 factors: the Jacobian of step k is among them. That one leads from h[k - 1] to "
    "h[k], and you start at h[k].",
)
def _(h, W_hh, k, t):
    return multiplied(h, W_hh, range(k, t + 1))


@product.misconception(
    "last-factor-missing",
    "The Jacobian of step t is not in your product. Count: from h[k] to h[t] it is t - k steps. Where does a Python "
    "range end?",
)
def _(h, W_hh, k, t):
    return multiplied(h, W_hh, range(k + 1, t))


@product.misconception(
    "steps-k-to-t-1",
    "You multiply the Jacobians of the steps k to t - 1. The Jacobian made with h[j] leads from h[j - 1] to h[j]: "
    "which states lie between h[k] and h[t]?",
)
def _(h, W_hh, k, t):
    return multiplied(h, W_hh, range(k, t))


@product.misconception(
    "power-of-the-last",
    "You raise the Jacobian of step t to a power. The slopes change from step to step, so each factor has its own.",
)
def _(h, W_hh, k, t):
    return np.linalg.matrix_power(step_jacobian(h[t], W_hh), t - k)


@product.misconception(
    "product-of-the-whole",
    "Each factor of yours is the whole derivative of h[t] by h[k] again. A factor leads over one step only: from "
    "h[j - 1] to h[j].",
)
def _(h, W_hh, k, t):
    return np.linalg.matrix_power(jacobian_product(h, W_hh, k, t), t - k)


@product.misconception(
    "no-slopes",
    "This is a power of W_hh transposed. Every step passes a tanh as well.",
)
def _(h, W_hh, k, t):
    return np.linalg.matrix_power(W_hh.T, t - k)


@product.misconception(
    "sum-of-the-steps",
    "You add the Jacobians. Steps that come one after the other multiply; what adds up are different paths.",
)
def _(h, W_hh, k, t):
    return sum((step_jacobian(h[j], W_hh) for j in range(k + 1, t + 1)), np.zeros_like(W_hh))


@product.misconception(
    "entry-by-entry",
    "You multiply entry by entry. In NumPy that is `*`: which operator multiplies matrices?",
)
def _(h, W_hh, k, t):
    return entry_by_entry(np.ones_like(W_hh) if t > k else np.eye(len(W_hh)), h, W_hh, k, t)


@product.misconception(
    "entry-by-entry-from-ones",
    "You multiply entry by entry, which in NumPy is `*`, and start with ones. Which operator multiplies matrices, and "
    "which matrix changes nothing in such a product?",
)
def _(h, W_hh, k, t):
    return entry_by_entry(np.ones_like(W_hh), h, W_hh, k, t)


@product.misconception(
    "entry-by-entry-from-the-identity",
    "Only the diagonal of yours is filled: you multiply entry by entry, which in NumPy is `*`. Which operator "
    "multiplies matrices?",
)
def _(h, W_hh, k, t):
    return entry_by_entry(np.eye(len(W_hh)), h, W_hh, k, t)


@product.misconception(
    "never-without-a-factor",
    "For t = k your product still has a factor in it. From h[k] to h[k] there is no step: what is left of a product "
    "when nothing is multiplied?",
)
def _(h, W_hh, k, t):
    return jacobian_product(h, W_hh, k, t) if t > k else step_jacobian(h[min(k + 1, len(h) - 1)], W_hh)


@product.misconception(
    "never-without-the-last-factor",
    "For t = k your product still has a factor in it. From h[k] to h[k] there is no step: what is left of a product "
    "when nothing is multiplied?",
)
def _(h, W_hh, k, t):
    return jacobian_product(h, W_hh, k, t) if t > k else step_jacobian(h[t], W_hh)


@product.misconception(
    "zeros-for-k-equals-t",
    "For t = k you return zeros. h[k] moved by something moves h[k] by just that: which matrix leaves every vector "
    "as it is?",
)
def _(h, W_hh, k, t):
    return jacobian_product(h, W_hh, k, t) * (t > k)


@product.misconception(
    "product-transposed",
    "This is the transpose of the derivative. Row i should belong to unit i of the later state.",
)
def _(h, W_hh, k, t):
    return jacobian_product(h, W_hh, k, t).T


@product.misconception(
    "W_hh-not-transposed",
    "In your factors W_hh is not transposed. Is your step_jacobian right? Call it, or compare your factor with it.",
)
def _(h, W_hh, k, t):
    return jacobian_product(h, W_hh.T, k, t)


@product.misconception(
    "slope-on-the-columns",
    "In your factors the slopes multiply columns. Is your step_jacobian right? Call it, or compare your factor with "
    "it.",
)
def _(h, W_hh, k, t):
    P = np.eye(len(W_hh))
    for j in range(k + 1, t + 1):
        P = (W_hh.T * (1 - h[j] ** 2)) @ P
    return P


@product.misconception(
    "factors-transposed",
    "Each factor of yours is the transpose of a Jacobian. Is your step_jacobian right? Call it, or compare your factor "
    "with it.",
)
def _(h, W_hh, k, t):
    P = np.eye(len(W_hh))
    for j in range(k + 1, t + 1):
        P = step_jacobian(h[j], W_hh).T @ P
    return P
