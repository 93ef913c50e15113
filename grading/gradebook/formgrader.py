"""The marked notebook, autograded/STUDENT/NN-name/NN-name.ipynb, which nbgrader's formgrader shows to the instructor.

It is made from the course's notebook and a verdict alone: the statement and the tests are ours, the answers and what
they printed are the student's, as text. Of a student's words nothing is markup there, Markdown neither: a link may be a
script, which would run with the instructor's rights, and an image asks another address. So all of them stand in code
cells, in what these print, or in fenced blocks.
"""

import json
from copy import copy
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from grading.judge.verdict import CellRecord, SubmissionVerdict
from grading.release import solution
from grading.shown import clean, fenced

DIGEST = "rnn_verdict"  # in the notebook's metadata: the digest of the verdict it was made from
TAIL = 1000  # bytes of the file in which that stands, at its end
MISSING = "# No cell of this name was handed in."


def autograded(nb: NotebookNode, verdict: SubmissionVerdict) -> bytes:
    """Make the marked notebook of a submission.

    Args:
        nb: the course's notebook, solutions and hidden tests included.
        verdict: the verdict.

    Returns:
        The bytes of the file.
    """
    tests = {test.id: test for test in verdict.tests}
    answers = {one.id: one.answer for one in verdict.answers}
    theirs = {cell.id: cell for cell in verdict.cells if cell.kind == "answer"}
    answered = [cell.id for cell in solution.graded(nb, "solution")]
    own = _own_cells(nb, verdict.cells)
    made = nbformat.v4.new_notebook(cells=_remarks(verdict) + own.get(None, []))
    for cell in map(copy, nb.cells):
        name = solution.grade_id(cell)
        if cell.cell_type == "code":  # what the course's own run printed is not the student's
            cell.outputs, cell.execution_count = [], None
        if name in tests:
            cell.outputs = [_output(tests[name].text or tests[name].outcome)]
        elif name in answers:
            cell.source = fenced(clean(answers[name]))
        elif cell.id in answered:
            _fill(cell, theirs[name]) if name in theirs else cell.update(source=MISSING)
        made.cells += [cell, *(own.get(name, []) if cell.id in answered else [])]
    made.metadata = {**nb.metadata, DIGEST: verdict.digest}
    made.nbformat_minor = 5
    return json.dumps(made, sort_keys=True).encode()


def is_of(path: Path, verdict: SubmissionVerdict) -> bool:
    """Say whether a marked notebook is there, and was made from this verdict."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - TAIL))
            return json.dumps({DIGEST: verdict.digest})[1:-1].encode() in file.read()
    except OSError:
        return False


def _remarks(verdict: SubmissionVerdict) -> list[NotebookNode]:
    """What was noticed, as a text at the head."""
    lines = [f"{verdict.status}: {verdict.reason}"] if verdict.status != "graded" else []
    lines += verdict.notes
    text = fenced(clean("\n".join(lines)))
    return [nbformat.v4.new_markdown_cell(f"**About this submission**\n\n{text}", id="about")] if lines else []


def _own_cells(nb: NotebookNode, cells: tuple[CellRecord, ...]) -> dict[str | None, list[NotebookNode]]:
    """The cells that a student added: dict from the name of the answer before them, or None, to cells."""
    ours = {cell.source.strip() for cell in nb.cells}
    own: dict[str | None, list[NotebookNode]] = {}
    last = None
    for number, cell in enumerate(cells):
        if cell.kind == "answer":
            last = cell.id
        elif cell.source.strip() not in ours:
            own.setdefault(last, []).append(_fill(nbformat.v4.new_code_cell(id=f"own-{number}"), cell))
    return own


def _fill(cell: NotebookNode, written: CellRecord) -> NotebookNode:
    """Put into a code cell what a student wrote, and what came of it; return the cell."""
    error = written.error
    shown = [written.output, f"{error.type}: {error.message}\n{error.trace}" if error else ""]
    cell.source = clean(written.source)
    cell.outputs = [_output(text) for text in shown if text]
    return cell


def _output(text: str) -> NotebookNode:
    # What `nbformat.v4.new_output` makes, without its look at each, which takes a millisecond; a test looks at them.
    return NotebookNode(output_type="stream", name="stdout", text=clean(text))
