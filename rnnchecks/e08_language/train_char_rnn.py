"""A whole training run, judged by what the net makes of text that it has not read.

A run takes seconds. So it is not compared with a run of the reference, and no misconception trains a net: what a check
compares is a finding, a number that says what the returned net is like. The wrong programs themselves are in the tests.
"""

import re
from functools import cache

import numpy as np

from rnnchecks.engine.problem import Problem
from rnnlib.data import Vocabulary, alice, sonnets

problem = Problem("language.train_char_rnn", "08-language", task=6, outputs={"finding": "#"}, seconds=90)

LINE = "The Hatter opened his eyes very wide on hearing this. "
NAMES = ("W_xh", "W_hh", "b_h", "W_hy", "b_y")


class Finding(float):
    """What is the matter with a trained net: 0 when its loss is low enough."""


(GOOD, UNTRAINED, DIVERGED, COPIES, FREQUENCIES, NO_MEMORY, ONE_PIECE, TOO_HIGH) = range(8)


@problem.reference
def train_char_rnn(ids, V, steps, seed):
    """Stand for a run that reaches the loss; the solution notebook has one."""
    return Finding(0)


@cache
def texts():
    """Give, by the number of steps: vocabulary, text to learn, text to be judged on, largest loss in nats."""
    line = Vocabulary(LINE)
    chapters = [c for c in re.split(r"(?=^CHAPTER )", alice(), flags=re.M) if c]
    book, poems = Vocabulary(alice()), Vocabulary(sonnets())
    verse = poems.encode(sonnets())
    cut = int(0.85 * len(verse))
    return {
        200: (line, line.encode(25 * LINE), line.encode(25 * LINE), 0.1),
        1500: (book, book.encode("".join(chapters[:10])), book.encode(chapters[10]), 1.85),
        1501: (poems, verse[:cut], verse[cut:], 1.95),
    }


def case(steps, seed):
    """Give the arguments of one case."""
    vocabulary, learn, _, _ = texts()[steps]
    return learn, len(vocabulary), steps, seed


@problem.special("one line, again and again: it should be known by heart")
def one_line_again_and_again_it_should_be_known(rng):
    return case(200, 0)


@problem.special("ten chapters of a book, judged on the eleventh")
def ten_chapters_of_a_book_judged(rng):
    return case(1500, 1)


@problem.special("poems, judged on others", hidden=True)
def poems_judged_on_others(rng):
    return case(1501, 2)


def measure(returned, ids, V, steps, seed):
    """Judge a trained net, and say what it came to."""
    if isinstance(returned, Finding):
        return returned
    weights = read(returned, V)
    _, learn, unseen, limit = texts()[steps]
    loss = mean_loss(weights, unseen)
    bits = loss / np.log(2)
    print(f"loss {loss:.2f} nats a character ({bits:.2f} bits, perplexity {np.exp(min(loss, 99)):.1f}); asked {limit}")
    return finding(weights, learn, unseen, loss, limit)


problem.measure = measure


def read(returned, V):
    """Read five weights of fitting shapes.

    Raises:
        ValueError: when something else came back.
    """
    asked = f"expected {', '.join(NAMES)}"
    if not isinstance(returned, tuple | list) or len(returned) != 5:
        raise ValueError(f"train_char_rnn: {asked}, got {type(returned).__name__}.")
    weights = [np.array(w, dtype=float) for w in returned]
    H = weights[1].shape[-1] if weights[1].ndim else 0
    for name, w, shape in zip(NAMES, weights, ((V, H), (H, H), (H,), (H, V), (V,)), strict=True):
        if w.shape != shape:
            raise ValueError(f"train_char_rnn: {asked}; {name} has shape {w.shape}, expected {shape}.")
    return weights


def probabilities(weights, ids, remember=True, B=10):
    """Give the distributions (T, B, V) after each symbol, in B streams, the symbols and the next ones (T, B)."""
    W_xh, W_hh, b_h, W_hy, b_y = weights
    T = (len(ids) - 1) // B
    x, targets = (ids[i : B * T + i].reshape(B, T).T for i in (0, 1))
    h, p = np.zeros((B, len(b_h))), np.empty((T, B, len(b_y)))
    with np.errstate(all="ignore"):
        for t in range(T):
            h = np.tanh(W_xh[x[t]] + (h if remember else 0 * h) @ W_hh + b_h)
            y = h @ W_hy + b_y
            e = np.exp(y - y.max(axis=1, keepdims=True))
            p[t] = e / e.sum(axis=1, keepdims=True)
    return p, x, targets


def mean_loss(weights, ids, remember=True, B=10):
    """Give the loss in nats per character; infinity for a net that is not finite."""
    p, _, targets = probabilities(weights, ids, remember, B)
    right = np.take_along_axis(p, targets[..., None], axis=2)
    return float(-np.log(np.maximum(right, 1e-30)).mean()) if np.isfinite(right).all() else np.inf


def finding(weights, learn, unseen, loss, limit):
    """Say what is the matter: the signs of the usual mistakes, the plainest first."""
    if loss <= limit:
        return GOOD
    V = len(weights[-1])
    if not np.isfinite(loss):
        return DIVERGED
    p, x, _ = probabilities(weights, unseen[:2001])
    if np.take_along_axis(p, x[..., None], axis=2).mean() > 0.5:
        return COPIES
    if abs(loss - np.log(V)) < 0.15 and p.std(axis=2).mean() < 0.5 / V:
        return UNTRAINED
    if loss > np.log(V):
        first = mean_loss(weights, learn[:16], B=1)  # whatever T and B were, a first piece begins with these
        return ONE_PIECE if first < np.log(V) / 2 else DIVERGED
    share = np.bincount(learn, minlength=V) / len(learn)
    if p.std(axis=(0, 1)).max() < 0.03 and loss < -(share[share > 0] * np.log(share[share > 0])).sum() + 0.3:
        return FREQUENCIES
    # Pairs of symbols alone come to 2.4 nats. To forget all before them costs a net little that has no use for it.
    if loss > 2.2 and mean_loss(weights, unseen, remember=False) < loss + 0.25:
        return NO_MEMORY
    return TOO_HIGH


@problem.misconception(
    "The net that came back knows nothing: every symbol is about as likely as any other. Do the weights that you "
    "change get into what you return, and does the optimiser take a step?"
)
def not_trained(ids, V, steps, seed):
    return Finding(1)


@problem.misconception(
    "The net that came back is worse than one that knows nothing. Look at the loss of every step: does it rise from "
    "the first one (a sign), or jump at some step (the learning rate, or gradients that nobody clips)?"
)
def diverged(ids, V, steps, seed):
    return Finding(2)


@problem.misconception("Your net has learned to say the symbol that it has just read. Which array are its targets?")
def repeats_what_it_reads(ids, V, steps, seed):
    return Finding(3)


@problem.misconception(
    "Your net says the same distribution whatever it reads: how often each symbol occurs, and no more. Does the "
    "gradient reach W_xh and W_hh, are all weights zero at the start, is the learning rate far too small?"
)
def knows_frequencies_only(ids, V, steps, seed):
    return Finding(4)


@problem.misconception(
    "Your net looks at one symbol. Take its memory away, and it is as good. Is W_hh trained, and are the columns of "
    "your pieces text, read from top to bottom?"
)
def no_memory(ids, V, steps, seed):
    return Finding(5)


@problem.misconception(
    "Your net knows the first symbols of what it should learn by heart, and on other text it is worse than one that "
    "knows nothing: it has read the same piece again and again. Which piece is next after each step?"
)
def one_piece_by_heart(ids, V, steps, seed):
    return Finding(6)


@problem.misconception(
    "Your net has learned, and not enough. Are all steps used? Try a larger learning rate that falls at the end, "
    "clipping at norm 1, weights of about 1 / sqrt(H) at the start, 60 to 120 units."
)
def not_low_enough(ids, V, steps, seed):
    return Finding(7)
