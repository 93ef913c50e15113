"""Experiments of chapter 4, on gradients that vanish and explode."""
