"""Exercise 11-comparison: a file for each function that a student writes, named after it."""

# What each function is worth, as its test cell in solutions/ says (a test compares them).
POINTS = {
    "equal_widths": 3,
    "mean_interval": 3,
    "difference_interval": 4,
    "bootstrap_interval": 3,
    "at_equal_time": 3,
    "train_all": 4,
}
