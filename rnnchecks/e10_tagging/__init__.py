"""Exercise 10-tagging: a file for each function that a student writes, named after it."""
