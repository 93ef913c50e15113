"""Where each curve stands when the first net is done."""

import numpy as np

from rnnchecks.engine.problem import Problem

problem = Problem("comparison.at_equal_time", "11-comparison", task=5, outputs={"scores": "CR"})


@problem.reference
def at_equal_time(curves, seconds):
    """Of each cell the scores at the last mark that it has reached when the quickest cell is done."""
    marks = curves.shape[2]
    reached = np.floor(marks * seconds.min() / seconds).astype(int)
    return np.stack([curves[c, :, reached[c] - 1] for c in range(len(seconds))])


def taken(curves, index):
    """Return the scores (C, R) of each cell at its own index of the marks."""
    index = np.clip(index, 0, curves.shape[2] - 1)
    return np.stack([curve[:, i] for curve, i in zip(curves, index)])


def shares(curves, seconds):
    """Return how many marks each cell comes to, as fractions."""
    return curves.shape[2] * seconds.min() / seconds


def curves_of(rng, C, R, M):
    """Make curves that stray on their way up."""
    return np.linspace(0, 1, M) + 0.3 * rng.standard_normal((C, R, M))


def costs(*seconds):
    """Return what a step costs, in fractions that a computer holds exactly."""
    return np.array(seconds) / 1024


@problem.special("three cells, four runs, ten marks")
def three_cells_four_runs_ten_marks(rng):
    return curves_of(rng, 3, 4, 10), costs(64, 100, 134)


@problem.special("two cells, five runs, seven marks")
def two_cells_five_runs_seven_marks(rng):
    return curves_of(rng, 2, 5, 7), costs(110, 64)


@problem.special("a cell that takes exactly twice as long")
def a_cell_that_takes_exactly_twice_as_long(rng):
    return curves_of(rng, 3, 2, 12), costs(512, 256, 448)


@problem.special("four cells, three runs, twenty marks", like="three cells, four runs, ten marks")
def four_cells_three_runs_twenty_marks(rng):
    return curves_of(rng, 4, 3, 20), costs(90, 64, 101, 70)


@problem.special("two equally quick cells", hidden=True)
def two_equally_quick_cells(rng):
    return curves_of(rng, 3, 4, 8), costs(256, 384, 256)


@problem.special("one run", hidden=True)
def one_run(rng):
    return curves_of(rng, 3, 1, 15), costs(64, 75, 99)


@problem.misconception(
    "These are the scores after the last step of every cell. The slower cells have taken more time for it."
)
def all_at_the_end(curves, seconds):
    return curves[:, :, -1]


@problem.misconception(
    "You are one mark too far. The first mark comes not at the start but after its steps: a cell that has reached k "
    "marks stands at index k - 1."
)
def one_mark_too_far(curves, seconds):
    return taken(curves, np.floor(shares(curves, seconds)).astype(int))


@problem.misconception(
    "You are one mark behind. The last mark that is reached in time counts, also where it is reached at the last "
    "moment."
)
def one_mark_too_few(curves, seconds):
    return taken(curves, np.floor(shares(curves, seconds)).astype(int) - 2)


@problem.misconception(
    "You read a mark that a cell reaches only when the time is over. In which direction must you round?"
)
def not_reached_yet(curves, seconds):
    return taken(curves, np.ceil(shares(curves, seconds)).astype(int) - 1)


@problem.misconception(
    "You take the nearest mark, which a cell may not have reached. In which direction must you round?"
)
def nearest_mark(curves, seconds):
    return taken(curves, np.round(shares(curves, seconds)).astype(int) - 1)


@problem.misconception(
    "You take the best mark of each run up to the time. A maximum over marks flatters, and more so who had more "
    "marks: the last one reached is asked for."
)
def the_best_so_far(curves, seconds):
    reached = np.floor(shares(curves, seconds)).astype(int)
    return np.stack([curve[:, :k].max(axis=1) for curve, k in zip(curves, reached)])


@problem.misconception("You average over the marks up to the time. The last one reached is asked for.")
def mean_of_the_way(curves, seconds):
    reached = np.floor(shares(curves, seconds)).astype(int)
    return np.stack([curve[:, :k].mean(axis=1) for curve, k in zip(curves, reached)])


@problem.misconception(
    "You read all cells at the mark of the slowest one. That is an equal number of steps again: the quick cells have "
    "time left."
)
def the_slowest_cuts_all(curves, seconds):
    reached = np.floor(shares(curves, seconds)).astype(int)
    return curves[:, :, reached.min() - 1]


@problem.misconception("Your ratio is upside down: the more a step costs, the further your cell comes.")
def slow_cells_get_more(curves, seconds):
    marks = curves.shape[2]
    return taken(curves, np.floor(marks * seconds / seconds.max()).astype(int) - 1)


@problem.misconception(
    "You go between two marks by a straight line. The score there was not measured: the last mark reached is asked for."
)
def between_two_marks(curves, seconds):
    at = shares(curves, seconds)
    low = np.floor(at).astype(int)
    share = (at - low)[:, None]
    return (1 - share) * taken(curves, low - 1) + share * taken(curves, low)


@problem.misconception(
    "You have averaged over the runs. Their scores are asked for one by one: without them there is no interval."
)
def mean_of_the_runs(curves, seconds):
    return at_equal_time(curves, seconds).mean(axis=1)
