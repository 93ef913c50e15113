"""One step of Adam."""

import numpy as np

from rnnchecks.engine.problem import Problem, normal
from rnnchecks.engine.rules import two_names

problem = Problem(
    "bptt.adam_step",
    "03-bptt",
    task=6,
    outputs={"theta": "DH", "m": "DH", "v": "DH"},
    minds={
        "theta": "Whoever wants to compare the weights before and after the step has lost those before. "
        "theta = theta - ... makes a new array, theta -= ... does not."
    },
)


@problem.reference
def adam_step(theta, g, m, v, i, eta, beta1, beta2, eps):
    """Running means of the gradient and of its square, corrected for their start at zero."""
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    m_hat = m / (1 - beta1**i)
    v_hat = v / (1 - beta2**i)
    return theta - eta * m_hat / (np.sqrt(v_hat) + eps), m, v


def means(g, m, v, beta1, beta2):
    """Return the new running means of the gradient and of its square."""
    return beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g**2


@problem.arguments
def random_arguments(rng, s):
    # A large eps and small betas, so that each of them shows.
    theta, g, m = (normal(rng, s.D, s.H) for _ in range(3))
    return theta, g, m, 0.1 + normal(rng, s.D, s.H) ** 2, 1 + s.T, 0.1, 0.8, 0.9, 0.05


@problem.special("the first step, i = 1, from m = v = 0; one gradient is zero")
def the_first_step_of_all(rng):
    theta, g = normal(rng, 3, 2, scale=0.01), normal(rng, 3, 2)
    g[0, 1] = 0
    return theta, g, np.zeros((3, 2)), np.zeros((3, 2)), 1, 0.01, 0.9, 0.999, 1e-8


@problem.special("the thousandth step", hidden=True)
def the_thousandth_step(rng):
    theta, g, m = normal(rng, 2, 3, scale=0.01), normal(rng, 2, 3), normal(rng, 2, 3, scale=0.1)
    return theta, g, m, 0.5 + normal(rng, 2, 3) ** 2, 1000, 0.001, 0.9, 0.999, 1e-8


@problem.special("gradients as small as eps", hidden=True)
def gradients_as_small_as_eps(rng):
    theta, g = normal(rng, 3, 4, scale=0.01), normal(rng, 3, 4, scale=1e-8)
    return theta, g, np.zeros((3, 4)), np.zeros((3, 4)), 1, 0.01, 0.9, 0.999, 1e-8


@problem.misconception(
    "m and v start at zero and are too small at first. At i = 1, what share of g has reached m, and what would make up "
    "for it?"
)
def no_bias_correction(theta, g, m, v, i, eta, beta1, beta2, eps):
    m, v = means(g, m, v, beta1, beta2)
    return theta - eta * m / (np.sqrt(v) + eps), m, v


@problem.misconception("You correct m for its start at zero, but v starts at zero too.")
def only_m_corrected(theta, g, m, v, i, eta, beta1, beta2, eps):
    m, v = means(g, m, v, beta1, beta2)
    return theta - eta * m / (1 - beta1**i) / (np.sqrt(v) + eps), m, v


@problem.misconception(
    "You correct v by the same factor as m. How much of its start at zero is left in v after i steps, and how much in "
    "m?"
)
def one_correction_for_both(theta, g, m, v, i, eta, beta1, beta2, eps):
    m, v = means(g, m, v, beta1, beta2)
    return theta - eta * m / (1 - beta1**i) / (np.sqrt(v / (1 - beta1**i)) + eps), m, v


@problem.misconception(
    "Your exponent is i - 1, as if the first step were number 0. Then the first correction divides by zero."
)
def steps_from_zero(theta, g, m, v, i, eta, beta1, beta2, eps):
    return adam_step(theta, g, m, v, i - 1, eta, beta1, beta2, eps)


@problem.misconception("Your exponent is i + 1. The caller has counted this step already: at the first call, i is 1.")
def counts_the_step_again(theta, g, m, v, i, eta, beta1, beta2, eps):
    return adam_step(theta, g, m, v, i + 1, eta, beta1, beta2, eps)


@problem.misconception(
    "Each step multiplies what is left of the start by beta once more. After i steps, is that a product with i or a "
    "power?"
)
def beta_times_i(theta, g, m, v, i, eta, beta1, beta2, eps):
    m, v = means(g, m, v, beta1, beta2)
    return theta - eta * m / (1 - beta1 * i) / (np.sqrt(v / (1 - beta2 * i)) + eps), m, v


@problem.misconception(
    "You return m and v after the correction, and the next step would correct them once more. The correction is for "
    "this step's update only: which m and v does the running mean need?"
)
def returns_the_corrected_means(theta, g, m, v, i, eta, beta1, beta2, eps):
    theta, m, v = adam_step(theta, g, m, v, i, eta, beta1, beta2, eps)
    return theta, m / (1 - beta1**i), v / (1 - beta2**i)


@problem.misconception(
    "Your update uses m and v as they were before this gradient. In what order do the three lines of Adam come?"
)
def old_means_in_the_update(theta, g, m, v, i, eta, beta1, beta2, eps):
    moved = theta - eta * m / (1 - beta1**i) / (np.sqrt(v / (1 - beta2**i)) + eps)
    return moved, *means(g, m, v, beta1, beta2)


@problem.misconception(
    "You add eps to v before the root, where it weighs differently. In Adam it is added to the root."
)
def eps_inside_the_root(theta, g, m, v, i, eta, beta1, beta2, eps):
    m, v = means(g, m, v, beta1, beta2)
    return theta - eta * m / (1 - beta1**i) / np.sqrt(v / (1 - beta2**i) + eps), m, v


@problem.misconception("eps plays no part in your update. What happens to a weight whose gradients have all been zero?")
def no_eps(theta, g, m, v, i, eta, beta1, beta2, eps):
    return adam_step(theta, g, m, v, i, eta, beta1, beta2, 0.0)


@problem.misconception(
    "You divide by the mean square itself. To make the step independent of the gradient's scale, of what power of the "
    "gradient must the denominator be?"
)
def no_root(theta, g, m, v, i, eta, beta1, beta2, eps):
    m, v = means(g, m, v, beta1, beta2)
    return theta - eta * m / (1 - beta1**i) / (v / (1 - beta2**i) + eps), m, v


@problem.misconception(
    "Your v is a mean of gradients, which can even be negative. Of what is v the mean, so that a root may be taken?"
)
def g_not_squared(theta, g, m, v, i, eta, beta1, beta2, eps):
    m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g
    return theta - eta * m / (1 - beta1**i) / (np.sqrt(v / (1 - beta2**i)) + eps), m, v


@problem.misconception("beta1 and beta2 have changed places. Which of the two belongs to the mean of the gradient?")
def betas_exchanged(theta, g, m, v, i, eta, beta1, beta2, eps):
    return adam_step(theta, g, m, v, i, eta, beta2, beta1, eps)


@problem.misconception(
    "Your means keep 1 - beta of the old value and take beta of the new. A beta of 0.9 means a long memory: which part "
    "does it multiply?"
)
def new_counts_most(theta, g, m, v, i, eta, beta1, beta2, eps):
    m, v = means(g, m, v, 1 - beta1, 1 - beta2)
    return theta - eta * m / (1 - beta1**i) / (np.sqrt(v / (1 - beta2**i)) + eps), m, v


@problem.misconception("Your step goes along the gradient, so the loss rises. Which way is down?")
def uphill(theta, g, m, v, i, eta, beta1, beta2, eps):
    return adam_step(theta, g, m, v, i, -eta, beta1, beta2, eps)


two_names(problem, "theta", "m", "v")
