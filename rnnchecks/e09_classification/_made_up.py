"""Made-up reviews: what their words mean is drawn at random, and some of them turn the meaning of the next.

Whoever does not know the generator cannot have seen a review of it, nor trained a net on one.
"""

import numpy as np

GOOD, BAD, TURNS, PLAIN = 20, 20, 2, 78  # words that praise, that blame, that turn what follows, that say nothing
FIRST_ID = 2  # 0 is the filling, 1 an unknown word
TURNED = 0.3
V = FIRST_ID + GOOD + BAD + TURNS + PLAIN


class Reviews:
    """A language of reviews that is drawn.

    Args:
        rng: the generator that draws it, and then its reviews.
    """

    def __init__(self, rng):
        self.rng = rng
        ids = FIRST_ID + rng.permutation(V - FIRST_ID)
        self.good, self.bad, self.turns, self.plain = np.split(ids, np.cumsum([GOOD, BAD, TURNS]))

    def draw(self, N):
        """Draw reviews of 5 to 17 words, as lists of ids, and their labels.

        A review has one word or three that praise or blame; three in ten of them stand behind a word that turns them.
        Its label is 1 where more praise is left than blame.
        """
        reviews, labels = [], []
        for _ in range(N):
            said, phrases = 0, []
            for _ in range(self.rng.choice([1, 3])):
                praise, turned = self.rng.random(2) < (0.5, TURNED)
                word = [self.rng.choice(self.good if praise else self.bad)]
                phrases.append(([self.rng.choice(self.turns)] if turned else []) + word)
                said += 1 if praise != turned else -1
            phrases += [[word] for word in self.rng.choice(self.plain, self.rng.integers(4, 12))]
            order = self.rng.permutation(len(phrases))
            reviews.append([int(word) for place in order for word in phrases[place]])
            labels.append(int(said > 0))
        return reviews, labels
