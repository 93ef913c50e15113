"""Mutants that compute the same as the reference for every input, each with the reason."""

EQUIVALENT = {
    ("gradients.clip_by_norm", "line 5: comparison: `norm > max_norm` -> `norm >= max_norm`"): (
        "where the norm is the threshold, the factor is 1"
    ),
}
