"""The whole gradebook as a table: the columns of nbgrader's own export, and what waits for a reader.

nbgrader's export asks the database several times for every line, and a name with a comma in it breaks its file.
"""

from typing import Any

from nbgrader.api import (
    Assignment,
    BaseCell,
    Grade,
    Gradebook,
    GradeCell,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
)
from sqlalchemy import Float, case, func, literal, select


def rows(gradebook: Gradebook) -> list[dict[str, Any]]:
    """List the gradebook's lines: a dict for every exercise and every student, in this order.

    ``to_read`` is what the open questions are worth that nobody has read yet; it is None where nothing was handed in.
    """
    assignments = select(Assignment.id, Assignment.name, Assignment.duedate).order_by(Assignment.name)
    students = select(Student.id, Student.last_name, Student.first_name, Student.email).order_by(Student.id)
    everybody = gradebook.db.execute(students).all()
    points, handed = _points(gradebook.db), _handed(gradebook.db)
    listed = []
    for exercise in gradebook.db.execute(assignments):
        for student in everybody:
            own = handed.get((exercise.id, student.id))
            raw, penalty = (own.raw, own.penalty) if own else (0.0, 0.0)
            listed.append(
                {
                    "assignment": exercise.name,
                    "duedate": exercise.duedate,
                    "timestamp": own.timestamp if own else None,
                    "student_id": student.id,
                    "last_name": student.last_name,
                    "first_name": student.first_name,
                    "email": student.email,
                    "raw_score": raw,
                    "late_submission_penalty": penalty,
                    "score": max(0.0, raw - penalty),
                    "max_score": points.get(exercise.id, 0.0),
                    "to_read": own.to_read if own else None,
                }
            )
    return listed


def _points(db: Any) -> dict[str, float]:
    """What each exercise is worth: dict from its id."""
    base, graded = BaseCell.__table__, GradeCell.__table__
    notebook = Assignment.notebooks.property.mapper.local_table
    found = (
        select(notebook.c.assignment_id, func.sum(graded.c.max_score))
        .join(base, base.c.notebook_id == notebook.c.id)
        .join(graded, graded.c.id == base.c.id)
        .group_by(notebook.c.assignment_id)
    )
    return {exercise: points for exercise, points in db.execute(found)}


def _handed(db: Any) -> dict[tuple[str, str], Any]:
    """Sum up every submission: dict from pairs of exercise's and student's id."""
    notebook, graded, submission = SubmittedNotebook.__table__, GradeCell.__table__, SubmittedAssignment.__table__
    unread = (
        (graded.c.cell_type == "markdown") & Grade.manual_score.is_(None) & Grade.auto_score.is_(None),
        graded.c.max_score,
    )
    marks = (
        select(
            Grade.notebook_id,
            func.sum(Grade.score).label("raw"),
            func.sum(case(unread, else_=literal(0.0, Float))).label("to_read"),
        )
        .join(graded, graded.c.id == Grade.cell_id)
        .group_by(Grade.notebook_id)
        .subquery()
    )
    found = (
        select(
            submission.c.assignment_id,
            submission.c.student_id,
            submission.c.timestamp,
            func.coalesce(func.sum(marks.c.raw), 0.0).label("raw"),
            func.coalesce(func.sum(marks.c.to_read), 0.0).label("to_read"),
            func.coalesce(func.sum(notebook.c.late_submission_penalty), 0.0).label("penalty"),
        )
        .outerjoin(notebook, notebook.c.assignment_id == submission.c.id)
        .outerjoin(marks, marks.c.notebook_id == notebook.c.id)
        .group_by(submission.c.id, submission.c.assignment_id, submission.c.student_id, submission.c.timestamp)
    )
    return {(one.assignment_id, one.student_id): one for one in db.execute(found)}
