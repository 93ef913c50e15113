"""Experiments of chapter 1, on the nets of 1982 and 1990."""
