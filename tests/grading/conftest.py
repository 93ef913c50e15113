"""Courses in temporary folders: nothing here touches the submissions, the marks or the exercises of this folder."""

import contextlib
import io
import json
import os
import shutil
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest

from grading import files
from grading.__main__ import main
from grading.course import Course
from grading.release import solution
from grading.run.run import register
from grading.sandbox import program
from grading.sandbox.box import Box, SandboxMissing

NO_SANDBOX = "there is no sandbox here: it needs Linux, and a bubblewrap that may make name spaces"
ROOT = Path(__file__).resolve().parents[2]
EXERCISE = "02-forward"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Leave a test out that asked for a sandbox on a machine that cannot have one."""
    report = yield
    if call.excinfo and call.excinfo.errisinstance(SandboxMissing) and not program.usable():
        report.outcome = "skipped"
        report.longrepr = (str(item.path), 0, NO_SANDBOX)
    return report


@pytest.fixture(scope="session", autouse=True)
def environment():
    """Give back the environment that nbgrader_config.py changes; let kernels in other folders find rnnlib."""
    before = dict(os.environ)
    os.environ["PYTHONPATH"] = str(ROOT)
    os.environ["COLUMNS"] = "400"  # of the screen: sentences are looked for as they are, and not as they are broken
    yield
    os.environ.clear()
    os.environ.update(before)


def make_course(root, short=False):
    """Set up a course with one exercise; `short` leaves out what comes after its open question: it only takes time."""
    path = root / "solutions" / EXERCISE / f"{EXERCISE}.ipynb"
    path.parent.mkdir(parents=True)
    shutil.copy(ROOT / "nbgrader_config.py", root)
    shutil.copy(ROOT / "solutions" / EXERCISE / f"{EXERCISE}.ipynb", path)
    if short:
        nb = nbformat.read(path, as_version=4)
        last = max(i for i, cell in enumerate(nb.cells) if cell.metadata.get("nbgrader", {}).get("grade"))
        nb.cells = nb.cells[: last + 1]
        if not solution.graded(nb, "question"):
            meta = dict(grade=True, solution=True, locked=False, task=False, points=4, grade_id="open-question")
            text = f"{solution.BEGIN_ANSWER}\nMODEL ANSWER\n{solution.END_ANSWER}"
            nb.cells.append(nbformat.v4.new_markdown_cell(text, id="open-question"))
            nb.cells[-1].metadata["nbgrader"] = {**meta, "schema_version": 3}
        nbformat.write(nb, path)
    return Course(root)


def run(course, *args):
    """Run a command as a person would; return its exit code and what it said."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        code = main(["--course", str(course.root), *args])
    if code and "The sandbox cannot be started" in out.getvalue() and not program.usable():
        pytest.skip(NO_SANDBOX)
    return SimpleNamespace(code=code, text=out.getvalue())


@pytest.fixture
def course(tmp_path):
    """A course of its own for one test."""
    return make_course(tmp_path, short=True)


@pytest.fixture(scope="session")
def _registered(tmp_path_factory):
    course = make_course(tmp_path_factory.mktemp("registered"), short=True)
    state = {"registered": {}, "pages": {}}
    register(course, {EXERCISE: course.file("source", EXERCISE).read_bytes()}, state["registered"])
    files.write(course.root / "verdicts" / ".state.json", json.dumps(state).encode())
    return course


@pytest.fixture
def ready(_registered, tmp_path):
    """A course of its own for one test, whose gradebook knows the exercise: to make one takes seconds."""
    shutil.copytree(_registered.root, tmp_path, dirs_exist_ok=True)
    return Course(tmp_path)


@pytest.fixture(scope="session")
def parts():
    """The graded functions of the exercise."""
    return solution.read(Course(ROOT), EXERCISE)[1]


@pytest.fixture(scope="session")
def marked(tmp_path_factory):
    """A course without submissions after `grade`: its demonstration class is marked."""
    course = make_course(tmp_path_factory.mktemp("marked"), short=True)
    done = run(course, "grade", EXERCISE)
    return SimpleNamespace(course=course, code=done.code, text=done.text)


@pytest.fixture(scope="session")
def cast(tmp_path_factory):
    """Submissions of the demonstration class for the short exercise, unmarked: dict from student to text."""
    course = make_course(tmp_path_factory.mktemp("cast"), short=True)
    assert run(course, "demo").code == 0
    return {path.parts[-3]: path.read_text() for path in course.root.glob("submitted/*/*/*.ipynb")}


@pytest.fixture(scope="module")
def box():
    """A warm sandbox."""
    warm = Box()
    warm.load(frozenset({"numpy"}))
    yield warm
    warm.close()
