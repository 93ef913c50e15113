"""What judges a class again, and what does not: on a copy of this project's programs, and on its own exercises."""

import json
import shutil

import pytest

from grading import store
from grading.judge.hints import hints_of
from grading.run import basis, key
from grading.run.plan import CHANGED, Planned, judged_again
from grading.run.settings import Settings
from grading.sandbox.box import Limits
from rnnchecks.catalogue import find
from tests.grading import made_up
from tests.grading.conftest import ROOT

SETTINGS = Settings()
IN_LSTM = "rnnlib/lstm.py"


def exercise(name):
    """The course's notebook of an exercise."""
    (path,) = ROOT.glob(f"solutions/{name}*/*.ipynb")
    return path.read_bytes()


def handed_in(name):
    """The students' notebook of an exercise, as it was released."""
    (path,) = ROOT.glob(f"exercises/{name}*/*.ipynb")
    return path.read_bytes()


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A copy of the programs that may be changed: a function of a file and of what becomes what in it."""
    for name in ("grading", "rnnlib", "rnnchecks", "digests"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "tests").mkdir()
    monkeypatch.setattr(basis, "ROOT", tmp_path)
    basis._table.cache_clear()
    yield tmp_path
    basis._table.cache_clear()


def replace(path, old, new):
    text = path.read_text()
    assert text.count(old) >= 1, f"{path.name} has no {old!r}"
    path.write_text(text.replace(old, new, 1))
    basis._table.cache_clear()


def names(number):
    return basis.name_of(handed_in(number), exercise(number), SETTINGS)


def test_what_changes_no_mark_judges_nothing(project):
    before = names("02"), names("05")
    replace(project / "rnnlib/lstm.py", '"""', '"""Gated. ')  # a docstring
    replace(project / "rnnchecks/engine/run.py", '"""', '"""A comment and. ')
    replace(
        project / "rnnchecks/e02_forward/rnn_step.py", "What keeps every number of the state", "What keeps it"
    )  # a hint
    replace(project / "rnnchecks/e05_lstm/repaired_lstm.py", "plant(", "plant(  # of five faults\n")
    replace(project / "rnnchecks/e05_lstm/repaired_lstm.py", "Where should they start?", "Where do they start?")
    (project / "tests/test_new.py").write_text("def test(): pass\n")
    (project / "rnnlib/new.py").write_text("NEW = 1\n")
    assert (names("02"), names("05")) == before


def test_a_constant_judges_the_exercises_that_use_it_and_no_others(project):
    numbers = [f"{n:02}" for n in range(1, 15)]
    before = {number: basis.table(handed_in(number), exercise(number), SETTINGS) for number in numbers}
    path = project / IN_LSTM
    path.write_text(path.read_text() + "\nSCALE = 2.0\n")
    basis._table.cache_clear()
    for number in numbers:
        found = basis.differences(before[number], basis.table(handed_in(number), exercise(number), SETTINGS))
        assert found == ([IN_LSTM] if IN_LSTM in before[number] else []), number
    uses = [number for number in numbers if IN_LSTM in before[number]]
    assert "05" in uses and "01" not in uses and "08" not in uses, uses


def test_a_hint_of_a_finding_judges_nothing(project):
    before = names("11")
    replace(project / "rnnchecks/e11_comparison/train_all.py", "Two of your nets are one", "Two nets are one")
    assert names("11") == before


def test_a_changed_check_judges_its_exercise_alone(project):
    before = names("02"), names("05")
    replace(project / "rnnchecks/e02_forward/rnn_step.py", "scale=0.5", "scale=0.25")
    after = names("02"), names("05")
    assert after[0] != before[0] and after[1] == before[1]


def test_a_check_that_fills_a_folder_counts_with_all_its_files(project):
    before = names("05"), names("06")
    for part in ("e05_lstm/lstm_step_backward/blocks.py", "e06_gru/gru_step_backward/weights.py"):
        path = project / "rnnchecks" / part
        path.write_text(path.read_text() + "\nSCALE = 2.0\n")
    basis._table.cache_clear()
    assert names("05") != before[0] and names("06") != before[1]


def test_an_exercise_rests_on_its_own_checks_alone():
    for number in (f"{n:02}" for n in range(1, 15)):
        rests = basis.table(handed_in(number), exercise(number), SETTINGS)
        folders = {name.split("/")[1] for name in rests if name.startswith("rnnchecks/e") and name[11].isdigit()}
        assert {folder[:3] for folder in folders} == {f"e{number}"}, folders


def test_the_exercise_counts_by_its_code(project):
    nb = json.loads(exercise("02"))
    before = basis.name_of(b"", json.dumps(nb).encode(), SETTINGS)
    text = next(c for c in nb["cells"] if c["cell_type"] == "markdown" and "nbgrader" not in c["metadata"])
    text["source"] = ["Another statement."]
    assert basis.name_of(b"", json.dumps(nb).encode(), SETTINGS) == before
    test = next(c for c in nb["cells"] if c["metadata"].get("nbgrader", {}).get("points"))
    test["metadata"]["nbgrader"]["points"] += 1
    assert basis.name_of(b"", json.dumps(nb).encode(), SETTINGS) != before


@pytest.mark.parametrize(
    "cell", ["import rnnlib.transformer", "from rnnlib import (\\n    Tagger)", "m = 'rnnlib.stack'"]
)
def test_a_submission_that_uses_more_of_the_library_rests_on_all_of_it(cell):
    theirs = handed_in("02").replace(b'"source": [', b'"source": ["' + cell.encode() + b'\\n", ', 1)
    assert "rnnlib/models/tagger.py" not in basis.table(handed_in("02"), exercise("02"), SETTINGS)
    assert "rnnlib/models/tagger.py" in basis.table(theirs, exercise("02"), SETTINGS)


def test_what_decides_is_named():
    table = basis.table(handed_in("02"), exercise("02"), SETTINGS)
    assert {
        *("Python", "numpy", "the seed", "the limits", "the exercise's notebook"),
        *("rnnchecks/engine/run.py", "rnnchecks/e02_forward/rnn_step.py", "grading/judge/judge.py"),
        *("grading/sandbox/guest/init.py", "grading/sandbox/guest/wire.py", "grading/sandbox/box.py"),
    } <= set(table)
    others = ("grading/report/", "grading/store.py", "grading/run/", "rnnchecks/e05_lstm/")
    assert not any(name.startswith(others) for name in table)


def test_nobody_reads_the_seed():
    table = basis.table(b"", exercise("02"), Settings(seed="secret"))
    assert "secret" not in json.dumps(table)


def test_why_is_said(course):
    source, mine = exercise("02"), handed_in("02")
    old = key.key(mine, source, SETTINGS)
    key.remember(course, old, mine, source, SETTINGS)
    assert key.changes(course, old, mine + b" ", source, SETTINGS) == []
    other = Settings(Limits(cell=60), "autumn")
    assert key.changes(course, old, mine, source, other) == ["the limits", "the seed"]
    assert key.changes(course, "0" * 64, mine, source, other) == [
        "what marked them before, which is not known any more"
    ]


def test_whose_marks_may_change_is_said():
    planned = [Planned("02-forward", f"s{n:02}", "", CHANGED, "rnnlib/lstm.py") for n in range(10)]
    planned += [Planned("02-forward", "new", "", CHANGED), Planned("03-bptt", "ada", "", "new")]
    said = judged_again(planned)
    assert said.startswith("02-forward is judged again") and "s07 and 2 more" in said
    assert said.endswith("What has changed: rnnlib/lstm.py.") and "ada" not in said and "new" not in said
    assert judged_again(planned[-2:]) == ""


def test_a_verdict_is_read_with_the_hints_of_today(course):
    (known, *_) = find("forward.rnn_step").misconceptions
    verdict = made_up.verdict({"rnn_step": known.name}, student="ada", key="abc")
    place = next(i for i, test in enumerate(verdict.tests) if test.function == "rnn_step")
    words = {"misconceptions": (known.name, "gone"), "hints": ("of last year", "as it was")}
    verdict = made_up.edited(verdict, "tests", place, **words)
    store.save(course, verdict)
    assert store.load(course, verdict.exercise, "ada").tests[place].hints == (known.hint, "as it was")


def test_the_hints_of_several_faults_and_of_findings_are_found():
    for name in ("lstm.repaired_lstm", "comparison.train_all"):
        problem = find(name)
        hints = dict(pair for known in problem.misconceptions for pair in known.named) | getattr(
            problem, "findings", {}
        )
        assert hints and hints_of(name, list(hints), [""] * len(hints)) == tuple(hints.values())
    assert hints_of("forward.gone", ["a"], ["b"]) == ("b",)
