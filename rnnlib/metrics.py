"""Measures of a model, in the units people read."""

import math


def perplexity(nats):
    """Perplexity of a mean cross-entropy: ``e^nats``.

    A model with perplexity k is, on average, as unsure as somebody who picks among k equally likely symbols.

    Args:
        nats: mean cross-entropy per symbol in nats, as `rnnlib.losses.softmax_cross_entropy` returns it.

    Taught in: chapter 02.

    Example:
        >>> round(perplexity(math.log(4)), 6)
        4.0
    """
    return math.exp(nats)


def bits(nats):
    """The same cross-entropy in bits: ``nats / ln 2``. On characters this is bits per character.

    Taught in: chapter 02.

    Example:
        >>> round(bits(math.log(4)), 6)
        2.0
    """
    return nats / math.log(2)
