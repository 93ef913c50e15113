"""How wrong a net is at each place of the triple."""

import numpy as np

from rnnlib.checks.problem import Problem

places = Problem("history.error_by_place", "01-history", outputs={"rms": "P"})


@places.reference
def error_by_place(y, x):
    """Root of the mean squared error of the first, the second and the third bits."""
    e2 = (y - x[1:]) ** 2
    place = np.arange(1, len(x)) % 3
    return np.array([np.sqrt(e2[place == k].mean()) for k in range(3)])


def said_and_true(rng, T, B):
    """Draw streams, and predictions that are best at the third bit and worst at the second, each in its own way."""
    pairs = rng.integers(2, size=(T // 3 + 1, 2, B))
    x = np.concatenate([pairs, pairs[:, :1] ^ pairs[:, 1:]], axis=1).reshape(-1, B)[:T].astype(float)
    size = np.array([0.45, 0.6, 0.25])[np.arange(1, T) % 3][:, None] * np.linspace(0.6, 1.4, B)
    return np.abs(x[1:] - size * rng.uniform(0.4, 1.0, (T - 1, B))), x


def at_each(values, T):
    """Mean of (T - 1, B) values at each place, as the right function takes it."""
    place = np.arange(1, T) % 3
    return np.array([values[place == k].mean() for k in range(3)])


@places.special("two streams of 12 bits")
def _(rng):
    return said_and_true(rng, 12, 2)


@places.special("four streams of 8 bits: the last triple is not complete")
def _(rng):
    return said_and_true(rng, 8, 4)


@places.special("a single stream, B = 1", hidden=True)
def _(rng):
    return said_and_true(rng, 30, 1)


@places.special("the shortest stream that has every place, T = 4", hidden=True)
def _(rng):
    return said_and_true(rng, 4, 3)


@places.special("three streams of 19 bits, float32", hidden=True)
def _(rng):
    return tuple(a.astype(np.float32) for a in said_and_true(rng, 19, 3))


@places.misconception(
    "counted-from-the-first-prediction",
    "Your places are shifted by one. y[0] is about x[1], which is a second bit: nobody predicts the first bit of the "
    "stream.",
)
def _(y, x):
    return np.roll(places.solve(y, x), -1)


@places.misconception(
    "place-of-the-bit-that-was-read",
    "You file each error under the bit that the net had just read. It belongs to the bit that was predicted, one "
    "further on, so your first number should be your second.",
)
def _(y, x):
    return np.roll(places.solve(y, x), 1)


@places.misconception(
    "cut-into-threes",
    "Two things. You cut the errors into threes from the first on, but y[0] is about x[1]: each of your rows is "
    "second, third, first. And what does not fill a row is lost.",
)
def _(y, x):
    e2 = (y - x[1:]) ** 2
    rows = len(e2) // 3
    return np.sqrt(e2[: 3 * rows].reshape(rows, 3, -1).mean(axis=(0, 2)))


@places.misconception(
    "last-triple-left-out",
    "You leave out the bits of the last triple when it is not complete. They count like the others.",
)
def _(y, x):
    T = len(x) // 3 * 3
    e2, place = (y[: T - 1] - x[1:T]) ** 2, np.arange(1, T) % 3
    with np.errstate(invalid="ignore"):  # in the shortest stream no first bit is left
        return np.array([np.sqrt(e2[place == k].sum() / e2[place == k].size) for k in range(3)])


@places.misconception(
    "compared-with-the-bit-just-read",
    "You compare y[t] with x[t], the bit that the net has read. It is a prediction of the next one.",
)
def _(y, x):
    return np.sqrt(at_each((y - x[:-1]) ** 2, len(x)))


@places.misconception(
    "no-root",
    "These are mean squared errors. The root is still to be taken.",
)
def _(y, x):
    return places.solve(y, x) ** 2


@places.misconception(
    "mean-absolute",
    "The root of a square is the absolute value, so you took the mean of those. Square, then the mean, then the root.",
)
def _(y, x):
    return at_each(np.abs(y - x[1:]), len(x))


@places.misconception(
    "root-before-the-mean-over-streams",
    "You take the root for each stream, and then the mean. Average over steps and streams together, and take the root "
    "last.",
)
def _(y, x):
    place = np.arange(1, len(x)) % 3
    return np.array([np.sqrt(((y - x[1:]) ** 2)[place == k].mean(axis=0)).mean() for k in range(3)])


@places.misconception(
    "one-number-for-each-stream",
    "There is a number for each stream, (3, B). Average over the streams too.",
)
def _(y, x):
    place = np.arange(1, len(x)) % 3
    return np.array([np.sqrt(((y - x[1:]) ** 2)[place == k].mean(axis=0)) for k in range(3)])


@places.misconception(
    "sum-not-mean",
    "You add the squares up. Longer streams would look worse: take the mean.",
)
def _(y, x):
    place = np.arange(1, len(x)) % 3
    return np.array([np.sqrt(((y - x[1:]) ** 2)[place == k].sum()) for k in range(3)])


@places.misconception(
    "divided-by-all-steps",
    "You divide the squares of each place by the number of all predictions. Each place has only its own third of them.",
)
def _(y, x):
    place = np.arange(1, len(x)) % 3
    return np.array([np.sqrt(((y - x[1:]) ** 2)[place == k].sum() / y.size) for k in range(3)])


@places.misconception(
    "standard-deviation",
    "np.std takes the mean error off first. A net that is always 0.3 too high would get 0: square the errors as they "
    "are.",
)
def _(y, x):
    place = np.arange(1, len(x)) % 3
    return np.array([np.std((y - x[1:])[place == k]) for k in range(3)])


@places.misconception(
    "all-places-alike",
    "Your three numbers are the same: the mean goes over all predictions. Choose those of one place first.",
)
def _(y, x):
    return np.full(3, np.sqrt(((y - x[1:]) ** 2).mean()))
