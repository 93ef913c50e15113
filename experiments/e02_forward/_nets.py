"""What the experiments of chapter 2 share: language models that spell and fill blanks, and the twelve sentences."""

from typing import Any

import numpy as np

from rnnlib import RNN, LanguageModel, Linear
from rnnlib.data import Vocabulary
from rnnlib.optim import Adam
from rnnlib.training import train

LETTERS = Vocabulary("hello")
NEED = {"hungry": "eat", "thirsty": "drink", "tired": "sleep", "dirty": "wash"}
WHO = ("i am", "you are", "we are", "they are")
LR = 0.01


def hello() -> tuple[Any, Any]:
    """What is read and what follows, each (T, B) = (4, 1)."""
    ids = LETTERS.encode("hello")
    return ids[:-1, None], ids[1:, None]


def new_model(seed: int, V: int = 4, H: int = 8) -> LanguageModel:
    """An untrained net over V symbols."""
    rng = np.random.default_rng(seed)
    return LanguageModel(RNN(V, H, rng=rng), Linear(H, V, rng=rng))


def spell(seed: int, memory: bool, steps: int = 250) -> tuple[LanguageModel, Any]:
    """A net that learned "hello", and its losses; without memory each letter is a sequence of its own."""
    model, (read, follows) = new_model(seed), hello()
    batch = (read, follows) if memory else (read.T, follows.T)
    return model, np.array(train(model, [batch], Adam(model.params, LR), epochs=steps, progress=False).loss)


def sentence(person: str, state: str) -> list[str]:
    """Nine words, the last of which follows from the state."""
    return f"{person} {state} , {person} going to {NEED[state]}".split()


LEFT_OUT = list(zip(WHO, NEED, strict=True))
CORPUS = [sentence(person, state) for person in WHO for state in NEED if (person, state) not in LEFT_OUT]
WORDS = sorted({word for words in CORPUS for word in words})
INDEX = {word: k for k, word in enumerate(WORDS)}


def encode(sentences: list[list[str]]) -> Any:
    """Sentences of one length as numbers, (T, B)."""
    return np.array([[INDEX[word] for word in words] for words in sentences]).T
