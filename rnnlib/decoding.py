"""From a model's logits to text."""

import numpy as np

from rnnlib._validate import require_array, require_ids
from rnnlib.activations import softmax


def sample(logits, rng, temperature=1.0):
    """Draw one symbol per row from ``softmax(logits / temperature)``.

    Args:
        logits: array (B, V).
        rng: `numpy.random.Generator`.
        temperature: below 1 the likely gets likelier, above 1 all get more alike; 0 takes the likeliest.

    Returns:
        Integer array (B,).

    Raises:
        ValueError: when the logits have another rank or the temperature is negative.

    Taught in: chapter 03, chapter 08.

    Example:
        >>> logits = np.log([[0.2, 0.5, 0.3]])
        >>> sample(logits, np.random.default_rng(0), temperature=0)
        array([1])
    """
    require_array("logits", logits, ("B", "V"))
    if not temperature >= 0:
        raise ValueError(f"temperature: expected a number of at least 0, got {temperature!r}.")
    if temperature == 0:
        return logits.argmax(axis=-1)
    cumulative = softmax(logits.astype(np.float64) / temperature).cumsum(axis=-1)
    # Where a uniform number falls among the cumulative probabilities is a draw; the last one may round to less than 1.
    draws = (rng.random((len(logits), 1)) >= cumulative).sum(axis=-1)
    return np.minimum(draws, logits.shape[-1] - 1)


def generate(model, prompt, length, rng, temperature=1.0):
    """Continue a prompt: read it, then feed each drawn symbol back as the next input.

    Args:
        model: object with ``V`` and ``step(ids, state) -> (logits, state)``, such as `rnnlib.models.LanguageModel`.
        prompt: sequence of at least one symbol id.
        length: how many symbols to add.
        rng: `numpy.random.Generator`.
        temperature: as in `sample`.

    Returns:
        Integer array (length,): the symbols after the prompt.

    Raises:
        ValueError: when the prompt is empty or holds an unknown symbol.

    Taught in: chapter 03, chapter 08.
    """
    state = None
    for symbol in require_ids("prompt", prompt, model.V):
        logits, state = model.step(np.array([symbol]), state)
    written = np.empty(length, dtype=int)
    for i in range(length):
        ids = sample(logits, rng, temperature)
        written[i] = ids[0]
        logits, state = model.step(ids, state)
    return written
