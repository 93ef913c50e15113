"""What right and wrong beam searches share: beginnings, tuples (log_p, ids, state), and the order among them."""

import numpy as np


def continued(open_, step):
    """Continue each beginning, a tuple (log_p, ids, state), by every symbol."""
    grown = []
    for log_p, ids, state in open_:
        more, state = step(ids[-1], state)
        grown += [(log_p + p, [*ids, symbol], state) for symbol, p in enumerate(more)]
    return grown


def likeliest(beginnings, n):
    """The n beginnings with the largest probability."""
    return sorted(beginnings, key=lambda one: -one[0])[:n]


def answer(found, end):
    """What is returned: the symbols of the first without start and end, and the log probabilities of all."""
    return np.array([i for i in found[0][1][1:] if i != end], dtype=int), np.array([one[0] for one in found])


def search(step, state, start, end, longest, width, *, room=None, until=None):
    """The right search with another room in the beam, or an earlier stop: what is done, and what is open."""
    open_, done = [(0.0, [start], state)], []
    for _ in range(longest):
        best = likeliest(continued(open_, step), (room or (lambda done: width - len(done)))(done))
        done += [one for one in best if one[1][-1] == end]
        open_ = [one for one in best if one[1][-1] != end]
        if until and until(done):
            break
    return done, open_


def crowded(step, state, start, end, longest, width):
    """Let what is finished compete with what is open at every step, so that it may lose its place."""
    found = [(0.0, [start], state)]
    for _ in range(longest):
        done, open_ = [one for one in found if one[1][-1] == end], [one for one in found if one[1][-1] != end]
        found = likeliest(done + continued(open_, step), width)
    return answer(found, end)
