"""The likeliest sequence of tags in which every I goes on with a name of its kind."""

import numpy as np

from rnnchecks.e10_tagging._sentences import telling
from rnnchecks.engine.problem import Problem

problem = Problem("tagging.best_allowed", "10-tagging", task=5, outputs={"tags": "#"})


@problem.reference
def best_allowed(log_p):
    """Keep for every tag the best way to it, from left to right, and walk back from the best last one."""
    T, K = log_p.shape
    follows = np.array([[k == 0 or k % 2 == 1 or j in (k - 1, k) for k in range(K)] for j in range(K)])
    score, came_from = np.where(follows[0], log_p[0], -np.inf), []
    for t in range(1, T):
        ways = np.where(follows, score[:, None], -np.inf)
        came_from.append(ways.argmax(axis=0))
        score = log_p[t] + ways.max(axis=0)
    tags = [score.argmax()]
    for back in reversed(came_from):
        tags.append(back[tags[-1]])
    return np.array(list(reversed(tags)))


def drawn(rng, T, K):
    """Draw log probabilities (T, K) in which tags that do not fit are often the likeliest."""
    logits = 1.5 * rng.standard_normal((T, K))
    logits[:, 2::2] += 0.8
    return logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))


@problem.special("a sentence of twelve words")
def a_sentence_of_twelve_words(rng):
    return telling(problem, lambda: (drawn(rng, 12, 5),))


@problem.special("a sentence of two words")
def a_sentence_of_two_words(rng):
    swap = rng.random() / 20
    p = np.array([[0.5, 0.4 - swap, 0.02, 0.05 + swap, 0.03], [0.3, 0.04, 0.6, 0.03, 0.03]])
    return (np.log(p),)


@problem.special("one word", hidden=True)
def one_word(rng):
    return (np.log(np.array([[0.2, 0.05, 0.4 + rng.random() / 10, 0.1, 0.1]])),)


@problem.special("three kinds", hidden=True)
def three_kinds(rng):
    return (drawn(rng, 15, 7),)


@problem.special("some tags impossible", hidden=True)
def some_tags_impossible(rng):
    log_p = drawn(rng, 9, 5)
    log_p[4, 0] = log_p[6, 3] = -np.inf
    return (log_p,)


def fits(before, tag):
    """Return whether a tag may come after another."""
    return tag == 0 or tag % 2 == 1 or before in (tag - 1, tag)


def search(log_p, follows=fits, start=fits, last=np.argmax, walk=True):
    """Search as the reference does, with another rule of what fits, or another way to end."""
    T, K = log_p.shape
    allowed = np.array([[follows(j, k) for k in range(K)] for j in range(K)])
    score, came_from = np.where([start(0, k) for k in range(K)], log_p[0], -np.inf), []
    heads = [int(score.argmax())]
    for t in range(1, T):
        ways = np.where(allowed, score[:, None], -np.inf)
        came_from.append(ways.argmax(axis=0))
        score = log_p[t] + ways.max(axis=0)
        heads.append(int(score.argmax()))
    if not walk:
        return np.array(heads)
    tags = [int(last(score))]
    for back in reversed(came_from):
        tags.append(int(back[tags[-1]]))
    return np.array(tags[::-1])


def mended(log_p, mend):
    """Take the likeliest tag of each word, and mend those that do not fit."""
    tags = log_p.argmax(axis=1)
    for t in range(len(tags)):
        if not fits(tags[t - 1] if t else 0, tags[t]):
            tags[t] = mend(tags[t])
    return tags


@problem.misconception(
    "You take the likeliest tag of each word, whatever stands before it. So an I can come where nothing has begun."
)
def word_by_word(log_p):
    return log_p.argmax(axis=1)


@problem.misconception(
    "You go from left to right and take at each word the likeliest tag that fits. But a word further on may ask for a "
    "B where you have long said O: keep the best way to each tag until the end."
)
def greedy(log_p):
    tags = []
    for row in log_p:
        before = tags[-1] if tags else 0
        tags.append(max((k for k in range(len(row)) if fits(before, k)), key=lambda k: row[k]))
    return np.array(tags)


@problem.misconception(
    "You take the likeliest tag of each word, and turn an I that does not fit into O. What you get is allowed, and "
    "another sequence may be likelier."
)
def mended_to_o(log_p):
    return mended(log_p, lambda tag: 0)


@problem.misconception(
    "You take the likeliest tag of each word, and turn an I that does not fit into B. What you get is allowed, and "
    "another sequence may be likelier."
)
def mended_to_b(log_p):
    return mended(log_p, lambda tag: tag - 1)


@problem.misconception(
    "Your sequence begins with an I. Nothing has begun before the first word: which tags may stand there?"
)
def i_at_the_start(log_p):
    return search(log_p, start=lambda before, tag: True)


@problem.misconception(
    "In your sequences an I may follow a name of another kind. Which two tags may stand before the I of kind k?"
)
def i_after_any_name(log_p):
    return search(log_p, follows=lambda before, tag: fits(before, tag) or before > 0)


@problem.misconception("In your sequences no name has more than two words: an I may also follow an I of its kind.")
def i_only_after_b(log_p):
    return search(log_p, follows=lambda before, tag: tag == 0 or tag % 2 == 1 or before == tag - 1)


@problem.misconception("In your sequences a B never follows a name directly. Names may touch.")
def names_may_not_touch(log_p):
    return search(log_p, follows=lambda before, tag: fits(before, tag) and not (tag % 2 == 1 and before > 0))


@problem.misconception(
    "At each word you take the tag with the best score so far. The best sequence up to a word need not be the "
    "beginning of the best one to the end: remember where each score came from, and walk back from the last word."
)
def not_walked_back(log_p):
    return search(log_p, walk=False)


@problem.misconception(
    "You walk back from the likeliest tag of the last word. Start from the tag with the best score of a whole sequence."
)
def last_word_alone(log_p):
    return search(log_p, last=lambda score: log_p[-1].argmax())


@problem.misconception(
    "You walk back from the worst score. A log probability is negative: is the best one large or small?"
)
def least_likely(log_p):
    return search(log_p, last=lambda score: np.where(np.isfinite(score), score, np.inf).argmin())


@problem.variant("least-likely")
def least_likely_of_all(log_p):
    return search(log_p, last=np.argmin)


@problem.misconception("Your tags stand in the order in which you walked back: the last word comes first.")
def not_turned_round(log_p):
    return best_allowed(log_p)[::-1]
