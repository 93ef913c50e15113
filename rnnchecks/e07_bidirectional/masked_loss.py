"""Cross-entropy over the real steps of a padded batch, and its gradient."""

import numpy as np

from rnnchecks.e07_bidirectional._lengths import real_steps, some_lengths
from rnnchecks.engine.problem import Problem, normal
from rnnlib.activations import softmax

problem = Problem("bidirectional.masked_loss", "07-bidirectional", task=5, outputs={"loss": "", "dlogits": "TBV"})


@problem.reference
def masked_loss(logits, targets, lengths):
    """Mean over the real steps; no gradient anywhere else."""
    m = real_steps(lengths, len(logits))
    shifted = logits - logits.max(axis=2, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=2, keepdims=True))
    right = np.eye(logits.shape[2])[targets]
    mean = -(log_p * right).sum(axis=2)[m].mean()
    return mean, m[..., None] * (np.exp(log_p) - right) / m.sum()


@problem.arguments
def random_arguments(rng, s):
    lengths = some_lengths(rng, s.T, s.B)
    return normal(rng, s.T, s.B, s.V, scale=2), rng.integers(s.V, size=(s.T, s.B)), lengths


@problem.special("huge logits, up to several thousand")
def huge_logits_up_to_several_thousand(rng):
    return normal(rng, 5, 3, 4, scale=1500), rng.integers(4, size=(5, 3)), np.array([4, 1, 3])


@problem.special("huge logits, all of one sign", hidden=True)
def huge_logits_all_of_one_sign(rng):
    return 5000 + normal(rng, 4, 2, 5, scale=900), rng.integers(5, size=(4, 2)), np.array([2, 3])


def parts(logits, targets, lengths):
    """Return losses (T, B), their gradients (T, B, V) and the mask (T, B), of every position."""
    z = logits - logits.max(axis=-1, keepdims=True)
    right = np.eye(logits.shape[-1])[targets]
    losses = np.log(np.exp(z).sum(axis=-1)) - (z * right).sum(axis=-1)
    return losses, softmax(logits) - right, real_steps(lengths, len(logits))


@problem.misconception("Loss and gradient run over all positions, padding included. How many of them are real?")
def padding_counts(logits, targets, lengths):
    losses, d, m = parts(logits, targets, lengths)
    return losses.mean(), d / m.size


@problem.misconception(
    "You add up the real positions and divide by all of them, so the loss falls when somebody adds padding. By what "
    "should the sum be divided? The same holds for the gradient."
)
def divided_by_all_positions(logits, targets, lengths):
    losses, d, m = parts(logits, targets, lengths)
    return losses[m].sum() / m.size, d * m[..., None] / m.size


@problem.misconception("The loss is a mean over the real positions, but its gradient is divided by all of them.")
def gradient_divided_by_all_positions(logits, targets, lengths):
    losses, d, m = parts(logits, targets, lengths)
    return losses[m].mean(), d * m[..., None] / m.size


@problem.misconception(
    "Where the steps are real, all is right. But the padding has a gradient as well, though the loss does not depend "
    "on what the net says there."
)
def gradient_in_the_padding(logits, targets, lengths):
    losses, d, m = parts(logits, targets, lengths)
    return losses[m].mean(), d / m.sum()


@problem.misconception("The loss is a mean, but the gradient is that of a sum. What does the division do to it?")
def gradient_of_the_sum(logits, targets, lengths):
    losses, d, m = parts(logits, targets, lengths)
    return losses[m].mean(), d * m[..., None]


@problem.misconception("Loss and gradient are those of a sum. Here every real position has the same share in a mean.")
def sum_not_mean(logits, targets, lengths):
    losses, d, m = parts(logits, targets, lengths)
    return losses[m].sum(), d * m[..., None]


@problem.misconception(
    "You take a mean within each row and then a mean over the rows. A letter in a short row then weighs more than one "
    "in a long row. Here every real position weighs the same."
)
def mean_of_the_rows_means(logits, targets, lengths):
    losses, d, m = parts(logits, targets, lengths)
    share = m / lengths / len(lengths)
    return (losses * share).sum(), d * share[..., None]


@problem.misconception(
    "You add over time and divide by the number of rows. Then longer sequences have larger losses. How many positions "
    "have you added up?"
)
def divided_by_the_batch(logits, targets, lengths):
    losses, d, m = parts(logits, targets, lengths)
    return losses[m].sum() / len(lengths), d * m[..., None] / len(lengths)


@problem.misconception(
    "You set the logits of the padding to zero and go on. Zero logits are a statement too: each of them costs ln V. "
    "Which positions should be in the sum at all?"
)
def masks_the_logits(logits, targets, lengths):
    m = real_steps(lengths, len(logits))
    losses, d, _ = parts(logits * m[..., None], targets, lengths)
    return losses.sum() / m.sum(), d / m.sum()


@problem.variant("masks-the-logits")
def masks_the_logits_and_divides_by_all(logits, targets, lengths):
    m = real_steps(lengths, len(logits))
    losses, d, _ = parts(logits * m[..., None], targets, lengths)
    return losses.mean(), d / m.size


@problem.misconception(
    "One step of padding of each row counts. Steps are numbered from 0: is step n of a row of length n real?"
)
def mask_off_by_one(logits, targets, lengths):
    losses, d, _ = parts(logits, targets, lengths)
    m = np.arange(len(logits))[:, None] <= lengths
    return losses[m].mean(), d * m[..., None] / m.sum()


@problem.misconception(
    "The gradient has the wrong sign. At the target's entry, should a loss that has to fall have a positive or a "
    "negative slope?"
)
def target_minus_probability(logits, targets, lengths):
    mean, d = masked_loss(logits, targets, lengths)
    return mean, -d


@problem.misconception(
    "The exponential of a large logit is infinite, and infinity over infinity is NaN. What may you subtract from all "
    "logits of a position without changing its softmax?"
)
def overflowing_softmax(logits, targets, lengths):
    m, e, right = real_steps(lengths, len(logits)), np.exp(logits), np.eye(logits.shape[-1])[targets]
    p = e / e.sum(axis=-1, keepdims=True)
    return -np.log((p * right).sum(axis=-1))[m].mean(), m[..., None] * (p - right) / m.sum()


@problem.misconception(
    "The probability of an unlikely target is rounded to 0, and its logarithm is minus infinity. Take the logarithm of "
    "the softmax on paper first: which two terms are left?"
)
def log_of_a_probability_that_is_zero(logits, targets, lengths):
    m, p, right = real_steps(lengths, len(logits)), softmax(logits), np.eye(logits.shape[-1])[targets]
    return -np.log((p * right).sum(axis=-1))[m].mean(), m[..., None] * (p - right) / m.sum()


@problem.misconception(
    "Your gradient subtracts the one-hot row from the logarithm of the probabilities. Which of the two stands in the "
    "formula?"
)
def logarithm_in_the_gradient(logits, targets, lengths):
    mean, _ = masked_loss(logits, targets, lengths)
    _, d, m = parts(logits, targets, lengths)
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return mean, m[..., None] * (d - softmax(logits) + log_p) / m.sum()
