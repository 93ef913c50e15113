"""Exercise 04-gradients: a file for each function that a student writes, named after it."""
