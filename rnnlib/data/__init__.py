"""Data that the course trains on: committed, with provenance and hashes in PROVENANCE.md. Nothing is downloaded."""

from rnnlib.data.text import TextBatches, Vocabulary, sonnets

__all__ = ["TextBatches", "Vocabulary", "sonnets"]
