"""One step of Adam."""

import numpy as np

from rnnlib.checks.problem import Problem, normal

adam = Problem("bptt.adam_step", "03-bptt", outputs={"theta": "DH", "m": "DH", "v": "DH"})


@adam.reference
def adam_step(theta, g, m, v, i, eta, beta1, beta2, eps):
    """Running means of the gradient and of its square, corrected for their start at zero."""
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    m_hat = m / (1 - beta1**i)
    v_hat = v / (1 - beta2**i)
    return theta - eta * m_hat / (np.sqrt(v_hat) + eps), m, v


def means(g, m, v, beta1, beta2):
    """Give the new running means of the gradient and of its square."""
    return beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g**2


@adam.arguments
def _(rng, s):
    # A large eps and small betas, so that each of them shows.
    theta, g, m = (normal(rng, s.D, s.H) for _ in range(3))
    return theta, g, m, 0.1 + normal(rng, s.D, s.H) ** 2, 1 + s.T, 0.1, 0.8, 0.9, 0.05


@adam.special("the first step, i = 1, from m = v = 0; one gradient is zero")
def _(rng):
    theta, g = normal(rng, 3, 2, scale=0.01), normal(rng, 3, 2)
    g[0, 1] = 0
    return theta, g, np.zeros((3, 2)), np.zeros((3, 2)), 1, 0.01, 0.9, 0.999, 1e-8


@adam.special("the thousandth step", hidden=True)
def _(rng):
    theta, g, m = normal(rng, 2, 3, scale=0.01), normal(rng, 2, 3), normal(rng, 2, 3, scale=0.1)
    return theta, g, m, 0.5 + normal(rng, 2, 3) ** 2, 1000, 0.001, 0.9, 0.999, 1e-8


@adam.special("gradients as small as eps", hidden=True)
def _(rng):
    theta, g = normal(rng, 3, 4, scale=0.01), normal(rng, 3, 4, scale=1e-8)
    return theta, g, np.zeros((3, 4)), np.zeros((3, 4)), 1, 0.01, 0.9, 0.999, 1e-8


@adam.misconception(
    "no-bias-correction",
    "m and v start at zero and are too small at first. At i = 1, what share of g has reached m, and what would make up "
    "for it?",
)
def _(theta, g, m, v, i, eta, beta1, beta2, eps):
    m, v = means(g, m, v, beta1, beta2)
    return theta - eta * m / (np.sqrt(v) + eps), m, v


@adam.misconception(
    "only-m-corrected",
    "You correct m for its start at zero, but v starts at zero too.",
)
def _(theta, g, m, v, i, eta, beta1, beta2, eps):
    m, v = means(g, m, v, beta1, beta2)
    return theta - eta * m / (1 - beta1**i) / (np.sqrt(v) + eps), m, v


@adam.misconception(
    "one-correction-for-both",
    "You correct v by the same factor as m. How much of its start at zero is left in v after i steps, and how much in "
    "m?",
)
def _(theta, g, m, v, i, eta, beta1, beta2, eps):
    m, v = means(g, m, v, beta1, beta2)
    return theta - eta * m / (1 - beta1**i) / (np.sqrt(v / (1 - beta1**i)) + eps), m, v


@adam.misconception(
    "steps-from-zero",
    "Your exponent is i - 1, as if the first step were number 0. Then the first correction divides by zero.",
)
def _(theta, g, m, v, i, eta, beta1, beta2, eps):
    return adam_step(theta, g, m, v, i - 1, eta, beta1, beta2, eps)


@adam.misconception(
    "counts-the-step-again",
    "Your exponent is i + 1. The caller has counted this step already: at the first call, i is 1.",
)
def _(theta, g, m, v, i, eta, beta1, beta2, eps):
    return adam_step(theta, g, m, v, i + 1, eta, beta1, beta2, eps)


@adam.misconception(
    "beta-times-i",
    "Each step multiplies what is left of the start by beta once more. After i steps, is that a product with i or a "
    "power?",
)
def _(theta, g, m, v, i, eta, beta1, beta2, eps):
    m, v = means(g, m, v, beta1, beta2)
    return theta - eta * m / (1 - beta1 * i) / (np.sqrt(v / (1 - beta2 * i)) + eps), m, v


@adam.misconception(
    "returns-the-corrected-means",
    "You return m and v after the correction, and the next step would correct them once more. The correction is for "
    "this step's update only: which m and v does the running mean need?",
)
def _(theta, g, m, v, i, eta, beta1, beta2, eps):
    theta, m, v = adam_step(theta, g, m, v, i, eta, beta1, beta2, eps)
    return theta, m / (1 - beta1**i), v / (1 - beta2**i)


@adam.misconception(
    "old-means-in-the-update",
    "Your update uses m and v as they were before this gradient. In what order do the three lines of Adam come?",
)
def _(theta, g, m, v, i, eta, beta1, beta2, eps):
    moved = theta - eta * m / (1 - beta1**i) / (np.sqrt(v / (1 - beta2**i)) + eps)
    return moved, *means(g, m, v, beta1, beta2)


@adam.misconception(
    "eps-inside-the-root",
    "You add eps to v before the root, where it weighs differently. In Adam it is added to the root.",
)
def _(theta, g, m, v, i, eta, beta1, beta2, eps):
    m, v = means(g, m, v, beta1, beta2)
    return theta - eta * m / (1 - beta1**i) / np.sqrt(v / (1 - beta2**i) + eps), m, v


@adam.misconception(
    "no-eps",
    "eps plays no part in your update. What happens to a weight whose gradients have all been zero?",
)
def _(theta, g, m, v, i, eta, beta1, beta2, eps):
    return adam_step(theta, g, m, v, i, eta, beta1, beta2, 0.0)


@adam.misconception(
    "no-root",
    "You divide by the mean square itself. To make the step independent of the gradient's scale, of what power of the "
    "gradient must the denominator be?",
)
def _(theta, g, m, v, i, eta, beta1, beta2, eps):
    m, v = means(g, m, v, beta1, beta2)
    return theta - eta * m / (1 - beta1**i) / (v / (1 - beta2**i) + eps), m, v


@adam.misconception(
    "g-not-squared",
    "Your v is a mean of gradients, which can even be negative. Of what is v the mean, so that a root may be taken?",
)
def _(theta, g, m, v, i, eta, beta1, beta2, eps):
    m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g
    return theta - eta * m / (1 - beta1**i) / (np.sqrt(v / (1 - beta2**i)) + eps), m, v


@adam.misconception(
    "betas-exchanged",
    "beta1 and beta2 have changed places. Which of the two belongs to the mean of the gradient?",
)
def _(theta, g, m, v, i, eta, beta1, beta2, eps):
    return adam_step(theta, g, m, v, i, eta, beta2, beta1, eps)


@adam.misconception(
    "new-counts-most",
    "Your means keep 1 - beta of the old value and take beta of the new. A beta of 0.9 means a long memory: which part "
    "does it multiply?",
)
def _(theta, g, m, v, i, eta, beta1, beta2, eps):
    m, v = means(g, m, v, 1 - beta1, 1 - beta2)
    return theta - eta * m / (1 - beta1**i) / (np.sqrt(v / (1 - beta2**i)) + eps), m, v


@adam.misconception(
    "uphill",
    "Your step goes along the gradient, so the loss rises. Which way is down?",
)
def _(theta, g, m, v, i, eta, beta1, beta2, eps):
    return adam_step(theta, g, m, v, i, -eta, beta1, beta2, eps)


@adam.misconception(
    "moves-theta-in-place",
    "theta -= ... changes the caller's array, though this function returns the new one. Which operator makes a new "
    "array?",
)
def _(theta, g, m, v, i, eta, beta1, beta2, eps):
    moved, m, v = adam_step(theta, g, m, v, i, eta, beta1, beta2, eps)
    theta[...] = moved
    return theta, m, v


@adam.misconception(
    "changes-all-in-place",
    "m *= ... and theta -= ... change the caller's arrays, though this function returns new ones. Which operators make "
    "new arrays?",
)
def _(theta, g, m, v, i, eta, beta1, beta2, eps):
    theta[...], m[...], v[...] = adam_step(theta, g, m, v, i, eta, beta1, beta2, eps)
    return theta, m, v
