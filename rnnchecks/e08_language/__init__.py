"""Exercise 08-language: a file for each function that a student writes, named after it."""
