"""Tags of made-up sentences, in which everything occurs that a wrong function would trip over.

Tags are numbers: 0 is O; for kind k, 2 k + 1 begins a name (B) and 2 k + 2 goes on with it (I).
"""

import numpy as np

from rnnchecks.engine.problem import Problem


def pieces(rng, names, first_gap=True):
    """Lay out names, groups of (kind, length) that touch, with words outside between the groups: spans and length."""
    spans, t = [], int(rng.integers(1, 3)) if first_gap else 0
    for group in names:
        for kind, length in group:
            spans.append((kind, t, t + length))
            t += length
        t += int(rng.integers(1, 3))
    return np.array(spans, dtype=int).reshape(-1, 3), t


def rich(rng, kinds=2):
    """Draw spans with names of one, two and three words, and with names that touch, of one kind and of two."""
    a, b = rng.permutation(kinds)[:2]
    groups = [[(a, 3)], [(b, 1), (b, 2)], [(b, 2), (a, 1)], [(a, 1)]]
    return pieces(rng, [groups[i] for i in rng.permutation(len(groups))])


def telling(problem: Problem, draw, but=()):
    """Draw arguments until no two misconceptions, `but` for some, give the same, and none gives what is right."""
    for _ in range(3000):
        args = draw()
        answers = [problem.solve(*args), *(m.wrong(*args) for m in problem.misconceptions if m.name not in but)]
        if len({tuple(np.round(np.asarray(a, float), 6)) for a in answers}) == len(answers):
            return args
    raise ValueError("no telling arguments were drawn")
