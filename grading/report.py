"""Say what came of a marking: a table, the submissions without a mark, the misconceptions ranked, a CSV."""

import csv
import tempfile
import textwrap
from collections import Counter
from pathlib import Path

from nbgrader.plugins import CsvExportPlugin

from grading.course import GRADED
from grading.grade import open_points

FAULTS = {
    "wrong": "wrong in a way that the catalogue does not know",
    "error": "stopped with an error",
    "returned": "returned something else than asked",
    "changed": "changed an argument",
    "stopped": "was still running after ten seconds",
    "unwritten": "not written",
    "undefined": "not defined: the cell above the check failed",
}


def table(results):
    """List students against exercises, as lines of text."""
    exercises = sorted({result.exercise for result in results})
    marks = {(result.student, result.exercise): result for result in results}
    students = sorted({result.student for result in results})
    width = max([len(student) for student in students] + [len("student")]) + 2
    lines = ["student".ljust(width) + "".join(f"{name:>16}" for name in exercises)]
    for student in students:
        cells = [_mark(marks.get((student, name))) for name in exercises]
        lines.append(student.ljust(width) + "".join(f"{cell:>16}" for cell in cells))
    return lines


def without_mark(results):
    """List the submissions that could not be marked, or not wholly, each with its reason."""
    return [f"{result.student}, {result.exercise}: {result.reason}" for result in results if result.reason]


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
        lines.append(f"{len(silent)} without an answer: {', '.join(silent)}")
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
        if finding.kind != "passed" and not finding.misconceptions
    )
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [(count, problem, FAULTS.get(kind, kind)) for (problem, kind), count in ranked]


def text(results, most=10):
    """The report for the screen; of a long ranking, the `most` frequent."""
    lines = table(results)
    if without_mark(results):
        lines += ["", "Not graded, and why", *(f"  {line}" for line in without_mark(results))]
    lines += open_questions(results)
    ranked = misconceptions(results)
    if ranked:
        lines += ["", "What the class misunderstood (students, function, misconception)"]
    for count, problem, name, hint in ranked[:most]:
        lines.append(f"  {count:>3}  {problem}  {name}")
        lines += textwrap.wrap(hint, 100, initial_indent=" " * 7, subsequent_indent=" " * 7)
    if len(ranked) > most:
        lines.append(f"       and {len(ranked) - most} more in reports/misconceptions.csv")
    by_fault = Counter()
    for count, _, fault in other_faults(results):
        by_fault[fault] += count
    if by_fault:
        lines += ["", "Other faults (answers, fault)"]
        lines += [f"  {count:>3}  {fault}" for fault, count in by_fault.most_common()]
    return "\n".join(lines)


def write_misconceptions(results, path):
    """Write both rankings, whole: of misconceptions with their hints, and of the other faults."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["students", "problem", "misconception", "hint"])
        writer.writerows(misconceptions(results))
        writer.writerows((count, problem, "", fault) for count, problem, fault in other_faults(results))


def write_grades(course, results, path):
    """Write nbgrader's own export of the whole gradebook, with three columns more: status, reason, to_read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    marked = {(result.exercise, result.student): result for result in results}
    this_run = {result.exercise for result in results}
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "grades.csv"
        with course.logged(), course.gradebook() as gradebook:
            waiting = {(a.name, s.student_id): open_points(s)[0] for a in gradebook.assignments for s in a.submissions}
            CsvExportPlugin(to=str(plain)).export(gradebook)
        with plain.open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
    for row in rows:
        key = row["assignment"], row["student_id"]
        if key in marked:
            row["status"], row["reason"] = marked[key].status, marked[key].reason
        elif key in waiting:
            here = row["assignment"] in this_run
            row["status"], row["reason"] = "graded earlier", "no longer in submitted/" if here else ""
        else:
            row["status"], row["reason"] = "nothing submitted", ""
        row["to_read"] = waiting.get(key, 0.0) if row["status"].startswith(GRADED) else 0.0
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0] if rows else ["assignment"], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


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
