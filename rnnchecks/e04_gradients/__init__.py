"""Exercise 04-gradients: a file for each function that a student writes, named after it."""

# What each function is worth, as its test cell in solutions/ says (a test compares them).
POINTS = {
    "step_jacobian": 2,
    "jacobian_product": 4,
    "lag_norms": 4,
    "clip_by_norm": 4,
    "orthogonal_init": 3,
    "diagnose": 3,
}
