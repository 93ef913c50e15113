"""The marked notebook, autograded/STUDENT/NN-name/NN-name.ipynb, which nbgrader's formgrader shows to the instructor.

It is made from the course's notebook and a verdict alone: the statement and the tests are ours, the answers and what
they printed are the student's, as text. Of a student's words nothing is markup there, Markdown neither: a link may be a
script, which would run with the instructor's rights, and an image asks another address. So all of them stand in code
cells, in what these print, or in fenced blocks.
"""

import json
from copy import copy

import nbformat

from grading.release import solution
from grading.report.pages import clean, fenced
from grading.store import digest

DIGEST = "rnn_verdict"  # in the notebook's metadata: the digest of the verdict it was made from
TAIL = 1000  # bytes of the file in which that stands, at its end
MISSING = "# No cell of this name was handed in."


def notebook(nb, verdict):
    """Make the marked notebook of a submission.

    Args:
        nb: the course's notebook, solutions and hidden tests included.
        verdict: as `grading.judge.judge.grade` gives it.

    Returns:
        The bytes of the file.
    """
    tests = {test["id"]: test for test in verdict["tests"]}
    answers = {one["id"]: one["answer"] for one in verdict["open"]}
    theirs = {cell["id"]: cell for cell in verdict["cells"] if cell["kind"] == "answer"}
    answered = [cell.id for cell in solution.graded(nb, "solution")]
    own = _own_cells(nb, verdict["cells"])
    marked = nbformat.v4.new_notebook(cells=_remarks(verdict) + own.get(None, []))
    for cell in map(copy, nb.cells):
        name = solution.grade_id(cell)
        if cell.cell_type == "code":  # what the course's own run printed is not the student's
            cell.outputs, cell.execution_count = [], None
        if name in tests:
            cell.outputs = [_said(tests[name]["text"] or tests[name]["verdict"])]
        elif name in answers:
            cell.source = fenced(clean(answers[name]))
        elif cell.id in answered:
            _fill(cell, theirs.get(name, {"source": MISSING}))
        marked.cells += [cell, *(own.get(name, []) if cell.id in answered else [])]
    marked.metadata = {**nb.metadata, DIGEST: digest(verdict)}
    marked.nbformat_minor = 5
    return json.dumps(marked, sort_keys=True).encode()


def is_of(path, verdict):
    """Say whether a marked notebook is there, and was made from this verdict."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - TAIL))
            return json.dumps({DIGEST: digest(verdict)})[1:-1].encode() in file.read()
    except OSError:
        return False


def _remarks(verdict):
    """What was noticed, as a text at the head."""
    lines = [f"{verdict['status']}: {verdict['reason']}"] if verdict["status"] != "graded" else []
    lines += verdict["notes"]
    text = fenced(clean("\n".join(lines)))
    return [nbformat.v4.new_markdown_cell(f"**About this submission**\n\n{text}", id="about")] if lines else []


def _own_cells(nb, cells):
    """The cells that a student added: dict from the name of the answer before them, or None, to cells."""
    ours, own, last = {cell.source.strip() for cell in nb.cells}, {}, None
    for number, cell in enumerate(cells):
        if cell["kind"] == "answer":
            last = cell["id"]
        elif cell["source"].strip() not in ours:
            own.setdefault(last, []).append(_fill(nbformat.v4.new_code_cell(id=f"own-{number}"), cell))
    return own


def _fill(cell, written):
    """Put into a code cell what a student wrote, and what came of it; return the cell."""
    error = written.get("error")
    shown = [written.get("output", ""), error and f"{error['type']}: {error['message']}\n{error['trace']}"]
    cell.source = clean(written["source"])
    cell.outputs = [_said(text) for text in shown if text]
    return cell


def _said(text):
    return nbformat.v4.new_output("stream", name="stdout", text=clean(text))
