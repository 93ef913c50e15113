"""Say what came of a marking: on the screen, in CSV files, and for each exercise a page about the class."""

import json
import textwrap
from collections import Counter
from pathlib import Path
from typing import Any

from grading.course import Course
from grading.judge.verdict import SubmissionVerdict, TestResult
from grading.report import charts, export, pages, statistics, workbook
from grading.report.pseudonyms import replaced
from grading.report.result import GRADED, Result
from grading.report.words import GROUP_WORDS, INSTRUCTOR, PASSED, count, kind, listed
from grading.shown import clean, columns, fitted, one_line, wide

MANY = 60  # students: of more, the screen shows a line for each exercise
LISTED = 40  # lines, or names, of one kind on the screen
NAME, MARK = 34, 19  # columns of the screen for a student's name, and for a mark
REASON = 500  # characters of a reason


def table(results: list[Result]) -> list[str]:
    """List students against exercises, as lines of text; of a large class, a line for each exercise."""
    exercises = sorted({result.exercise for result in results})
    marks = {(result.student, result.exercise): result for result in results}
    students = sorted({result.student for result in results})
    if len(students) > MANY:
        return [_summed(name, [result for result in results if result.exercise == name]) for name in exercises]
    width = min(max(map(wide, [*students, "student"])) + 2, NAME)
    beside = max(1, (columns() - width) // MARK)  # exercises that the screen has room for; the others stand below
    lines: list[str] = []
    for first in range(0, len(exercises), beside):
        part = exercises[first : first + beside]
        lines += [""] * bool(lines) + [fitted("student", width) + "".join(f"{name:>{MARK}}" for name in part)]
        for student in students:
            cells = [_mark(marks.get((student, name))) for name in part]
            lines.append(fitted(student, width - 1) + " " + "".join(f"{cell:>{MARK}}" for cell in cells))
    return lines


def _summed(name: str, results: list[Result]) -> str:
    graded = [result for result in results if result.status == GRADED]
    mean = sum(result.score for result in graded) / max(len(graded), 1)
    return f"{name}: {count(len(results), 'student')}, {len(graded)} graded, {mean:.1f} points on average"


def without_mark(results: list[Result]) -> list[str]:
    """List the submissions that could not be marked, or not wholly, each with its reason."""
    told = [result for result in results if result.reason]
    lines = [f"{one_line(one.student)}, {one.exercise}: {one_line(one.reason, REASON)}" for one in told]
    more = len(lines) - LISTED
    return lines if more <= 0 else [*lines[:LISTED], f"and {more} more, each with its reason in reports/grades.csv"]


def open_questions(results: list[Result]) -> list[str]:
    """Say what open questions still need: nothing, or lines of text."""
    lines = []
    waiting = sum(result.waiting > 0 for result in results)
    if waiting:
        lines.append(
            f"{waiting} answers wait for a reader. Their points stand in brackets and are in no score yet. Formgrader "
            "shows each answer beside a place for points and a comment; the rubrics are in solutions/."
        )
    silent = [f"{one_line(result.student, 60)} ({result.exercise})" for result in results if result.unanswered]
    if silent:
        lines.append(f"{len(silent)} without an answer: {listed(silent, LISTED)}")
    lines = [part for line in lines for part in textwrap.wrap(line, 98)]
    return ["", "Open questions", *(f"  {line}" for line in lines)] if lines else []


def misconceptions(results: list[Result]) -> list[tuple[int, str, str, str]]:
    """Rank what the class misunderstood.

    Returns:
        List of (students, problem, misconception, hint), the most frequent first.
    """
    hints = {}
    counts = Counter[tuple[str, str]]()
    for result in results:
        for test in result.tests:
            for name, hint in zip(test.misconceptions, test.hints, strict=True):
                hints[test.problem, name] = hint
                counts[test.problem, name] += 1
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [(count, *key, hints[key]) for key, count in ranked]


def manners(results: list[Result]) -> list[tuple[int, str, str]]:
    """Rank the right answers that write into an argument: list of (students, problem, arguments)."""
    counts = Counter(
        (test.problem, listed(test.writes_into))
        for result in results
        for test in result.tests
        if kind(test) == PASSED and test.writes_into
    )
    return [(count, *key) for key, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))]


def other_faults(results: list[Result]) -> list[tuple[int, str, str]]:
    """Rank the faults that no misconception explains: list of (students, problem, fault in words)."""
    counts = Counter(
        (test.problem, kind(test))
        for result in results
        for test in result.tests
        if kind(test) != PASSED and not test.misconceptions
    )
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [(count, problem, INSTRUCTOR[fault]) for (problem, fault), count in ranked]


def text(results: list[Result], most: int = 10) -> str:
    """The report for the screen; of a long ranking, the `most` frequent."""
    lines = table(results)
    if without_mark(results):
        lines += ["", "Not graded, or not wholly, and why", *(f"  {line}" for line in without_mark(results))]
    lines += open_questions(results)
    ranked = misconceptions(results)
    if ranked:
        lines += ["", "What the class misunderstood (students, function, misconception)"]
    for students, problem, name, hint in ranked[:most]:
        lines.append(f"  {students:>3}  {problem}  {name}")
        lines += textwrap.wrap(hint, 100, initial_indent=" " * 7, subsequent_indent=" " * 7)
    if len(ranked) > most:
        lines.append(f"       and {len(ranked) - most} more in reports/misconceptions.csv")
    by_fault = Counter[str]()
    for answers, _, fault in other_faults(results):
        by_fault[fault] += answers
    if by_fault:
        lines += ["", "Other faults (answers, fault)"]
        lines += [f"  {answers:>3}  {fault}" for fault, answers in by_fault.most_common()]
    polite = manners(results)
    if polite:
        lines += ["", "Right, and writes into an argument, which costs nothing (students, function, argument)"]
        lines += [f"  {students:>3}  {problem}  {arguments}" for students, problem, arguments in polite[:most]]
        lines += [f"       and {len(polite) - most} more"] * (len(polite) > most)
    return "\n".join(lines)


def write_misconceptions(results: list[Result], path: Path) -> None:
    """Write both rankings, whole: of misconceptions with their hints, and of the other faults."""
    rows = [*misconceptions(results), *((n, problem, "", fault) for n, problem, fault in other_faults(results))]
    pages.write_table(path, [["students", "problem", "misconception", "hint"], *rows])


def write_grades(course: Course, results: list[Result], path: Path) -> None:
    """Write the whole gradebook, as CSV, as a workbook and as JSON: nbgrader's columns, and status, reason, to_read."""
    marked = {(result.exercise, result.student): result for result in results}
    this_run = {result.exercise for result in results}
    with course.gradebook() as gradebook:
        rows = export.rows(gradebook)
    for row in rows:
        key, waiting = (row["assignment"], row["student_id"]), row.pop("to_read")
        if key in marked:
            row["status"], row["reason"] = marked[key].status, one_line(marked[key].reason, REASON)
        elif waiting is not None:
            here = row["assignment"] in this_run
            row["status"], row["reason"] = "graded earlier", "no longer in submitted/" if here else ""
        else:
            row["status"], row["reason"] = "nothing submitted", ""
        row["to_read"] = (waiting or 0.0) if row["status"].startswith(GRADED) else 0.0
    table = [list(rows[0]), *(list(row.values()) for row in rows)] if rows else [["assignment"]]
    pages.write_table(path, table)
    workbook.write(path.with_suffix(".xlsx"), table)
    pages.write(path.with_suffix(".json"), json.dumps(rows, indent=1, default=str) + "\n")


def disagreements(results: list[Result], record: dict[str, Any]) -> list[str]:
    """Compare the demonstration class with what was planted: a line per disagreement."""
    lines = []
    for result in results:
        planted = record.get(result.exercise, {}).get(result.student)
        if planted is None:
            continue
        got: dict[str, TestResult] = {test.problem: test for test in result.tests}
        who = f"{one_line(result.student)}, {result.exercise}"
        if (result.status, result.score, result.waiting) != (planted["status"], planted["score"], planted["waiting"]):
            lines.append(f"{who}: planted {_planted(planted)}, got {_mark(result)}")
        for problem, test in got.items():
            name = test.misconceptions[0] if test.misconceptions else None
            expected = planted["misconceptions"].get(problem)
            if name != expected and not (expected is None and problem in planted["misconceptions"]):
                lines.append(f"{who}, {problem}: planted {expected}, found {name}")
    return lines


def _mark(result: Result | None) -> str:
    if result is None:
        return "-"
    if result.status != GRADED:
        return result.status
    waiting = f" (+{result.waiting:g})" if result.waiting else ""
    return f"{result.score:g} / {result.max_score - result.waiting:g}{waiting}"


def _planted(planted: dict[str, Any]) -> str:
    if planted["status"] != GRADED:
        return planted["status"]
    return f"{planted['score']:g}" + (f" (+{planted['waiting']:g})" if planted["waiting"] else "")


def class_report(
    verdicts: dict[str, SubmissionVerdict], exercise: str, folder: Path, pseudonyms: bool = False, warning: str = ""
) -> Path:
    """Write the report on an exercise: a page, the points as CSV, all figures as JSON.

    Args:
        verdicts: dict from student to verdict.
        exercise: its name.
        folder: where the files go; they are named after the exercise.
        pseudonyms: whether names are replaced. The same student gets the same pseudonym in every report of the folder;
            the key to them is the file ``.pseudonyms`` there, which must not leave with the reports.
        warning: of the course's settings, for the head of the page; or nothing.

    Returns:
        Path of the HTML file.
    """
    folder = Path(folder)
    name = f"{exercise}.pseudonyms" if pseudonyms else exercise
    if pseudonyms:
        verdicts = replaced(verdicts, folder / ".pseudonyms")
    figures = statistics.analyse(verdicts, exercise)
    figures["monday"] = statistics.monday(figures)
    # A reason may name a file, and a file its student.
    troubled = [
        (student, verdict.status, "" if pseudonyms else clean(verdict.reason, 300))
        for student, verdict in sorted(verdicts.items())
        if verdict.status != GRADED
    ]
    pages.write(folder / f"{name}.json", json.dumps({**figures, "troubled": troubled}, indent=1) + "\n")
    pages.write_table(folder / f"{name}.csv", _points(verdicts))
    return pages.write(folder / f"{name}.html", _class_page(figures, troubled, sorted(verdicts), warning))


def _points(verdicts: dict[str, SubmissionVerdict]) -> list[list[Any]]:
    """A line for each student: status, points, and what each function earned."""
    tests = next((verdict.tests for verdict in verdicts.values() if verdict.tests), ())
    rows: list[list[Any]] = [["student", "status", "points", *(test.function for test in tests)]]
    for student, verdict in sorted(verdicts.items()):
        rows.append([student, verdict.status, verdict.earned, *(test.earned for test in verdict.tests)])
    return rows


def _class_page(
    figures: dict[str, Any], troubled: list[tuple[str, str, str]], students: list[str], warning: str
) -> str:
    if figures["ran"]:
        longest = figures["max_points"]
        figures["histogram"] = charts.histogram(list(figures["points"].values()), longest, "points")
        figures["slowest"] = max(figures["items"], key=lambda item: item["seconds"])
    for item in figures["items"]:
        item["bar"] = charts.shares(item["kinds"], item["n"])
    everybody = [(student, figures["points"].get(student)) for student in students]
    return pages.html(
        "class.html",
        **figures,
        groups=GROUP_WORDS,
        words=INSTRUCTOR,
        troubled=troubled,
        everybody=everybody,
        few=statistics.FEW,
        warning=warning,
    )
