"""Exercise 06-gru: a file for each function that a student writes, named after it."""

# What each function is worth, as its test cell in solutions/ says (a test compares them).
POINTS = {
    "gru_step": 2,
    "gru_step_after": 2,
    "gru_step_backward": 6,
    "convert_weights": 4,
    "equal_width": 2,
    "repaired_gru_cell": 4,
}
