"""Exercise 03-bptt: a file for each function that a student writes, named after it."""
