"""Exercise 12-attention: a file for each function that a student writes, named after it."""
