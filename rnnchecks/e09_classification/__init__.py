"""Exercise 09-classification: a file for each function that a student writes, named after it."""
