"""The gradient check's own gradient: central differences."""

import numpy as np

from rnnchecks.e03_bptt._nudges import differences, f_at, smooth
from rnnchecks.engine.problem import Problem, normal

# The cases take steps of 0.05 and more: there a difference on one side only is far off, and rounding in float32 is not.
problem = Problem(
    "bptt.numeric_gradient",
    "03-bptt",
    task=5,
    outputs={"grad": "DH"},
    tolerance=1e-5,
    minds={
        "x": "Adding and subtracting eps leads back only nearly to where you started: rounding remains in the weights "
        "that you wanted to look at. Move a copy, or keep the old number and store it again."
    },
)


@problem.reference
def numeric_gradient(f, x, eps):
    """Move one entry at a time to either side, in a float64 copy."""
    moved, gradient = x.astype(np.float64), np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        here = moved[index]
        moved[index] = here + eps
        above = f(moved)
        moved[index] = here - eps
        below = f(moved)
        moved[index] = here
        gradient[index] = (above - below) / (2 * eps)
    return gradient


@problem.arguments
def random_arguments(rng, s):
    return smooth(rng, s.D, s.H), normal(rng, s.D, s.H), 0.05


@problem.special("x is a vector")
def x_is_a_vector(rng):
    return smooth(rng, 5), normal(rng, 5), 0.05


@problem.special("x holds integers")
def x_holds_integers(rng):
    return smooth(rng, 2, 3), rng.integers(-4, 5, size=(2, 3)), 0.05


@problem.special("a large step, eps = 0.5")
def a_large_step_eps_0_5(rng):
    return smooth(rng, 3, 2), normal(rng, 3, 2), 0.5


@problem.special("x has three axes and holds integers", hidden=True)
def x_has_three_axes_and_holds_integers(rng):
    return smooth(rng, 2, 3, 4), rng.integers(-4, 5, size=(2, 3, 4)), 0.05


@problem.special("a step of 0.3", hidden=True)
def a_step_of_0_3(rng):
    return smooth(rng, 2, 4), normal(rng, 2, 4), 0.3


@problem.special("x is a transposed view", hidden=True)
def x_is_a_transposed_view(rng):
    return smooth(rng, 2, 3), normal(rng, 3, 2).T, 0.05


@problem.misconception(
    "You step to one side only, so the error shrinks like eps. A second step, to the other side, makes it shrink like "
    "eps squared."
)
def one_sided(f, x, eps):
    return differences(f, x, lambda f, x, i: (f_at(f, x, i, eps) - f(x)) / eps, np.zeros(x.shape))


@problem.misconception(
    "You take f(x) and a point below it. A central difference has x in the middle: which two points does it compare?"
)
def one_sided_below(f, x, eps):
    return differences(f, x, lambda f, x, i: (f(x) - f_at(f, x, i, -eps)) / eps, np.zeros(x.shape))


@problem.misconception(
    "Your gradient is twice as large as it should be. How far apart are the two points whose values you subtract?"
)
def divided_by_eps(f, x, eps):
    return differences(f, x, lambda f, x, i: (f_at(f, x, i, eps) - f_at(f, x, i, -eps)) / eps, np.zeros(x.shape))


@problem.misconception(
    "Your gradient is too small by a factor of eps squared. Operators of equal rank go from left to right: what does "
    "a / 2 * eps do?"
)
def multiplied_by_eps(f, x, eps):
    return differences(f, x, lambda f, x, i: (f_at(f, x, i, eps) - f_at(f, x, i, -eps)) / 2 * eps, np.zeros(x.shape))


@problem.misconception(
    "After the step up you step down by eps, which leads back to x, not below it. Yet you divide by 2 eps."
)
def back_to_the_middle(f, x, eps):
    return differences(f, x, lambda f, x, i: (f_at(f, x, i, eps) - f(x)) / (2 * eps), np.zeros(x.shape))


@problem.misconception("The sign is flipped. If f grows with this entry, which of your two values is the larger one?")
def below_minus_above(f, x, eps):
    return differences(f, x, lambda f, x, i: (f_at(f, x, i, -eps) - f_at(f, x, i, eps)) / (2 * eps), np.zeros(x.shape))


@problem.misconception(
    "You move every entry at the same time, which gives the sum of all the slopes, everywhere. Whose slope do you want "
    "in gradient[i, j]?"
)
def all_entries_at_once(f, x, eps):
    return np.full(x.shape, (f(x + eps) - f(x - eps)) / (2 * eps))


@problem.misconception(
    "You move a whole row at a time, so all its entries get the row's sum. Your loop runs over the first axis only."
)
def a_row_at_once(f, x, eps):
    x, gradient = x.astype(np.float64), np.zeros(x.shape)
    for i in range(len(x)):
        gradient[i] = (f_at(f, x, i, eps) - f_at(f, x, i, -eps)) / (2 * eps)
    return gradient


@problem.misconception(
    "An entry that you have moved stays moved, so each later slope is taken at another point. What must happen before "
    "the next entry?"
)
def left_above(f, x, eps):
    moved, gradient = x.astype(np.float64), np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        below = f_at(f, moved, index, -eps)
        moved[index] += eps
        gradient[index] = (f(moved) - below) / (2 * eps)
    return gradient


@problem.misconception(
    "An entry that you have moved stays below its place, so each later slope is taken at another point. What must "
    "happen before the next entry?"
)
def left_below(f, x, eps):
    moved, gradient = x.astype(np.float64), np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        above = f_at(f, moved, index, eps)
        moved[index] -= eps
        gradient[index] = (above - f(moved)) / (2 * eps)
    return gradient


@problem.misconception(
    "You step by a number of your own. The caller chooses eps: with eps = 0.5 the answer is another one."
)
def eps_not_used(f, x, eps):
    return numeric_gradient(f, x, 1e-5)


@problem.misconception(
    "x may hold integers, and an array of integers drops the fraction when you store x + eps in it. Of what dtype must "
    "the array be that you move?"
)
def integer_copy(f, x, eps):
    gradient = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        gradient[index] = (f_at(f, x, index, eps) - f_at(f, x, index, -eps)) / (2 * eps)
    return gradient


@problem.misconception(
    "x may hold integers, and zeros_like(x) then holds integers too: each slope loses its fraction when you store it. "
    "Of what dtype must the result be?"
)
def integer_result(f, x, eps):
    return differences(f, x, lambda f, x, i: (f_at(f, x, i, eps) - f_at(f, x, i, -eps)) / (2 * eps), np.zeros_like(x))


@problem.misconception(
    "x may hold integers. So may arrays made from it with copy or zeros_like: they drop the fraction of whatever you "
    "store. Of what dtype must the array be that you move, and the result?"
)
def integers_throughout(f, x, eps):
    gradient = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        gradient[index] = (f_at(f, x, index, eps) - f_at(f, x, index, -eps)) / (2 * eps)
    return gradient


@problem.misconception(
    "You move the caller's own x and do not put it back, so each later slope is taken at another point, and the caller "
    "gets back a spoiled array."
)
def x_left_moved(f, x, eps):
    gradient = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        x[index] += eps
        above = f(x)
        x[index] -= 2 * eps
        gradient[index] = (above - f(x)) / (2 * eps)
    return gradient


@problem.misconception(
    "For an array whose memory is laid out by columns, such as a transposed one, ravel and reshape return a copy, not "
    "a view: what you change in it never reaches f."
)
def flat_copy(f, x, eps):
    moved, gradient = x.astype(np.float64), np.zeros(x.size)
    flat = moved.reshape(-1)
    for i, here in enumerate(flat.copy()):
        flat[i] = here + eps
        above = f(moved)
        flat[i] = here - eps
        gradient[i] = (above - f(moved)) / (2 * eps)
        flat[i] = here
    return gradient.reshape(x.shape)
