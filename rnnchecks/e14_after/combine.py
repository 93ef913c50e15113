"""Two steps of a linear recurrence as one step."""

from rnnchecks.engine.problem import Problem, normal

problem = Problem("after.combine", "14-after", task=1, outputs={"a": "TH", "b": "TH"})


@problem.reference
def combine(a1, b1, a2, b2):
    """Put the earlier step into the later one: a2 (a1 h + b1) + b2."""
    return a2 * a1, a2 * b1 + b2


@problem.arguments
def random_arguments(rng, s):
    return tuple(normal(rng, s.T, s.H) for _ in range(4))


@problem.misconception(
    "That is the later step first and the earlier one after it. Which of the two sees h, and which one sees what "
    "comes out of the other?"
)
def order_swapped(a1, b1, a2, b2):
    return a1 * a2, a1 * b2 + b1


@problem.misconception(
    "b adds up as if the later step kept all of what the earlier one added. What does the later step do to everything "
    "that is there before it?"
)
def b_handed_on_whole(a1, b1, a2, b2):
    return a2 * a1, b1 + b2


@problem.misconception("Your shares add up. Keep half, then half of what is left: how much is that?")
def a_added(a1, b1, a2, b2):
    return a2 + a1, a2 * b1 + b2


@problem.misconception("The later step's own b is multiplied as well. It is added after the multiplication.")
def later_b_scaled_too(a1, b1, a2, b2):
    return a2 * a1, a2 * (b1 + b2)


@problem.misconception(
    "The earlier b is multiplied by both shares. When it was added, the earlier step had done its multiplication."
)
def scaled_by_both(a1, b1, a2, b2):
    return a2 * a1, a2 * a1 * b1 + b2


@problem.misconception("b is that of the later step alone. What has the earlier one added, and how much of it is left?")
def earlier_b_lost(a1, b1, a2, b2):
    return a2 * a1, b2


@problem.misconception(
    "The later step's b is multiplied and the earlier one's is not. Which of the two additions is already there when "
    "the later step multiplies?"
)
def wrong_b_scaled(a1, b1, a2, b2):
    return a2 * a1, b1 + a2 * b2
