"""Exercise 03-bptt: a file for each function that a student writes, named after it."""

# What each function is worth, as its test cell in solutions/ says (a test compares them).
POINTS = {
    "cross_entropy_backward": 2,
    "rnn_step_backward": 3,
    "rnn_backward": 5,
    "truncated_backward": 4,
    "numeric_gradient": 3,
    "adam_step": 3,
}
