"""Exercise 07-bidirectional: a file for each function that a student writes, named after it."""
