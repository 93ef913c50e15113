"""Does a recurrent net carry a word over five others, and what does it say of pairs that it never saw?

Varied: whether the state is kept from word to word, or every word is read as a sequence of its own; and whether a
sentence was learned or left out. Held: twelve sentences, 32 units, 400 steps of Adam at 0.01, which was not tuned.
Baseline: counts of what followed the last k words, which need no seed. Control: the net without memory, with the
same initial weights.
"""

from collections import Counter

import numpy as np

from experiments.claims import claim
from experiments.e02_forward._nets import CORPUS, LEFT_OUT, LR, WORDS, encode, new_model, sentence
from rnnlib.activations import softmax
from rnnlib.layers import one_hot
from rnnlib.optim import Adam
from rnnlib.training import train

SEEDS = 5
EPOCHS = 400


def p_counted(k):
    """What counts of the last k words give to the right word in the blank, mean over the twelve sentences."""
    ends = [tuple(words[-1 - k :]) for words in CORPUS]
    followed, context = Counter(ends), Counter(end[:-1] for end in ends)
    return float(np.mean([followed[end] / context[end[:-1]] for end in ends]))


def p_blank(model, sentences, memory=True):
    """What a net gives to the right word in the blank, mean over sentences."""
    ids = encode(sentences)
    h, _ = model.rnn.forward(one_hot(ids[:-1] if memory else ids[-2:-1], V=len(WORDS)))
    p = softmax(model.out.forward(h)[-1])
    return p[np.arange(len(sentences)), ids[-1]].mean()


def learn(seed, memory):
    """A net that has learned the twelve sentences; without memory each word is a sequence of its own."""
    model, ids = new_model(seed, V=len(WORDS), H=32), encode(CORPUS)
    batch = ids[:-1], ids[1:]
    if not memory:
        batch = tuple(part.reshape(1, -1) for part in batch)
    train(model, [batch], Adam(model.params, LR), epochs=EPOCHS, progress=False)
    return model


def run(seeds):
    """Probability of the right word: learned, left out, and learned without memory, of each net."""
    nets = [learn(seed, True) for seed in seeds]
    unseen = [sentence(person, state) for person, state in LEFT_OUT]
    return {
        "known": [p_blank(net, CORPUS) for net in nets],
        "new": [p_blank(net, unseen) for net in nets],
        "blind": [p_blank(learn(seed, False), CORPUS, memory=False) for seed in seeds],
    }


CLAIMS = [
    claim(
        "forward.blank.carried",
        "On the sentences it learned, every net with memory gives the right word more than 0.9, and every net "
        "without memory gives it a quarter, within 0.03.",
        holds=lambda r: min(r["known"]) > 0.9 and np.abs(np.array(r["blind"]) - 0.25).max() < 0.03,
        control="nets with the same initial weights that read each word as a sequence of its own",
        effect=lambda r: np.mean(r["known"]) - np.mean(r["blind"]),
        unit="probability of the right word, with memory minus without",
    ),
    claim(
        "forward.blank.new",
        "On the pairs that were left out every net gives the right word less than on those it learned, and the mean "
        "of the nets is below one half.",
        holds=lambda r: (np.array(r["new"]) < r["known"]).all() and np.mean(r["new"]) < 0.5,
        control="the same nets on the sentences they learned",
        effect=lambda r: np.mean(r["new"]),
        unit="probability of the right word on pairs left out",
    ),
]
