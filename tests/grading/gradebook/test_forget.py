"""One student's data is taken out everywhere, and of the others' nothing."""

import io
import sys

import pytest
from nbgrader.exchange.default import Exchange
from nbgrader.utils import notebook_hash

from grading.gradebook.late import EXTENSIONS
from grading.run import pool
from tests.grading import fakes
from tests.grading.conftest import EXERCISE, run
from tests.grading.run.test_run import hand_in

ADA, BO = "lovelace-1815", "bo"


@pytest.fixture
def full(ready, monkeypatch, tmp_path_factory):
    """A course that holds of a student all that it can: and an exchange."""
    monkeypatch.setattr(pool, "JUDGE", fakes.JUDGE)
    exchange = tmp_path_factory.mktemp("exchange")
    monkeypatch.setattr(Exchange.root, "default_value", str(exchange))
    for student in (ADA, BO, f"{ADA}-b"):
        folder = hand_in(ready, student, "wrong check-rnn_step").parent
        (folder / "submission_secret.txt").write_text(f"secret of {student}")
        came = exchange / "rnn" / "inbound" / f"{student}+{EXERCISE}+2027-02-01 12:00:00 UTC+x"
        came.mkdir(parents=True)
        (came / f"{EXERCISE}.ipynb").write_text("{}")
        back = (
            exchange / "rnn" / "feedback" / f"{notebook_hash(secret=f'secret of {student}', notebook_id=EXERCISE)}.html"
        )
        back.parent.mkdir(exist_ok=True)
        back.write_text(student)
    assert run(ready, "grade").code == 0
    for command in (["report"], ["report", "--pseudonyms"], ["similar"]):
        assert run(ready, *command).code == 0
    aside = ready.root / "submitted" / ADA / ".earlier" / f"{EXERCISE}-1"
    aside.mkdir(parents=True)
    (aside / f"{EXERCISE}.ipynb").write_text("{}")
    (ready.root / EXTENSIONS).write_text(f"student,exercise,days\n{ADA},{EXERCISE},1\n{BO},{EXERCISE},2\n")
    with (ready.root / ".nbgrader.log").open("a") as log:
        log.write(f"2027-02-01 12:00:00,000 ERROR {EXERCISE} {ADA}\nTraceback\n  a line of theirs\n")
        log.write(f"2027-02-01 12:00:01,000 INFO {EXERCISE} {BO}\n")
    return ready, exchange


def holding(folder, word):
    """The files whose name or contents hold a word."""
    return [
        path
        for path in folder.rglob("*")
        if path.is_file() and (word in str(path.relative_to(folder)) or word.encode() in path.read_bytes())
    ]


@pytest.mark.promise("S11")
def test_nothing_is_left(full):
    course, exchange = full
    before = {path: path.read_bytes() for path in holding(course.root, f"{ADA}-b") if "submitted" in path.parts}
    done = run(course, "forget", ADA, "--yes")
    assert done.code == 0
    for words in (
        f"submitted/{ADA}/ (",
        f"autograded/{ADA}/",
        f"feedback/{ADA}/",
        f"verdicts/{EXERCISE}/{ADA}.json",
        f"the gradebook: the student; marks of {EXERCISE}",
        "reports/grades.csv",
        "reports/grades.xlsx",
        f"reports/{EXERCISE}.html",
        f"reports/{EXERCISE}.pseudonyms.csv",
        "extensions.csv: 1 lines",
        ".nbgrader.log: 3 lines",
        f"inbound/{ADA}+{EXERCISE}",
        "feedback on",
        "backups",
    ):
        assert words in done.text, words
    for folder in (course.root, exchange):
        for path in holding(folder, ADA):  # only the student whose name begins like it
            text = str(path).encode() + path.read_bytes()
            assert ADA.encode() not in text.replace(f"{ADA}-b".encode(), b""), path
    assert {path: path.read_bytes() for path in before} == before
    assert (course.root / EXTENSIONS).read_text() == f"student,exercise,days\n{BO},{EXERCISE},2\n"
    assert len(list((exchange / "rnn" / "feedback").iterdir())) == 2
    assert run(course, "grade").code == 0
    assert BO in (course.root / "reports" / "grades.csv").read_text()
    again = run(course, "forget", ADA, "--yes")
    assert again.code == 2 and f"holds nothing of '{ADA}'" in again.text


@pytest.mark.parametrize("answer", ["", "y\n", "bo\n"])
def test_it_asks_and_no_answer_is_a_no(full, monkeypatch, answer):
    course, _ = full
    monkeypatch.setattr(sys, "stdin", io.StringIO(answer))
    done = run(course, "forget", ADA)
    assert done.code == 1 and f"submitted/{ADA}/" in done.text and "Nothing was taken out." in done.text
    assert course.file("submitted", EXERCISE, ADA).exists()


@pytest.mark.parametrize("name", ["..", "../course", ".lock", "", "a/b", "\x1b"])
def test_a_name_that_leads_elsewhere(ready, name):
    assert run(ready, "forget", "--yes", name).code == 2
    assert (ready.root / "nbgrader_config.py").exists()
