"""A whole tagger, judged by what it makes of sentences that it has not read.

The wrong runs themselves, one at least for each finding, are in the tests.
"""

import numpy as np

from rnnchecks.e10_tagging import _made_up
from rnnchecks.e10_tagging.span_scores import span_scores
from rnnchecks.engine.measured import MeasuredProblem
from rnnlib.data import TokenVocabulary, tagged_sentences

FINDINGS = {
    "always-outside": (
        "Your tagger answers O to every word. Does the optimiser take a step, with the gradients of this batch? "
        "Does the loss fall? Is the learning rate far too small?"
    ),
    "reads-from-the-left-only": (
        "Cut off the end of a sentence, and your tagger says the same about the words before: it has not looked "
        "ahead. Which argument of torch.nn.GRU gives it a second direction?"
    ),
    "reads-from-the-right-only": (
        "Cut off the beginning of a sentence, and your tagger says the same about the rest: it has not looked "
        "back. Both halves of the states belong to the output."
    ),
    "one-word-at-a-time": (
        "Your tagger's answer for a word does not depend on any other word. Do the states reach the last layer, "
        "and is the axis over which the GRU runs that of time?"
    ),
    "not-the-same-twice": (
        "Asked twice about the same sentences, your tagger gives two answers. Is dropout still on, or are words "
        "still hidden? model.eval() and torch.no_grad() belong to the answering."
    ),
    "neighbours-matter": (
        "What your tagger says about a sentence depends on the others in the batch. Read from the right, a short "
        "sentence begins with its padding, unless the GRU knows the lengths; or it runs over the batch in place of "
        "time."
    ),
    "not-good-enough": (
        "Your tagger has learned, and not enough. Are all passes used, in batches of about 32, shuffled? Does "
        "padding count in the loss? Try 32 units each way and Adam with a rate of 0.01."
    ),
}

problem = MeasuredProblem(
    "tagging.train_tagger",
    "10-tagging",
    task=6,
    findings=FINDINGS,
    seconds=60,
)

TAGS = ["O", "B-PER", "I-PER", "B-LOC", "I-LOC"]


def numbered(sentences, vocabulary):
    """Return words and tags of sentences as lists of arrays."""
    return [vocabulary.encode(w) for w, _ in sentences], [np.array([TAGS.index(t) for t in ts]) for _, ts in sentences]


@problem.special("four sentences: they should be known by heart")
def four_sentences_by_heart(rng):
    sentences = tagged_sentences(train=1, validation=1, test=4, seed=60).test
    vocabulary = TokenVocabulary((words for words, _ in sentences), min_count=1)
    words, tags = numbered(sentences, vocabulary)
    return (words, tags, len(vocabulary), len(TAGS), 60, 0), (words, tags, 1.0)


@problem.special("1,500 sentences, judged on 300 others", practice=True)
def fifteen_hundred_sentences(rng):
    parts = tagged_sentences(train=1500, validation=300, test=1, seed=6)
    # Words that occur once are unknown: so the vector of unknown words is trained.
    vocabulary = TokenVocabulary((words for words, _ in parts.train), min_count=2)
    words, tags = numbered(parts.train, vocabulary)
    return (words, tags, len(vocabulary), len(TAGS), 6, 1), (*numbered(parts.validation, vocabulary), 0.95)


@problem.special("sentences of a made-up language, judged on others", like="1,500 sentences, judged on 300 others")
def sentences_of_a_made_up_language(rng):
    words, tags, V = _made_up.sentences(rng, 1800)
    return (words[:1500], tags[:1500], V, len(TAGS), 6, 2), (words[1500:], tags[1500:], 0.93)


@problem.measurement
def measure(returned, exam, words, tags, V, K, epochs, seed):
    """Judge a tagger, and say what it came to."""
    if not callable(returned):
        raise ValueError(f"train_tagger: expected a function from sentences to tags, got {type(returned).__name__}.")
    unseen, wanted, limit = exam
    said = answers(returned, unseen, K)
    precision, recall, f1 = span_scores(said, wanted)
    print(f"F1 {f1:.3f} (precision {precision:.2f}, recall {recall:.2f}) on {len(unseen)} sentences; asked {limit}")
    return finding(returned, unseen, said, K, f1, limit)


def answers(tagger, sentences, K):
    """Ask a tagger, and read its answers.

    Raises:
        ValueError: when something else than tags for each word came back.
    """
    came = tagger([words.copy() for words in sentences])
    if not isinstance(came, list | tuple) or len(came) != len(sentences):
        size = f" of length {len(came)}" if hasattr(came, "__len__") else ""
        raise ValueError(
            f"train_tagger: the function it returned was given a list of {len(sentences)} sentences; expected a list "
            f"of as many arrays of tags, got {type(came).__name__}{size}."
        )
    read = [np.asarray(tags) for tags in came]
    for n, (tags, words) in enumerate(zip(read, sentences, strict=True)):
        if tags.shape != words.shape or tags.dtype.kind not in "iu" or tags.min() < 0 or tags.max() >= K:
            raise ValueError(
                f"train_tagger: expected {len(words)} tags from 0 to {K - 1} for sentence {n}, one for each word, in "
                f"the order in which the sentences were given; got an array of shape {tags.shape}, dtype {tags.dtype}."
            )
    return read


def finding(tagger, unseen, said, K, f1, limit):
    """Return the name of what is the matter, or "": the signs of the usual mistakes, the plainest first."""
    if not any(tags.any() for tags in said):
        return "always-outside"

    def share(sentences, expected):
        """Share of the sentences with the same answer as expected."""
        pairs = zip(answers(tagger, sentences, K), expected, strict=True)
        return np.mean([np.array_equal(a, b) for a, b in pairs])

    if share(unseen, said) < 1:
        return "not-the-same-twice"
    short = sorted(unseen, key=len)[:40]
    # Beside the same long neighbour or beside none: the answer of a sentence is its own.
    longest = max(unseen, key=len)
    beside = answers(tagger, [*short, np.concatenate([longest, longest])], K)[:-1]
    single = [answers(tagger, [words], K)[0] for words in short]
    if np.mean([np.array_equal(a, b) for a, b in zip(beside, single, strict=True)]) < 0.9:
        return "neighbours-matter"
    if f1 >= limit:
        return ""
    if f1 < 0.3:  # too few names to see what they depend on
        return "not-good-enough"

    def matters(part):
        """Return whether what lies outside a part of each sentence, given by its length, changes the part's answer."""
        kept = [part(len(words)) for words in unseen]
        cut = [[a[half] for a, half in zip(arrays, kept, strict=True)] for arrays in (unseen, said)]
        return share(*cut) < 1

    future, past = matters(lambda n: slice(n // 2)), matters(lambda n: slice(n // 2, None))
    if not (future and past):
        return (
            "one-word-at-a-time"
            if not (future or past)
            else "reads-from-the-right-only"
            if future
            else "reads-from-the-left-only"
        )
    return "not-good-enough"
