"""Experiments of chapter 3: what training does, where its gradient comes from, and what a cut costs."""
