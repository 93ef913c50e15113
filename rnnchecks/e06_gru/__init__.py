"""Exercise 06-gru: a file for each function that a student writes, named after it."""
