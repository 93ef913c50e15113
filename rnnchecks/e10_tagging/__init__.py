"""Exercise 10-tagging: a file for each function that a student writes, named after it."""

# What each function is worth, as its test cell in solutions/ says (a test compares them).
POINTS = {
    "bio_tags": 2,
    "spans": 4,
    "span_scores": 4,
    "hide_words": 2,
    "best_allowed": 4,
    "train_tagger": 4,
}
