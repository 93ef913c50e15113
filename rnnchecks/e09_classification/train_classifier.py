"""A classifier trained on reviews, judged by what it makes of reviews that it has not read.

The wrong runs themselves, one at least for each finding, are in the tests.
"""

import numpy as np

from rnnchecks.e09_classification import _made_up
from rnnchecks.engine.compare import plain
from rnnchecks.engine.measured import MeasuredProblem
from rnnlib.data import TokenVocabulary, imdb_reviews, pad, tokenize

FINDINGS = {
    "not-trained": (
        "What you return says nearly the same of every review. Does the optimiser have the weights of the net that "
        "you return, do you call backward() and step(), and is the learning rate far too small?"
    ),
    "not-finite": ("The probabilities are not finite. Do you clip the gradients, and divide by no length of zero?"),
    "not-a-probability": (
        "Numbers below 0 or above 1 came back: the output of the net before the sigmoid. The loss wants that one, "
        "the reader of a probability does not."
    ),
    "dropout-still-on": (
        "The same review got two different answers. Which part of your net draws random numbers, and what switches "
        "it off when training is over?"
    ),
    "filling-counts": (
        "A short review gets another answer when it stands beside a longer one. Its filling has reached the "
        "answer: do you use the lengths?"
    ),
    "answers-in-another-order": (
        "The answers are there, but not in the order of the reviews. Have they been sorted by length on the way?"
    ),
    "the-wrong-way-round": (
        "Your classifier is wrong more often than it is right: it gives the probability of label 0, or learned "
        "from labels that no longer stood beside their reviews."
    ),
    "learns-too-little": (
        "Not even four reviews are known by heart. A learning rate near 0.01 with Adam, all epochs, and a loss "
        "that is computed from the outputs before the sigmoid will do it."
    ),
    "no-order": (
        "Your net answers the same when the words come in reverse. It adds up words; nothing in it has read them "
        "in order. What does the summary look at, the embeddings or the outputs of the LSTM?"
    ),
    "order-not-learned": (
        "Your net could use the order of the words, and has not learned to. Is the learning rate near 0.01, are "
        "there batches of about 32, and does the order change from epoch to epoch?"
    ),
    "films-not-learned": (
        "What is made up is learned, and real text is not. A large vocabulary wants embeddings of its own, 16 to "
        "32 numbers for a word, and dropout keeps them from learning reviews by heart."
    ),
    "known-by-heart-only": (
        "Four reviews are learned, many are not. Do all reviews come up in every epoch, and do the labels stay "
        "beside their reviews when they are shuffled or sorted?"
    ),
}

problem = MeasuredProblem(
    "classification.train_classifier",
    "09-classification",
    task=4,
    findings=FINDINGS,
    together={"known-by-heart-only": {"order-not-learned", "films-not-learned"}},
    seconds=90,
)

HEART, ORDER, FILMS = "by heart", "order decides", "film reviews"  # what an exam asks
SAME = 1e-5  # answers nearer than this are the same: rounding is a hundredth of it, and near 0 and 1 all are near


def ordered(rng, N):
    """Draw reviews of 6 to 14 words, and whether word 2 comes before word 3: a table of counts cannot know."""
    reviews = []
    for n in rng.integers(6, 15, size=N):
        review = rng.integers(4, 40, size=n)
        review[rng.choice(n, size=2, replace=False)] = 2, 3
        reviews.append(review.tolist())
    return reviews, [int(review.index(2) < review.index(3)) for review in reviews]


def filled(reviews, labels):
    """Return reviews and labels as arrays: ids (T, N), lengths (N,), labels (N,)."""
    return *pad(reviews), np.array(labels)


@problem.special("four reviews, to be known by heart")
def four_reviews_by_heart(rng):
    four = filled([[2, 5, 7, 3], [4, 2, 6], [8, 3, 2, 2, 5, 9], [6, 6, 4, 3, 7]], [1, 0, 1, 0])
    return (*four, 10, 100, 0), (HEART, four, 1.0)


@problem.special("made-up reviews in which only the order of two words decides", practice=True)
def only_the_order_decides(rng):
    rng = np.random.default_rng(9)
    learn, unseen = filled(*ordered(rng, 1500)), filled(*ordered(rng, 500))
    return (*learn, 40, 12, 1), (ORDER, unseen, 0.9)


@problem.special("film reviews", practice=True)
def film_reviews(rng):
    parts = imdb_reviews(max_words=100)
    words = TokenVocabulary([tokenize(text) for text, _ in parts.train], min_count=2)
    learn, unseen = (
        filled([words.encode(tokenize(text)[:60]).tolist() for text, _ in part], [label for _, label in part])
        for part in (parts.train, parts.validation + parts.test)
    )
    return (*learn, len(words), 6, 2), (FILMS, unseen, 0.74)


@problem.special("made-up reviews of words with a meaning, which the word before may turn", like="film reviews")
def words_with_a_meaning(rng):
    reviews = _made_up.Reviews(rng)
    learn, unseen = filled(*reviews.draw(1500)), filled(*reviews.draw(500))
    return (*learn, _made_up.V, 8, 3), (ORDER, unseen, 0.85)


@problem.measurement
def measure(returned, exam, ids, lengths, labels, V, epochs, seed):
    """Judge a trained classifier, and say what it came to."""
    what, (ids, lengths, truth), least = exam
    p = judged(returned, ids, lengths)
    right = float(np.mean((p > 0.5) == truth))
    print(f"{what}: {right:.1%} of {len(truth)} right; asked {least:.0%}")
    return finding(returned, ids, lengths, p, right, what, least)


def judged(classifier, ids, lengths):
    """Ask a classifier for the probabilities of reviews.

    Raises:
        ValueError: when it is no function, or does not give one number for each review.
    """
    if not callable(classifier):
        raise ValueError(f"train_classifier: expected a function to be returned, got {type(classifier).__name__}.")
    p = plain(classifier(ids.copy(), lengths.copy()))
    if p.shape != lengths.shape:
        raise ValueError(
            f"the function that train_classifier returned: expected one probability for each of {len(lengths)} "
            f"reviews, shape {lengths.shape}, got shape {p.shape}."
        )
    return p


def finding(classifier, ids, lengths, p, right, what, least):
    """Return the name of what is the matter, or "".

    Faults that show in any answer come first, and after them what is known of the training.
    """
    if not np.isfinite(p).all():
        return "not-finite"
    if p.min() < 0 or p.max() > 1:
        return "not-a-probability"
    if np.abs(judged(classifier, ids, lengths) - p).max() > SAME:
        return "dropout-still-on"
    turned = judged(classifier, ids[:, ::-1], lengths[::-1])[::-1]
    if np.abs(turned - p).max() > SAME > np.abs(np.sort(turned) - np.sort(p)).max():
        return "answers-in-another-order"
    longer = np.pad(ids, ((0, 20), (0, 0)))
    alone = [judged(classifier, ids[:n, [b]], lengths[[b]])[0] for b, n in enumerate(lengths[:3])]
    if max(np.abs(judged(classifier, longer, lengths) - p).max(), np.abs(alone - p[:3]).max()) > SAME:
        return "filling-counts"
    if right >= least:
        return ""
    if np.ptp(p) < 0.05:
        return "not-trained"
    if right < 0.4:
        return "the-wrong-way-round"
    mirrored, _ = pad([column[:n][::-1] for column, n in zip(ids.T, lengths)])
    alike = np.corrcoef(p, judged(classifier, mirrored, lengths))[0, 1]
    if what == ORDER and alike > 0.9:
        return "no-order"
    return {HEART: "learns-too-little", ORDER: "order-not-learned", FILMS: "films-not-learned"}[what]
