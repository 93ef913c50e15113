"""From logits to the distribution that is drawn from: temperature, top-k, nucleus."""

import numpy as np

from rnnchecks.engine.problem import Problem, normal

problem = Problem("language.next_distribution", "08-language", task=4, outputs={"q": "BV"})


def softmax(z, axis=1):
    """Return the softmax along an axis."""
    e = np.exp(z - z.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


@problem.reference
def next_distribution(logits, temperature, k, p):
    """Divide the logits; of the likeliest first, keep k; of those, keep the ones before which less than p lies."""
    z = logits / temperature
    e = np.exp(z - z.max(axis=1, keepdims=True))
    order = np.argsort(-e, axis=1)
    best = np.take_along_axis(e, order, axis=1)
    best[:, k:] = 0
    best = best / best.sum(axis=1, keepdims=True)
    before = best.cumsum(axis=1) - best
    best = np.where(before < p, best, 0)
    best = best / best.sum(axis=1, keepdims=True)
    kept = np.empty_like(best)
    np.put_along_axis(kept, order, best, axis=1)
    return kept


@problem.arguments
def random_arguments(rng, s):
    return normal(rng, s.B, s.V, scale=1.5), 0.7, 4, 0.85


@problem.special("nothing is cut: k is V and p is 1")
def nothing_is_cut_k_is_V_and_p_is_1(rng):
    return normal(rng, 3, 6), 1.3, 6, 1.0


@problem.special("only the nucleus")
def only_the_nucleus(rng):
    return normal(rng, 4, 8), 1.0, 8, 0.6


@problem.special("only top-k")
def only_top_k(rng):
    return normal(rng, 4, 8), 1.0, 3, 1.0


@problem.special("top-k leaves one symbol in the nucleus")
def top_k_leaves_one_symbol_in_the_nucleus(rng):
    return np.log([rng.permutation([0.4, 0.3, 0.2, 0.1]) for _ in range(3)]), 1.0, 2, 0.5


@problem.special("huge logits")
def huge_logits(rng):
    return 900 + normal(rng, 3, 5), 0.5, 4, 0.9


@problem.special("k = 1", hidden=True)
def k_1(rng):
    return normal(rng, 3, 5), 1.0, 1, 1.0


@problem.special("a nucleus smaller than the likeliest symbol", hidden=True)
def a_nucleus_smaller_than_the_likeliest_symbol(rng):
    return normal(rng, 4, 5), 1.0, 5, 0.05


def cut(q, k, p, between=True):
    """Cut a distribution; `between`: whether it adds up to 1 again before the nucleus is taken."""
    order = np.argsort(-q, axis=1)
    best = np.take_along_axis(q, order, axis=1)
    best[:, k:] = 0
    if between:
        best = best / best.sum(axis=1, keepdims=True)
    best = np.where(best.cumsum(axis=1) - best < p, best, 0)
    return back(best, order)


def back(best, order, whole=True):
    """Put sorted probabilities back in their places; `whole`: make them add up to 1."""
    kept = np.empty_like(best)
    np.put_along_axis(kept, order, best, axis=1)
    return kept / kept.sum(axis=1, keepdims=True) if whole else kept


@problem.misconception(
    "A temperature below 1 makes your distribution flatter. Should the logits grow or shrink when it is cold?"
)
def temperature_multiplied(logits, temperature, k, p):
    return cut(softmax(logits * temperature), k, p)


@problem.misconception(
    "Your temperature has no effect: probabilities divided by one number, and made to add up to 1 again, are what they "
    "were. What should be divided before the softmax?"
)
def temperature_after_the_softmax(logits, temperature, k, p):
    return cut(softmax(logits), k, p)


@problem.misconception(
    "You take a softmax of probabilities. The temperature acts on the logits, and there is one softmax."
)
def probabilities_as_logits(logits, temperature, k, p):
    return cut(softmax(softmax(logits) / temperature), k, p)


@problem.misconception("You set to zero what is cut away, and the rest adds up to less than 1.")
def does_not_add_up(logits, temperature, k, p):
    q = softmax(logits / temperature)
    return np.where(cut(q, k, p) > 0, q, 0)


@problem.misconception("After the nucleus your probabilities add up to less than 1.")
def not_whole_after_the_nucleus(logits, temperature, k, p):
    q = softmax(logits / temperature)
    q = cut(q, k, 1.0)
    return np.where(cut(q, logits.shape[1], p) > 0, q, 0)


@problem.misconception("You keep the k least likely symbols. np.argsort sorts from small to large.")
def the_least_likely_kept(logits, temperature, k, p):
    q = softmax(logits / temperature)
    least = np.sort(q, axis=1)[:, [k - 1]]
    return cut(np.where(q <= least, q, 0), k, p)


def up_to(logits, temperature, k, keeps):
    """Keep the likeliest as far as `keeps` says of their cumulative sums, and one of them in any case."""
    q = cut(softmax(logits / temperature), k, 1.0)
    order = np.argsort(-q, axis=1)
    best = np.take_along_axis(q, order, axis=1)
    keep = keeps(best.cumsum(axis=1))
    keep[:, 0] = True
    return back(np.where(keep, best, 0), order)


@problem.misconception(
    "The symbol with which the sum reaches p is missing from your nucleus. Together the kept ones must have at least "
    "p. Look at what lies *before* a symbol."
)
def nucleus_too_small(logits, temperature, k, p):
    return up_to(logits, temperature, k, lambda sums: sums <= p + 1e-9)


# The same, with a sum of 1 that is none in floats: then p = 1 loses a symbol too.
@problem.variant("nucleus-too-small")
def nucleus_below_p(logits, temperature, k, p):
    return up_to(logits, temperature, k, lambda sums: sums <= p)


@problem.variant("nucleus-too-small")
def nucleus_less_than_p(logits, temperature, k, p):
    return up_to(logits, temperature, k, lambda sums: sums < p)


@problem.misconception("Your nucleus has one symbol more than it needs: those before it have p together already.")
def nucleus_one_too_many(logits, temperature, k, p):
    q = cut(softmax(logits / temperature), k, 1.0)
    order = np.argsort(-q, axis=1)
    best = np.take_along_axis(q, order, axis=1)
    keep = best.cumsum(axis=1) - best < p
    keep[:, 1:] = keep[:, :-1].copy()
    keep[:, 0] = True
    return back(np.where(keep, best, 0), order)


@problem.misconception(
    "Your nucleus is measured on the distribution as it was before top-k. Make what top-k leaves add up to 1 first, "
    "and take the nucleus of that."
)
def nucleus_of_the_whole(logits, temperature, k, p):
    return cut(softmax(logits / temperature), k, p, between=False)


@problem.misconception(
    "You compare each symbol's own probability with p. The nucleus compares what the likelier ones have together."
)
def each_symbol_against_p(logits, temperature, k, p):
    q = cut(softmax(logits / temperature), k, 1.0)
    q = np.where(q >= p, q, 0) if p < 1 else q
    return q / np.maximum(q.sum(axis=1, keepdims=True), 1e-12)


@problem.misconception(
    "Your probabilities are right and stand in order of size: column 0 is no longer symbol 0. Put each back in its "
    "place."
)
def left_in_sorted_order(logits, temperature, k, p):
    return -np.sort(-cut(softmax(logits / temperature), k, p), axis=1)


@problem.misconception("Your softmax runs over the rows of the batch. Each row is a distribution of its own.")
def softmax_over_the_batch(logits, temperature, k, p):
    return cut(softmax(logits / temperature, axis=0), k, p)


@problem.misconception(
    "You keep in every row the symbols that are likeliest in the first. Each row has an order of its own."
)
def first_row_decides(logits, temperature, k, p):
    q = softmax(logits / temperature)
    q = np.where(cut(q, k, p)[:1] > 0, q, 0)
    return q / q.sum(axis=1, keepdims=True)


@problem.misconception("More than k symbols have a probability above 0. Is k used?")
def no_top_k(logits, temperature, k, p):
    return cut(softmax(logits / temperature), logits.shape[1], p)


@problem.misconception("Your distribution has all of the k likeliest symbols. Is p used?")
def no_nucleus(logits, temperature, k, p):
    return cut(softmax(logits / temperature), k, 1.0)


@problem.misconception(
    "You keep k + 1 symbols. Is a symbol as likely as the limit inside it, and which one is the limit?"
)
def one_too_many(logits, temperature, k, p):
    return cut(softmax(logits / temperature), k + 1, p)


@problem.misconception(
    "With logits near 1000 the exponential is infinite. Subtract something from every row first; the softmax does not "
    "notice."
)
def overflow(logits, temperature, k, p):
    e = np.exp(logits / temperature)
    return cut(e / e.sum(axis=1, keepdims=True), k, p)
