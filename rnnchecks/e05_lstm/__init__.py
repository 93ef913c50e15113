"""Exercise 05-lstm: a file for each function that a student writes, named after it."""

# What each function is worth, as its test cell in solutions/ says (a test compares them).
POINTS = {
    "lstm_step": 3,
    "forget_bias_init": 2,
    "lstm_step_backward": 5,
    "lstm_backward": 4,
    "peephole_step": 2,
    "repaired_lstm": 4,
}
