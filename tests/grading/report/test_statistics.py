"""The figures of a class, against small classes that were worked out by hand."""

import json
from dataclasses import replace

import pytest

from grading.report import charts, statistics
from tests.grading.made_up import catalogue, made_class, verdict


def four():
    """Four students: all right; perplexity wrong; perplexity and rnn_step wrong the same way; nothing written."""
    return {
        "a": verdict(),
        "b": verdict({"perplexity": "unweighted-mean"}),
        "c": verdict({"perplexity": "unweighted-mean", "rnn_step": "no-tanh"}),
        "d": verdict({problem.function_name: "unwritten" for problem in catalogue()}, answered=False),
    }


def item(figures, function):
    return next(item for item in figures["items"] if item["function"] == function)


def test_figures_of_four_students():
    figures = statistics.analyse({**four(), "e": verdict(status="unreadable")}, "02-forward")
    assert (figures["submitted"], figures["ran"], figures["max_points"], figures["open_points"]) == (5, 4, 16, 4)
    assert figures["points"] == {"a": 16, "b": 15, "c": 14, "d": 0}
    assert figures["summary"]["mean"] == 11.25 and figures["summary"]["median"] == 14.5
    assert figures["summary"]["sd"] == pytest.approx((sum(x * x for x in (4.75, 3.75, 2.75, -11.25)) / 3) ** 0.5)

    perplexity, step = item(figures, "perplexity"), item(figures, "rnn_step")
    assert (perplexity["mean_share"], perplexity["full"], perplexity["n"]) == (0.25, 1, 4)
    assert perplexity["kinds"] == {"passed": 1, "wrong": 2, "unwritten": 1} and perplexity["written"] == 3
    assert (step["mean_share"], step["full"]) == (0.5, 2)
    # Points for rnn_step: 1, 1, 0, 0; for all others: 15, 14, 14, 0.
    own, rest = [0.5, 0.5, -0.5, -0.5], [4.25, 3.25, 3.25, -10.75]
    r = sum(x * y for x, y in zip(own, rest)) / (sum(x * x for x in own) * sum(y * y for y in rest)) ** 0.5
    assert step["discrimination"] == pytest.approx(r)

    first, second = figures["misconceptions"][:2]
    assert (first["name"], first["students"], first["points_lost"]) == ("unweighted-mean", 2, 2)
    assert (second["name"], second["functions"]) == ("no-tanh", {"rnn_step": 1})
    assert figures["kinds"]["wrong"] == {"answers": 3, "explained": 3}
    assert figures["kinds"]["unwritten"] == {"answers": 10, "explained": 0}
    assert figures["open"] == [{"id": "open-question", "points": 4, "answered": 3}]
    assert figures["seconds"]["sum"] == pytest.approx(0.84)
    json.dumps(figures)


def test_one_misconception_in_two_functions_counts_each_student_once():
    outcomes = {"softmax": "overflow", "cross_entropy": "overflow"}
    figures = statistics.analyse({"a": verdict(outcomes), "b": verdict({"softmax": "overflow"})}, "02-forward")
    assert figures["misconceptions"][0]["students"] == 2
    assert figures["misconceptions"][0]["functions"] == {"softmax": 2, "cross_entropy": 1}


def test_a_correlation_that_does_not_exist_is_none():
    alike = statistics.analyse({"a": verdict(), "b": verdict(), "c": verdict()}, "02-forward")
    two = statistics.analyse({"a": verdict(), "b": verdict({"rnn_step": "no-tanh"})}, "02-forward")
    assert {entry["discrimination"] for entry in (*alike["items"], *two["items"])} == {None}


def test_a_class_of_nobody_and_of_files_that_nobody_can_read():
    for verdicts in ({}, {"a": verdict(status="unreadable")}):
        figures = statistics.analyse(verdicts, "02-forward")
        assert figures["ran"] == 0
        assert "could be run" in statistics.monday(figures)[0]


def test_two_editions_of_an_exercise_are_refused():
    older = verdict()
    older = replace(older, tests=older.tests[:-1])
    with pytest.raises(ValueError, match="older edition"):
        statistics.analyse({"a": verdict(), "b": older}, "02-forward")


def test_monday():
    first, second = statistics.monday(statistics.analyse(four(), "02-forward"))
    assert first.startswith("Take up first what 2 of 4 students (50%) got wrong in the same way in `perplexity`")
    assert second.startswith("The hardest function was `perplexity`: 1 of 4 have it right")
    assert len(statistics.monday(statistics.analyse(made_class(40), "02-forward"))) == 3


@pytest.mark.parametrize(
    "verdicts, words",
    [
        ([verdict()] * 3, "Nothing needs teaching again"),
        ([verdict({"perplexity": "unwritten"})] * 3 + [verdict()], "3 left it unwritten, so ask what stopped them"),
        ([verdict()] * 8 + [verdict(status="unreadable")] * 2, "2 of 10 files could not be run"),
        ([verdict()] * 9 + [verdict({"rnn_step": "error", "softmax": "error"})] * 2, "You need not go over `one_hot`"),
    ],
)
def test_monday_says_what_matters(verdicts, words):
    figures = statistics.analyse({f"s{i}": each for i, each in enumerate(verdicts)}, "02-forward")
    assert any(words in sentence for sentence in statistics.monday(figures))


def test_manners_are_counted_apart_from_what_was_misunderstood():
    verdicts = [verdict({"rnn_step": "writes into h_prev"}), verdict({"rnn_step": "writes into h_prev"})]
    verdicts += [verdict({"rnn_step": "no-tanh"}), verdict()]
    figures = statistics.analyse({f"s{i}": each for i, each in enumerate(verdicts)}, "02-forward")
    assert figures["manners"] == [{"function": "rnn_step", "students": 2, "arguments": {"h_prev": 2}}]
    assert [entry["name"] for entry in figures["misconceptions"]] == ["no-tanh"]
    assert next(item for item in figures["items"] if item["function"] == "rnn_step")["full"] == 3
    assert not any("h_prev" in sentence for sentence in statistics.monday(figures))


def test_a_histogram_holds_everybody():
    points = list(statistics.analyse(made_class(50), "02-forward")["points"].values())
    drawn = charts.histogram(points, 16, "points")
    assert sum(int(bar["title"].rpartition(" ")[2]) for bar in drawn["bars"]) == 50
    size = drawn["size"]
    assert all(size["left"] <= bar["x"] and bar["x"] + bar["width"] <= size["right"] + 1e-9 for bar in drawn["bars"])
    assert charts.histogram([0.0, 120.0], 120, "points")["bars"][-1]["title"].endswith(": 1")


def test_the_parts_of_a_bar_add_up():
    bar = charts.shares({"passed": 3, "wrong": 2, "returned": 1, "unwritten": 2}, 8)
    assert [(part["group"], part["n"]) for part in bar["parts"]] == [("right", 3), ("wrong", 3), ("unwritten", 2)]
    assert sum(part["width"] for part in bar["parts"]) == pytest.approx(100)
    assert bar["alt"] == "3 right, 3 wrong result, 2 not written"
