"""Exercise 02-forward: a file for each function that a student writes, named after it."""
