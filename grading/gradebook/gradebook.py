"""Bring nbgrader's gradebook into step with verdicts: the marks of checks, never what a person gave.

It is written with plain statements, all of an exercise read at once: through nbgrader's objects a class of a thousand
takes minutes.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from nbgrader import api
from sqlalchemy import bindparam, insert, select, update

from grading.collect import times
from grading.course import Course
from grading.gradebook import late

NO_ANSWER = "No response."  # nbgrader's words


@dataclass
class Row:
    """A submission as the gradebook has it.

    Attributes:
        submission, notebook: the gradebook's own names of the two.
        timestamp: when it was handed in, or None.
        extension: how much longer the student had, or None.
        penalty: what was taken off for lateness, or None.
        marks: dict from a graded cell's name to its columns.
        comments: dict from an answer's name to its columns.
    """

    submission: str
    notebook: str
    timestamp: datetime | None = None
    extension: timedelta | None = None
    penalty: float | None = None
    marks: dict[str, dict[str, Any]] = field(default_factory=dict)
    comments: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def score(self) -> float:
        """Points before a penalty: a person's before a check's, and extra credit, as nbgrader adds them up."""
        total = 0.0
        for mark in self.marks.values():
            points = mark["auto_score"] if mark["manual_score"] is None else mark["manual_score"]
            total += 0.0 if points is None else points + (mark["extra_credit"] or 0.0)
        return total


class Book:
    """The gradebook's part on one exercise.

    Args:
        gradebook: nbgrader's, open.
        course: `Course`.
        exercise: its name; the gradebook must know it (see `grading.release.release.generate`).
    """

    def __init__(self, gradebook: api.Gradebook, course: Course, exercise: str):
        self.db, self.exercise = gradebook.db, exercise
        self.waiting: list[tuple[Any, str, dict[str, Any]]] = []  # table, row and columns to write
        assignment = gradebook.find_assignment(exercise)
        self.assignment, self.due = assignment.id, assignment.duedate
        self.master = gradebook.find_notebook(exercise, exercise).id
        self.rule, self.extensions = late.plugin(course), late.extensions(course)
        self.stamped = late.stamped(course, exercise)
        due = times.dues(course).get(exercise)
        self.zone = due.tzinfo if due else UTC
        if due is not None and times.in_utc(due) != self.due:
            self.due = assignment.duedate = times.in_utc(due)
        self.students = set(self.db.scalars(select(api.Student.id)))
        self._read_cells()
        self._read_rows()

    def _read_cells(self) -> None:
        cell, graded = api.BaseCell.__table__, api.GradeCell.__table__
        mine = cell.c.notebook_id == self.master
        marked = select(cell.c.name, graded.c.id, graded.c.max_score).join(graded, graded.c.id == cell.c.id).where(mine)
        self.graded = {row.name: row for row in self.db.execute(marked)}
        answers = select(cell.c.name, cell.c.id).where(mine, cell.c.type == "SolutionCell")
        self.answers = {row.name: row.id for row in self.db.execute(answers)}

    def _read_rows(self) -> None:
        handed, notebook = api.SubmittedAssignment.__table__, api.SubmittedNotebook.__table__
        found = self.db.execute(
            select(handed, notebook.c.id.label("notebook"), notebook.c.late_submission_penalty)
            .join(notebook, notebook.c.assignment_id == handed.c.id)
            .where(handed.c.assignment_id == self.assignment)
        )
        self.rows = {
            row.student_id: Row(row.id, row.notebook, row.timestamp, row.extension, row.late_submission_penalty)
            for row in found
        }
        by_notebook = {row.notebook: row for row in self.rows.values()}
        for table, names, into in (
            (api.Grade.__table__, {row.id: name for name, row in self.graded.items()}, "marks"),
            (api.Comment.__table__, {cell: name for name, cell in self.answers.items()}, "comments"),
        ):
            mine = select(table).join(notebook, table.c.notebook_id == notebook.c.id)
            for mark in self.db.execute(mine.where(notebook.c.notebook_id == self.master)).mappings():
                if mark["cell_id"] in names and mark["notebook_id"] in by_notebook:
                    getattr(by_notebook[mark["notebook_id"]], into)[names[mark["cell_id"]]] = dict(mark)

    def enter(
        self,
        student: str,
        marks: dict[str, float | None],
        silent: Iterable[str],
        timestamp: datetime | None,
        fresh: bool,
    ) -> Row:
        """Enter a submission's marks. `commit` makes them last.

        Args:
            student: who handed it in.
            marks: dict from the names of all graded cells to points, or None where a person has to look.
            silent: names of the answers that are missing.
            timestamp: when it was handed in, or None.
            fresh: whether the verdict is a new one: then a person looks again at what they gave points for.

        Returns:
            The `Row`, as it is now.
        """
        row = self.rows.get(student) or self._add(student)
        for name, points in marks.items():
            mark = row.marks[name]
            if fresh or mark["auto_score"] != points:
                look = points is None or mark["manual_score"] is not None
                self._change(api.Grade, mark, auto_score=points, needs_manual_grade=look)
        for name, comment in row.comments.items():
            self._change(api.Comment, comment, auto_comment=NO_ANSWER if name in silent else None)
        extension = row.extension
        if self.extensions is not None:
            extension = self.extensions.get((student, self.exercise))
        due = self.due if self.due is None or extension is None else self.due + extension
        penalty = late.penalty(self.rule, student, row.score, timestamp, due, self.zone)
        if (row.timestamp, row.extension) != (timestamp, extension):
            row.timestamp, row.extension = timestamp, extension
            self.waiting.append(
                (api.SubmittedAssignment, row.submission, {"timestamp": timestamp, "extension": extension})
            )
        if row.penalty != penalty:
            row.penalty = penalty
            self.waiting.append((api.SubmittedNotebook, row.notebook, {"late_submission_penalty": penalty}))
        return row

    def _change(self, table: Any, old: dict[str, Any], **new: Any) -> None:
        """Change columns of a mark or a comment, if they differ."""
        if any(old[name] != value for name, value in new.items()):
            old.update(new)
            self.waiting.append((table, old["id"], new))

    def _add(self, student: str) -> Row:
        """Make the rows of a first submission."""
        if student not in self.students:
            self.db.execute(insert(api.Student.__table__), [{"id": student}])
            self.students.add(student)
        row = Row(api.new_uuid(), api.new_uuid())
        handed = {"id": row.submission, "assignment_id": self.assignment, "student_id": student}
        self.db.execute(insert(api.SubmittedAssignment.__table__), [handed])
        notebook = {"id": row.notebook, "assignment_id": row.submission, "notebook_id": self.master, "flagged": False}
        self.db.execute(insert(api.SubmittedNotebook.__table__), [notebook])
        blank: dict[str, Any] = dict.fromkeys(("auto_score", "manual_score", "extra_credit"))
        blank["needs_manual_grade"] = True
        row.marks = {
            name: {"id": api.new_uuid(), "notebook_id": row.notebook, "cell_id": cell.id, **blank}
            for name, cell in self.graded.items()
        }
        blank = {"auto_comment": None, "manual_comment": None}
        row.comments = {
            name: {"id": api.new_uuid(), "notebook_id": row.notebook, "cell_id": cell, **blank}
            for name, cell in self.answers.items()
        }
        for table, added in ((api.Grade, row.marks), (api.Comment, row.comments)):
            if added:
                self.db.execute(insert(table.__table__), list(added.values()))
        self.rows[student] = row
        return row

    def commit(self) -> None:
        """Write all that was entered, in one step: a run that ends at any moment leaves whole submissions only."""
        for table, key, new in self.waiting:
            self.db.execute(
                update(table.__table__).where(table.__table__.c.id == bindparam("key")).values(new), {"key": key}
            )
        self.waiting.clear()
        self.db.commit()
