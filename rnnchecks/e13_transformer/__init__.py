"""Exercise 13-transformer: a file for each function that a student writes, named after it."""
