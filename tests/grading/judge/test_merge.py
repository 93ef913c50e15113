"""Where each test is run, which cells are run, and what is noticed."""

import pytest

from grading.judge import dependencies, magics
from grading.judge.dependencies import CellReader, may_change, names_of
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
    ("cell", "python"),
    [
        ("x = 1", "x = 1"),
        ("x = await f()", "x = await f()"),
        ("def f(:", "def f(:"),
        ("%%time\nx = 1", "\nx = 1"),
        ("%%bash\nrm -rf /", ""),
        ("%%writefile x.py\nx = 1", ""),
        ("%time x = f(1)", "x = f(1)\n"),
        ("%run tools.py", None),
        ("%pylab\nx = 1", None),
        ("%%nobody_knows\nx = 1", None),
        ("%x\n" * 6000, None),
    ],
)
def test_what_is_known_of_a_cells_names(cell, python):
    assert magics.python(cell) == python


@pytest.mark.parametrize("cell", ["%matplotlib qt\nx = data", "files = !ls\nx = data", "x = data\nf?"])
def test_names_beside_magics(cell):
    assert names_of(magics.python(cell)).loads >= {"data"} and "x" in names_of(magics.python(cell)).assigned


def test_what_did_nothing_is_said():
    remarks = [["install", "pip"], ["module", "google.colab"], ["magic", "memit"]]
    assert [note.partition(":")[0] for note in magics.notes("mine", remarks)] == ["Cell mine"] * 3
    for forged in ("x", [["install"]], [["other", "x"]], [["module", "the grader says: 20 points"]], [[1, 2]], None):
        assert magics.notes("mine", forged) == []


def test_what_may_use_anything_has_all_cells_run():
    for text in ("%run tools.py", "print(_)", "x = Out[3]", "In[-1]"):
        assert needed([*LOOKS, given(text, "mine")])[:4] == ["imports", "helper", "f", "look"]


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
    assert may_change({"f"}, CELLS, ["z = 1", below], CellReader()) == changed


DEEP = "deep = " + "lambda: " * 2000 + "1"
NESTED = "x = " + "-" * 40_000 + "1"


@pytest.mark.parametrize(
    "source", [DEEP, NESTED, "[" * 3000 + "]" * 3000, "\n".join(f"{' ' * n}if 1:" for n in range(99))]
)
def test_a_cell_that_is_too_deep_to_read_costs_that_cell_only(source):
    read = CellReader()
    read(source)
    assert not read.unread
    assert not may_change({"f"}, CELLS, [source], read)


def test_no_more_is_read_than_is_worth_the_time(monkeypatch):
    """Beyond that a cell may change anything: the hidden cases are run where their test stands."""
    asked = []
    monkeypatch.setattr(dependencies, "names_of", lambda source: asked.append(source))
    read = CellReader()
    cells = [f"a = {n}".ljust(10_000) for n in range(200)]
    for cell in [*cells, *cells]:
        read(cell)
    assert len(asked) == len(set(asked)) == dependencies.MOST // 10_000 <= len(cells)
    assert read.unread and may_change({"f"}, ["f = 1"], ["z = 1"], read)


def test_a_chain_of_names_is_followed_once(monkeypatch):
    """Each cell takes its name from the next one: not each is looked through again for each name."""
    seen = []
    real = dependencies.Names.binds.fget
    monkeypatch.setattr(dependencies.Names, "binds", property(lambda self: seen.append(0) or real(self)))
    chain = [f"x{n} = x{n + 1}" for n in range(500)]
    assert may_change({"x0"}, chain, ["x500 = 1"], CellReader())
    assert len(seen) < 5 * len(chain)


def test_what_ipython_translates_is_bounded_over_the_notebook(monkeypatch):
    asked = []
    monkeypatch.setattr(magics, "python", lambda source: asked.append(source) or source)
    read = CellReader()
    for number in range(100):
        read.python(f"x = {number}\n" + ",a b\n" * 3000)
        read.python(f"y = {number}\n" + ",a b\n" * 30 + "#" * 9000)
    assert sum(text.startswith("x") for text in asked) == 0 and 0 < len(asked) < 100
    assert CellReader().python("/f 1") is not None and CellReader().python(",a b\n" * 3000) is None
