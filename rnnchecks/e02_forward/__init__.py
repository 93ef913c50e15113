"""Exercise 02-forward: a file for each function that a student writes, named after it."""

# What each function is worth, as its test cell in solutions/ says (a test compares them).
POINTS = {
    "one_hot": 1,
    "rnn_step": 1,
    "rnn_forward": 3,
    "count_parameters": 1,
    "many_to_one": 2,
    "one_to_many": 2,
    "encoder_decoder": 3,
    "softmax": 2,
    "cross_entropy": 3,
    "perplexity": 2,
}
