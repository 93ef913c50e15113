"""Exercise 09-classification: a file for each function that a student writes, named after it."""

# What each function is worth, as its test cell in solutions/ says (a test compares them).
POINTS = {
    "split_apart": 3,
    "padded_batch": 2,
    "summaries": 3,
    "train_classifier": 5,
    "windows_apart": 4,
    "baseline_errors": 3,
}
