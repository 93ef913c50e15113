"""Where each test is run, which cells are run, and what is noticed."""

import pytest

from grading.judge import magics
from grading.judge.dependencies import Reader, changes, names_of
from grading.judge.merge import Question, StudentCell, TestCell, merge
from grading.judge.notebook import Cell

TEST = 'check("a.{0}", {0})\n### BEGIN HIDDEN TESTS\ncheck("a.{0}", {0}, cases="hidden")\n### END HIDDEN TESTS\n'


def task(name, text=None):
    return Cell("code", text or f"def {name}(x):\n    return x", name, name, solution=True)


def checking(name, text=None, points=2.0):
    return Cell("code", text or TEST.format(name), f"check-{name}", f"check-{name}", grade=True, points=points)


def given(text, name="given"):
    return Cell("code", text, name)


QUESTION = Cell("markdown", "MODEL ANSWER", "open", "open", grade=True, solution=True, points=4)
COURSE = [given("import numpy as np"), task("f"), checking("f"), task("g"), checking("g"), QUESTION]


def handed_in(*changes):
    """The course's cells as a student gets them, with some replaced by others: pairs of place and cells."""
    cells = [Cell(**{**vars(cell), "source": cell.source.split("### BEGIN")[0]}) for cell in COURSE]
    cells[-1] = Cell(**{**vars(QUESTION), "source": "*Your answer here.*"})
    for place, new in sorted(changes, reverse=True, key=lambda pair: pair[0]):
        cells[place : place + 1] = new
    return cells


def order(plan):
    return [step.id for step in plan.steps]


def test_an_ordinary_submission():
    plan = merge(handed_in((5, [Cell(**{**vars(QUESTION), "source": "Because."})])), COURSE)
    assert order(plan) == ["given", "f", "check-f", "g", "check-g"] and plan.notes == []
    test = plan.steps[2]
    assert test == TestCell("check-f", "f", "a.f", 2.0, 'check("a.f", f)\n', 'check("a.f", f, cases="hidden")\n')
    assert plan.steps[1] == StudentCell("f", "def f(x):\n    return x", answer=True, needed=True)
    assert plan.questions == [Question("open", 4, "Because.")] and plan.questions[0].answered
    assert plan.imports == {"np": "import numpy as np"}


@pytest.mark.parametrize("answer", ["", "  \n", "*Your answer here.*"])
def test_an_open_question_without_an_answer(answer):
    plan = merge(handed_in((5, [Cell(**{**vars(QUESTION), "source": answer})])), COURSE)
    assert not plan.questions[0].answered
    assert not merge(handed_in((5, [])), COURSE).questions[0].answered


def test_the_tests_are_the_courses_own():
    changed = Cell(**{**vars(checking("f")), "source": "pass"})
    plan = merge(handed_in((2, [changed]), (4, [])), COURSE)
    assert [step.visible for step in plan.steps if isinstance(step, TestCell)] == [
        'check("a.f", f)\n',
        'check("a.g", g)\n',
    ]
    assert plan.notes == [
        "The test cell check-f was changed; the course's own was run.",
        "The test cell check-g was deleted; the course's own was run.",
    ]
    assert order(plan) == ["given", "f", "check-f", "g", "check-g"]


def test_copies():
    plan = merge(handed_in((2, [checking("f")] * 3)), COURSE)
    assert order(plan).count("check-f") == 1
    assert "The cell check-f stands there 3 times." in plan.notes
    twice = merge(handed_in((1, [task("f"), given("x = 1", "mine"), task("f")])), COURSE)
    assert [step.answer for step in twice.steps if isinstance(step, StudentCell)] == [False, False, False, True, True]


def test_a_notebook_that_lost_its_metadata():
    bare = [Cell(cell.kind, cell.source, cell.id) for cell in handed_in()]
    plan = merge(bare, COURSE)
    assert order(plan) == ["given", "f", "check-f", "g", "check-g"]
    nameless = [Cell(cell.kind, cell.source) for cell in handed_in() if not cell.grade]
    plan = merge(nameless, COURSE)
    assert [step for step in order(plan) if step.startswith("check")] == ["check-f", "check-g"]
    assert [step.id for step in plan.steps if isinstance(step, StudentCell) and step.answer] == ["f", "g"]
    assert "The cell of f lost its name; it was found by the function that it defines." in plan.notes


def test_a_test_stands_where_it_stood():
    """A later cell may define the same name again; what counts is what the student saw at the test."""
    plan = merge(handed_in((5, [given("def f(x):\n    return 0", "scratch")])), COURSE)
    assert order(plan) == ["given", "f", "check-f", "g", "check-g", "scratch"]


def test_an_empty_submission_gets_every_test():
    plan = merge([], COURSE)
    assert order(plan) == ["check-f", "check-g"]
    assert "The cell of f is missing." in plan.notes


LOOKS = [
    given("import numpy as np\nimport os", "imports"),
    given("def helper(x):\n    return x", "helper"),
    task("f", "def f(x):\n    return helper(x)"),
    checking("f"),
    given("data = np.arange(3)\nprint(f(data))", "look"),
    given("table = {}", "table"),
    given("table['a'] = data", "fill"),
]


def needed(student):
    return [step.id for step in merge(student, LOOKS).steps if isinstance(step, StudentCell) and step.needed]


def test_cells_that_only_show_something_are_not_run():
    assert needed(LOOKS) == ["helper", "f"]


def test_what_an_answer_uses_is_run():
    assert needed([*LOOKS, given("np.ones(3)", "mine")]) == ["imports", "helper", "f", "mine"]
    assert needed([*LOOKS, given("def g():\n    return table", "mine")]) == [
        "imports", "helper", "f", "look", "table", "fill", "mine"]  # fmt: skip


def test_a_given_cell_with_a_change_in_it_is_run():
    changed = [given(cell.source + "\nx = 1", cell.id) if cell.id == "look" else cell for cell in LOOKS]
    assert needed(changed) == ["imports", "helper", "f", "look"]


def test_names():
    names = names_of(
        "import a.b as c\nfrom d import e\nx = y\nx.append(1)\ndef f(p):\n    global q\n    q = p + r\nz[0] = f(s)"
    )
    assert names.loads >= {"y", "x", "r", "z", "f", "s"} and "p" not in names.loads
    assert names.assigned >= {"x", "q"} and names.fixed >= {"c", "e", "f"}
    assert names.touches >= {"x", "z", "s"} and "y" not in names.touches
    assert names_of("def (") is None and names_of("x = 1\n" * 100_000) is None and names_of("\0") is None


@pytest.mark.parametrize(
    ("cell", "python", "dropped"),
    [
        ("x = 1", "x = 1", []),
        ("def f(:", "def f(:", []),
        ("%matplotlib inline\nx = 1", None, ["%matplotlib"]),
        ("!ls\nfiles = !ls\nf?", None, ["!", "!", "%pinfo"]),
        ("%%time\nx = 1", "\nx = 1", ["%%time"]),
        ("%%bash\nrm -rf /", "", ["%%bash"]),
        ("%time x = f(1)", "x = f(1)\n", []),
        ("%x\n" * 6000, "%x\n" * 6000, []),
    ],
)
def test_magics(cell, python, dropped):
    code, found = magics.python(cell)
    assert found == dropped and (python is None or code == python)
    if dropped:
        compile(code, "cell", "exec")


CELLS = [
    "import numpy as np",
    "scale = 2",
    "def helper(x):\n    return scale * np.ones(x)",
    "def f(x):\n    return helper(x)",
]


@pytest.mark.parametrize(
    ("below", "changed"),
    [
        ("x = f(1)", False),
        ("import numpy as np\nnp.ones(3)", False),
        ("print(", False),
        ("f = 1", True),
        ("scale = 3", True),
        ("scale.append(1)", True),
        ("def helper(x): pass", True),
        ("import math as np", True),
        ("def other():\n    global scale\n    scale = 3", True),
        ("y = 1\n" * 20_000, True),
    ],
)
def test_whether_a_later_cell_changes_a_function(below, changed):
    assert changes({"f"}, CELLS, ["z = 1", below], Reader()) == changed
