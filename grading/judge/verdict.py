"""The verdict on a submission: what came of each cell and each test, as a typed thing and as JSON.

`SubmissionVerdict.to_json` is what lies in verdicts/, for people to read; `from_json` takes back only what a judge can
have written, so that a page or a mark never rests on a file that was damaged or changed by hand.
"""

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

from grading.judge.record import Record, VerdictError, one_of

SCHEMA = 4
TEXT = 8000  # characters of a test's text
STATUSES = ("graded", "unreadable", "too large", "timed out", "died")  # of a submission
CELL_STATUSES = ("ok", "error", "timed out", "died", "not run")
# Of a test: the kinds of a check's verdict, and what can happen to a test besides.
OUTCOMES = (
    "passed", "unwritten", "returned", "error", "wrong", "stopped",
    "failed", "undefined", "timed out", "died",
)  # fmt: skip


def sealed(data: dict[str, Any]) -> str:
    """The seal of a verdict: a digest of all that it says. Whoever edits a verdict by hand breaks it.

    Args:
        data: the verdict as JSON has it.
    """
    return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True)
class CellError(Record):
    """What stopped a cell.

    Attributes:
        type: name of the exception's type; empty where the process ended.
        message: its words.
        trace: the student's lines that it came through.
    """

    type: str
    message: str
    trace: str


@dataclass(frozen=True)
class CellRecord(Record):
    """What came of one of the student's cells.

    Attributes:
        id: grade_id, or the cell's own id, or its place.
        kind: ``"answer"`` (of a task) or ``"other"``.
        status: one of `CELL_STATUSES`.
        output: what it printed.
        error: what stopped it.
        source: its text.
    """

    id: str
    kind: str
    status: str
    output: str
    error: CellError | None
    source: str

    def __post_init__(self) -> None:
        """Refuse words that a judge does not use."""
        one_of("kind", self.kind, ("answer", "other"))
        one_of("status", self.status, CELL_STATUSES)


@dataclass(frozen=True)
class Tensor(Record):
    """What a check found of one result of a function: its name, ``"ok"`` or what it is instead, and where."""

    name: str
    status: str
    detail: str


@dataclass(frozen=True)
class TestResult(Record):
    """What came of a test cell.

    Attributes:
        id: its grade_id.
        function: the function that it marks.
        problem: the problem of the checks that it asks, or an empty string.
        points: what it is worth.
        earned: what it gave: all of that, or nothing.
        outcome: one of `OUTCOMES`.
        cases: ``"visible"`` or ``"hidden"``: which decided.
        text: what the student may read of it.
        misconceptions, hints: names and hints, the likeliest first.
        trace: lines of the student's code.
        seconds: how long it took.
        case: what kind of case failed first; empty where none did.
        failing, tried: how many cases failed, of hidden ones whether one did, and how many were tried.
        tensors: what was found of each result in that case, unless it is a hidden one.
        writes_into: names of the arguments that the function wrote into, which costs nothing.
        beside: why its caller minds, in sentences.
    """

    __test__ = False  # this is none of pytest's

    id: str
    function: str
    problem: str
    points: float
    earned: float
    outcome: str
    cases: str
    text: str
    misconceptions: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    trace: str = ""
    seconds: float = 0.0
    case: str = ""
    failing: int = 0
    tried: int = 0
    tensors: tuple[Tensor, ...] = ()
    writes_into: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what is impossible: more points than there are, a misconception without its hint."""
        super().__post_init__()
        one_of("outcome", self.outcome, OUTCOMES)
        one_of("cases", self.cases, ("visible", "hidden"))
        expected = self.points if self.passed else 0.0
        if self.earned != expected:
            words = f"expected {expected:g} for a test of {self.points:g} points that is {self.outcome}"
            raise VerdictError(f"earned: {words}, got {self.earned:g}")
        if len(self.misconceptions) != len(self.hints):
            words = f"expected one for each of {len(self.misconceptions)} misconceptions"
            raise VerdictError(f"hints: {words}, got {len(self.hints)}")

    @property
    def passed(self) -> bool:
        """Whether the function is right."""
        return self.outcome == "passed"


@dataclass(frozen=True)
class Answer(Record):
    """The answer to an open question, which a person reads.

    Attributes:
        id: the question's grade_id.
        points: what it is worth.
        answer: its text.
        answered: whether there is one.
    """

    id: str
    points: float
    answer: str
    answered: bool


@dataclass(frozen=True)
class Seconds(Record):
    """What the judging took: to start processes, for the cells, for the tests, and in all."""

    start: float = 0.0
    cells: float = 0.0
    tests: float = 0.0
    total: float = 0.0


@dataclass(frozen=True)
class SubmissionVerdict(Record):
    """The verdict on a submission.

    Attributes:
        exercise: its name.
        sandbox: ``"bubblewrap"`` or ``"none"``.
        bound: what bounded the memory of all its processes together; empty where none was started.
        status: one of `STATUSES`: ``"graded"``, or the worst that happened.
        reason: in a sentence, what happened.
        notes: what was noticed.
        seconds: what it took.
        cells: what came of each of the student's cells.
        tests: what came of each test, in the order of the course's notebook.
        answers: to the open questions.
        student: who handed it in; empty while it is judged.
        key: names all that it depends on (see `grading.run.key`); empty where the next run is to try again.
    """

    exercise: str
    sandbox: str
    status: str
    reason: str
    notes: tuple[str, ...]
    seconds: Seconds
    cells: tuple[CellRecord, ...]
    tests: tuple[TestResult, ...]
    answers: tuple[Answer, ...]
    bound: str = ""
    student: str = ""
    key: str = ""

    def __post_init__(self) -> None:
        """Refuse words that a judge does not use."""
        one_of("sandbox", self.sandbox, ("bubblewrap", "none"))
        one_of("status", self.status, STATUSES)

    @property
    def earned(self) -> float:
        """Points that the tests gave."""
        return sum(test.earned for test in self.tests)

    @property
    def points(self) -> float:
        """Points that can be had, open questions included."""
        return sum(test.points for test in self.tests) + sum(answer.points for answer in self.answers)

    @property
    def looked_at(self) -> bool:
        """Whether the file could be read, so that the verdict tells something of the functions."""
        return self.status not in ("unreadable", "too large")

    def to_json(self) -> dict[str, Any]:
        """Turn it into what JSON can say: first what a person looks for."""
        return {"schema": SCHEMA, "earned": self.earned, "points": self.points, **super().to_json()}

    @classmethod
    def from_json(cls, data: Any, place: str = "") -> Self:
        """Read it from JSON.

        Raises:
            VerdictError: when no judge can have written it.
        """
        if not isinstance(data, dict):
            raise VerdictError(f"expected an object, got {data!r:.60}")
        fields = dict(data)
        if fields.pop("schema", None) != SCHEMA:
            raise VerdictError(f"schema: expected {SCHEMA}, got {data.get('schema')!r:.60}: another edition wrote it")
        earned, points = fields.pop("earned", None), fields.pop("points", None)
        verdict = super().from_json(fields, place)
        for name, said, sum_ in (("earned", earned, verdict.earned), ("points", points, verdict.points)):
            if said != sum_:
                raise VerdictError(f"{name}: expected the sum of the parts, {sum_:g}, got {said!r:.60}")
        return verdict

    @cached_property
    def digest(self) -> str:
        """Name it by what it says: what was made from it is made anew when that changes."""
        return sealed(self.to_json())
