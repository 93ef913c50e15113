"""From a model's logits to symbols: drawn at random, or the likeliest.

Taught in: chapter 03 (temperature), chapter 08 (top-k and nucleus), chapter 12 (greedy and beam).
"""

from typing import NamedTuple

import numpy as np

from rnnlib._tree import tree_map
from rnnlib._types import Array, ArrayLike, Ids, Rng, State, Step, Writer
from rnnlib._validate import require_array, require_ids, require_number, require_rng, require_size
from rnnlib.activations import softmax

__all__ = ["Hypothesis", "beam_search", "generate", "greedy", "sample"]


def sample(
    logits: Array, rng: Rng, temperature: float = 1.0, *, top_k: int | None = None, top_p: float | None = None
) -> Ids:
    """Draw one symbol per row from ``softmax(logits / temperature)``.

    Args:
        logits: array (B, V).
        rng: `numpy.random.Generator`.
        temperature: below 1 the likely gets likelier, above 1 all get more alike; 0 takes the likeliest.
        top_k: draw among the k likeliest symbols only; default all.
        top_p: draw from the nucleus only: the fewest symbols, the likeliest first, that together have at least this
            probability; default all. With `top_k`, the nucleus of what that leaves.

    Returns:
        Integer array (B,).

    Raises:
        ValueError: when the logits have another rank or hold NaN, the temperature is negative, `top_k` is not positive
            or `top_p` not from 0 to 1.

    Notes:
        A model gives each of its many unlikely symbols a little too much, and a long text meets them often: both cuts
        keep the draw away from that tail.

    Source: Holtzman et al. 2020, "The curious case of neural text degeneration" (nucleus).

    Example:
        >>> logits = np.log([[0.2, 0.5, 0.3]])
        >>> sample(logits, np.random.default_rng(0), temperature=0)
        array([1])
    """
    _require_logits(require_array("logits", logits, ("B", "V")))
    require_number("temperature", temperature, lambda number: number >= 0, "a number of at least 0")
    if top_p is not None:
        require_number("top_p", top_p, lambda p: 0 < p <= 1, "a probability above 0, at most 1")
    if top_k is not None:
        require_size("top_k", top_k)
    if rng is None:
        raise ValueError("rng: expected a numpy.random.Generator, got None. Make one with np.random.default_rng(seed).")
    require_rng(rng)
    if temperature == 0:
        return logits.argmax(axis=-1)
    p = softmax(logits.astype(np.float64) / temperature)
    if top_k is not None or top_p is not None:
        p = _without_tail(p, top_k, top_p)
    cumulative = p.cumsum(axis=-1)
    # Where a uniform number falls among the cumulative probabilities is a draw; the last one may round to less than 1.
    draws = (rng.random((len(logits), 1)) >= cumulative).sum(axis=-1)
    return np.minimum(draws, logits.shape[-1] - 1)


def _without_tail(p: Array, top_k: int | None, top_p: float | None) -> Array:
    """The distributions `p`, (B, V), with nothing outside the k likeliest and the nucleus."""
    order = (-p).argsort(axis=-1, kind="stable")  # the likeliest first
    p_sorted = np.take_along_axis(p, order, axis=-1)
    if top_k is not None:
        p_sorted[:, top_k:] = 0
        p_sorted /= p_sorted.sum(axis=-1, keepdims=True)
    if top_p is not None:
        # A symbol is outside when those before it have the probability already.
        p_sorted[p_sorted.cumsum(axis=-1) - p_sorted >= top_p] = 0
        p_sorted /= p_sorted.sum(axis=-1, keepdims=True)
    kept = np.empty_like(p)
    np.put_along_axis(kept, order, p_sorted, axis=-1)
    return kept


def generate(
    model: Writer,
    prompt: ArrayLike,
    length: int,
    rng: Rng,
    temperature: float = 1.0,
    *,
    top_k: int | None = None,
    top_p: float | None = None,
) -> Ids:
    """Continue a prompt: read it, then feed each drawn symbol back as the next input.

    Args:
        model: object with ``V`` and ``step(ids, state) -> (logits, state)``, such as `rnnlib.models.LanguageModel`.
        prompt: sequence of at least one symbol id.
        length: how many symbols to add.
        rng: `numpy.random.Generator`.
        temperature: as in `sample`.
        top_k: as in `sample`.
        top_p: as in `sample`.

    Returns:
        Integer array (length,): the symbols after the prompt.

    Raises:
        ValueError: when the prompt is empty or holds an unknown symbol, or `length` is not positive.
    """
    require_size("length", length)
    state = None
    for symbol in require_ids("prompt", prompt, model.V):
        logits, state = model.step(np.array([symbol]), state)
    written = np.empty(length, dtype=int)
    for i in range(length):
        ids = sample(logits, rng, temperature, top_k=top_k, top_p=top_p)
        written[i] = ids[0]
        logits, state = model.step(ids, state)
    return written


def greedy(step: Step, state: State, starts: ArrayLike, end: int, longest: int) -> list[Ids]:
    """Write the likeliest symbol at every step, for several rows at once, until each has written `end`.

    Args:
        step: function ``(ids, state) -> (logits, state)`` for B rows, as `EncoderDecoder.encode` returns it.
        state: the state before the first step.
        starts: integer array (B,), the symbol that each row reads first.
        end: id of the symbol that ends a row.
        longest: largest number of symbols written.

    Returns:
        List of B integer arrays, without the `end`.

    Raises:
        ValueError: when `longest` is not positive.
    """
    ids = np.asarray(starts)
    written = np.full((require_size("longest", longest), len(ids)), end)
    ended = np.zeros(len(ids), bool)
    for t in range(longest):
        logits, state = step(ids, state)
        _require_logits(logits)
        ids = np.where(ended, end, logits.argmax(axis=-1))
        written[t] = ids
        ended |= ids == end
        if ended.all():
            break
    return [column[: np.argmax(np.append(column, end) == end)] for column in written.T]


class Hypothesis(NamedTuple):
    """A sequence that `beam_search` found.

    Attributes:
        ids: integer array, without the end symbol.
        log_probability: of the sequence, with the end symbol if it was written.
        score: the same after length normalisation.
    """

    ids: Ids
    log_probability: float
    score: float


def beam_search(
    step: Step, state: State, start: int, end: int, longest: int, *, width: int = 4, alpha: float = 1.0
) -> list[Hypothesis]:
    """Look for the likeliest sequence along several paths at once.

    At every step each of the open hypotheses is continued by each symbol, and the best of all these stay open. One that
    writes `end` leaves the beam, which gets narrower by it, and is kept. At the end hypotheses compete by::

        score = log_probability / length^alpha

    Args:
        step: function ``(ids, state) -> (logits, state)`` for any number of rows, such as `LanguageModel.step`.
        state: state of one row before the first step; None if `step` knows what that means.
        start: id of the symbol that is read first.
        end: id of the symbol that ends a hypothesis.
        longest: largest number of symbols written; what is open then ends there.
        width: hypotheses in the beam; 1 is greedy.
        alpha: 0 compares probabilities, which favours short sequences; 1, the default, compares the mean per symbol.

    Returns:
        List of `width` `Hypothesis`, or as many as there are, the best score first.

    Raises:
        ValueError: when `width` or `longest` is not positive, or `alpha` is negative.

    Source: Sutskever, Vinyals & Le 2014, "Sequence to sequence learning with neural networks"; dividing by a power of
    the length is what Wu et al. 2016, "Google's neural machine translation system", tried before a formula of their
    own.
    """
    require_size("longest", longest)
    require_number("alpha", alpha, lambda number: number >= 0, "a number of at least 0")
    found: list[Hypothesis] = []

    def keep(ids: Ids, log_p: float, length: int) -> None:
        found.append(Hypothesis(ids, float(log_p), float(log_p / length**alpha)))

    ids, log_p = np.full((1, 1), start), np.zeros(1)  # open hypotheses: (k, 1 + t) with the start, (k,)
    room = require_size("width", width)
    for t in range(1, longest + 1):
        logits, state = step(ids[:, -1], state)
        joint = log_p[:, None] + _log_softmax(_require_logits(logits))  # (k, V)
        best = (-joint).ravel().argsort(kind="stable")[:room]
        best = best[joint.ravel()[best] > -np.inf]
        rows, symbols = np.divmod(best, joint.shape[1])
        for row in rows[symbols == end]:
            keep(ids[row, 1:], joint[row, end], t)
        rows, symbols = rows[symbols != end], symbols[symbols != end]
        room = width - len(found)
        ids, log_p = np.column_stack((ids[rows], symbols)), joint[rows, symbols]
        if len(rows) == 0:
            break
        state = tree_map(lambda a, rows=rows: a[rows], state)
    for row, p in zip(ids, log_p, strict=True):
        keep(row[1:], p, len(row) - 1)
    return sorted(found, key=lambda hypothesis: -hypothesis.score)


def _require_logits(logits: Array) -> Array:
    """Refuse logits that are no distribution: minus infinity forbids a symbol, NaN means that the net has failed."""
    bad = ~(logits.max(axis=-1) < np.inf) | (logits.max(axis=-1) == -np.inf)
    if bad.any():
        row = int(np.argmax(bad))
        raise ValueError(
            f"logits: expected numbers, minus infinity for some at most, got {logits[row].max()} as the largest of row "
            f"{row}."
        )
    return logits


def _log_softmax(z: Array) -> Array:
    """Logarithm of the softmax of every row, in float64."""
    z = z.astype(np.float64)
    z -= z.max(axis=-1, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=-1, keepdims=True))
