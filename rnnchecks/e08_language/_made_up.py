"""A made-up language: a lexicon, classes of words and the order of the classes, all drawn at random.

Whoever does not know the generator cannot have seen a text of it, nor trained a net on one.
"""

import numpy as np

LETTERS, CLASSES, WORDS = 26, 4, 40  # words of each class
VOWELS = 7
V = LETTERS + 2  # with the space and the full stop


class Language:
    """A language that is drawn.

    Args:
        rng: the generator that draws it, and then its texts.
    """

    def __init__(self, rng):
        self.rng = rng
        symbols = rng.permutation(V)
        self.space, self.stop, letters = symbols[0], symbols[1], symbols[2:]
        self.vowels, self.consonants = letters[:VOWELS], letters[VOWELS:]
        seen = set()
        self.words = [[self._word(seen) for _ in range(WORDS)] for _ in range(CLASSES)]
        share = 1 / (np.arange(WORDS) + 3)  # few words are frequent, many are rare
        self.share = np.cumsum(share / share.sum())
        self.next = np.cumsum([rng.permutation([0.75, 0.15, 0.07, 0.03]) for _ in range(CLASSES)], axis=1)

    def _word(self, seen):
        """Draw a word of one to three syllables that there is not yet."""
        while True:
            syllables = [
                [self.rng.choice(self.consonants), self.rng.choice(self.vowels)]
                + [self.rng.choice(self.consonants)] * c
                for c in self.rng.integers(2, size=self.rng.integers(1, 4))
            ]
            word = tuple(int(letter) for syllable in syllables for letter in syllable)
            if word not in seen:
                seen.add(word)
                return np.array(word)

    def text(self, N):
        """Draw a text: ids (N,), sentences of three to nine words."""
        kind, parts, length = 0, [], 0
        while length < N:
            n = int(self.rng.integers(3, 10))
            for end, (u, v) in zip([[self.space]] * (n - 1) + [[self.stop, self.space]], self.rng.random((n, 2))):
                kind = min(np.searchsorted(self.next[kind], u), CLASSES - 1)
                word = self.words[kind][min(np.searchsorted(self.share, v), WORDS - 1)]
                parts += [word, end]
                length += len(word) + len(end)
        return np.concatenate(parts)[:N]
