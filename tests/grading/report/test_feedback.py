"""What a student gets back: all that concerns them, nothing that is hidden, and nothing of theirs that could run."""

import json
import re
from dataclasses import replace

import pytest
from markdown_it import MarkdownIt

from grading.judge import judge
from grading.judge.magics import SAID
from grading.judge.verdict import CellError, CellRecord
from grading.report import feedback, pages
from grading.report.feedback import Given, Lateness
from rnnchecks import find, problems
from rnnchecks.engine.run import run
from tests.grading.conftest import EXERCISE, ROOT
from tests.grading.made_up import edited, outcome, verdict

ATTACKS = [
    "<script>document.title = 'hacked'</script>",
    "</pre><img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "```\n</code><script>alert(1)</script>",
    "{{ 77 * 77 }} {% raw %}",
    "[here](javascript:alert(1))",
    "\x1b[31mred\x1b[0m \x00 \ud800 \u202e",
]


def written(marks, student="ada", **more):
    """All three files of a verdict, as text."""
    shown = feedback.view(marks, student, **more)
    page, plain = pages.html("feedback.html", **shown), pages.markdown("feedback.md", **shown)
    return {"html": page, "md": plain, "json": json.dumps(shown)}


def task(shown, function):
    return next(each for each in shown["tasks"] if each["function"] == function)


def test_points_are_added_up():
    marks = verdict({"rnn_step": "no-tanh", "rnn_forward": "unwritten"})  # 1 and 3 of 16 points are lost
    waiting = feedback.view(marks, "ada")
    assert (waiting["points"], waiting["max_points"], waiting["to_read"]) == (12, 16, 4)

    read = feedback.view(marks, "ada", {"open-question": Given(2.5, "Which number says so?")})
    assert (read["points"], read["max_points"], read["to_read"]) == (14.5, 20, 0)
    assert read["questions"][0]["comment"] == "Which number says so?"

    late = feedback.view(marks, "ada", late=Lateness(2.4, "two days late"))
    assert (late["earned"], late["points"]) == (12, pytest.approx(9.6))
    assert feedback.view(marks, "ada", late=Lateness(99.0, "a year late"))["points"] == 0

    silent = feedback.view(verdict(answered=False), "ada")
    assert (silent["points"], silent["max_points"], silent["to_read"]) == (16, 20, 0)


def test_what_a_person_gave_comes_before_what_the_check_gave():
    given = {"check-rnn_step": Given(0.5), "rnn_step": Given(comment="Nearly.")}
    step = task(feedback.view(verdict({"rnn_step": "no-tanh"}), "ada", given), "rnn_step")
    assert (step["points"], step["by_hand"], step["comment"]) == (0.5, True, "Nearly.")


def test_a_page_says_what_was_found_once():
    marks = verdict({"softmax": "overflow"})
    hint = " ".join(outcome("forward.softmax", "overflow")["hints"][0].split())
    for text in written(marks).values():
        assert " ".join(text.split()).count(hint[:40]) == 1
        assert "huge logits" in text


@pytest.mark.parametrize(
    "outcomes, words",
    [
        ({"rnn_step": "no-tanh"}, "Begin with `rnn_step`"),
        ({"perplexity": "unwritten", "softmax": "unwritten"}, "Write `softmax` and `perplexity`: 2 points"),
        ({"one_hot": "undefined"}, "Mend the cell that should define `one_hot`"),
        ({}, "Nothing is left to mend"),
    ],
)
def test_what_to_do_next(outcomes, words):
    assert words in feedback.view(verdict(outcomes), "ada")["next"][0]


def test_a_hidden_failure_is_called_one():
    marks = edited(verdict({"rnn_step": "no-tanh"}), "tests", 1, cases="hidden")
    marks = edited(marks, "tests", 1, case="a batch of one, B = 1")
    step = feedback.view(marks, "ada")["next"][0]
    assert step.startswith(
        "`rnn_step` passes the check in your notebook, and not all of the hidden cases: look at “a batch"
    )


def test_a_right_answer_that_writes_into_an_argument_has_its_points_and_a_word_beside():
    marks = verdict({"rnn_step": "writes into h_prev"})
    shown = feedback.view(marks, "ada")
    step = task(shown, "rnn_step")
    assert step["right"] and step["points"] == step["max_points"] == 1
    assert step["found"] == "right, and writes into h_prev"
    assert shown["next"] == feedback.view(verdict(), "ada")["next"]
    for text in written(marks).values():
        assert text.count("A second call with the same arrays") == 1


def test_results_stand_in_columns_and_those_that_are_right_are_counted():
    marks = verdict({"rnn_backward": "no-gradient-for-h0"}, "03-bptt")
    texts = written(marks)
    cells = re.findall(r"<t[hd](?: [^>]*)?>(.*?)</t[hd]>", texts["html"].partition('<table class="tensors">')[2])
    assert cells[:6] == ["result", "is", "what was found", "<code>dx</code>", "right", ""]
    assert cells[6:8] == ["<code>dh0</code>", "wrong"] and "max diff" in cells[8]
    assert "4 of\n5 results are right" in texts["html"] and "4 of 5 results are right" in texts["md"]
    assert "| dh0 | wrong | max diff" in texts["md"]


def test_what_is_not_written_is_said_once():
    marks = verdict({"softmax": "unwritten", "perplexity": "unwritten"})
    page = written(marks)["html"]
    assert page.count("not written yet") == 2 and 'id="softmax"' not in page  # a line of the table for each


def fallen():
    """The cell that imports stopped, and all that needs NumPy fell with it; one function is wrong by itself."""
    marks = verdict({"count_parameters": "error"})
    for place, test in enumerate(marks.tests):
        if test.function != "count_parameters":
            words = f"{test.function}  stops with an error\n  NameError: name 'np' is not defined"
            marks = edited(marks, "tests", place, outcome="error", earned=0.0, text=words)
    error = CellError(
        "ModuleNotFoundError", "No module named 'google'", "<module>, line 1: from google.colab import drive"
    )
    stopped = CellRecord("imports", "other", "error", "", error, "from google.colab import drive\nimport numpy as np")
    return replace(marks, cells=(stopped, *marks.cells))


def test_a_cell_with_which_functions_fell_comes_first_and_speaks_for_them():
    shown = feedback.view(fallen(), "ada")
    first, second = shown["next"][:2]
    assert first.startswith(
        "Mend first the cell that begins with `from google.colab import drive`. It stopped with Mod"
    )
    assert "more fell with it" in first
    assert "It may run where you work" in first
    assert second.startswith("Begin with `count_parameters`") and "one_hot" not in second
    texts = written(fallen())
    assert texts["html"].count("name &#39;np&#39; is not defined") == 0
    assert [each["functions"] for each in shown["cells"]] == [
        [each["function"] for each in shown["tasks"] if each["function"] != "count_parameters"]
    ]


def test_every_note_of_the_grader_has_a_meaning():
    """Its words stand in the grader as they stand here, so that none goes stale unnoticed."""
    places = [*(ROOT / "grading" / "judge").glob("*.py"), ROOT / "grading" / "door.py"]
    said = "".join(path.read_text() for path in places)
    merge = (ROOT / "grading" / "judge" / "merge.py").read_text()
    for note in [*re.findall(r'notes\.append\(\s*f?"([^"]*)', merge), *SAID.values()]:
        assert any(words in note for words, _ in feedback.NOTES_MEAN), note
    for words, meaning in feedback.NOTES_MEAN:
        assert words in said
        shown = feedback.view(verdict(notes=(f"The cell x {words}.", f"The cell y {words}.")), "ada")
        assert [note["meaning"] for note in shown["notes"]] == [meaning, ""]


@pytest.mark.parametrize("status", ["unreadable", "too large", "timed out", "died"])
def test_whatever_happened_the_page_says_what_to_do(status):
    marks = verdict(status=status, reason="cell 3 ran for 60 s.")
    shown = feedback.view(marks, "ada")
    assert shown["trouble"] and shown["next"] and shown["reason"] == "Cell 3 ran for 60 s."
    assert "Cell 3 ran for 60 s." in pages.html("feedback.html", **shown)


def attacked(attack):
    """A verdict with an attack in every text that can come from a student."""
    marks = verdict({"rnn_step": "no-tanh", "one_hot": "error"}, notes=(attack,), reason=attack, status="died")
    marks = edited(marks, "tests", 0, text=attack, trace=attack)
    marks = edited(marks, "tests", 1, text=f"rnn_step   wrong\n  {attack}", trace=attack, hints=(attack,))
    marks = edited(marks, "cells", 0, source=attack)
    marks = edited(marks, "answers", 0, answer=attack)
    stopped = CellRecord(attack, "other", "error", attack, CellError(attack, attack, attack), attack)
    return replace(marks, cells=(*marks.cells, stopped))


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.promise("F3")
def test_nothing_of_a_student_is_markup(attack):
    texts, harmless = (
        written(attacked(words), words, manual={"open-question": Given(1.0, words)}, late=Lateness(1.0, words))
        for words in (attack, "word")
    )  # fmt: skip
    assert re.findall(r"</?\w+", texts["html"]) == re.findall(r"</?\w+", harmless["html"])
    assert "5929" not in texts["html"] + texts["md"]  # a template in a template
    for text in texts.values():
        assert not [odd for odd in "\x1b\x00\ud800\u202e" if odd in text]
        text.encode()
    drawn, plain = (
        MarkdownIt("commonmark", {"html": True}).enable("table").render(each["md"]) for each in (texts, harmless)
    )
    assert re.findall(r"</?\w+", drawn) == re.findall(r"</?\w+", plain)


def test_a_page_runs_and_loads_nothing():
    page = written(verdict())["html"]
    assert "default-src 'none'" in page and "script" not in page and "http" not in re.sub("http-equiv", "", page)


def test_output_is_cut_with_a_note():
    marks, error = verdict(notes=("z" * 10**5,) * 1000), CellError("ValueError", "m" * 10**6, "")
    long = (CellRecord(f"cell {i}", "other", "error", "x" * 10**6, error, "y" * 10**6) for i in range(50))
    marks = replace(marks, cells=(*marks.cells, *long))
    for text in written(marks).values():
        assert len(text) < 400_000
        assert "characters more" in text


def test_hidden_cases_stay_hidden():
    """The numbers of no hidden case, of its arguments or of its results, are in any of the files."""
    marks = verdict()
    catalogue = {problem.name: problem for problem in problems("forward")}
    for place, test in enumerate(marks.tests):
        problem = catalogue[test.problem]
        said = run(problem, problem.misconceptions[0].wrong, "hidden", "secret")
        lines = [said.headline(), f"  case  {said.failures[0].case}"]
        marks = edited(marks, "tests", place, outcome=said.kind, cases="hidden", text="\n".join(lines), earned=0.0,
                       misconceptions=said.misconceptions, hints=said.hints)  # fmt: skip
    for text in written(marks).values():
        assert "HIDDEN TESTS" not in text
        assert "other sizes" in text  # the kind of case is told


def test_a_function_that_tells_its_arguments_tells_the_page_nothing():
    """A student's function prints and raises what it is given; of hidden cases that must not come back to them."""
    tell = """def count_parameters(D, H, K):
    right = D * H + H * H + H + H * K + K
    if (D, H, K) not in SEEN:
        print("TO" + f"LD {D} {H} {K}", flush=True)
        raise ValueError("TO" + f"LD {D} {H} {K}")
    return right"""
    tell = tell.replace("SEEN", str([case.args for case in find("forward.count_parameters").cases()]))
    meta = {"nbgrader": {"grade_id": "count_parameters", "grade": False, "solution": True, "schema_version": 3}}
    cell = {"cell_type": "code", "id": "a", "metadata": meta, "source": tell, "outputs": [], "execution_count": None}
    nb = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    source = (ROOT / "solutions" / EXERCISE / f"{EXERCISE}.ipynb").read_bytes()
    marks = judge.grade(json.dumps(nb).encode(), source, EXERCISE, judge.Limits(), "secret")
    told = task(feedback.view(marks, "ada"), "count_parameters")
    assert told["kind"] == "error" and told["hidden"] and told["case"] and not told["trace"]
    for text in written(marks).values():
        assert "TOLD" not in text


def test_the_three_files_lie_where_they_are_looked_for(tmp_path):
    path = feedback.write(verdict(), "ada", tmp_path)
    assert path == tmp_path / "02-forward.html"
    assert sorted(file.name for file in tmp_path.iterdir()) == ["02-forward.html", "02-forward.json", "02-forward.md"]
    assert json.loads(path.with_suffix(".json").read_text())["points"] == 16
