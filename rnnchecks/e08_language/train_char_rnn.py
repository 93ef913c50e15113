"""A whole training run, judged by what the net makes of text that it has not read.

The wrong runs themselves, one at least for each finding, are in the tests.
"""

import re

import numpy as np

from rnnchecks.e08_language import _made_up
from rnnchecks.engine.measured import MeasuredProblem
from rnnlib.data import Vocabulary, alice

FINDINGS = {
    "not-trained": (
        "The net that came back knows nothing: every symbol is about as likely as any other. Do the weights that "
        "you change get into what you return, and does the optimiser take a step?"
    ),
    "diverged": (
        "The net that came back is worse than one that knows nothing. Look at the loss of every step: does it rise "
        "from the first one (a sign), or jump at some step (the learning rate, or gradients that nobody clips)?"
    ),
    "repeats-what-it-reads": (
        "Your net has learned to say the symbol that it has just read. Which array are its targets?"
    ),
    "knows-frequencies-only": (
        "Your net says the same distribution whatever it reads: how often each symbol occurs, and no more. Does "
        "the gradient reach W_xh and W_hh, are all weights zero at the start, is the learning rate far too small?"
    ),
    "no-memory": (
        "Your net looks at one symbol. Take its memory away, and it is as good. Is W_hh trained, and are the "
        "columns of your pieces text, read from top to bottom?"
    ),
    "one-piece-by-heart": (
        "Your net knows the first symbols of what it should learn by heart, and on other text it is worse than one "
        "that knows nothing: it has read the same piece again and again. Which piece is next after each step?"
    ),
    "not-low-enough": (
        "Your net has learned, and not enough. Are all steps used? Try a larger learning rate that falls at the "
        "end, clipping at norm 1, weights of about 1 / sqrt(H) at the start, 60 to 120 units."
    ),
}

problem = MeasuredProblem(
    "language.train_char_rnn",
    "08-language",
    task=6,
    findings=FINDINGS,
    seconds=90,
)

LINE = "The Hatter opened his eyes very wide on hearing this. "
NAMES = ("W_xh", "W_hh", "b_h", "W_hy", "b_y")
MOST_UNITS = 1024  # that a net is judged with: more take minutes


@problem.special("one line, again and again: it should be known by heart")
def one_line_by_heart(rng):
    vocabulary = Vocabulary(LINE)
    ids = vocabulary.encode(25 * LINE)
    return (ids, len(vocabulary), 200, 0), (ids, 0.1)


@problem.special("ten chapters of a book, judged on the eleventh", practice=True)
def ten_chapters_of_a_book_judged(rng):
    vocabulary = Vocabulary(alice())
    chapters = [c for c in re.split(r"(?=^CHAPTER )", alice(), flags=re.M) if c]
    learn, unseen = vocabulary.encode("".join(chapters[:10])), vocabulary.encode(chapters[10])
    return (learn, len(vocabulary), 1500, 1), (unseen, 1.85)


@problem.special("a made-up language, judged on another text", like="ten chapters of a book, judged on the eleventh")
def a_made_up_language_judged_on_another_text(rng):
    language = _made_up.Language(rng)
    return (language.text(60_000), _made_up.V, 900, 2), (language.text(10_000), 1.2)


@problem.measurement
def measure(returned, exam, ids, V, steps, seed):
    """Judge a trained net, and say what it came to."""
    weights = read(returned, V)
    unseen, limit = exam
    loss = mean_loss(weights, unseen)
    bits = loss / np.log(2)
    print(f"loss {loss:.2f} nats a character ({bits:.2f} bits, perplexity {np.exp(min(loss, 99)):.1f}); asked {limit}")
    return finding(weights, ids, unseen, loss, limit)


def read(returned, V):
    """Read five weights of fitting shapes.

    Raises:
        ValueError: when something else came back.
    """
    asked = f"expected {', '.join(NAMES)}"
    if not isinstance(returned, tuple | list) or len(returned) != 5:
        raise ValueError(f"train_char_rnn: {asked}, got {type(returned).__name__}.")
    shapes = [np.shape(w) for w in returned]
    H = (*shapes[1], 0)[0]
    if not 0 < H <= MOST_UNITS:  # before anything is made of it
        raise ValueError(f"train_char_rnn: {asked}, of a net of 1 to {MOST_UNITS:,} units; got {H:,}.")
    for name, came, shape in zip(NAMES, shapes, ((V, H), (H, H), (H,), (H, V), (V,)), strict=True):
        if came != shape:
            raise ValueError(f"train_char_rnn: {asked}; {name} has shape {came}, expected {shape}.")
    return [np.array(w, dtype=float) for w in returned]


def probabilities(weights, ids, remember=True, B=10):
    """Return the distributions (T, B, V) after each symbol, in B streams, the symbols and the next ones (T, B)."""
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
    """Return the loss in nats per character; infinity for a net that is not finite."""
    p, _, targets = probabilities(weights, ids, remember, B)
    right = np.take_along_axis(p, targets[..., None], axis=2)
    return float(-np.log(np.maximum(right, 1e-30)).mean()) if np.isfinite(right).all() else np.inf


def finding(weights, learn, unseen, loss, limit):
    """Return the name of what is the matter, or "": the signs of the usual mistakes, the plainest first."""
    if loss <= limit:
        return ""
    V = len(weights[-1])
    if not np.isfinite(loss):
        return "diverged"
    p, x, _ = probabilities(weights, unseen[:2001])
    if np.take_along_axis(p, x[..., None], axis=2).mean() > 0.5:
        return "repeats-what-it-reads"
    if abs(loss - np.log(V)) < 0.15 and p.std(axis=2).mean() < 0.5 / V:
        return "not-trained"
    if loss > np.log(V):
        first = mean_loss(weights, learn[:16], B=1)  # whatever T and B were, a first piece begins with these
        return "one-piece-by-heart" if first < np.log(V) / 2 else "diverged"
    share = np.bincount(learn, minlength=V) / len(learn)
    if p.std(axis=(0, 1)).max() < 0.03 and loss < -(share[share > 0] * np.log(share[share > 0])).sum() + 0.3:
        return "knows-frequencies-only"
    # Pairs of symbols alone come to 2.4 nats. To forget all before them costs a net little that has no use for it.
    if loss > 2.2 and mean_loss(weights, unseen, remember=False) < loss + 0.25:
        return "no-memory"
    return "not-low-enough"
