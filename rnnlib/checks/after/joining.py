"""Two steps of a linear recurrence as one step."""

from rnnlib.checks.problem import Problem, normal

joining = Problem("after.combine", "14-after", outputs={"a": "TH", "b": "TH"})


@joining.reference
def combine(a1, b1, a2, b2):
    """Put the earlier step into the later one: a2 (a1 h + b1) + b2."""
    return a2 * a1, a2 * b1 + b2


@joining.arguments
def _(rng, s):
    return tuple(normal(rng, s.T, s.H) for _ in range(4))


@joining.misconception(
    "order-swapped",
    "That is the later step first and the earlier one after it. Which of the two sees h, and which one sees what "
    "comes out of the other?",
)
def _(a1, b1, a2, b2):
    return a1 * a2, a1 * b2 + b1


@joining.misconception(
    "b-handed-on-whole",
    "b adds up as if the later step kept all of what the earlier one added. What does the later step do to everything "
    "that is there before it?",
)
def _(a1, b1, a2, b2):
    return a2 * a1, b1 + b2


@joining.misconception(
    "a-added",
    "Your shares add up. Keep half, then half of what is left: how much is that?",
)
def _(a1, b1, a2, b2):
    return a2 + a1, a2 * b1 + b2


@joining.misconception(
    "later-b-scaled-too",
    "The later step's own b is multiplied as well. It is added after the multiplication.",
)
def _(a1, b1, a2, b2):
    return a2 * a1, a2 * (b1 + b2)


@joining.misconception(
    "scaled-by-both",
    "The earlier b is multiplied by both shares. When it was added, the earlier step had done its multiplication.",
)
def _(a1, b1, a2, b2):
    return a2 * a1, a2 * a1 * b1 + b2


@joining.misconception(
    "earlier-b-lost",
    "b is that of the later step alone. What has the earlier one added, and how much of it is left?",
)
def _(a1, b1, a2, b2):
    return a2 * a1, b2


@joining.misconception(
    "wrong-b-scaled",
    "The later step's b is multiplied and the earlier one's is not. Which of the two additions is already there when "
    "the later step multiplies?",
)
def _(a1, b1, a2, b2):
    return a2 * a1, b1 + a2 * b2
