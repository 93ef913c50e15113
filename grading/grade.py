"""Mark what lies in submitted/ with nbgrader, one submission at a time, so that a broken one stops nothing."""

import json
import shutil
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbclient.exceptions import DeadKernelError
from nbgrader.converters import Autograde, GenerateFeedback
from nbgrader.converters.base import NbGraderException
from nbgrader.preprocessors.execute import UnresponsiveKernelError
from sqlalchemy.exc import OperationalError
from tqdm import tqdm

from grading import source
from grading.course import GRADED, LOG, NOT_GRADED, RECORD, UsageError
from grading.release import generate
from rnnlib.checks.api import VERDICT_MIME


@dataclass(frozen=True)
class Finding:
    """What a test cell found out.

    Attributes:
        problem: name of the problem.
        kind: kind of the last verdict (see `rnnlib.checks.verdict.Verdict.kind`), or ``"undefined"`` when the cell
            stopped before there was one, because the student's cell did not define the function.
        misconceptions: pairs of a misconception's name and its hint, the likeliest first.
    """

    problem: str
    kind: str
    misconceptions: tuple = ()


@dataclass
class Result:
    """What came of one submission.

    Attributes:
        exercise: its name.
        student: who handed it in.
        status: ``"graded"`` or ``"not graded"``.
        reason: why it is not graded, or not wholly.
        score: points that the checks gave, or a person.
        max_score: points that can be had, open questions included.
        waiting: points of open questions that a person has yet to read.
        unanswered: points of open questions without an answer.
        findings: a `Finding` per test cell.
    """

    exercise: str
    student: str
    status: str = GRADED
    reason: str = ""
    score: float = 0.0
    max_score: float = 0.0
    waiting: float = 0.0
    unanswered: float = 0.0
    findings: list = field(default_factory=list)


def grade(course, names=(), quiet=False):
    """Mark the submissions of some exercises: gradebook, autograded/, feedback/.

    Args:
        course: `Course`.
        names: exercises; none means all.
        quiet: show no progress.

    Returns:
        List of `Result`, one per submission, by exercise and student.
    """
    names = course.choose(names)
    results = []
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            _register(course, name, Path(folder))
    submissions = [pair for name in names for pair in found(course, name)]
    with course.logged(), tqdm(submissions, unit="notebook", disable=quiet or None, file=sys.stdout) as bar:
        for name, student in bar:
            bar.set_description(f"{name} {student}")
            results.append(_mark(course, name, student))
        bar.set_description("feedback")
        for name in names:
            _feedback(course, name, [result for result in results if result.exercise == name])
    return results


def found(course, exercise):
    """List the submissions to an exercise: pairs of exercise and student."""
    folders = sorted(path for path in course.folder("submitted").glob(f"*/{exercise}") if path.is_dir())
    return [(exercise, path.parent.name) for path in folders if not path.parent.name.startswith(".")]


def unknown(course):
    """List what lies in submitted/ but belongs to no exercise, as paths below it."""
    known, submitted = {*course.exercises, RECORD}, course.folder("submitted")
    paths = [path for path in submitted.glob("*") if path.is_file()] + list(submitted.glob("*/*"))
    stray = sorted(path for path in paths if path.name not in known and not path.name.startswith("."))
    return [str(path.relative_to(submitted)) for path in stray]


def unreadable(path):
    """Say why nbgrader cannot read a submission, or return an empty string."""
    if not path.exists():
        others = sorted(other.name for other in path.parent.glob("*.ipynb"))
        there = f"there is {', '.join(others)}" if others else "there is no notebook"
        return f"{path.name} is missing; {there}"
    text = path.read_bytes()
    if not text.strip():
        return "the file is empty"
    try:
        data = json.loads(text)
    except ValueError:  # not UTF-8 is one, too
        return "the file is not JSON, so it is no notebook"
    if not isinstance(data, dict) or not isinstance(data.get("cells"), list):
        return "the file is JSON, but no notebook of format 4"
    return ""


def _register(course, exercise, folder):
    """Tell the gradebook of an exercise."""
    try:
        generate(course, exercise, folder, register=True)
    except UsageError as error:
        if not isinstance(error.__cause__, NbGraderException):
            raise
        raise UsageError(
            f"{error}\nWhere the cells of {exercise} changed since somebody was marked, nbgrader refuses to mark on. "
            "Move gradebook.db elsewhere and mark again: every submission is marked anew."
        ) from error


class _Autograde(Autograde):
    """nbgrader's own, which remembers why a notebook failed."""

    fault = None

    def convert_single_notebook(self, notebook_filename):
        try:
            super().convert_single_notebook(notebook_filename)
        except Exception as error:
            self.fault = error
            raise


def _mark(course, exercise, student):
    """Mark one submission."""
    result = Result(exercise, student)
    result.reason = unreadable(course.file("submitted", exercise, student))
    if not result.reason:
        directory = course.directory(assignment_id=exercise, student_id=student)
        converter = _Autograde(coursedir=directory, config=course.config)
        try:
            converter.start()
            result.findings = findings(course, exercise, student)
        except Exception as error:  # whatever it is, the others must get their marks
            result.reason = _reason(converter.fault or error, course)
    if result.reason:
        result.status = NOT_GRADED
        for step in ("autograded", "feedback"):  # of an earlier submission
            shutil.rmtree(course.file(step, exercise, student).parent, ignore_errors=True)
    with course.gradebook() as gradebook:
        if result.reason:
            _withdraw(gradebook, exercise, student)
        submission = gradebook.find_submission(exercise, student)
        result.score, result.max_score = submission.score, submission.max_score
        if not result.reason:
            result.waiting, result.unanswered = open_points(submission)
    return result


def open_points(submission):
    """Add up a submission's points for open questions: those that wait for a reader, those without an answer."""
    marks = [mark for notebook in submission.notebooks for mark in notebook.grades]
    ours = [mark for mark in marks if mark.cell.cell_type == "markdown" and mark.manual_score is None]
    return (
        sum(mark.max_score for mark in ours if mark.auto_score is None),
        sum(mark.max_score for mark in ours if mark.auto_score is not None),
    )


def _reason(fault, course):
    """Say in words why nbgrader gave up on a submission."""
    if isinstance(fault, OperationalError):
        raise UsageError(f"The gradebook cannot be used; the end of {LOG} says why.") from fault
    if isinstance(fault, DeadKernelError):
        return "a cell ended the Python process (os._exit, a crash, or out of memory)"
    if isinstance(fault, UnresponsiveKernelError):
        return f"a cell ran on after {course.config.Execute.timeout} seconds and could not be stopped"
    if isinstance(fault, NbGraderException):
        return f"nbgrader gave up before it ran the notebook; {LOG} says why"
    return f"nbgrader gave up: {type(fault).__name__}: {' '.join(str(fault).split()):.160}"


def _withdraw(gradebook, exercise, student):
    """Leave no mark of an earlier submission standing; points given by hand stay, and formgrader asks for review."""
    gradebook.update_or_create_student(student)
    submission = gradebook.update_or_create_submission(exercise, student)
    for notebook in submission.notebooks:
        for mark in notebook.grades:
            mark.auto_score, mark.needs_manual_grade = None, True
    gradebook.db.commit()


def findings(course, exercise, student):
    """Read the verdicts in a marked notebook: a `Finding` per test cell."""
    nb = nbformat.read(course.file("autograded", exercise, student), as_version=4)
    listed = []
    for cell in source.graded(nb, "grade"):
        problem = source.checked(cell)[0][0]
        verdicts = [output.data[VERDICT_MIME] for output in cell.outputs if VERDICT_MIME in output.get("data", {})]
        if verdicts:
            last = verdicts[-1]
            listed.append(Finding(problem, last["verdict"], tuple(zip(last["misconceptions"], last["hints"]))))
        else:
            listed.append(Finding(problem, "undefined"))
    return listed


def _feedback(course, exercise, results):
    """Make the pages of everybody who was marked, in one go."""
    marked = [result for result in results if result.status == GRADED]
    if not marked:
        return
    directory = course.directory(assignment_id=exercise)
    try:
        GenerateFeedback(coursedir=directory, config=course.config).start()
    except NbGraderException:
        pass  # some got no page: said below, each with its submission
    for result in marked:
        if not course.file("feedback", exercise, result.student).with_suffix(".html").exists():
            result.reason = f"marked, but without a feedback page; {LOG} says why"
