"""Where the gradient starts: cross-entropy, back to the logits."""

import numpy as np

from rnnchecks.engine.problem import Problem, normal
from rnnlib.activations import softmax

problem = Problem("bptt.cross_entropy_backward", "03-bptt", task=1, outputs={"dlogits": "TBV"})


@problem.reference
def cross_entropy_backward(logits, targets):
    """Gradient of the mean cross-entropy: softmax minus one-hot, divided by the number of positions."""
    V = logits.shape[-1]
    return (softmax(logits) - np.eye(V)[targets]) / targets.size


@problem.arguments
def random_arguments(rng, s):
    return normal(rng, s.T, s.B, s.V, scale=2), rng.integers(s.V, size=(s.T, s.B))


@problem.special("huge logits, up to several thousand")
def huge_logits_up_to_several_thousand(rng):
    return normal(rng, 4, 2, 5, scale=1500), rng.integers(5, size=(4, 2))


@problem.special("huge logits, all of one sign", hidden=True)
def huge_logits_all_of_one_sign(rng):
    return 5000 + normal(rng, 3, 2, 4, scale=900), rng.integers(4, size=(3, 2))


@problem.misconception(
    "You compare the target with the logits themselves. Cross-entropy never sees the logits directly: what are they "
    "turned into first?"
)
def no_softmax(logits, targets):
    return (logits - np.eye(logits.shape[-1])[targets]) / targets.size


@problem.misconception(
    "These are the probabilities, divided by the number of positions, and the targets play no part. Which entry of "
    "each position should the loss push up, not down?"
)
def no_target(logits, targets):
    return softmax(logits) / targets.size


@problem.misconception("This is the gradient of the summed loss. The loss here is a mean: over how many positions?")
def sum_not_mean(logits, targets):
    return softmax(logits) - np.eye(logits.shape[-1])[targets]


@problem.misconception(
    "You average over the batch and add over time. The mean here is over every position: each step of each row."
)
def mean_over_batch_only(logits, targets):
    return (softmax(logits) - np.eye(logits.shape[-1])[targets]) / targets.shape[1]


@problem.misconception(
    "You average over time and add over the batch. The mean here is over every position: each step of each row."
)
def mean_over_time_only(logits, targets):
    return (softmax(logits) - np.eye(logits.shape[-1])[targets]) / targets.shape[0]


@problem.misconception(
    "You divide by the size of logits, so by V as well. How many losses are averaged: one per position, or one per "
    "class?"
)
def mean_over_classes_too(logits, targets):
    return (softmax(logits) - np.eye(logits.shape[-1])[targets]) / logits.size


@problem.misconception(
    "With this sign a step downhill makes the right symbol less likely. At the target's entry, should a loss that has "
    "to fall have a positive or a negative slope?"
)
def target_minus_probability(logits, targets):
    return (np.eye(logits.shape[-1])[targets] - softmax(logits)) / targets.size


@problem.misconception(
    "This is -1/p at the target: the gradient for the probabilities. The softmax stands between them and the logits, "
    "and through it every logit of the position has a share."
)
def gradient_of_the_probabilities(logits, targets):
    return -np.eye(logits.shape[-1])[targets] / softmax(logits) / targets.size


@problem.misconception("Your probabilities add up to 1 along the time axis. Which axis holds the classes that compete?")
def softmax_over_time(logits, targets):
    p = np.moveaxis(softmax(np.moveaxis(logits, 0, -1)), -1, 0)
    return (p - np.eye(logits.shape[-1])[targets]) / targets.size


@problem.misconception(
    "Your probabilities add up to 1 over the whole array, because the sum (or the division) has no axis. Each position "
    "has a softmax of its own."
)
def softmax_over_everything(logits, targets):
    p = softmax(logits.reshape(-1)).reshape(logits.shape)
    return (p - np.eye(logits.shape[-1])[targets]) / targets.size


@problem.misconception(
    "The exponential of a large logit is infinite, and infinity over infinity is NaN. What may you subtract from all "
    "logits of a position without changing its softmax?"
)
def overflowing_softmax(logits, targets):
    e = np.exp(logits)
    return (e / e.sum(axis=-1, keepdims=True) - np.eye(logits.shape[-1])[targets]) / targets.size


@problem.misconception(
    "You subtract the largest logit of the whole array, so a position whose own logits are all much smaller ends as "
    "0/0. Whose maximum does each position need?"
)
def one_maximum_for_all(logits, targets):
    e = np.exp(logits - logits.max())
    return (e / e.sum(axis=-1, keepdims=True) - np.eye(logits.shape[-1])[targets]) / targets.size


@problem.misconception(
    "At each position the 1 is subtracted from every class that is a target anywhere in the batch: that is what "
    "p[:, :, targets] addresses. How do you pick one class per position?"
)
def every_target_everywhere(logits, targets):
    p = softmax(logits)
    p[:, :, targets] -= 1
    return p / targets.size
