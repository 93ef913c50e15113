"""Lay a submission and the course's notebook side by side: what to run, in which order, and where each test goes.

The tests are the course's own, whatever the submission made of them, so a deleted, copied or changed test cell never
matters. Each stands where the student's copy of it stood, because a later cell may define the same name again.
"""

import functools
import re
from dataclasses import dataclass, field

from grading.judge import open_answers
from grading.judge.dependencies import CellReader, imports, names_of
from grading.judge.notebook import Cell
from grading.release.solution import ANSWER, BEGIN, BEGIN_ANSWER, BEGIN_HIDDEN, END_HIDDEN, checks_in

HISTORY = re.compile(r"_{1,3}|_i{0,3}\d*|In|Out|_[io]h")  # names under which IPython keeps what cells gave
HIDDEN = re.compile(rf"^[ \t]*{BEGIN_HIDDEN}[^\n]*\n(.*?)^[ \t]*{END_HIDDEN}[^\n]*$\n?", re.M | re.S)


@dataclass(frozen=True)
class TestCell:
    """One of the course's test cells.

    Attributes:
        id: its grade_id.
        function: the function that it marks.
        problem: the problem of rnnchecks that it asks, or an empty string.
        points: what it is worth.
        visible, hidden: its code, in front of the students and behind their backs.
    """

    __test__ = False  # this is none of pytest's

    id: str
    function: str
    problem: str
    points: float
    visible: str
    hidden: str


@dataclass(frozen=True)
class StudentCell:
    """One of the student's cells, to be run.

    Attributes:
        id: grade_id, or the cell's own id, or its place.
        source: its text.
        answer: whether it holds the answer to a task.
        needed: False where it came from the course, is unchanged, and no marks can depend on it.
    """

    id: str
    source: str
    answer: bool
    needed: bool = True


@dataclass(frozen=True)
class Question:
    """An open question and its answer, which a person reads."""

    id: str
    points: float
    answer: str

    @property
    def answered(self) -> bool:
        """Whether there is an answer."""
        return self.answer.strip() not in ("", ANSWER)


@dataclass
class Plan:
    """What to do with a submission.

    Attributes:
        steps: `StudentCell` and `TestCell` in order.
        questions: the open ones.
        notes: what was noticed.
        imports: import statements of the course's notebook, by the name that they bind.
        read: gives the names of the submission's cells.
    """

    steps: list[StudentCell | TestCell] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    imports: dict[str, str] = field(default_factory=dict)
    read: CellReader = field(default_factory=CellReader)


def merge(student: list[Cell], course: list[Cell]) -> Plan:
    """Make the plan for a submission.

    Args:
        student: the submission's cells.
        course: the course's, with solutions and hidden tests.
    """
    tests = {cell.grade_id: cell for cell in course if cell.grade and not cell.solution}
    tasks = {cell.grade_id: cell for cell in course if cell.solution and not cell.grade}
    names = {cell.id: cell.grade_id for cell in course if cell.grade_id and cell.id}
    plan = Plan(imports={name: line for cell in course if cell.kind == "code" for name, line in imports(cell.source)})
    places = _places(student, {**tests, **tasks}, names, plan.notes)
    copies = {i for name in tests for i in places.get(name, [])}
    answers = {places[name][-1]: name for name in tasks if name in places}
    for name in tasks:
        if name not in places:
            defined = [i for i, cell in enumerate(student) if i not in copies and _defines(cell, name)]
            if defined:
                answers[defined[-1]] = name
                plan.notes.append(f"The cell of {name} lost its name; it was found by the function that it defines.")
            else:
                plan.notes.append(f"The cell of {name} is missing.")
    after = _homes(student, tests, places, {name: i for i, name in answers.items()}, plan.notes)
    if any(mark in cell.source for cell in student for mark in (BEGIN, BEGIN_HIDDEN, BEGIN_ANSWER)):
        plan.notes.append("It holds marks such as ### BEGIN SOLUTION, which only the course's own notebook has.")
    ours = _unneeded(student, course, copies, plan.read)
    for test in after.get(-1, []):
        plan.steps.append(test)
    for i, cell in enumerate(student):
        if cell.kind == "code" and i not in copies and cell.source.strip():
            name = answers.get(i) or cell.id or f"cell {i + 1}"
            plan.steps.append(StudentCell(name, cell.source, i in answers, i not in ours))
        plan.steps += after.get(i, [])
    found = open_answers.answers(student, course, copies | set(answers), plan.notes)
    for cell in course:
        if cell.grade and cell.solution:
            plan.questions.append(Question(cell.grade_id, cell.points, found[cell.grade_id]))
    return plan


def _places(student: list[Cell], known: dict[str, Cell], names: dict[str, str], notes: list[str]) -> dict:
    """Say where the cells of the course stand in a submission: dict from grade_id to places, which rise."""
    places: dict[str, list[int]] = {}
    by_id: dict[str, list[int]] = {}
    for i, cell in enumerate(student):
        if cell.kind == "code" and cell.grade_id in known:
            places.setdefault(cell.grade_id, []).append(i)
        elif cell.kind == "code" and not cell.grade_id and names.get(cell.id) in known:
            by_id.setdefault(names[cell.id], []).append(i)
    for name, found in by_id.items():  # where the notebook lost nbgrader's names, its own do
        places.setdefault(name, found)
    for name, found in places.items():
        if len(found) > 1:
            notes.append(f"The cell {name} stands there {len(found)} times.")
    return places


def _homes(student: list[Cell], tests: dict, places: dict, answers: dict[str, int], notes: list[str]) -> dict:
    """Say after which of the student's cells each test is run: where its copy stood, else after the answer."""
    after: dict[int, list[TestCell]] = {}
    last = written = -1
    for name, cell in tests.items():
        hidden = "".join(HIDDEN.findall(cell.source))
        visible = HIDDEN.sub("", cell.source)
        function, problem = _checked(cell.grade_id, cell.source)
        test = TestCell(name, function, problem, cell.points, visible, hidden)
        # A test that was moved up waits for its function, and for those before it, which that one may call.
        written = max(written, answers.get(test.function, -1))
        if name in places:
            last = places[name][-1]
            if student[last].source.strip() != visible.strip():
                notes.append(f"The test cell {name} was changed; the course's own was run.")
            if last < written:
                notes.append(f"The test cell {name} stood above an answer that it needs; it was run below.")
                last = written
        else:
            last = max(last, answers.get(test.function, len(student) - 1))
            notes.append(f"The test cell {name} was deleted; the course's own was run.")
        after.setdefault(last, []).append(test)
    return after


@functools.lru_cache(maxsize=256)
def _checked(name: str, source: str) -> tuple[str, str]:
    """Return the function and the problem of a test cell's first check; without one, the cell's own name."""
    return next(((check.function, check.problem) for check in checks_in(source) if check.function), (name, ""))


def _defines(cell: Cell, name: str) -> bool:
    """Say whether a code cell defines a function, as far as it can be read."""
    pattern = rf"^[ \t]*def[ \t]+{re.escape(name)}[ \t]*\("
    return cell.kind == "code" and re.search(pattern, cell.source, re.M) is not None


def _unneeded(student: list[Cell], course: list[Cell], copies: set[int], read: CellReader) -> set[int]:
    """Find the cells that came with the exercise, are unchanged, and that no marks can depend on.

    They show the student what the functions do, some by training a net for seconds. Every cell in which the student
    wrote is run; so is every cell that such a cell takes a name from, and whatever may change what that name stands
    for.
    """
    given = {cell.source.strip() for cell in course if cell.kind == "code" and not cell.grade_id}
    code = {i: cell.source for i, cell in enumerate(student) if cell.kind == "code" and i not in copies}
    cells = {i: text for i, source in code.items() if (text := read.python(source)) is not None}
    if len(cells) < len(code):  # one may use anything
        return set()
    used = {i: names for i, source in cells.items() if (names := read(source)) is not None}
    if read.unread:
        return set()  # who knows what a cell takes from these that is too long to be read
    if any(HISTORY.fullmatch(name) for names in used.values() for name in names.loads):
        return set()
    left = {i for i, source in cells.items() if source.strip() in given and i in used}
    fixed: set[str] = set().union(*(names.fixed for names in used.values()))
    fixed -= set().union(*(names.assigned for names in used.values()))
    tests = [names_of(cell.source) for cell in course if cell.grade and not cell.solution]
    wanted: set[str] = set().union(*(names.loads for names in tests if names is not None))
    growing = set(cells) - left
    while growing:
        for i in growing:
            wanted |= used[i].loads if i in used else set()
        growing = {i for i in left if used[i].binds & wanted or used[i].touches & (wanted - fixed)}
        left -= growing
    return left
