"""How good a prediction is."""

import numpy as np

from rnnchecks.engine.problem import Problem, normal
from rnnlib.activations import softmax

problem = Problem("forward.cross_entropy", "02-forward", task=9, outputs={"loss": ""})


@problem.reference
def cross_entropy(logits, targets):
    """Logarithm of the sum of exponentials, minus the logit of the target; the mean of that."""
    shifted = logits - logits.max(axis=-1, keepdims=True)
    of_targets = np.take_along_axis(shifted, targets[..., None], axis=-1)[..., 0]
    return (np.log(np.exp(shifted).sum(axis=-1)) - of_targets).mean()


@problem.arguments
def random_arguments(rng, s):
    return normal(rng, s.T, s.B, s.V, scale=2), rng.integers(s.V, size=(s.T, s.B))


@problem.special("huge logits: all near 1000 at some positions, near -1000 at others")
def huge_logits_of_both_signs(rng):
    level = np.array([[1000.0, -1000.0], [0.0, 1000.0], [-1000.0, 0.0]])
    return level[..., None] + normal(rng, 3, 2, 4), rng.integers(4, size=(3, 2))


@problem.special("certain and wrong: logits from -2000 to 2000, a target with probability 0.0 in floats")
def certain_and_wrong(rng):
    logits = rng.permuted(np.tile([-2000.0, -1.0, 0.0, 2000.0], (3, 2, 1)), axis=-1)
    return logits, logits.argmin(axis=-1)


@problem.special("as many steps and rows as symbols, T = B = V = 4")
def as_many_steps_and_rows_as_symbols_T_B_V_4(rng):
    return normal(rng, 4, 4, 4, scale=2), rng.integers(4, size=(4, 4))


@problem.special(
    "huge logits, other numbers", like="huge logits: all near 1000 at some positions, near -1000 at others"
)
def huge_logits_other_numbers(rng):
    return normal(rng, 4, 3, 5, scale=1500), rng.integers(5, size=(4, 3))


def surprise(logits, targets):
    """The loss at each position."""
    return -np.take_along_axis(log_softmax(logits), targets[..., None], axis=-1)[..., 0]


def log_softmax(logits):
    """Logarithms of the probabilities."""
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


@problem.misconception(
    "The formula is right, and the largest logits overflow: e^1000 is more than a float can hold. Which shift leaves"
    " the probabilities as they are?"
)
def overflow(logits, targets):
    e = np.exp(logits)
    p = e / e.sum(axis=-1, keepdims=True)
    return -np.log(np.take_along_axis(p, targets[..., None], axis=-1)).mean()


@problem.misconception(
    "Your softmax is stable, but a tiny probability rounds to 0 and its logarithm is minus infinity. Simplify the "
    "logarithm of the fraction on paper: does it need p at all?"
)
def logarithm_of_zero(logits, targets):
    return -np.log(np.take_along_axis(softmax(logits), targets[..., None], axis=-1)).mean()


@problem.misconception(
    "You add up the losses of all positions. A longer text would then look worse: what makes the number comparable?"
)
def sum_not_mean(logits, targets):
    return surprise(logits, targets).sum()


@problem.misconception(
    "You divide the sum of all losses by B. A sequence has T positions, and each of them has a loss: how many are "
    "there in all?"
)
def divided_by_the_batch_only(logits, targets):
    return surprise(logits, targets).sum() / targets.shape[1]


@problem.misconception(
    "You divide the sum of all losses by T. Each step has B positions, and each of them has a loss: how many are "
    "there in all?"
)
def divided_by_the_steps_only(logits, targets):
    return surprise(logits, targets).sum() / len(targets)


@problem.misconception(
    "Your loss is too small by the factor V: the mean runs over the symbols as well. How many numbers does one "
    "position add to the mean?"
)
def mean_over_symbols_too(logits, targets):
    return surprise(logits, targets).mean() / logits.shape[-1]


@problem.misconception(
    "You return the loss of every position. One number is asked for, and it should not grow with the text: which one?"
)
def one_loss_per_position(logits, targets):
    return surprise(logits, targets)


# The same, with the axis that np.take_along_axis leaves.
@problem.variant("one-loss-per-position")
def one_loss_per_position_in_a_column(logits, targets):
    return surprise(logits, targets)[..., None]


@problem.misconception("This is the loss in bits. With which logarithm does it come out in nats?")
def bits(logits, targets):
    return surprise(logits, targets).mean() / np.log(2)


@problem.misconception(
    "Your loss is negative. The logarithm of a probability is at most 0: what turns it into a loss that is 0 at best?"
)
def sign(logits, targets):
    return -surprise(logits, targets).mean()


@problem.misconception(
    "You take the probability of the symbol that the net likes best. A loss asks what the net gave to the one that "
    "came."
)
def likeliest_instead_of_target(logits, targets):
    return surprise(logits, logits.argmax(axis=-1)).mean()


@problem.misconception(
    "Your index takes every target at every position, not its own. What is the shape of what you pick: one number "
    "for each position?"
)
def every_target_at_every_position(logits, targets):
    return -log_softmax(logits)[..., targets].mean()


@problem.misconception(
    "arange(T) and targets pick along the axes T and B, not V. The trick is made for a flat list of positions, (N, V) "
    "and (N): what has to become of your arrays first?"
)
def index_for_a_flat_list(logits, targets):
    return -log_softmax(logits)[np.arange(len(targets)), targets].mean()


@problem.misconception(
    "You average the logits of the targets. A logit means nothing without its rivals: how much does the net give to "
    "the target out of all it has to give?"
)
def logit_instead_of_probability(logits, targets):
    return -np.take_along_axis(logits, targets[..., None], axis=-1).mean()


@problem.misconception(
    "This is the mean probability that is missing at the targets, without a logarithm. What should a loss do as the "
    "probability of the target goes to 0?"
)
def no_logarithm(logits, targets):
    return 1 - np.exp(-surprise(logits, targets)).mean()


@problem.misconception("This is the exponential of the loss: the perplexity. You are one step too far.")
def perplexity_returned(logits, targets):
    return np.exp(surprise(logits, targets).mean())
