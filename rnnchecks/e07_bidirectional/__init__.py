"""Exercise 07-bidirectional: a file for each function that a student writes, named after it."""

# What each function is worth, as its test cell in solutions/ says (a test compares them).
POINTS = {
    "reverse_padded": 3,
    "frozen_forward": 4,
    "bi_forward": 3,
    "bi_backward": 4,
    "masked_loss": 4,
    "stack_forward": 2,
}
