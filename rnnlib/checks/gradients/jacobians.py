"""The derivative of a state by an earlier state: over one step, and over several."""

import numpy as np

from rnnlib.checks.problem import Problem, normal

step = Problem("gradients.step_jacobian", "04-gradients", outputs={"J": "HH"})


@step.reference
def step_jacobian(h, W_hh):
    """Row i: the slope of unit i, times how each unit of the state before reaches it."""
    slope = 1 - h**2
    return slope[:, None] * W_hh.T


@step.arguments
def _(rng, s):
    return np.tanh(normal(rng, s.H)), normal(rng, s.H, s.H)


@step.misconception(
    "W_hh-not-transposed",
    "Each row of yours holds a row of W_hh. In h_prev @ W_hh the entry W_hh[j, i] leads from unit j to unit i: "
    "where in J does that belong, if row i is about unit i of the new state?",
)
def _(h, W_hh):
    return (1 - h**2)[:, None] * W_hh


@step.misconception(
    "slope-on-the-columns",
    "Your slopes multiply columns. The slope of unit i acts on all that comes into unit i: is that a row of J or a "
    "column?",
)
def _(h, W_hh):
    return W_hh.T * (1 - h**2)


@step.misconception(
    "J-transposed",
    "This is the transpose of J. Row i should say how the new state's unit i depends on the state before; yours says "
    "that in column i.",
)
def _(h, W_hh):
    return W_hh * (1 - h**2)


@step.misconception(
    "no-slope",
    "This is W_hh transposed and nothing else. What stands between the product with W_hh and the new state?",
)
def _(h, W_hh):
    return W_hh.T.copy()


@step.misconception(
    "tanh-taken-again",
    "You take the tanh of h. But h is already what came out of the tanh: how does its slope look, written with the "
    "output?",
)
def _(h, W_hh):
    return (1 - np.tanh(h) ** 2)[:, None] * W_hh.T


@step.misconception(
    "h-not-squared",
    "Your slope is 1 - h. At h = -0.9 that is 1.9, and no slope of tanh is above 1. What is missing?",
)
def _(h, W_hh):
    return (1 - h)[:, None] * W_hh.T


@step.misconception(
    "slope-of-the-sigmoid",
    "h (1 - h) is the slope of the sigmoid, written with its output. Which function made this state?",
)
def _(h, W_hh):
    return (h * (1 - h))[:, None] * W_hh.T


@step.misconception(
    "h-for-the-slope",
    "You multiply by the state itself. What you need is how fast the state moves when z does.",
)
def _(h, W_hh):
    return h[:, None] * W_hh.T


@step.misconception(
    "diagonal-only",
    "Only the diagonal of yours is filled. A unit of the new state depends on every unit of the state before, so J is "
    "a full matrix: what multiplies diag(...)?",
)
def _(h, W_hh):
    return np.diag((1 - h**2) * np.diag(W_hh))


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
    P = np.ones_like(W_hh) if t > k else np.eye(len(W_hh))
    for j in range(k + 1, t + 1):
        P = step_jacobian(h[j], W_hh) * P
    return P


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
