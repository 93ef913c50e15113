"""All prefixes of a sequence under an associative rule, in few rounds."""

import numpy as np

from rnnchecks.engine.problem import Problem, normal

problem = Problem("after.scan", "14-after", task=2, outputs={"h": "TKH"})


class TooManyRounds(Exception):
    """A scan called its rule so often that it cannot have joined many pairs at a time."""


class Join:
    """An associative rule that counts its calls; a check gives each call of a student's function a fresh copy."""

    def __init__(self, rule, T):
        self.rule, self.calls, self.most = rule, 0, 3 * max(1, (T - 1).bit_length())

    def __call__(self, early, late):
        """Join n pairs at once."""
        self.calls += 1
        if self.calls > self.most:
            raise TooManyRounds(f"join was called more than {self.most} times. It can join many pairs in one call.")
        if np.ndim(early) != 3 or np.shape(early) != np.shape(late):
            raise ValueError(
                f"join: expected two arrays of one shape (n, K, H), got {np.shape(early)} and {np.shape(late)}."
            )
        return self.rule(early, late)


def affine(early, late):
    """Join steps that are stored as ``[a, b]``."""
    return np.stack((late[:, 0] * early[:, 0], late[:, 0] * early[:, 1] + late[:, 1]), axis=1)


@problem.reference
def scan(x, join):
    """Double the stretch that each place holds until it begins at the first step."""
    h, s = x, 1
    while s < len(x):
        h = np.concatenate((h[:s], join(h[:-s], h[s:])))
        s = 2 * s
    return h


def steps(rng, T, H):
    """Draw steps of a linear recurrence, (T, 2, H)."""
    return np.stack((rng.uniform(0.4, 1.2, (T, H)), normal(rng, T, H)), axis=1)


@problem.arguments
def random_arguments(rng, s):
    return steps(rng, s.T, s.H), Join(affine, s.T)


@problem.special("T = 33")
def T_33(rng):
    return steps(rng, 33, 3), Join(affine, 33)


@problem.special("2 x 2 matrices, T = 6")
def case_2_by_2_matrices_T_6(rng):
    return normal(rng, 6, 2, 2), Join(lambda early, late: early @ late, 6)


@problem.special("T = 64", hidden=True)
def T_64(rng):
    return steps(rng, 64, 2), Join(affine, 64)


@problem.special("the larger of two, T = 50", hidden=True)
def the_larger_of_two_T_50(rng):
    return normal(rng, 50, 1, 4), Join(np.maximum, 50)


def one_by_one(x, join):
    """Walk."""
    h = [x[:1]]
    for t in range(1, len(x)):
        h.append(join(h[-1], x[t : t + 1]))
    return np.concatenate(h)


@problem.misconception(
    "You walk: T - 1 calls of join, each of which waits for the last. join takes many pairs in one call. Which pairs "
    "could be joined before anything is known of the others?"
)
def one_at_a_time(x, join):
    return one_by_one(x, join)


def doubled(x, shifts, join):
    """Join every place with the one s before it, for every s of a list."""
    h = x
    for s in shifts:
        if s < len(x):
            h = np.concatenate((h[:s], join(h[:-s], h[s:])))
    return h


def powers(T):
    """List the shifts that doubling takes."""
    return [2**i for i in range((T - 1).bit_length())]


@problem.misconception(
    "The two sides of join have changed places. The rule does not forgive that: which of the two stretches comes first?"
)
def late_before_early(x, join):
    return doubled(x, powers(len(x)), lambda early, late: join(late, early))


@problem.misconception(
    "Only neighbours are joined. After one round each place holds two steps. How many must the last place hold in the "
    "end, and how many does each further round give?"
)
def one_round(x, join):
    return doubled(x, [1], join)


@problem.misconception(
    "Your shift grows by one a round. After the rounds with 1 and 2 a place holds four steps: the one three before it "
    "is among them, and you join it a second time. Where does the stretch begin that is missing?"
)
def shift_does_not_double(x, join):
    return doubled(x, range(1, 2 * max(1, (len(x) - 1).bit_length())), join)


@problem.misconception(
    "Every round joins with the place just before. Those two stretches overlap from the second round on: the same "
    "steps are counted twice."
)
def always_neighbours(x, join):
    return doubled(x, [1] * (len(x) - 1).bit_length(), join)


@problem.misconception(
    "The last places lack the first steps: a round is missing. How many doublings does it take to reach T, when T is "
    "no power of two, and when it is?"
)
def last_round_missing(x, join):
    return doubled(x, powers(len(x))[:-1], join)


@problem.misconception(
    "The first places are joined with the last ones, as if the sequence were a ring. A place without anything s before "
    "it is finished, and stays."
)
def wraps_round(x, join):
    h = x
    for s in powers(len(x)):
        h = join(np.roll(h, s, axis=0), h)
    return h


@problem.misconception(
    "Each place holds the join of what comes after it. It should hold what comes before: steps 1 to t."
)
def from_the_end(x, join):
    h = x
    for s in powers(len(x)):
        h = np.concatenate((join(h[:-s], h[s:]), h[-s:]))
    return h


@problem.misconception(
    "The later side of your join is still the single element of x. Doubling joins two stretches of the same length: "
    "what has the place itself gathered by now?"
)
def late_side_not_renewed(x, join):
    h = x
    for s in powers(len(x)):
        h = np.concatenate((h[:s], join(h[:-s], x[s:])))
    return h
