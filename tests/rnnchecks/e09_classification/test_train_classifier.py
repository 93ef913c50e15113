"""Training a critic: the right run is right often enough, and each wrong one is told what is the matter with it."""

import numpy as np
import pytest
import torch
from torch import nn

from rnnchecks import find
from rnnchecks.engine.run import run

PROBLEM = find("classification.train_classifier")
HEART, ORDER, FILMS = 0, 1, 2  # the visible cases


def train(
    ids,
    lengths,
    labels,
    V,
    epochs,
    seed,
    *,
    lr=0.01,
    flip=False,
    bag=False,
    lengths_used=True,
    squash=True,
    switch_off=True,
    by_length=False,
    spoil=None,
):
    """The solution's run, with switches for its faults."""
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    embedding, lstm, out, drop = nn.Embedding(V, 24), nn.LSTM(24, 24), nn.Linear(48, 1), nn.Dropout(0.3)
    nn.init.normal_(embedding.weight, std=0.3)
    net = nn.ModuleList([embedding, lstm, out, drop])

    def outputs(ids, lengths):
        lengths = torch.as_tensor(lengths)
        x = embedding(torch.as_tensor(ids))
        h = x if bag else lstm(drop(x))[0]
        if not lengths_used:
            lengths = torch.full_like(lengths, len(h))
        words = torch.arange(len(h))[:, None] < lengths
        mean = (h * words[..., None]).sum(dim=0) / lengths[:, None]
        last = mean if bag else h[lengths - 1, torch.arange(len(lengths))]
        return out(drop(torch.cat([last, mean], dim=1)))[:, 0]

    y, N = torch.as_tensor(labels).float(), len(labels)
    optimizer = torch.optim.Adam(net.parameters(), lr)
    for epoch in range(epochs):
        order = rng.permutation(N)
        for rows in (order[i : i + 32] for i in range(0, N, 32)):
            optimizer.param_groups[0]["lr"] = lr * min(1, 2 * (1 - epoch / epochs))
            loss = nn.functional.binary_cross_entropy_with_logits(
                outputs(ids[: lengths[rows].max(), rows], lengths[rows]), 1 - y[rows] if flip else y[rows]
            )
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
    if switch_off:
        net.eval()

    def probabilities(ids, lengths):
        if by_length:
            order = np.argsort(lengths, kind="stable")
            ids, lengths = ids[:, order], lengths[order]
        with torch.no_grad():
            z = outputs(ids.copy(), lengths.copy())
        return (torch.sigmoid(z) if squash else z) * (np.nan if spoil else 1)

    return probabilities


def wrong(**faults):
    return lambda *args: train(*args, **faults)


def judged(case, **faults):
    """What the check finds in a run on one of the visible cases."""
    return PROBLEM.finding(wrong(**faults), PROBLEM.cases("visible")[case])


@pytest.mark.parametrize("kind", ["visible", "hidden"])
def test_the_solution_is_right_often_enough(kind):
    assert run(PROBLEM, train, kind).passed


@pytest.mark.parametrize(
    ("case", "faults", "name"),
    [
        (HEART, {"lr": 0.0}, "not-trained"),
        (HEART, {"spoil": True}, "not-finite"),
        (HEART, {"squash": False}, "not-a-probability"),
        (HEART, {"switch_off": False}, "dropout-still-on"),
        (HEART, {"by_length": True}, "answers-in-another-order"),
        (HEART, {"lengths_used": False}, "filling-counts"),
        (HEART, {"flip": True}, "the-wrong-way-round"),
        (ORDER, {"flip": True}, "the-wrong-way-round"),
        (ORDER, {"bag": True}, "no-order"),
        (ORDER, {"lengths_used": False}, "filling-counts"),
        (ORDER, {"lr": 0.0001}, "order-not-learned"),
        (FILMS, {"lr": 0.0005}, "films-not-learned"),
    ],
)
def test_a_wrong_run_is_told_what_is_the_matter(case, faults, name):
    assert judged(case, **faults) == name


def test_a_bag_of_words_is_known_as_one_in_the_whole_verdict():
    assert run(PROBLEM, wrong(bag=True)).misconceptions == ("no-order",)


def guessing(ids, lengths):
    """Answers that are the same whenever a review is, depend on the order of its words, and know nothing."""
    reviews = [tuple(ids[:n, b].tolist()) for b, n in enumerate(lengths)]
    return np.array([np.random.default_rng([len(review), *review]).uniform() for review in reviews])


def by_heart(ids, lengths, labels, V, epochs, seed):
    """A classifier that looks up what it has read, and guesses where it has read nothing like it."""
    seen = {tuple(ids[:n, b].tolist()): label for b, (n, label) in enumerate(zip(lengths, labels))}

    def probabilities(ids, lengths):
        reviews = [tuple(ids[:n, b].tolist()) for b, n in enumerate(lengths)]
        return np.array([seen.get(r, guess) for r, guess in zip(reviews, guessing(ids, lengths))], float)

    return probabilities


def test_a_table_of_what_was_read_is_told_that_it_knows_by_heart():
    verdict = run(PROBLEM, by_heart)
    assert len(verdict.failures) == 2  # the four reviews are right
    assert verdict.misconceptions == ("known-by-heart-only",)


def test_who_does_not_even_know_four_reviews_is_told_that_first():
    def three_of_four(ids, lengths, labels, V, epochs, seed):
        return by_heart(ids, lengths, np.where(np.arange(len(labels)) == 0, 0.1, labels), V, epochs, seed)

    assert run(PROBLEM, three_of_four).misconceptions == ("learns-too-little",)


def test_what_is_no_classifier_is_an_error_and_not_a_pass():
    for answer in (None, 0.0, np.zeros(4), lambda ids, n: 0.5, lambda ids, n: np.zeros((len(n), 1))):
        verdict = run(PROBLEM, lambda *args, answer=answer: answer)
        assert verdict.kind == "error"
        assert "expected" in verdict.failures[0].message
