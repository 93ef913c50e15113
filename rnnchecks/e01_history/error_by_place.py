"""How wrong a net is at each place of the triple."""

import numpy as np

from rnnchecks.engine.problem import Problem

problem = Problem("history.error_by_place", "01-history", task=6, outputs={"rms": "P"})


@problem.reference
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


@problem.special("two streams of 12 bits")
def two_streams_of_12_bits(rng):
    return said_and_true(rng, 12, 2)


@problem.special("four streams of 8 bits: the last triple is not complete")
def four_streams_of_8_bits_the_last_triple(rng):
    return said_and_true(rng, 8, 4)


@problem.special("a single stream, B = 1", hidden=True)
def a_single_stream_B_1(rng):
    return said_and_true(rng, 30, 1)


@problem.special("the shortest stream that has every place, T = 4", hidden=True)
def the_shortest_stream_that_has_every_place_T_4(rng):
    return said_and_true(rng, 4, 3)


@problem.special("three streams of 19 bits, float32", hidden=True)
def three_streams_of_19_bits_float32(rng):
    return tuple(a.astype(np.float32) for a in said_and_true(rng, 19, 3))


@problem.misconception(
    "You file each error under the bit that the net had just read, as if the first prediction were about the first "
    "bit. y[0] is about x[1], which is a second bit: nobody predicts the first bit of the stream."
)
def place_of_the_bit_that_was_read(y, x):
    return np.roll(problem.solve(y, x), -1)


@problem.misconception(
    "You file each error one place too far on, so your first number should be your third. y[0] is the prediction of "
    "x[1]: which bit of its three is that?"
)
def one_place_too_far(y, x):
    return np.roll(problem.solve(y, x), 1)


@problem.misconception(
    "Two things. You cut the errors into threes from the first on, but y[0] is about x[1]: each of your rows is "
    "second, third, first. And what does not fill a row is lost."
)
def cut_into_threes(y, x):
    e2 = (y - x[1:]) ** 2
    rows = len(e2) // 3
    return np.sqrt(e2[: 3 * rows].reshape(rows, 3, -1).mean(axis=(0, 2)))


@problem.misconception("You leave out the bits of the last triple when it is not complete. They count like the others.")
def last_triple_left_out(y, x):
    T = len(x) // 3 * 3
    e2, place = (y[: T - 1] - x[1:T]) ** 2, np.arange(1, T) % 3
    with np.errstate(invalid="ignore"):  # in the shortest stream no first bit is left
        return np.array([np.sqrt(e2[place == k].sum() / e2[place == k].size) for k in range(3)])


@problem.misconception("You compare y[t] with x[t], the bit that the net has read. It is a prediction of the next one.")
def compared_with_the_bit_just_read(y, x):
    return np.sqrt(at_each((y - x[:-1]) ** 2, len(x)))


@problem.misconception("These are mean squared errors. The root is still to be taken.")
def no_root(y, x):
    return problem.solve(y, x) ** 2


@problem.misconception(
    "The root of a square is the absolute value, so you took the mean of those. Square, then the mean, then the root."
)
def mean_absolute(y, x):
    return at_each(np.abs(y - x[1:]), len(x))


@problem.misconception(
    "You take the root for each stream, and then the mean. Average over steps and streams together, and take the root "
    "last."
)
def root_before_the_mean_over_streams(y, x):
    place = np.arange(1, len(x)) % 3
    return np.array([np.sqrt(((y - x[1:]) ** 2)[place == k].mean(axis=0)).mean() for k in range(3)])


@problem.misconception("There is a number for each stream, (3, B). Average over the streams too.")
def one_number_for_each_stream(y, x):
    place = np.arange(1, len(x)) % 3
    return np.array([np.sqrt(((y - x[1:]) ** 2)[place == k].mean(axis=0)) for k in range(3)])


@problem.misconception("You add the squares up. Longer streams would look worse: take the mean.")
def sum_not_mean(y, x):
    place = np.arange(1, len(x)) % 3
    return np.array([np.sqrt(((y - x[1:]) ** 2)[place == k].sum()) for k in range(3)])


@problem.misconception(
    "You divide the squares of each place by the number of all predictions. Each place has only its own third of them."
)
def divided_by_all_steps(y, x):
    place = np.arange(1, len(x)) % 3
    return np.array([np.sqrt(((y - x[1:]) ** 2)[place == k].sum() / y.size) for k in range(3)])


@problem.misconception(
    "np.std takes the mean error off first. A net that is always 0.3 too high would get 0: square the errors as they "
    "are."
)
def standard_deviation(y, x):
    place = np.arange(1, len(x)) % 3
    return np.array([np.std((y - x[1:])[place == k]) for k in range(3)])


@problem.misconception(
    "Your three numbers are the same: the mean goes over all predictions. Choose those of one place first."
)
def all_places_alike(y, x):
    return np.full(3, np.sqrt(((y - x[1:]) ** 2).mean()))
