"""What each command does, once its words are read. Each returns an exit code."""

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import nbformat

from grading import store
from grading.collect import downloads
from grading.course import Course, UsageError
from grading.demo import demonstration
from grading.gradebook import forget, late
from grading.judge.verdict import SubmissionVerdict
from grading.release.release import release
from grading.report import report
from grading.report.result import Result
from grading.report.similar import similar
from grading.run.plan import found, plan, unknown
from grading.run.run import autograde
from grading.run.settings import settings_of
from grading.sandbox.program import sandbox_program
from grading.shown import one_line, say, screen


def _release(course: Course, args: argparse.Namespace) -> int:
    """solutions/ -> exercises/."""
    states = release(course, args.names, args.again)
    for name, state in states.items():
        say(f"exercises/{name}: {state}")
    kept = [name for name, state in states.items() if state == "kept"]
    if kept:
        say(f"Somebody worked in exercises/{kept[0]}, so it stays as it is.")
        say(f"For a fresh copy, with the old one beside it: python -m grading release --again {kept[0]}")
    return 0


def _demo(course: Course, args: argparse.Namespace) -> int:
    """A made-up class."""
    if args.remove:
        say(f"Took {demonstration.remove(course)} demonstration submissions away.")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        record = demonstration.make(course, demonstration.chosen(course, args.names), Path(folder))
    for student, what in demonstration.CAST.items():
        say(f"  {student:<10}{what}")
    say(f"{sum(map(len, record.values()))} submissions lie in submitted/; what each must earn is in")
    say(f"submitted/{demonstration.RECORD}. To mark them: python -m grading grade")
    return 0


def _grade(course: Course, args: argparse.Namespace) -> int:
    """Mark, write pages and tables, report."""
    course, named = _folder(course, [*args.names, *args.assignment])
    names = course.choose(named)
    if not demonstration.real_submissions(course):
        names = demonstration.chosen(course, named)
        say("submitted/ holds no submissions, so the demonstration class is marked: twelve made-up students.")
        say(f"They hand in {' and '.join(names)}; for another exercise: make grade NAME={course.exercises[-1]}")
        if args.dry_run:
            return 0
        with tempfile.TemporaryDirectory() as folder:  # the same files every time, so it is judged once
            demonstration.make(course, names, Path(folder))
    elif not any(found(course, name) for name in names):
        stray = f" It does hold {stray}." if (stray := unknown(course)) else ""
        raise UsageError(
            f"submitted/ holds no submission to {', '.join(names)}. One belongs at "
            f"submitted/STUDENT/{names[0]}/{names[0]}.ipynb.{stray}"
        )
    settings = settings_of(course, not args.unsandboxed)
    if settings.warning:
        say(settings.warning)
    if args.dry_run:
        planned = plan(course, names, settings, args.again)
        for one in planned:
            say(f"{one.exercise}  {one_line(one.student)}: {one.state}" + f" ({one.reason})" * bool(one.reason))
        say(", ".join(f"{count} {state}" for state, count in Counter(one.state for one in planned).items()))
        return 0
    if not args.unsandboxed and (program := sandbox_program()):
        say(f"Students' code runs in a sandbox: {program}.")
    results = autograde(course, names, args.jobs, args.again, args.scheduler, not args.unsandboxed)
    return _write_tables(course, results, unknown(course))


def _folder(course: Course, words: list[str]) -> tuple[Course, list[str]]:
    """Tell the folder of the submissions from the names of exercises."""
    known, names = course.exercises, []
    for word in words:
        if word in known or not Path(word).is_dir():
            names.append(word)
        elif Path(word).resolve() != course.folder("submitted").resolve():
            course = replace(course, changes=(("CourseDirectory.submitted_directory", str(Path(word).resolve())),))
    return course, names


def _write_tables(course: Course, results: list[Result], stray: str) -> int:
    """Write the tables, print what came of it; return the exit code."""
    report.write_grades(course, results, course.root / "reports" / "grades.csv")
    report.write_misconceptions(results, course.root / "reports" / "misconceptions.csv")
    say(report.text(results))
    if stray:
        say("", f"In submitted/, but of no exercise: {stray}")
    say("", *late.strangers(course))
    say("A page for each student is in feedback/, all marks are in reports/grades.csv.")
    record = demonstration.read_record(course)
    for which in demonstration.changed(course, record):
        say(f"The submission of {which}, is the demonstration's no more: it was changed, and is marked as a real one.")
    planted = [r for r in results if demonstration.is_demonstration(course, r.exercise, r.student, record)]
    differences = report.disagreements(planted, record)
    if differences:
        say("", "The demonstration class did not get what was planted:", *(f"  {line}" for line in differences))
        return 1
    if planted:
        say(f"All {len(planted)} demonstration submissions got the marks and the misconceptions that were planted.")
        if len(planted) < len(results):
            say("They stand among real ones. To take them away: python -m grading demo --remove")
    return 0


def _report(course: Course, args: argparse.Namespace) -> int:
    """The class on a page, for each exercise."""
    warning = settings_of(course).warning
    for name in _with_verdicts(course, args.names):
        try:
            page = report.class_report(verdicts(course, name), name, course.root / "reports", args.pseudonyms, warning)
        except ValueError as error:  # verdicts of two editions of the exercise
            raise UsageError(f"{name}: {error}") from error
        say(page.relative_to(course.root))
    return 0


def _similar(course: Course, args: argparse.Namespace) -> int:
    """Pairs of submissions that are alike, for each exercise."""
    for name in _with_verdicts(course, args.names):
        nb = nbformat.read(course.file("source", name), as_version=4)
        expected = [cell.source for cell in nb.cells if cell.cell_type == "code"]
        texts = [cell.source for cell in nb.cells if cell.cell_type == "markdown"]
        page = similar(verdicts(course, name), expected, name, course.root / "reports", released=texts)
        say(f"{page.relative_to(course.root)}: a place to look, not an accusation")
    return 0


def verdicts(course: Course, exercise: str) -> dict[str, SubmissionVerdict]:
    """The verdicts on what is in submitted/: dict from student to verdict."""
    found_here = ((student, store.load(course, exercise, student)) for _, student in found(course, exercise))
    return {student: verdict for student, verdict in found_here if verdict}


def _with_verdicts(course: Course, names: list[str]) -> list[str]:
    """The exercises named that have verdicts.

    Raises:
        UsageError: when there are none.
    """
    chosen = course.choose(names)
    marked = [name for name in chosen if verdicts(course, name)]
    if not marked or (names and marked != chosen):
        bare = [name for name in chosen if name not in marked]
        raise UsageError(f"Nothing of {', '.join(bare)} is marked yet. To mark it: python -m grading grade")
    return marked


def _import(course: Course, args: argparse.Namespace) -> int:
    """Downloads -> submitted/."""
    remarks: list[str] = []
    brought, refused = downloads.bring_in(
        course, args.folder, args.assignment, args.roster, args.dry_run, args.zone, remarks
    )
    say(downloads.text(brought, refused, args.dry_run, remarks))
    return 0


def _forget(course: Course, args: argparse.Namespace) -> int:
    """One student's data, taken out."""
    for student in args.students:
        forget.check(course, student)
        held = forget.everything_of(course, student)
        if not held:
            raise UsageError(
                f"The course holds nothing of {student!r}. Write the name as in submitted/ or the gradebook."
            )
        say(f"Of {student} there {'is' if len(held) == 1 else 'are'}:")
        say(*(f"  {one.what}" for one in held))
        if not args.yes and not _agreed(f"Take all of it out, for ever? Type {student} to agree: ", student):
            say("Nothing was taken out.")
            return 1
        say("Taken out:")
        for what in forget.forget(course, held):
            say(f"  {what}")
        say("Out of reach of this command:")
        say(*(f"  {what}" for what in forget.out_of_reach(course, student)))
    say("Tables and pages of the class, without: python -m grading grade, then report and similar.")
    return 0


def _agreed(question: str, word: str) -> bool:
    """Ask a person; no answer is a no."""
    try:
        return input(screen(question)).strip() == word
    except EOFError:
        return False


COMMANDS: dict[str, Callable[[Course, argparse.Namespace], int]] = {
    "release": _release,
    "import": _import,
    "grade": _grade,
    "report": _report,
    "similar": _similar,
    "demo": _demo,
    "forget": _forget,
}


def run(args: argparse.Namespace) -> int:
    """Run a command; return its exit code."""
    try:
        return COMMANDS[args.command](Course(Path(args.course).resolve()), args)
    except UsageError as error:
        say(f"grading: {error}", file=sys.stderr)
    except OSError as error:
        say(f"grading: {one_line(error.filename or 'A file', 300)} cannot be used: {error.strerror}", file=sys.stderr)
    return 2
