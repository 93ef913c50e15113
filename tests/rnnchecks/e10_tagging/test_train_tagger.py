"""Training a tagger: the right run reaches the score, and each wrong one is told what is the matter with it."""

import numpy as np
import pytest
import torch
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence, pad_sequence

from rnnchecks import find
from rnnchecks.e10_tagging.train_tagger import TAGS
from rnnchecks.engine.run import run

PROBLEM = find("tagging.train_tagger")
HEART, SAME = 0, 1  # the visible cases


def train_tagger(
    words,
    tags,
    V,
    K,
    epochs,
    seed,
    *,
    left=True,
    right=True,
    over_batch=False,
    drop=0.0,
    lr=0.01,
    fewer=1,
):
    """The solution's run, with switches for its faults."""
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    embedding, gru = torch.nn.Embedding(V, 32, padding_idx=0), torch.nn.GRU(32, 32, bidirectional=True)
    out, dropout = torch.nn.Linear(64 + 32, K), torch.nn.Dropout(drop)
    parameters = [p for layer in (embedding, gru, out) for p in layer.parameters()]
    optimizer = torch.optim.Adam(parameters, lr)

    def logits(sentences):
        x = embedding(pad_sequence([torch.as_tensor(s) for s in sentences]))
        if over_batch:
            h = gru(x.transpose(0, 1))[0].transpose(0, 1)
        else:
            lengths = [len(s) for s in sentences]
            h, _ = pad_packed_sequence(gru(pack_padded_sequence(x, lengths, enforce_sorted=False))[0])
        # The word itself goes past the GRU, so that without both directions something is left.
        return out(dropout(torch.cat([h[..., :32] * left, h[..., 32:] * right, x], dim=2)))

    for _ in range(epochs // fewer):
        for rows in np.array_split(rng.permutation(len(words)), -(-len(words) // 32)):
            y = logits([words[n] for n in rows])
            targets = pad_sequence([torch.as_tensor(tags[n]) for n in rows], padding_value=-100)
            loss = torch.nn.functional.cross_entropy(y.flatten(0, 1), targets.flatten())
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()

    @torch.no_grad()
    def tagger(sentences):
        best = logits(sentences).argmax(dim=2)
        return [best[: len(s), n].numpy() for n, s in enumerate(sentences)]

    return tagger


def judged(case, **faults):
    """What the check finds in a run on one of the visible cases."""
    return PROBLEM.finding(lambda *a: train_tagger(*a, **faults), PROBLEM.cases("visible")[case])


def test_the_solution_reaches_the_score():
    assert judged(HEART) == judged(SAME) == ""


@pytest.mark.parametrize(
    ("faults", "name"),
    [
        ({"right": False}, "reads-from-the-left-only"),
        ({"left": False}, "reads-from-the-right-only"),
        ({"left": False, "right": False}, "one-word-at-a-time"),
        ({"drop": 0.5, "fewer": 3}, "not-the-same-twice"),
        ({"over_batch": True, "fewer": 3}, "neighbours-matter"),
        ({"lr": 3e-4, "fewer": 2}, "not-good-enough"),
    ],
)
def test_a_wrong_run_is_told_what_is_the_matter(faults, name):
    assert judged(SAME, **faults) == name


def test_a_tagger_that_answers_o_is_told_so():
    case = PROBLEM.cases("visible")[SAME]
    assert PROBLEM.finding(lambda *a: lambda sentences: [0 * s for s in sentences], case) == "always-outside"


def test_what_is_no_tagger_is_an_error_and_not_a_pass():
    _, wanted, _ = PROBLEM.cases("visible")[HEART].exam
    wrong = {
        "a function": None,
        "as many arrays": lambda sentences: wanted[:-1],
        "tags from 0 to": lambda sentences: [tags[:-1] for tags in wanted],
        "got an array": lambda sentences: [[TAGS[k] for k in tags] for tags in wanted],
    }
    for words, answer in wrong.items():
        verdict = run(PROBLEM, lambda *args, answer=answer: answer)
        assert verdict.kind == "error"
        assert words in verdict.failures[0].message


def test_the_right_answers_in_another_order_are_no_pass():
    case = PROBLEM.cases("visible")[HEART]
    answers = dict(zip((s.tobytes() for s in case.args[0]), case.args[1], strict=True))
    by_heart = lambda sentences: [answers.get(s.tobytes(), 0 * s) for s in sentences]  # noqa: E731
    assert PROBLEM.finding(lambda *a: by_heart, case) == ""
    turned = lambda sentences: by_heart(sentences)[::-1]  # noqa: E731
    with pytest.raises(ValueError, match="in the order"):
        PROBLEM.finding(lambda *a: turned, case)
