"""Mark what lies in submitted/: judge what is new, enter it in the gradebook, write each student's page.

A verdict is on the disk before anything else is done with it. Everything after it can be done again from it, and is,
where a run was stopped in between.
"""

import contextlib
import dataclasses
import hashlib
import json
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.converters.base import NbGraderException
from sqlalchemy.exc import DBAPIError
from tqdm import tqdm

from grading import files, store
from grading.collect import submission
from grading.course import LOG, Course, UsageError
from grading.door import NoFile
from grading.gradebook.gradebook import Book
from grading.gradebook.post import post
from grading.judge.unjudged import unjudged
from grading.judge.verdict import SubmissionVerdict
from grading.release.release import generate
from grading.report.result import GRADED, NOT_GRADED, Result
from grading.run import dask, key, pool
from grading.run.plan import KEPT, NO_NOTEBOOK, Planned, judged_again, plan
from grading.run.settings import Settings, settings_of
from grading.run.sheltered import sheltered
from grading.shown import one_line, say


def autograde(
    course: Course,
    names: Iterable[str] = (),
    jobs: int = 1,
    again: bool = False,
    scheduler: str | None = None,
    sandboxed: bool = True,
    quiet: bool = False,
) -> list[Result]:
    """Mark the submissions of some exercises: verdicts/, the gradebook, autograded/, feedback/.

    Args:
        course: `Course`.
        names: exercises; none means all.
        jobs: how many processes judge at a time.
        again: judge also what has a verdict.
        scheduler: address of a Dask scheduler, whose workers judge in place of processes of this machine.
        sandboxed: whether students' code runs in a sandbox.
        quiet: show no progress.

    Returns:
        List of `Result`, one per submission, by exercise and student.

    Raises:
        UsageError: when it cannot be done as asked; what is marked by then is kept.
    """
    settings = settings_of(course, sandboxed)
    sheltered(course, sandboxed)
    with _explained(), store.lock(course):
        planned = plan(course, names, settings, again)
        if said := judged_again(planned):
            say(said)
        sources = {name: course.file("source", name).read_bytes() for name in {one.exercise for one in planned}}
        state = _state(course)
        register(course, sources, state["registered"])
        verdicts = _verdicts(course, planned, sources, settings, jobs, scheduler)
        results = list(_entered(course, planned, verdicts, state, quiet))
    return sorted(results, key=lambda result: (result.exercise, result.student))


@contextlib.contextmanager
def _explained() -> Iterator[None]:
    """Say in words what stops a whole run."""
    try:
        yield
    except DBAPIError as error:
        raise UsageError(f"The gradebook cannot be used: {error.orig}. What is marked by now is kept.") from error
    except OSError as error:
        raise UsageError(
            f"{one_line(error.filename or 'A file', 300)} cannot be used: {error.strerror}. What is marked by now is "
            "kept; when that is mended, run it again for the rest."
        ) from error
    except pool.JudgeFault as error:
        raise UsageError(str(error)) from error


def _state(course: Course) -> dict[str, dict[str, str]]:
    """What earlier runs did, so that it need not be done again; none of it is needed."""
    try:
        state = json.loads(_state_file(course).read_bytes())
    except (OSError, ValueError, RecursionError):
        state = None
    found = state if isinstance(state, dict) else {}
    return {name: _texts(found.get(name)) for name in ("registered", "pages")}


def _texts(value: object) -> dict[str, str]:
    """What of a dict from JSON is a text by a text."""
    pairs = value.items() if isinstance(value, dict) else ()
    return {key: text for key, text in pairs if isinstance(text, str)}


def _state_file(course: Course) -> Path:
    return course.root / "verdicts" / ".state.json"


def register(course: Course, sources: dict[str, bytes], registered: dict[str, str]) -> None:
    """Tell the gradebook of the exercises that it does not know, or not as they are now.

    Args:
        course: `Course`.
        sources: dict from exercise to the bytes of its notebook.
        registered: dict from exercise to a digest of what the gradebook was told of; changed in place.
    """
    with course.gradebook() as gradebook:
        known = {assignment.name for assignment in gradebook.assignments if assignment.notebooks}
    with tempfile.TemporaryDirectory() as folder:
        for name, data in sorted(sources.items()):
            digest = hashlib.sha256(data).hexdigest()
            if name not in known or registered.get(name) != digest:
                _register(course, name, Path(folder))
                registered[name] = digest


def _register(course: Course, exercise: str, folder: Path) -> None:
    """Tell the gradebook of an exercise."""
    try:
        generate(course, exercise, folder, register=True)
    except UsageError as error:
        if not isinstance(error.__cause__, NbGraderException):
            raise
        raise UsageError(
            f"{error}\nWhere the cells of {exercise} changed since somebody was marked, nbgrader refuses to mark on. "
            "Move gradebook.db elsewhere and mark again: every submission is entered anew."
        ) from error


def _verdicts(
    course: Course,
    planned: list[Planned],
    sources: dict[str, bytes],
    settings: Settings,
    jobs: int,
    scheduler: str | None,
) -> Iterator[SubmissionVerdict]:
    """Yield the verdicts of all that was planned: first those that are there, then the others as they come."""
    todo = []
    for one in planned:
        if one.state == NO_NOTEBOOK:
            verdict = unjudged(sources[one.exercise], one.exercise, "unreadable", one.reason)
            yield _saved(course, verdict, one.student, one.key)
        elif one.state == KEPT and (kept := store.load(course, one.exercise, one.student)) is not None:
            yield kept
        else:
            todo.append(one)
    waiting = (_job(course, one, sources[one.exercise], settings) for one in todo)
    with course.log_file() as log:
        judged = dask.run(waiting, scheduler) if scheduler else pool.run(waiting, min(jobs, len(todo)), log)
        for job, found in judged if todo else ():
            name = job.key
            if found is None:
                reason = f"the process that judged it ended {pool.TRIES} times; {LOG} may say why"
                # No key: the fault may have been the machine's, so the next run tries again.
                found, name = unjudged(job.source, job.exercise, "died", reason), ""
            found = dataclasses.replace(found, notes=(*found.notes, *job.notes))
            yield _saved(course, found, job.student, name)


def _job(course: Course, one: Planned, source: bytes, settings: Settings) -> pool.Job:
    """Read a submission, at the moment when a process is free for it."""
    try:
        data = submission.read(course, one.exercise, one.student, settings.most)
    except NoFile:  # it was there a moment ago: judged as an empty file, and anew by the next run
        data = b""
    beside = submission.beside(course, one.exercise, one.student)
    name = key.key(data, source, settings, beside.files)
    key.remember(course, name, data, source, settings)
    return pool.Job(one.exercise, one.student, data, source, settings, name, beside.files, tuple(beside.notes))


def _saved(course: Course, verdict: SubmissionVerdict, student: str, name: str) -> SubmissionVerdict:
    """Write a verdict down."""
    verdict = dataclasses.replace(verdict, student=student, key=name)
    store.save(course, verdict)
    return verdict


def _entered(
    course: Course,
    planned: list[Planned],
    verdicts: Iterator[SubmissionVerdict],
    state: dict[str, dict[str, str]],
    quiet: bool,
) -> Iterator[Result]:
    """Enter verdicts as they come, and write what follows from them; yield a `Result` for each."""
    books: dict[str, Book] = {}
    sources: dict[str, Any] = {}
    counts = {GRADED: 0, NOT_GRADED: 0}
    with (
        course.logged(),
        course.gradebook() as gradebook,
        tqdm(verdicts, total=len(planned), unit="notebook", disable=quiet or None, file=sys.stdout) as bar,
    ):
        for verdict in bar:
            exercise = verdict.exercise
            if exercise not in books:
                books[exercise] = Book(gradebook, course, exercise)
                sources[exercise] = nbformat.read(course.file("source", exercise), as_version=4)
            result = post(course, books[exercise], sources[exercise], verdict, state["pages"])
            counts[result.status] += 1
            bar.set_postfix_str(f"{counts[GRADED]} graded, {counts[NOT_GRADED]} not", refresh=False)
            yield result
    files.write(_state_file(course), json.dumps(state).encode(), lasting=True)
