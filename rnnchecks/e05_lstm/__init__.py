"""Exercise 05-lstm: a file for each function that a student writes, named after it."""
