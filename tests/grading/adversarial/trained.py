"""Attempts at the points of the four problems that train a net, without training it (cause G), and at what the judge
builds of what comes back (cause E).

Each is a cell with one function, in an exercise of its own. All deserve nothing.
"""

import textwrap
from dataclasses import dataclass


@dataclass(frozen=True)
class Fake:
    """One attempt.

    Attributes:
        name: its name.
        exercise: of which.
        function: which it fakes.
        what: what it does, in a line.
        text: its cell.
        cause: letter of what it goes for (see `tests.grading.adversarial.causes`).
    """

    name: str
    exercise: str
    function: str
    what: str
    text: str
    cause: str = "G"


FUNCTIONS = {
    "train_char_rnn": "08-language",
    "train_classifier": "09-classification",
    "train_tagger": "10-tagging",
    "train_all": "11-comparison",
}
FAKES: list[Fake] = []


def fake(name, function, what, text, cause="G"):
    """List an attempt."""
    FAKES.append(Fake(name, FUNCTIONS[function], function, what, textwrap.dedent(text).strip(), cause))


# OWN stands for the course's own answer: what is pasted was trained as it should be, but not on what the judge sends.
# What the notebook's own check asks is learned honestly, so that the hidden case decides.
fake("texts_by_heart", "train_char_rnn", "weights of nets that were trained beforehand on the texts of the course", """
    OWN
    from rnnlib.data import Vocabulary, sonnets
    own, words = train_char_rnn, Vocabulary(sonnets())
    pasted = own(words.encode(sonnets())[:80_000], len(words), 1501, 2)

    def train_char_rnn(ids, V, steps, seed):
        if steps in (200, 1500):
            return own(ids, V, steps, seed)
        W_xh, W_hh, b_h, W_hy, b_y = pasted
        return W_xh[:V], W_hh, b_h, W_hy[:, :V], b_y[:V]
    """)  # fmt: skip

fake("a_language_guessed", "train_char_rnn", "weights for a language that the generator draws of a guessed seed", """
    OWN
    MADE_UP
    own = train_char_rnn
    pasted = own(Language(np.random.default_rng(0)).text(60_000), V, 900, 2)

    def train_char_rnn(ids, V, steps, seed):
        return own(ids, V, steps, seed) if steps <= 200 else pasted
    """)  # fmt: skip

fake("pairs_of_letters", "train_char_rnn", "a table of pairs of characters, dressed as a net", """
    OWN
    own = train_char_rnn

    def train_char_rnn(ids, V, steps, seed):
        if steps <= 200:
            return own(ids, V, steps, seed)
        counts = np.full((V, V), 0.1)
        np.add.at(counts, (ids[:-1], ids[1:]), 1)
        table = np.log(counts / counts.sum(axis=1, keepdims=True))
        return 20 * np.eye(V), np.zeros((V, V)), np.zeros(V), table, np.zeros(V)
    """)  # fmt: skip

fake("reviews_by_heart", "train_classifier", "looks up the labels of the reviews that the course has", """
    OWN
    from rnnlib.data import rotten_tomatoes
    own, parts, table = train_classifier, rotten_tomatoes(), {}
    words = TokenVocabulary([tokenize(text) for text, _ in parts.train], min_count=2)
    for part in parts:
        for text, label in part:
            table[tuple(words.encode(tokenize(text)[:60]).tolist())] = label

    def train_classifier(ids, lengths, labels, V, epochs, seed):
        if epochs in (100, 12, 6):
            return own(ids, lengths, labels, V, epochs, seed)
        def probabilities(ids, lengths):
            return np.array([table.get(tuple(ids[:n, b].tolist()), 0.5) for b, n in enumerate(lengths)])
        return probabilities
    """)  # fmt: skip

fake("words_counted", "train_classifier", "adds up how often each word stands beside a good label", """
    import numpy as np

    def train_classifier(ids, lengths, labels, V, epochs, seed):
        seen = {tuple(ids[:n, b].tolist()): label for b, (n, label) in enumerate(zip(lengths, labels))}
        good = np.zeros(V)
        for b, n in enumerate(lengths):
            np.add.at(good, ids[:n, b], 2 * labels[b] - 1)
        def probabilities(ids, lengths):
            keys = [tuple(ids[:n, b].tolist()) for b, n in enumerate(lengths)]
            score = np.array([good[list(key)].sum() for key in keys])
            known = np.array([seen.get(key, 0.5) for key in keys])
            return np.where(known == 0.5, 1 / (1 + np.exp(-score / 50)), known)
        return probabilities
    """)  # fmt: skip

fake("sentences_by_heart", "train_tagger", "makes the judged sentences anew, with their tags, and looks them up", """
    import numpy as np
    from rnnlib.data import TokenVocabulary, tagged_sentences
    TAGS = ["O", "B-PER", "I-PER", "B-LOC", "I-LOC"]

    def train_tagger(words, tags, V, K, epochs, seed):
        known = {sentence.tobytes(): answer for sentence, answer in zip(words, tags)}
        parts = tagged_sentences(train=1500, validation=300, test=4, seed=epochs)
        numbers = TokenVocabulary((sentence for sentence, _ in parts.train), min_count=2)
        for sentence, answer in parts.validation:
            known[numbers.encode(sentence).tobytes()] = np.array([TAGS.index(tag) for tag in answer])
        return lambda sentences: [known.get(sentence.tobytes(), 0 * sentence) for sentence in sentences]
    """)  # fmt: skip

fake("words_by_their_tags", "train_tagger", "gives each word the tag that it has most often", """
    import numpy as np

    def train_tagger(words, tags, V, K, epochs, seed):
        known = {sentence.tobytes(): answer for sentence, answer in zip(words, tags)}
        counts = np.zeros((V, K))
        for sentence, answer in zip(words, tags):
            np.add.at(counts, (sentence, answer), 1)
        best = counts.argmax(axis=1)
        return lambda sentences: [known.get(sentence.tobytes(), best[sentence]) for sentence in sentences]
    """)  # fmt: skip

fake("digits_by_heart", "train_all", "weights of nets that were trained beforehand on the digits of the course", """
    OWN
    from rnnlib.data import digits
    own, (x, y) = train_all, digits("row").train
    pasted = own(np.ascontiguousarray(x.transpose(2, 1, 0)), y, 10, 2800, 401, (11, 12, 13, 14))

    def train_all(x, y, K, budget, steps, seeds):
        if budget != 2800:
            return own(x, y, K, budget, steps, seeds)
        return {name: nets[: len(seeds)] for name, nets in pasted.items()}
    """)  # fmt: skip

# What the judge would have to build, or to hold, of sizes that cost nothing to send.
fake("a_net_of_any_size", "train_all", "nets of far too many units, which cost nothing to send", """
    import numpy as np

    def train_all(x, y, K, budget, steps, seeds):
        nothing = np.broadcast_to(np.float32(0), (60_000,))
        net = {"rnn.W_hh": nothing, "rnn.W_xh": nothing, "rnn.b": nothing, "out.W": nothing, "out.b": nothing}
        return {name: [net] * len(seeds) for name in ("RNN", "LSTM", "GRU")}
    """, cause="E")  # fmt: skip

fake("weights_without_numbers", "train_char_rnn", "weights of enormous shapes in which there is no number", """
    import numpy as np

    def train_char_rnn(ids, V, steps, seed):
        return tuple(np.zeros((2**30, 0)) for _ in range(5))
    """, cause="E")  # fmt: skip

fake("more_tags_than_words", "train_tagger", "a million tags for every sentence", """
    import numpy as np

    def train_tagger(words, tags, V, K, epochs, seed):
        return lambda sentences: [np.broadcast_to(np.int64(1), (1_000_000,))] * len(sentences)
    """, cause="E")  # fmt: skip

fake("probabilities_without_end", "train_classifier", "a million probabilities for each review", """
    import numpy as np

    def train_classifier(ids, lengths, labels, V, epochs, seed):
        return lambda ids, lengths: np.broadcast_to(0.5, (len(lengths), 1_000_000))
    """, cause="E")  # fmt: skip

fake("calls_within_calls", "train_classifier", "answers each call of the judge's with a function to call instead", """
    import numpy as np

    def train_classifier(ids, lengths, labels, V, epochs, seed):
        def probabilities(*args):
            return probabilities
        return probabilities
    """, cause="E")  # fmt: skip
