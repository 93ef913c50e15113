"""Exercise 13-transformer: a file for each function that a student writes, named after it."""

# What each function is worth, as its test cell in solutions/ says (a test compares them).
POINTS = {
    "position_codes": 3,
    "attention": 4,
    "causal_attention": 3,
    "attention_backward": 4,
    "multi_head": 4,
    "cached_step": 2,
}
