"""Exercise 12-attention: a file for each function that a student writes, named after it."""

# What each function is worth, as its test cell in solutions/ says (a test compares them).
POINTS = {
    "attention_step": 4,
    "attention_step_backward": 5,
    "edit_distance": 3,
    "phone_error_rate": 2,
    "greedy_decode": 2,
    "beam_search": 4,
}
