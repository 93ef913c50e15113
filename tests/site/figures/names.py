"""The interactive figures, and the weights that each plays with."""

FIGURES = {"recall": "", "loop": "hello", "triangle": "", "gradients": "", "gates": "counter", "writes": "alice",
           "looking": "phones", "scan": ""}  # fmt: skip
