"""Find the answers to the open questions, in whatever cells a student wrote them.

An answer is what stands in the question's own cell. What a student wrote in text anywhere else, in a cell of their own,
in half of one that was split, below the statement, as raw text or as code, is put behind it and marked: a person reads
it, and decides. What the exercise says itself is nobody's answer, in whatever pieces it stands there.
"""

import ast
import functools
import io
import keyword
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass

from grading.judge.notebook import Cell
from grading.release.solution import ANSWER

RUN = 4  # words in a row that stand in the exercise, too, are the exercise's
CHANGED = 2  # words in a row that may be others in a line of it
SENTENCE = 8  # words of a text in a student's code that may be meant for a reader
MOST = 60_000  # characters that are looked at outside the questions' own cells, and as many in them
MOST_READ = 1_000_000  # characters of all cells that are looked at, whatever of them is text
SHORT = 20_000  # characters of a text that is worth remembering
WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
TARGET = re.compile(r"(?<!\!)(\[[^\[\]\n]*\])\(([^()\n]*)\)")  # a link: where it leads may change with the release
PLAIN = re.compile(r"[\"'“”‘’(]*[^\W\d_]+(?:['’-][^\W\d_]+)*[\"'“”‘’).,;:!?]*")
STUB = re.compile(r"\s*raise NotImplementedError\(.*\)\s*")
KEYWORDS = "|".join(keyword.kwlist)
CODE_LINE = re.compile(  # within a line: over lines it is quadratic
    rf"^[ \t]*(?:(?:{KEYWORDS})\b.*:[ \t\r]*$|(?:def|class|import|return|from)\b|\w+[ \t]*[(=\[])", re.M
)


@dataclass(frozen=True)
class Passage:
    """What a student wrote in some cell.

    Attributes:
        place: the cell's place in the submission.
        text: their words.
        where: the cell, in words.
    """

    place: int
    text: str
    where: str


def answers(student: list[Cell], course: list[Cell], taken: set[int], notes: list[str]) -> dict[str, str]:
    """Give the text of each open question's answer by its grade_id; ``ANSWER`` or nothing where there is none.

    Args:
        student: the submission's cells.
        course: the course's.
        taken: places of the student's cells that are answers to other tasks, or copies of tests.
        notes: gets a sentence for what was found elsewhere.
    """
    questions = [cell for cell in course if cell.grade and cell.solution]
    released = _released(tuple(course))
    own: dict[str, list[int]] = {one.grade_id: _places(student, one) for one in questions}
    named = {place for places in own.values() for place in places}
    pieces: dict[str, list[Passage]] = {one.grade_id: [] for one in questions}
    for found in _elsewhere(student, course, released, taken | named) if questions else ():
        pieces[_nearest(found.place, student, course, questions, own)].append(found)
    given = {}
    for name in own:
        texts = list(dict.fromkeys(student[place].source for place in own[name]))
        written = [text for text in texts if released.rest(text)]
        texts = written or texts[-1:]
        text = "\n\n".join(texts)
        if len(text) > 4 * MOST:
            notes.append(f"The answer to the open question {name} is very long; the rest of it stands in the notebook.")
        text = text[: 4 * MOST]
        if pieces[name]:
            text = "\n\n".join([text] * bool(written) + [f"({one.where}:)\n\n{one.text}" for one in pieces[name]])
            which = f" ({name})" if len(own) > 1 else ""
            notes.append(
                f"Text that may answer the open question{which} stands in another cell; the reader gets it, too."
            )
        given[name] = text if written or pieces[name] else texts[0] if texts and texts[0].strip() == ANSWER else ""
    return given


class Released:
    """The words of an exercise as students get it: all texts and all code, but no model answer."""

    def __init__(self, course: tuple[Cell, ...]):
        texts = [ANSWER if cell.grade and cell.solution else cell.source for cell in course]
        words = [word for text in texts for word, _ in _words(text)]
        self.runs = {tuple(words[i : i + RUN]) for i in range(len(words) - RUN + 1)}
        self.lines = {tuple(word for word, _ in _words(line)) for text in texts for line in text.splitlines()}
        self.lines.add(())
        self._kept = functools.lru_cache(maxsize=256)(self._rest)  # most texts of a class are the exercise's

    def rest(self, text: str) -> str:
        """Give the lines of a text in which something stands that is not in the exercise; or nothing.

        A line of the exercise in which a word or two were changed is still the exercise's.
        """
        return self._kept(text) if len(text) <= SHORT else self._rest(text)

    def _rest(self, text: str) -> str:
        words = _words(text)
        known, plain = [False] * len(words), [word for word, _ in words]
        for i in range(len(words) - RUN + 1):
            if tuple(plain[i : i + RUN]) in self.runs:
                known[i : i + RUN] = [True] * RUN
        kept, at, i = [], 0, 0
        for line in text.splitlines(keepends=True):
            at, start = at + len(line), i
            while i < len(words) and words[i][1] < at:
                i += 1
            theirs = [run for run in "".join(".x"[flag] for flag in known[start:i]).split("x") if run]
            inside = i > start and known[start] and known[i - 1]
            few = 2 * sum(map(len, theirs)) < i - start and max(map(len, theirs), default=0) <= CHANGED
            if not (inside and few or STUB.fullmatch(line)) and tuple(plain[start:i]) not in self.lines:
                kept.append(line)
        return "".join(kept).strip()


@functools.lru_cache(maxsize=4)
def _released(course: tuple[Cell, ...]) -> Released:
    """Read an exercise once for the whole class."""
    return Released(course)


def _words(text: str) -> list[tuple[str, int]]:
    """List the words of a text in small letters, with where they begin; where a link leads is no word."""
    plain = TARGET.sub(lambda link: link[1] + " " * (len(link[2]) + 2), text)
    return [(found[0].lower(), found.start()) for found in WORD.finditer(plain)]


def _places(student: list[Cell], question: Cell) -> list[int]:
    """Say where a question's own cell stands, whatever kind of cell it is by now; a cell that was split, twice."""
    named = [i for i, cell in enumerate(student) if cell.grade_id == question.grade_id]
    return named or [
        i for i, cell in enumerate(student) if question.id and cell.id == question.id and not cell.grade_id
    ]


def _elsewhere(student: list[Cell], course: list[Cell], released: Released, left: set[int]) -> Iterator[Passage]:
    """List what a student wrote for a reader outside the questions' own cells."""
    names = {name for cell in course for name in (cell.id, cell.grade_id) if name}
    last, room, unread = "", MOST, MOST_READ
    for i, cell in enumerate(student):
        name = cell.grade_id or cell.id
        unread -= len(cell.source)
        if i not in left and unread > 0:
            text = _prose(cell)[:room]
            room -= len(text)
            rest = released.rest(text)
            if rest and WORD.search(rest):
                kind = {"raw": "raw text", "code": "code"}.get(cell.kind, "text")
                yield Passage(
                    i, rest, f"Found in cell {i + 1} of the notebook, {kind}" + f", below {last}" * bool(last)
                )
        last = name if name in names else last


def _nearest(place: int, student: list[Cell], course: list[Cell], questions: list[Cell], own: dict) -> str:
    """Say which question a text belongs to: the last one above it, or else the first."""
    best = questions[0].grade_id
    for question in questions:
        above = course[max(course.index(question) - 1, 0)]
        anchors = own[question.grade_id] or [i for i, cell in enumerate(student) if above.id and cell.id == above.id]
        if anchors and anchors[0] <= place:
            best = question.grade_id
    return best


def _prose(cell: Cell) -> str:
    """Give what a cell says to a reader: a text all, code only what no computer reads."""
    if cell.kind != "code":
        return cell.source
    spoken = _spoken if len(cell.source) <= SHORT else _spoken.__wrapped__
    return spoken(cell.source[:MOST])


@functools.lru_cache(maxsize=256)  # most cells of a class are the same
def _spoken(source: str) -> str:
    """Give what code says to a reader."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return source if _reads_as_text(source) else ""
    alone = [node.value for node in tree.body if isinstance(node, ast.Expr)]
    if len(alone) == len(tree.body) and all(isinstance(value, ast.Constant | ast.Name) for value in alone):
        texts = [value.value for value in alone if isinstance(value, ast.Constant)]
        return "\n".join([*(text for text in texts if isinstance(text, str)), *_comments(source)])
    documents = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef)
        and isinstance(node.body[0], ast.Expr)
    }
    texts = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in documents]
    return "\n".join(text for text in texts if isinstance(text, str) and _reads_as_text(text, SENTENCE))


def _comments(source: str) -> list[str]:
    """The comments of a cell that has no code, when they read as a text."""
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
    except (tokenize.TokenError, SyntaxError):
        return []
    found = [token.string.lstrip("# ") for token in tokens if token.type == tokenize.COMMENT]
    return found if _reads_as_text("\n".join(found)) else []


def _reads_as_text(text: str, least: int = 4) -> bool:
    """Say whether something is written for a person rather than for Python."""
    pieces = text.split()
    words = sum(PLAIN.fullmatch(piece) is not None for piece in pieces)
    return words >= least and words >= 0.6 * len(pieces) and not CODE_LINE.search(text)
