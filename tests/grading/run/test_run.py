"""Marking again and again, stopped at any moment: with a judge that does what a submission says."""

import csv
import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import time

import nbformat
import pytest

from grading import store
from grading.course import Course
from grading.report import feedback
from grading.run import basis, pool
from tests.grading import fakes
from tests.grading.conftest import EXERCISE, ROOT, make_course, run
from tests.grading.test_store import all_passed

TEST = "check-one_hot"


@pytest.fixture(autouse=True)
def fake(monkeypatch):
    monkeypatch.setattr(pool, "JUDGE", fakes.JUDGE)
    # Only the settings may change: somebody may work on the course meanwhile.
    monkeypatch.setattr(basis, "name_of", fakes.by_settings)


@pytest.fixture
def course(ready):
    return ready


def hand_in(course, student, text, name=f"{EXERCISE}.ipynb"):
    """Put a submission where it belongs."""
    path = course.root / "submitted" / student / EXERCISE / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def marks(course):
    """The table of marks: dict from student to line."""
    with (course.root / "reports" / "grades.csv").open(newline="") as file:
        return {line["student_id"]: line for line in csv.DictReader(file)}


def scores(course):
    return {student: float(line["score"]) for student, line in marks(course).items()}


@pytest.fixture
def log(tmp_path_factory):
    """A file in which each judging leaves a line."""
    path = tmp_path_factory.mktemp("log") / "judged"
    path.touch()
    return path


def times(log):
    return len(log.read_text().splitlines())


def full_marks(parts):
    return sum(part.points for part in parts)


@pytest.mark.promise("L2")
def test_what_is_marked_is_not_judged_again(course, parts, log):
    full = full_marks(parts)
    for student in ("ada", "bo"):
        hand_in(course, student, f"log {log}")
    assert run(course, "grade", "--jobs", "2").code == 0
    assert times(log) == 2 and scores(course) == {"ada": full, "bo": full}
    table = (course.root / "reports" / "grades.csv").read_bytes()

    assert run(course, "grade").code == 0
    assert times(log) == 2 and (course.root / "reports" / "grades.csv").read_bytes() == table

    (course.root / "gradebook.db").unlink()  # what was lost is written again, from the verdicts
    for step in ("autograded", "feedback"):
        shutil.rmtree(course.folder(step))
    assert run(course, "grade").code == 0
    assert times(log) == 2 and (course.root / "reports" / "grades.csv").read_bytes() == table
    for student in ("ada", "bo"):
        assert course.file("autograded", EXERCISE, student).exists()
        assert course.file("feedback", EXERCISE, student).with_suffix(".html").exists()

    assert run(course, "grade", EXERCISE, "--again").code == 0
    assert times(log) == 4
    seeded = Course(course.root, (("Grading.seed", "a secret"),))
    planned = [one.state for one in _planned(seeded)]
    assert planned == ["changed", "changed"]


def _planned(course):
    from grading.run.plan import plan
    from grading.run.settings import settings_of

    return plan(course, (), settings_of(course))


@pytest.mark.promise("L2")
def test_a_new_submission_replaces_the_old_mark(course, parts):
    full = full_marks(parts)
    hand_in(course, "ada", "")
    assert run(course, "grade").code == 0 and scores(course) == {"ada": full}
    worth = next(part.points for part in parts if part.test == TEST)
    hand_in(course, "ada", f"wrong {TEST}")
    assert run(course, "grade").code == 0 and scores(course) == {"ada": full - worth}
    with course.gradebook() as gradebook:
        mark = gradebook.find_grade(parts[1].test, EXERCISE, EXERCISE, "ada")
        mark.manual_score = 0.5
        gradebook.db.commit()
    hand_in(course, "ada", "").rename(course.root / "submitted" / "ada" / EXERCISE / "mine.ipynb")
    done = run(course, "grade")
    assert done.code == 0 and "02-forward.ipynb is missing; there is mine.ipynb" in done.text
    assert marks(course)["ada"]["status"] == "not graded"
    assert scores(course) == {"ada": 0.5}  # what a person gave stays; nothing of the old submission does
    nb = nbformat.read(course.file("autograded", EXERCISE, "ada"), as_version=4)
    assert "is missing" in nb.cells[0].source
    assert "is missing" in course.file("feedback", EXERCISE, "ada").with_suffix(".html").read_text()


def test_what_comes_out_otherwise_the_second_time_reaches_every_place(course, parts, log):
    """Such as what ran out of time on a busy machine: the submission is the same, the verdict is not."""
    hand_in(course, "ada", f"wrong-once {log.with_name('first')} {TEST}")
    page, nb = course.file("feedback", EXERCISE, "ada").with_suffix(".html"), course.file("autograded", EXERCISE, "ada")
    assert run(course, "grade").code == 0
    before = page.read_text(), nb.read_text(), scores(course)
    assert run(course, "grade", "--again").code == 0
    after = page.read_text(), nb.read_text(), scores(course)
    assert all(one != other for one, other in zip(before, after, strict=True))
    assert after[2] == {"ada": full_marks(parts)}


@pytest.mark.promise("L4")
def test_points_by_hand_survive_and_are_looked_at_again_after_a_new_submission(course, parts):
    hand_in(course, "ada", "answer")
    assert run(course, "grade").code == 0
    with course.gradebook() as gradebook:
        (question,) = [g.name for g in gradebook.find_submission_notebook(EXERCISE, EXERCISE, "ada").grades
                       if g.cell.cell_type == "markdown"]  # fmt: skip
        mark = gradebook.find_grade(question, EXERCISE, EXERCISE, "ada")
        assert mark.auto_score is None and mark.needs_manual_grade
        mark.manual_score, mark.needs_manual_grade = 3.0, False
        gradebook.find_comment(question, EXERCISE, EXERCISE, "ada").manual_comment = "Which factor?"
        gradebook.db.commit()

    def seen():
        with course.gradebook() as gradebook:
            mark = gradebook.find_grade(question, EXERCISE, EXERCISE, "ada")
            comment = gradebook.find_comment(question, EXERCISE, EXERCISE, "ada").manual_comment
            return mark.manual_score, mark.needs_manual_grade, comment

    assert run(course, "grade").code == 0
    assert seen() == (3.0, False, "Which factor?")
    assert scores(course) == {"ada": full_marks(parts) + 3}
    assert "Which factor?" in course.file("feedback", EXERCISE, "ada").with_suffix(".html").read_text()
    hand_in(course, "ada", "answer\nprint")
    assert run(course, "grade").code == 0
    assert seen() == (3.0, True, "Which factor?")


def test_what_cannot_be_read_is_said(course):
    hand_in(course, "renamed", "{}", name="Untitled.ipynb")
    (course.root / "submitted" / "void" / EXERCISE).mkdir(parents=True)
    (course.root / "submitted" / "zip" / "02-forwrd").mkdir(parents=True)
    os.makedirs(os.fsencode(course.root / "submitted") + b"/zo\xeb/02-forward")  # of no name that a database takes
    hand_in(course, "flat", "", name="x").parent.rename(course.root / "submitted" / "flat" / "y")
    (course.root / "submitted" / "flat" / EXERCISE).write_text("{}")  # the notebook in place of its folder
    reasons = {
        "renamed": "02-forward.ipynb is missing; there is Untitled.ipynb",
        "void": "02-forward.ipynb is missing; there is no notebook",
    }
    done = run(course, "grade")
    assert done.code == 0
    assert "of no exercise: flat/02-forward, flat/y, zip/02-forwrd, zo\\xeb" in done.text
    assert {student: line["reason"] for student, line in marks(course).items()} == reasons


@pytest.mark.parametrize("sealed", [False, True], ids=["by hand", "with a seal that fits"])
@pytest.mark.parametrize("points", [None, 1000.0], ids=["all passed", "a thousand points"])
@pytest.mark.promise("F5")
def test_a_verdict_that_was_changed_is_said_and_judged_again(course, parts, log, points, sealed):
    """One with a seal that fits, and with the right points, is what a judge writes; only the instructor can make it."""
    store._not_used.cache_clear()
    hand_in(course, "ada", f"log {log}\nwrong {TEST}")
    assert run(course, "grade").code == 0
    before, path = scores(course), store.path_of(course, EXERCISE, "ada")
    data = json.loads(all_passed(path.read_text(), points))
    del data[store.SEAL]
    path.write_text(json.dumps({**data, store.SEAL: store.sealed(data) if sealed else "0" * 64}))
    done = run(course, "grade")
    if sealed and points is None:
        assert done.code == 0 and times(log) == 1
        return
    assert done.code == 0 and "02-forward/ada.json is no verdict" in done.text
    assert times(log) == 2 and scores(course) == before


@pytest.mark.parametrize(
    "text", ["[]", "{", '{"registered": 5, "pages": [1]}', '{"pages": {"02-forward/ada": 7}}', "[" * 99_999]
)
def test_what_a_run_notes_for_the_next_may_be_damaged(course, parts, text):
    hand_in(course, "ada", "")
    assert run(course, "grade").code == 0
    (course.root / "verdicts" / ".state.json").write_text(text)
    for path in (course.root / "verdicts" / ".basis").glob("*.json"):
        path.write_text(text)
    done = run(Course(course.root, (("Grading.seed", "another"),)), "grade")
    assert done.code == 0 and scores(course) == {"ada": full_marks(parts)}


def test_a_submission_that_ends_the_judge_is_reported_and_tried_again(course, parts, log):
    hand_in(course, "ada", f"log {log}\ndie")
    hand_in(course, "bo", "")
    done = run(course, "grade")
    assert done.code == 0 and "ada, 02-forward: the process that judged it ended 2 times" in done.text
    assert scores(course) == {"ada": 0, "bo": full_marks(parts)} and times(log) == 2
    assert run(course, "grade").code == 0 and times(log) == 4


def test_without_a_sandbox_nothing_is_marked(course):
    hand_in(course, "ada", "no-sandbox")
    done = run(course, "grade")
    assert done.code == 2 and "apt install bubblewrap" in done.text
    assert store.load(course, EXERCISE, "ada") is None


def test_a_dry_run_writes_nothing(course):
    hand_in(course, "ada", "")
    (course.root / "submitted" / "void" / EXERCISE).mkdir(parents=True)
    before = sorted(course.root.rglob("*"))
    done = run(course, "grade", "--dry-run")
    assert done.code == 0 and f"{EXERCISE}  ada: new" in done.text and "1 new, 1 no notebook" in done.text
    assert sorted(course.root.rglob("*")) == before


def test_a_folder_elsewhere_and_an_exercise_by_its_option(course, parts, tmp_path_factory):
    hand_in(course, "ada", "")
    folder = tmp_path_factory.mktemp("elsewhere") / "uploads"
    shutil.move(course.folder("submitted"), folder)
    done = run(course, "grade", str(folder), "--jobs", "2", "--assignment", EXERCISE)
    assert done.code == 0 and scores(course) == {"ada": full_marks(parts)}


def test_a_page_that_cannot_be_made_stops_nobody_elses(course, monkeypatch):
    for student in ("ada", "bo"):
        hand_in(course, student, "")
    write = feedback.write

    def fails(verdict, student, *rest):
        if student == "ada":
            raise KeyError("a fault of ours")
        return write(verdict, student, *rest)

    monkeypatch.setattr(feedback, "write", fails)
    done = run(course, "grade")
    assert done.code == 0 and "ada, 02-forward: It is marked, but without its page" in done.text
    assert course.file("feedback", EXERCISE, "bo").with_suffix(".html").exists()
    assert "a fault of ours" in (course.root / ".nbgrader.log").read_text()
    monkeypatch.undo()
    assert run(course, "grade").code == 0
    assert course.file("feedback", EXERCISE, "ada").with_suffix(".html").exists()


# ---- Stopped in the middle ----------------------------------------------------------------------------------------

START = """
import sys
from grading.run import basis
from grading.run import pool
from grading.__main__ import main
from tests.grading import fakes
pool.JUDGE = fakes.JUDGE
basis.name_of = fakes.by_settings
sys.exit(main(sys.argv[1:]))
"""


@pytest.fixture
def running(course, log):
    """A run over six submissions, stopped while some are marked and some are not."""
    for number in range(6):
        hand_in(course, f"student-{number}", f"log {_own(log, number)}\nsleep 0.5")
    command = [sys.executable, "-c", START, "--course", str(course.root), "grade", "--jobs", "2"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    folder = store.path_of(course, EXERCISE, "student-0").parent
    end = time.monotonic() + 240
    while len(list(folder.glob("*.json"))) < 2:
        assert time.monotonic() < end and process.poll() is None, process.stdout.read()
        time.sleep(0.02)
    yield process
    process.stdout.close()


def _own(log, number):
    """The file that tells how often one student was judged."""
    return log.with_name(f"student-{number}.log")


def _goes_on(course, parts, log):
    """A run after one that was stopped: nothing marked is judged again, nothing is left out, nothing is half."""
    verdicts = {number: store.path_of(course, EXERCISE, f"student-{number}") for number in range(6)}
    kept = {number: path.read_bytes() for number, path in verdicts.items() if path.exists()}
    assert 2 <= len(kept) < 6
    assert run(course, "grade", "--jobs", "2").code == 0
    for number, path in verdicts.items():
        assert times(_own(log, number)) == 1 if number in kept else times(_own(log, number)) >= 1
        assert path.read_bytes() == kept.get(number, path.read_bytes())
    assert scores(course) == {f"student-{number}": full_marks(parts) for number in range(6)}
    assert not list(course.root.rglob("*.part"))


@pytest.mark.promise("L1")
def test_killed(course, parts, log, running):
    running.kill()
    running.wait()
    _goes_on(course, parts, log)


def test_a_judging_process_killed(course, parts, log, running):
    last = max(log.parent.glob("student-*.log"), key=lambda path: path.stat().st_mtime)
    os.kill(int(last.read_text().split()[1]), signal.SIGKILL)
    assert running.wait(120) == 0
    assert scores(course) == {f"student-{number}": full_marks(parts) for number in range(6)}


@pytest.mark.promise("L1")
def test_interrupted(course, parts, log, running):
    running.send_signal(signal.SIGINT)
    assert running.wait(60) == 130
    assert "What is marked is kept" in running.stdout.read()
    _goes_on(course, parts, log)


@pytest.mark.promise("L3")
def test_a_second_run_is_refused_while_one_is_at_work(course, parts, running):
    done = run(course, "grade")
    assert done.code == 2 and "Another run is marking this course" in done.text
    assert running.wait(120) == 0
    assert scores(course) == {f"student-{number}": full_marks(parts) for number in range(6)}


@pytest.mark.parametrize("room", [0, 1, 2, 3, 4])
@pytest.mark.promise("L1")
def test_a_full_disk(course, parts, log, monkeypatch, room):
    """It fills at each of the first files that a run writes."""
    for student in ("ada", "bo"):
        hand_in(course, student, f"log {log}")
    written, sync = [], os.fsync

    def full(number):
        written.append(number)
        if len(written) > room:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        sync(number)

    monkeypatch.setattr(os, "fsync", full)
    done = run(course, "grade")
    assert done.code == 2 and "No space left on device" in done.text and "What is marked by now is kept" in done.text
    monkeypatch.setattr(os, "fsync", sync)
    assert run(course, "grade").code == 0
    assert scores(course) == {"ada": full_marks(parts), "bo": full_marks(parts)}
    assert not list(course.root.rglob("*.part"))


# ---- What people type wrongly -------------------------------------------------------------------------------------


def test_changed_cells_under_marks_are_explained(course):
    hand_in(course, "ada", "")
    assert run(course, "grade").code == 0
    path = course.file("source", EXERCISE)
    nb = nbformat.read(path, as_version=4)
    nb.cells.append(nbformat.v4.new_markdown_cell("Read on.", id="read-on"))
    locked = dict(grade=False, solution=False, locked=True, task=False, grade_id="read-on", schema_version=3)
    nb.cells[-1].metadata["nbgrader"] = locked
    nbformat.write(nb, path)
    done = run(course, "grade")
    assert done.code == 2 and "Move gradebook.db elsewhere" in done.text


def test_wrong_words(course, tmp_path_factory):
    done = run(course, "grade", "2-forwards")
    assert done.code == 2
    assert (
        f"There is no exercise '2-forwards' in solutions/. There is: {EXERCISE}. Did you mean {EXERCISE}?" in done.text
    )
    done = run(Course(tmp_path_factory.mktemp("nothing")), "grade")
    assert done.code == 2 and "no nbgrader_config.py" in done.text
    (course.root / "submitted" / "zip" / "02-forwrd").mkdir(parents=True)
    (course.root / "submitted" / "zip" / "02-forwrd" / "02-forward.ipynb").write_text("{}")
    (course.root / "submitted" / "02-forward.ipynb").write_text("{}")
    done = run(course, "grade")
    assert done.code == 2 and "It does hold 02-forward.ipynb, zip/02-forwrd." in done.text


def test_wrong_settings(course):
    hand_in(course, "ada", "")
    config = course.root / "nbgrader_config.py"
    plain = config.read_text()
    for line, said in {
        "c.Grading.limits = {'seconds': 3}": "c.Grading.limits: ",
        "c.Grading.limits = {'cell': 0}": "cell: expected a number above 0, got 0",
        "c.Grading.due = {'02-forward': 'soon'}": "expected a time such as '2027-02-01 23:59 UTC'",
    }.items():
        config.write_text(f"{plain}\n{line}\n")
        done = run(Course(course.root), "grade")
        assert done.code == 2 and said in done.text


def test_help_teaches():
    args = [sys.executable, "-m", "grading"]
    text = subprocess.run([*args, "--help"], capture_output=True, text=True, check=True).stdout
    for word in ("release", "demo", "grade", "submitted/STUDENT/", "sandbox", "formgrader", "exit codes"):
        assert word in text
    text = subprocess.run([*args, "grade", "--help"], capture_output=True, text=True, check=True).stdout
    for word in ("--jobs", "--dry-run", "--again", "--scheduler", "--unsandboxed", "extensions.csv", "c.Grading.seed"):
        assert word in text
    wrong = subprocess.run([*args, "grade", "--jobs", "none"], capture_output=True, text=True)
    assert wrong.returncode == 2 and "expected a whole number from 1 on, got 'none'" in wrong.stderr


def test_a_verdict_says_that_there_was_no_sandbox(course):
    """The option reaches the judge."""
    hand_in(course, "ada", "")
    assert run(course, "grade", "--unsandboxed").code == 0
    assert json.loads(store.path_of(course, EXERCISE, "ada").read_text())["sandbox"] == "none"
    assert run(course, "grade", "--dry-run").text.splitlines()[-1] == "1 changed"


def test_a_course_is_short(tmp_path):
    """The tests above rest on it: every test of the exercise can be passed, and lost, by its name."""
    nb = nbformat.read(make_course(tmp_path, short=True).file("source", EXERCISE), as_version=4)
    assert TEST in [cell.metadata.get("nbgrader", {}).get("grade_id") for cell in nb.cells]
