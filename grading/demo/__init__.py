"""A made-up class with known marks."""
