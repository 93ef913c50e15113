"""Steps that nbgrader_config.py puts between nbgrader's own."""

import hashlib
import json
import re
from typing import Any

from nbformat import NotebookNode
from nbgrader import preprocessors as nbgrader
from nbgrader import utils
from nbgrader.preprocessors import ClearHiddenTests, ClearSolutions, DeduplicateIds, NbGraderPreprocessor
from traitlets import Unicode

from grading.release.solution import ANSWER

Resources = dict[str, Any]
# In a released notebook's metadata: the digest of what its cells said when it was released.
SEAL = "rnn_release"
CHAPTER = re.compile(r"\]\(\.\./\.\./(book/[\w/-]+)\.md(#[\w-]*)?\)")  # where a link to a chapter leads
CELL_METADATA = {"nbgrader", "deletable", "editable", "tags"}


def seal_of(nb: NotebookNode) -> str:
    """Digest what the cells of a notebook say; their outputs and metadata do not count."""
    cells = [[cell.cell_type, cell.source] for cell in nb.cells]
    return hashlib.sha256(json.dumps(cells).encode()).hexdigest()[:16]


class PlainMetadata(NbGraderPreprocessor):
    """Keep nothing of the machine that a solution was written on: the release is the same bytes everywhere."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        nb.metadata = type(nb.metadata)(
            kernelspec={"display_name": "Python 3", "language": "python", "name": "python3"},
            language_info={"name": "python"},
        )
        for cell in nb.cells:
            cell.metadata = type(cell.metadata)({k: v for k, v in cell.metadata.items() if k in CELL_METADATA})
        return nb, resources


class LinksToTheBook(NbGraderPreprocessor):
    """Have links to chapters lead to where the book can be read, where that is known."""

    address = Unicode("", help="The book's address, with a slash at its end.").tag(config=True)

    def preprocess_cell(
        self, cell: NotebookNode, resources: Resources, cell_index: int
    ) -> tuple[NotebookNode, Resources]:
        if self.address and cell.cell_type == "markdown":
            cell.source = CHAPTER.sub(
                lambda link: f"]({self.address.rstrip('/')}/{link[1]}.html{link[2] or ''})", cell.source
            )
        return cell, resources


class NamedStubs(ClearSolutions):
    """Put ``raise NotImplementedError("02-forward: rnn_step")`` in place of a solution: exercise, then function.

    Of an open question nothing is left of the cell with the model answer but `ANSWER`.
    """

    text_stub = Unicode(ANSWER)

    def preprocess_cell(
        self, cell: NotebookNode, resources: Resources, cell_index: int
    ) -> tuple[NotebookNode, Resources]:
        if utils.is_solution(cell):
            name = f"{resources['nbgrader']['assignment']}: {cell.metadata.nbgrader['grade_id']}"
            self.code_stub = {"python": f'raise NotImplementedError("{name}")'}
        return super().preprocess_cell(cell, resources, cell_index)


class Seal(NbGraderPreprocessor):
    """Write down the digest of a released notebook, so that somebody's work in it can be told from the release."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        nb.metadata[SEAL] = seal_of(nb)
        return nb, resources


class DropCopies(DeduplicateIds):
    """Make an ordinary cell of the copy of a test cell.

    nbgrader leaves the copy with empty metadata, takes that for an ancient schema, and stops the run (nbgrader#1083).
    """

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        nb, resources = super().preprocess(nb, resources)
        for cell in nb.cells:
            if cell.metadata.get("nbgrader") == {}:
                del cell.metadata["nbgrader"]
        return nb, resources


class BlankAnswers(NbGraderPreprocessor):
    """Put `ANSWER` back where an open question was emptied, or deleted: nbgrader then sees that there is no answer."""

    def preprocess_cell(
        self, cell: NotebookNode, resources: Resources, cell_index: int
    ) -> tuple[NotebookNode, Resources]:
        if utils.is_grade(cell) and utils.is_solution(cell):
            notice = nbgrader.OverwriteCells.missing_cell_notification.default_value
            said = cell.source.replace(notice.format(cell_id=cell.metadata.nbgrader.get("grade_id")), "")
            if said.strip() in ("", ANSWER):
                cell.source = ANSWER
        return cell, resources


class ForgiveWarnings(NbGraderPreprocessor):
    """Let a warning or a log line in a test cell cost nothing: keep its words, as ordinary output."""

    def preprocess_cell(
        self, cell: NotebookNode, resources: Resources, cell_index: int
    ) -> tuple[NotebookNode, Resources]:
        if utils.is_grade(cell):
            for output in cell.get("outputs", ()):
                if output.output_type == "stream" and output.name == "stderr":
                    output.name = "stdout"
        return cell, resources


class GetGrades(nbgrader.GetGrades):
    """Write the marks into a feedback page; points that nobody has given or refused yet are no part of its total."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        self.waiting = 0
        nb, resources = super().preprocess(nb, resources)
        resources["nbgrader"]["max_score"] -= self.waiting
        return nb, resources

    def _get_score(self, cell: NotebookNode, resources: Resources) -> None:
        super()._get_score(cell, resources)
        mark = self.gradebook.find_grade(
            cell.metadata.nbgrader["grade_id"], self.notebook_id, self.assignment_id, self.student_id
        )
        if mark.auto_score is None and mark.manual_score is None:
            self.waiting += mark.max_score
            comment = f"A person reads this answer. Its {mark.max_score:g} points are not in the total yet."
            cell.metadata.nbgrader["comment"] = "\n\n".join(
                filter(None, [comment, cell.metadata.nbgrader.get("comment")])
            )


class HideTests(ClearHiddenTests):
    """Keep hidden tests out of a feedback page: out of the cell, and out of what a traceback quotes of it."""

    def preprocess_cell(
        self, cell: NotebookNode, resources: Resources, cell_index: int
    ) -> tuple[NotebookNode, Resources]:
        cell, resources = super().preprocess_cell(cell, resources, cell_index)
        for output in cell.get("outputs", ()) if utils.is_grade(cell) else ():
            if output.output_type == "error":
                output.traceback = output.traceback[-1:]  # the error itself
        return cell, resources
