"""How many numbers a recurrent net has."""

from rnnlib.checks.problem import Problem

count = Problem("forward.count_parameters", "02-forward", outputs={"count": ""}, tolerance=1e-9)


@count.reference
def count_parameters(D, H, K):
    """W_xh, W_hh and b_h, then W_hy and b_y."""
    return D * H + H * H + H + H * K + K


@count.special("D = 4, H = 2, K = 6")
def _(rng):
    return 4, 2, 6


@count.special("D = 4, H = 5, K = 7")
def _(rng):
    return 4, 5, 7


@count.special("other sizes", hidden=True)
def _(rng):
    return rng.permutation([3, 8, 11]).tolist()


@count.special("one hidden unit, H = 1", hidden=True)
def _(rng):
    return 3, 1, 5


@count.special("a net for the sonnets, D = K = 61 and H = 100", hidden=True)
def _(rng):
    return 61, 100, 61


@count.misconception("no-biases", "Count the numbers in b_h and b_y too: each unit adds a constant of its own.")
def _(D, H, K):
    return D * H + H * H + H * K


@count.misconception("no-hidden-bias", "The bias of the outputs is counted. Which other layer adds a bias?")
def _(D, H, K):
    return D * H + H * H + H * K + K


@count.misconception("no-output-bias", "The bias of the state is counted. Which other layer adds a bias?")
def _(D, H, K):
    return D * H + H * H + H + H * K


@count.misconception(
    "no-recurrent-weights",
    "This is the count of a feed-forward net with one hidden layer. Which weights make it recurrent?",
)
def _(D, H, K):
    return D * H + H + H * K + K


@count.misconception(
    "one-recurrent-weight-per-unit",
    "You count one recurrent weight for each unit. Which units of the state before does a unit listen to: only "
    "itself, or all of them?",
)
def _(D, H, K):
    return D * H + H + H + H * K + K


@count.misconception("no-output-layer", "This is the recurrent layer alone. What turns its state into K numbers?")
def _(D, H, K):
    return D * H + H * H + H


@count.misconception(
    "h-numbers-too-many",
    "You have H numbers too many. How many biases does the equation of h_t hold? And h_0 is given here, not learned.",
)
def _(D, H, K):
    return D * H + H * H + H + H + H * K + K


@count.misconception(
    "outputs-read-the-input",
    "You give the output layer the width of the input. What does y_t read: x_t or h_t?",
)
def _(D, H, K):
    return D * H + H * H + H + D * K + K
