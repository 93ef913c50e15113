"""Say what came of a marking: on the screen, in CSV files, and for each exercise a page about the class."""

import json
import textwrap
from collections import Counter
from pathlib import Path

from grading.course import GRADED
from grading.report import charts, export, pages, statistics, workbook
from grading.report.pseudonyms import replaced
from grading.report.words import GROUP_WORDS, INSTRUCTOR, PASSED, count, listed, same

MANY = 60  # students: of more, the screen shows a line for each exercise
LISTED = 40  # lines, or names, of one kind on the screen


def table(results):
    """List students against exercises, as lines of text; of a large class, a line for each exercise."""
    exercises = sorted({result.exercise for result in results})
    marks = {(result.student, result.exercise): result for result in results}
    students = sorted({result.student for result in results})
    if len(students) > MANY:
        return [_summed(name, [result for result in results if result.exercise == name]) for name in exercises]
    width = max([len(student) for student in students] + [len("student")]) + 2
    lines = ["student".ljust(width) + "".join(f"{name:>19}" for name in exercises)]
    for student in students:
        cells = [_mark(marks.get((student, name))) for name in exercises]
        lines.append(student.ljust(width) + "".join(f"{cell:>19}" for cell in cells))
    return lines


def _summed(name, results):
    graded = [result for result in results if result.status == GRADED]
    mean = sum(result.score for result in graded) / max(len(graded), 1)
    return f"{name}: {count(len(results), 'student')}, {len(graded)} graded, {mean:.1f} points on average"


def without_mark(results):
    """List the submissions that could not be marked, or not wholly, each with its reason."""
    lines = [f"{result.student}, {result.exercise}: {result.reason}" for result in results if result.reason]
    more = len(lines) - LISTED
    return lines if more <= 0 else [*lines[:LISTED], f"and {more} more, each with its reason in reports/grades.csv"]


def open_questions(results):
    """Say what open questions still need: nothing, or lines of text."""
    lines = []
    waiting = sum(result.waiting > 0 for result in results)
    if waiting:
        lines.append(
            f"{waiting} answers wait for a reader. Their points stand in brackets and are in no score yet. Formgrader "
            "shows each answer beside a place for points and a comment; the rubrics are in solutions/."
        )
    silent = [f"{result.student} ({result.exercise})" for result in results if result.unanswered]
    if silent:
        lines.append(f"{len(silent)} without an answer: {listed(silent, LISTED)}")
    lines = [part for line in lines for part in textwrap.wrap(line, 98)]
    return ["", "Open questions", *(f"  {line}" for line in lines)] if lines else []


def misconceptions(results):
    """Rank what the class misunderstood.

    Returns:
        List of (students, problem, misconception, hint), the most frequent first.
    """
    hints, counts = {}, Counter()
    for result in results:
        for finding in result.findings:
            for name, hint in finding.misconceptions:
                hints[finding.problem, name] = hint
                counts[finding.problem, name] += 1
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [(count, *key, hints[key]) for key, count in ranked]


def other_faults(results):
    """Rank the faults that no misconception explains: list of (students, problem, fault in words)."""
    counts = Counter(
        (finding.problem, finding.kind)
        for result in results
        for finding in result.findings
        if same(finding.kind) != PASSED and not finding.misconceptions
    )
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [(count, problem, INSTRUCTOR.get(same(kind), kind)) for (problem, kind), count in ranked]


def text(results, most=10):
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
    by_fault = Counter()
    for answers, _, fault in other_faults(results):
        by_fault[fault] += answers
    if by_fault:
        lines += ["", "Other faults (answers, fault)"]
        lines += [f"  {answers:>3}  {fault}" for fault, answers in by_fault.most_common()]
    return "\n".join(lines)


def write_misconceptions(results, path):
    """Write both rankings, whole: of misconceptions with their hints, and of the other faults."""
    rows = [*misconceptions(results), *((n, problem, "", fault) for n, problem, fault in other_faults(results))]
    pages.write_table(path, [["students", "problem", "misconception", "hint"], *rows])


def write_grades(course, results, path):
    """Write the whole gradebook, as CSV, as a workbook and as JSON: nbgrader's columns, and status, reason, to_read."""
    marked = {(result.exercise, result.student): result for result in results}
    this_run = {result.exercise for result in results}
    with course.gradebook() as gradebook:
        rows = export.rows(gradebook)
    for row in rows:
        key, waiting = (row["assignment"], row["student_id"]), row.pop("to_read")
        if key in marked:
            row["status"], row["reason"] = marked[key].status, marked[key].reason
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


def compare(results, record):
    """Compare the demonstration class with what was planted: a line per disagreement."""
    lines = []
    for result in results:
        planted = record.get(result.exercise, {}).get(result.student)
        if planted is None:
            continue
        got = {finding.problem: finding for finding in result.findings}
        who = f"{result.student}, {result.exercise}"
        if (result.status, result.score, result.waiting) != (planted["status"], planted["score"], planted["waiting"]):
            lines.append(f"{who}: planted {_planted(planted)}, got {_mark(result)}")
        for problem, finding in got.items():
            name = finding.misconceptions[0][0] if finding.misconceptions else None
            expected = planted["misconceptions"].get(problem)
            if name != expected and not (expected is None and problem in planted["misconceptions"]):
                lines.append(f"{who}, {problem}: planted {expected}, found {name}")
    return lines


def _mark(result):
    if result is None:
        return "-"
    if result.status != GRADED:
        return result.status
    waiting = f" (+{result.waiting:g})" if result.waiting else ""
    return f"{result.score:g} / {result.max_score - result.waiting:g}{waiting}"


def _planted(planted):
    if planted["status"] != GRADED:
        return planted["status"]
    return f"{planted['score']:g}" + (f" (+{planted['waiting']:g})" if planted["waiting"] else "")


def class_report(verdicts, exercise, folder, pseudonyms=False):
    """Write the report on an exercise: a page, the points as CSV, all figures as JSON.

    Args:
        verdicts: dict from student to verdict.
        exercise: its name.
        folder: where the files go; they are named after the exercise.
        pseudonyms: whether names are replaced. The same student gets the same pseudonym in every report of the folder;
            the key to them is the file ``.pseudonyms`` there, which must not leave with the reports.

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
        (student, verdict["status"], "" if pseudonyms else pages.clean(verdict["reason"], 300))
        for student, verdict in sorted(verdicts.items())
        if verdict["status"] != GRADED
    ]
    pages.write(folder / f"{name}.json", json.dumps({**figures, "troubled": troubled}, indent=1) + "\n")
    pages.write_table(folder / f"{name}.csv", _points(verdicts))
    return pages.write(folder / f"{name}.html", _class_page(figures, troubled, sorted(verdicts)))


def _points(verdicts):
    """A line for each student: status, points, and what each function earned."""
    tests = next((verdict["tests"] for verdict in verdicts.values() if verdict["tests"]), [])
    rows = [["student", "status", "points", *(test["function"] for test in tests)]]
    for student, verdict in sorted(verdicts.items()):
        earned = [test["earned"] for test in verdict["tests"]]
        rows.append([student, verdict["status"], sum(earned), *earned])
    return rows


def _class_page(figures, troubled, students):
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
    )
