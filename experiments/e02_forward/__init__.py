"""Experiments of chapter 2, on the forward pass."""
