"""Exercise 11-comparison: a file for each function that a student writes, named after it."""
