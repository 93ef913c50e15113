"""What nbgrader gets: the checks' marks in its gradebook, and a marked notebook in which nothing runs."""

from dataclasses import replace

import nbformat
import pytest

from grading.gradebook import formgrader
from grading.gradebook.gradebook import Book
from grading.judge.unjudged import unjudged
from grading.judge.verdict import CellError, CellRecord
from grading.release import solution
from tests.grading.conftest import EXERCISE
from tests.grading.made_up import edited


@pytest.fixture
def nb(ready):
    return nbformat.read(ready.file("source", EXERCISE), as_version=4)


def all_marks(nb, points):
    return {solution.grade_id(cell): points for kind in ("grade", "question") for cell in solution.graded(nb, kind)}


def test_what_is_entered_stands_in_nbgraders_own_words(ready, nb):
    (question,) = solution.graded(nb, "question")
    given = {**all_marks(nb, 1.0), solution.grade_id(question): None}
    with ready.gradebook() as gradebook:
        book = Book(gradebook, ready, EXERCISE)
        book.enter("ada", given, {solution.grade_id(question)}, None, fresh=True)
        book.commit()
    with ready.gradebook() as gradebook:
        submission = gradebook.find_submission(EXERCISE, "ada")
        assert {mark.name: mark.auto_score for mark in submission.notebooks[0].grades} == given
        waiting = [mark.name for mark in submission.notebooks[0].grades if mark.needs_manual_grade]
        assert waiting == [solution.grade_id(question)]
        assert submission.score == len(given) - 1 and submission.max_score == book_points(nb)
        comments = {comment.name: comment.auto_comment for comment in submission.notebooks[0].comments}
        assert comments[solution.grade_id(question)] == "No response."
        assert len(comments) == len(solution.graded(nb, "solution")) + 1


def book_points(nb):
    return sum(solution.points(cell) for kind in ("grade", "question") for cell in solution.graded(nb, kind))


def test_nothing_is_there_before_it_is_committed(ready, nb):
    with ready.gradebook() as gradebook:
        book = Book(gradebook, ready, EXERCISE)
        book.enter("ada", all_marks(nb, 1.0), set(), None, fresh=True)
        book.commit()
        book.enter("ada", all_marks(nb, 0.0), set(), None, fresh=True)
        book.enter("bo", all_marks(nb, 1.0), set(), None, fresh=True)
    with ready.gradebook() as gradebook:
        assert [student.id for student in gradebook.students] == ["ada"]
        assert gradebook.find_submission(EXERCISE, "ada").score == len(all_marks(nb, 1.0))


def test_entering_the_same_again_writes_nothing(ready, nb):
    with ready.gradebook() as gradebook:
        Book(gradebook, ready, EXERCISE).enter("ada", all_marks(nb, 1.0), set(), None, fresh=True)
        gradebook.db.commit()
        book = Book(gradebook, ready, EXERCISE)
        book.enter("ada", all_marks(nb, 1.0), set(), None, fresh=False)
        before = book.waiting[:]
        book.commit()
        again = Book(gradebook, ready, EXERCISE)
        again.enter("ada", all_marks(nb, 1.0), set(), None, fresh=False)
        assert before and not again.waiting


def test_extra_credit_and_points_by_hand_add_up_as_nbgrader_adds_them(ready, nb):
    test = solution.grade_id(solution.graded(nb, "grade")[0])
    with ready.gradebook() as gradebook:
        book = Book(gradebook, ready, EXERCISE)
        book.enter("ada", all_marks(nb, 1.0), set(), None, fresh=True)
        book.commit()
        mark = gradebook.find_grade(test, EXERCISE, EXERCISE, "ada")
        mark.manual_score, mark.extra_credit = 0.25, 2.0
        gradebook.db.commit()
        row = Book(gradebook, ready, EXERCISE).enter("ada", all_marks(nb, 1.0), set(), None, fresh=False)
        assert row.score == gradebook.find_submission(EXERCISE, "ada").score == len(all_marks(nb, 1.0)) + 1.25


# ---- The marked notebook ------------------------------------------------------------------------------------------


def verdict(nb, **changes):
    made = unjudged(nbformat.writes(nb).encode(), EXERCISE, "graded", "")
    return replace(made, student="ada", key="k" * 64, **changes)


def cell(name, text, kind="answer", output="", error=None):
    return CellRecord(name, kind, "ok", output, error, text)


def test_the_marked_notebook_holds_the_answers_and_our_tests_in_order(nb):
    names = [solution.grade_id(c) for c in solution.graded(nb, "solution")]
    error = CellError("ValueError", "no", "rnn_step, line 3")
    cells = (
        cell("first", "x = 1", kind="other", output="before any answer"),
        cell(names[0], "def one_hot(): pass", output="printed\x1b[31m"),
        cell("second", "y = 2", kind="other", error=error),
    )
    made = nbformat.reads(
        formgrader.autograded(nb, verdict(nb, cells=cells, notes=("A <b>note</b>.",))).decode(), as_version=4
    )
    nbformat.validate(made)
    assert made.cells[0].source == "**About this submission**\n\n```\nA <b>note</b>.\n```"
    assert made.cells[1].source == "x = 1" and made.cells[1].outputs[0].text == "before any answer"
    place = next(i for i, c in enumerate(made.cells) if solution.grade_id(c) == names[0])
    assert made.cells[place].outputs[0].text == "printed"
    assert made.cells[place + 1].source == "y = 2" and "rnn_step, line 3" in made.cells[place + 1].outputs[0].text
    assert [solution.grade_id(c) for c in made.cells if solution.grade_id(c)] == [
        solution.grade_id(c) for c in nb.cells if solution.grade_id(c)
    ]
    answer = next(c for c in made.cells if solution.grade_id(c) == names[1])
    assert answer.source == formgrader.MISSING  # and not the solution
    assert any(c.get("outputs") for c in nb.cells)  # of the course's own run
    assert not any(c.get("outputs") for c in made.cells if not solution.grade_id(c) and not c.id.startswith("own-"))
    solutions = {c.source for c in solution.graded(nb, "solution")}
    assert not solutions & {c.source for c in made.cells}
    assert [c.source for c in solution.graded(made, "grade")] == [c.source for c in solution.graded(nb, "grade")]


def test_an_answer_in_words_brings_no_markup_along(nb):
    """How formgrader shows it is seen in tests/hub/test_formgrader.py."""
    answer = "Less <script>alert(1)</script>, [more](javascript:a)\n````\n![x](y)"
    made = edited(verdict(nb), "answers", 0, answer=answer, answered=True)
    made = nbformat.reads(formgrader.autograded(nb, made).decode(), as_version=4)
    (question,) = solution.graded(made, "question")
    assert question.source == f"`````\n{answer}\n`````"


def test_a_marked_notebook_knows_its_verdict(nb, tmp_path):
    path, mine = tmp_path / "nb.ipynb", verdict(nb)
    assert not formgrader.is_of(path, mine)
    path.write_bytes(formgrader.autograded(nb, mine))
    assert formgrader.is_of(path, mine)
    assert not formgrader.is_of(path, replace(mine, reason="another"))
