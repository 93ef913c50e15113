"""Mutants that compute the same as the reference for every input, each with the reason."""

EQUIVALENT = {
    ("gradients.clip_by_norm", "line 5: comparison: `norm > max_norm` -> `norm >= max_norm`"): (
        "where the norm is the threshold, the factor is 1"
    ),
    ("after.scan", "line 5: comparison: `s < len(x)` -> `s <= len(x)`"): (
        "when s is the length, one more round joins nothing with nothing"
    ),
    ("after.min_gru", "line 5: comparison: `v >= 0` -> `v > 0`"): "both branches of g are 1/2 at 0",
    ("language.next_distribution", "line 11: comparison: `before < p` -> `before <= p`"): (
        "a sum of rounded probabilities does not meet p exactly"
    ),
    ("classification.split_apart", "line 11: comparison: `u < share` -> `u <= share`"): (
        "a number of 64 bits does not meet the share"
    ),
    ("history.hopfield_recall", "line 2: without `s = s.copy()`"): (
        "what comes back is the same; that the argument is written into is said beside it, and costs nothing"
    ),
}
