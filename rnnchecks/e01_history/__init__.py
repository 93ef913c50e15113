"""Exercise 01-history: a file for each function that a student writes, named after it."""

# What each function is worth, as its test cell in solutions/ says (a test compares them).
POINTS = {
    "hopfield_weights": 3,
    "hopfield_energy": 2,
    "hopfield_recall": 5,
    "temporal_xor": 2,
    "elman_step": 4,
    "error_by_place": 4,
}
