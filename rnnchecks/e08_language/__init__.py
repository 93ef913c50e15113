"""Exercise 08-language: a file for each function that a student writes, named after it."""

# What each function is worth, as its test cell in solutions/ says (a test compares them).
POINTS = {
    "text_batches": 3,
    "loss_and_grads": 5,
    "in_units": 2,
    "next_distribution": 4,
    "draw": 2,
    "train_char_rnn": 4,
}
