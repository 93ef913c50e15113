"""One step of additive attention over a padded batch."""

import numpy as np

from rnnchecks.engine.problem import Problem, normal

problem = Problem("attention.attention_step", "12-attention", task=1, outputs={"context": "BE", "alpha": "SB"})


@problem.reference
def attention_step(q, k, v, W_q, W_k, w, lengths):
    """Scores from a small net, softmax over the letters that are there, a mean of their values."""
    e = np.tanh(q @ W_q + k @ W_k) @ w
    e = np.where(np.arange(len(k))[:, None] < lengths, e, -np.inf)
    e = np.exp(e - e.max(axis=0))
    alpha = e / e.sum(axis=0)
    return (alpha[..., None] * v).sum(axis=0), alpha


def scores(q, k, W_q, W_k, w):
    """The score (S, B) of every letter."""
    return np.tanh(q @ W_q + k @ W_k) @ w


def softmax(e):
    """Softmax over the letters, the first axis."""
    e = np.exp(e - e.max(axis=0))
    return e / e.sum(axis=0)


def mixed(alpha, v):
    """The mean (B, E) of the values under the weights (S, B)."""
    return (alpha[..., None] * v).sum(axis=0)


def real(k, lengths):
    """Mark the letters (S, B) that are there."""
    return np.arange(len(k))[:, None] < lengths


def drawn(rng, S, B, D, K, A, E, lengths=None):
    """Draw a query, keys, values, weights and lengths; where there is room for it, a row is full and another is not."""
    if lengths is None:
        lengths = rng.integers(1, S + 1, size=B)
        if B > 1 and S > 1:
            lengths[:2] = S, rng.integers(1, S - 1) if S > 2 else 1  # two letters short: off by one is not all
            lengths = rng.permutation(lengths)
    widths = [(B, D), (S, B, K), (S, B, E), (D, A), (K, A), (A,)]
    return [normal(rng, *shape) for shape in widths] + [np.array(lengths)]


@problem.arguments
def random_arguments(rng, s):
    return drawn(rng, s.T, s.B, s.D, s.H, s.V, s.V + 2)


@problem.special("scores in the thousands")
def scores_in_the_thousands(rng):
    q, k, v, W_q, W_k, w, lengths = drawn(rng, 5, 3, 4, 2, 6, 7, [5, 3, 2])
    return q, k, v, W_q, W_k, 3000 * w, lengths


@problem.special("words of one letter", hidden=True)
def words_of_one_letter(rng):
    return drawn(rng, 1, 3, 4, 2, 6, 5, [1, 1, 1])


@problem.special("no word fills the array", hidden=True)
def no_word_fills_the_array(rng):
    return drawn(rng, 7, 3, 4, 2, 6, 5, [5, 2, 4])


@problem.misconception(
    "Letters that are not there get a weight, so a word is read differently in a batch with longer words. What must "
    "their scores be before the softmax, for their weights to be exactly zero?"
)
def padding_gets_a_share(q, k, v, W_q, W_k, w, lengths):
    alpha = softmax(scores(q, k, W_q, W_k, w))
    return mixed(alpha, v), alpha


@problem.misconception(
    "You set the weights of the padding to zero after the softmax. What is left no longer sums to 1. When does the "
    "mask have to act?"
)
def masked_after_the_softmax(q, k, v, W_q, W_k, w, lengths):
    alpha = softmax(scores(q, k, W_q, W_k, w)) * real(k, lengths)
    return mixed(alpha, v), alpha


@problem.misconception(
    "You set the scores of the padding to zero. Zero is a score like any other, and its exponential is 1. Which score "
    "has an exponential of 0?"
)
def zero_scores_in_the_padding(q, k, v, W_q, W_k, w, lengths):
    alpha = softmax(scores(q, k, W_q, W_k, w) * real(k, lengths))
    return mixed(alpha, v), alpha


@problem.misconception(
    "One letter of padding of each word gets a weight. Letters are numbered from 0: is letter n of a word of n letters "
    "there?"
)
def mask_off_by_one(q, k, v, W_q, W_k, w, lengths):
    return attention_step(q, k, v, W_q, W_k, w, lengths + 1)


@problem.misconception(
    "The last letter of each word gets no weight. Letters are numbered from 0: which is the last one of a word of n "
    "letters?"
)
def last_letter_hidden(q, k, v, W_q, W_k, w, lengths):
    return attention_step(q, k, v, W_q, W_k, w, np.maximum(lengths - 1, 1))


@problem.misconception(
    "Your weights sum to 1 over the words of the batch. Who competes with whom? For one query they have to sum to 1 "
    "over the letters of its own word: which axis is that?"
)
def softmax_over_the_batch(q, k, v, W_q, W_k, w, lengths):
    e = np.where(real(k, lengths), scores(q, k, W_q, W_k, w), -np.inf)
    e = np.exp(e - e.max(axis=0))
    alpha = e / e.sum(axis=1, keepdims=True)
    return mixed(alpha, v), alpha


@problem.misconception(
    "All your weights together sum to 1, over the whole batch. Each word has a query of its own, and each query has "
    "one unit of weight to spend."
)
def softmax_over_everything(q, k, v, W_q, W_k, w, lengths):
    e = np.where(real(k, lengths), scores(q, k, W_q, W_k, w), -np.inf)
    alpha = np.exp(e - e.max())
    alpha = alpha / alpha.sum()
    return mixed(alpha, v), alpha


@problem.misconception(
    "The exponential of a large score is infinite, and infinity over infinity is NaN. What may you subtract from all "
    "scores of a word without changing its softmax?"
)
def overflowing_softmax(q, k, v, W_q, W_k, w, lengths):
    e = np.exp(np.where(real(k, lengths), scores(q, k, W_q, W_k, w), -np.inf))
    alpha = e / e.sum(axis=0)
    return mixed(alpha, v), alpha


@problem.misconception(
    "The hidden layer of your scores is a sum without its tanh. Then the query's part is the same for all letters, and "
    "the softmax cancels it: the question no longer matters."
)
def no_tanh(q, k, v, W_q, W_k, w, lengths):
    alpha = softmax(np.where(real(k, lengths), (q @ W_q + k @ W_k) @ w, -np.inf))
    return mixed(alpha, v), alpha


@problem.misconception(
    "Your weights are the same whatever the query asks. If you squash query and key apart and add the results, the "
    "query's part is the same for all letters, and the softmax cancels it. What has to be inside one tanh?"
)
def query_without_effect(q, k, v, W_q, W_k, w, lengths):
    e = (np.tanh(q @ W_q) + np.tanh(k @ W_k)) @ w
    alpha = softmax(np.where(real(k, lengths), e, -np.inf))
    return mixed(alpha, v), alpha


@problem.misconception(
    "You divide the scores by the root of their width. That belongs to the dot product; here w is learned and sets the "
    "scale itself."
)
def divided_by_a_root(q, k, v, W_q, W_k, w, lengths):
    return attention_step(q, k, v, W_q, W_k, w / np.sqrt(len(w)), lengths)


@problem.misconception(
    "You give the whole weight to the letter with the highest score. Nothing could be learned that way: a small change "
    "of the scores would change nothing. What turns scores into shares smoothly?"
)
def the_best_letter_only(q, k, v, W_q, W_k, w, lengths):
    e = np.where(real(k, lengths), scores(q, k, W_q, W_k, w), -np.inf)
    alpha = 1.0 * (e == e.max(axis=0))
    return mixed(alpha, v), alpha


@problem.misconception("You average the keys. The weights come from the keys, but what is averaged is the values.")
def keys_averaged(q, k, v, W_q, W_k, w, lengths):
    _, alpha = attention_step(q, k, v, W_q, W_k, w, lengths)
    return mixed(alpha, k), alpha


@problem.misconception(
    "You take a mean over the letters of what is a weighted mean already: the weights sum to 1, so nothing is left to "
    "divide by."
)
def divided_by_the_length(q, k, v, W_q, W_k, w, lengths):
    context, alpha = attention_step(q, k, v, W_q, W_k, w, lengths)
    return context / len(k), alpha


@problem.misconception(
    "You mix the values with the scores. What makes shares of them, none negative and all together 1?"
)
def scores_in_the_place_of_weights(q, k, v, W_q, W_k, w, lengths):
    e = scores(q, k, W_q, W_k, w) * real(k, lengths)
    return mixed(e, v), e
