"""Exercise 14-after: a file for each function that a student writes, named after it."""
