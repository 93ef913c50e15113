"""Exercise 01-history: a file for each function that a student writes, named after it."""
