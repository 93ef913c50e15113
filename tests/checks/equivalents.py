"""Mutants that compute the same as the reference for every input, each with the reason."""

EQUIVALENT = {}
