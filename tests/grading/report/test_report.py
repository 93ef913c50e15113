"""The report on a class: what it shows, whose names it hides, what it lets nobody smuggle in."""

import csv
import json
import re
import stat
from dataclasses import replace

import pytest

from grading.report import report
from grading.report.result import GRADED, NOT_GRADED, Result
from tests.grading.made_up import edited, made_class, verdict


@pytest.fixture(scope="module")
def crowd():
    """Forty students, and one whose file nobody could read."""
    lost = verdict(status="unreadable", reason="02-forward.ipynb is missing; there is anna_smith.ipynb")
    return {**made_class(40), "anna": lost}


def test_the_three_files_agree(crowd, tmp_path):
    page = report.class_report(crowd, "02-forward", tmp_path)
    assert page == tmp_path / "02-forward.html"
    figures = json.loads(page.with_suffix(".json").read_text())
    with page.with_suffix(".csv").open(newline="") as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}
    assert rows.keys() == crowd.keys()
    assert {student: float(rows[student]["points"]) for student in figures["points"]} == figures["points"]
    text = page.read_text()
    for sentence in figures["monday"]:
        assert sentence.split("`")[0] in text
    assert figures["misconceptions"][0]["name"] in text
    assert "anna: unreadable. 02-forward.ipynb is missing" in text


def test_every_chart_has_words(crowd, tmp_path):
    text = report.class_report(crowd, "02-forward", tmp_path).read_text()
    drawings = re.findall(r"<svg[^>]*>", text)
    assert len(drawings) == 11  # a histogram, and a bar for each function
    assert all('role="img"' in drawing and re.search('aria-label="[^"]{8}', drawing) for drawing in drawings)


def test_pseudonyms_hide_names_and_stay_the_same(crowd, tmp_path):
    named = {"Zoë Smith": verdict(), "Ann Lee": verdict({"rnn_step": "no-tanh"}), **crowd}
    first = report.class_report(named, "02-forward", tmp_path, pseudonyms=True)
    second = report.class_report(named, "03-bptt", tmp_path, pseudonyms=True)
    assert first.name == "02-forward.pseudonyms.html"  # beside a report with names, not in its place
    for path in tmp_path.glob("0*"):
        text = path.read_text()
        assert not re.search("smith|zoë|ann lee|anna|student0", text, re.IGNORECASE), path
    names = [
        {row[: row.index(",")] for row in path.with_suffix(".csv").read_text().splitlines()[1:]}
        for path in (first, second)
    ]
    assert names[0] == names[1] and len(names[0]) == len(named)

    key = tmp_path / ".pseudonyms"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    other = report.class_report(named, "02-forward", tmp_path / "elsewhere", pseudonyms=True)
    assert other.with_suffix(".csv").read_text() != first.with_suffix(".csv").read_text()  # another key, other names


def test_a_name_is_neither_markup_nor_a_formula(tmp_path):
    names = ["<script>alert(1)</script>", "=HYPERLINK(1)", "a,b", "\udcff"]
    crowd = {name: verdict(status="died", reason="<b>x</b>") for name in names}
    page = report.class_report(crowd, "02-forward", tmp_path)
    assert "<script" not in page.read_text() and "<b>" not in page.read_text()
    with page.with_suffix(".csv").open(newline="") as file:
        rows = list(csv.reader(file))
    assert {len(row) for row in rows} == {13}
    assert not [row for row in rows if row[0].startswith("=")]


@pytest.mark.parametrize("crowd", [{}, {"a": verdict(status="too large")}, {"a": verdict()}])
def test_a_class_may_be_small(crowd, tmp_path):
    text = report.class_report(crowd, "02-forward", tmp_path).read_text()
    assert f"{len(crowd)} handed in" in text


def result_of(function):
    return next(test for test in verdict().tests if test.function == function)


def results(n=3):
    """What a run hands to the report on the screen."""
    wrong = edited(verdict({"rnn_step": "no-tanh"}), "tests", 1, hints=("What keeps the state small?",)).tests[1]
    fine, slow = verdict().tests[0], replace(result_of("softmax"), outcome="timed out", earned=0.0)
    made = [Result("02-forward", f"s{i:03}", score=5.0, max_score=24.0, waiting=4.0, tests=(wrong, slow, fine))
            for i in range(n)]  # fmt: skip
    made.append(Result("02-forward", "zed", status=NOT_GRADED, reason="the file is empty", max_score=24.0))
    return made


def test_the_screen_shows_marks_reasons_and_mistakes():
    text = report.text(results())
    assert re.search(r"^s000 +5 / 20 \(\+4\)$", text, re.MULTILINE)
    assert re.search(r"^zed +not graded$", text, re.MULTILINE)
    assert "zed, 02-forward: the file is empty" in text
    assert re.search(r"3  forward.rnn_step  no-tanh", text) and "What keeps the state small?" in text
    assert re.search(r"3  ran out of time", text)
    assert "passed" not in text and "right" not in text


def test_the_screen_sums_up_a_large_class():
    crowd = results(200)
    for result in crowd[:100]:
        result.reason, result.unanswered = "cell 3 died", 4.0
    text = report.text(crowd)
    assert "02-forward: 201 students, 200 graded, 5.0 points on average" in text
    assert "and 61 more, each with its reason in reports/grades.csv" in text
    assert "100 without an answer: s000 (02-forward)," in text and "and 61 more" in " ".join(text.split())
    assert text.count("\n") < 80


def test_both_rankings_are_written_whole(tmp_path):
    report.write_misconceptions(results(), tmp_path / "reports" / "misconceptions.csv")
    with (tmp_path / "reports" / "misconceptions.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["students"], row["problem"], row["misconception"]) for row in rows] == [
        ("3", "forward.rnn_step", "no-tanh"), ("3", "forward.softmax", "")
    ]  # fmt: skip


def test_what_was_planted_is_compared():
    planted = {"status": GRADED, "score": 5.0, "waiting": 4.0, "misconceptions": {"forward.rnn_step": "no-tanh",
               "forward.softmax": None}}  # fmt: skip
    record = {"02-forward": {"s000": planted}}
    assert report.disagreements(results(), record) == []
    record["02-forward"]["s000"] = {**planted, "score": 6.0, "misconceptions": {"forward.rnn_step": "no-bias"}}
    assert report.disagreements(results(), record) == [
        "s000, 02-forward: planted 6 (+4), got 5 / 20 (+4)",
        "s000, 02-forward, forward.rnn_step: planted no-bias, found no-tanh",
    ]
