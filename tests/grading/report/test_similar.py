"""Pairs that are alike: a copy in disguise stands above independent work, and nobody is suspected for the obvious."""

import ast
import csv
import inspect
import json
import random
import textwrap

import nbformat
import pytest

from grading.judge.verdict import Answer, CellRecord
from grading.report.fingerprints import REST, pieces, prose, winnowed
from grading.report.similar import pairs, similar, taken_apart
from tests.grading.conftest import EXERCISE, ROOT
from tests.grading.made_up import verdict
from tests.rnnchecks.e02_forward.styles import STYLES

FUNCTIONS = [name.partition(".")[2] for name in STYLES]


@pytest.fixture(scope="module")
def expected():
    """The course's own cells, answers included."""
    nb = nbformat.read(ROOT / "solutions" / EXERCISE / f"{EXERCISE}.ipynb", as_version=4)
    return [cell.source for cell in nb.cells if cell.cell_type == "code"]


class Habits(ast.NodeTransformer):
    """One person's ways: of writing a product, of ordering a sum, of naming what is returned."""

    def __init__(self, rng):
        self.rng, self.product = rng, rng.choice([None, "np.dot", "np.matmul"])

    def visit_BinOp(self, node):
        self.generic_visit(node)
        if isinstance(node.op, ast.Add | ast.Mult) and self.rng.random() < 0.35:
            node.left, node.right = node.right, node.left
        if isinstance(node.op, ast.MatMult) and self.product:
            return ast.Call(ast.parse(self.product, mode="eval").body, [node.left, node.right], [])
        return node

    def visit_Return(self, node):
        self.generic_visit(node)
        if self.rng.random() < 0.5:
            return [ast.Assign([ast.Name("result", ast.Store())], node.value), ast.Return(ast.Name("result"))]
        return node


class Renamed(ast.NodeTransformer):
    """Other names for everything that a function binds."""

    def __init__(self, tree):
        bound = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
        bound |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
        self.names = {name: f"q{i}" for i, name in enumerate(sorted(bound))}

    def visit_Name(self, node):
        node.id = self.names.get(node.id, node.id)
        return node

    def visit_arg(self, node):
        node.arg = self.names[node.arg]
        return node


def alone(rng):
    """The answers of somebody who worked alone: dict from function to source."""
    answers = {}
    for name, styles in STYLES.items():
        tree = ast.parse(textwrap.dedent(inspect.getsource(rng.choice(styles))))
        tree.body[0].name = name.partition(".")[2]
        answers[tree.body[0].name] = ast.unparse(ast.fix_missing_locations(Habits(rng).visit(tree)))
    return answers


def disguised(source):
    """The same with other names, another docstring, comments and layout."""
    tree = ast.parse(source)
    text = ast.unparse(Renamed(tree).visit(tree)).replace("):\n", '):\n    """All my own work."""\n', 1)
    return "# I thought long about this\n" + text.replace(" = ", "  =  ").replace("\n    return", "\n\n    return")


def handed_in(answers, order=None, open_answers=()):
    """A verdict, as far as it matters here."""
    cells = tuple(CellRecord(name, "other", "ok", "", None, answers[name]) for name in order or answers)
    return verdict(cells=cells, answers=tuple(Answer("open-question", 4.0, text, True) for text in open_answers))


def made(n, seed, copied):
    """A class of `n` who worked alone, and one who copied some functions of s003, with the cells in another order."""
    rng = random.Random(seed)
    honest = {f"s{i:03}": alone(rng) for i in range(n)}
    copy = alone(rng)
    copy.update({name: disguised(honest["s003"][name]) for name in rng.sample(FUNCTIONS, copied)})
    return {**{who: handed_in(answers) for who, answers in honest.items()}, "copy": handed_in(copy, [*copy][::-1])}


@pytest.mark.parametrize("n, copied", [(6, 10), (30, 10), (30, 5)])
@pytest.mark.parametrize("seed", range(2))
def test_a_copy_in_disguise_comes_first(expected, n, copied, seed):
    ranked, nearest = pairs(taken_apart(made(n, seed, copied), expected), most=5)
    assert ranked[0]["students"] == ["copy", "s003"]
    assert ranked[0]["score"] == pytest.approx(max(nearest))
    assert ranked[0]["score"] == pytest.approx(sum(ranked[0]["pieces"].values()))


def test_names_layout_and_comments_do_not_count():
    source = inspect.getsource(STYLES["forward.encoder_decoder"][0])
    own, copy = (pieces([text], ["decoder_in_a_loop"])["decoder_in_a_loop"] for text in (source, disguised(source)))
    assert own.prints.keys() == copy.prints.keys() and len(own.prints) > 10


def test_what_is_computed_does_count():
    source = "def f(x):\n    y = [k * x for k in range(10)]\n    y.append(y[0] + 1)\n    return max(y, key=abs)"
    own = pieces([source], ["f"])["f"].prints.keys()
    for other in (source.replace("+ 1", "+ 2"), source.replace("*", "-"), source.replace("range", "reversed")):
        assert pieces([other], ["f"])["f"].prints.keys() != own


def test_the_course_s_own_words_are_no_evidence(expected):
    """Everybody hands in the model answers, and the notebook's other cells as they came: nothing to look at."""
    cells = {f"cell {i}": text for i, text in enumerate(expected)}
    crowd = {name: handed_in(cells) for name in "ab"}
    crowd["c"] = handed_in({**cells, "cell 0": "import numpy as np"}, order=[*cells][::-1])
    crowd["d"] = handed_in({name: text for name, text in cells.items() if f"{text[:8]}" == "def rnn_"})
    assert pairs(taken_apart(crowd, expected), most=5)[0] == []


def test_what_many_share_is_no_evidence_and_what_two_share_is(expected):
    usual = """def one_hot(ids, V):
    rows = []
    for row in ids:
        rows.append([int(k == i) for i in row for k in range(V)])
    return rows"""
    rare = """def one_hot(ids, V):
    import itertools as it
    return dict(zip(it.count(), map(ids.tolist().index, sorted(set(V)))))"""
    crowd = {f"s{i}": handed_in({"one_hot": usual}) for i in range(10)}
    crowd |= {name: handed_in({"one_hot": rare}) for name in "ab"}
    ranked, _ = pairs(taken_apart(crowd, expected), most=3)
    assert ranked[0]["students"] == ["a", "b"]
    assert ranked[0]["score"] > 5 * ranked[1]["score"]


def test_answers_in_words_are_compared_too(expected):
    own = ["I started at one because the trace at three says nothing: every change grows to the same size."]
    crowd = {f"s{i}": handed_in({}, open_answers=[f"My {i} is {i * i} as {i + 7} was with {i * 3}."]) for i in range(8)}
    crowd |= {name: handed_in({}, open_answers=own) for name in "ab"}
    ranked, _ = pairs(taken_apart(crowd, expected), most=3)
    assert ranked[0]["students"] == ["a", "b"] and list(ranked[0]["pieces"]) == ["open-question"]


def test_every_long_run_that_two_share_leaves_a_mark():
    """The promise of winnowing: a shared run of K + W - 1 tokens is found, wherever it stands."""
    rng = random.Random(0)
    shared = [(f"token {rng.random()}", None) for _ in range(8 + 4 - 1)]
    for _ in range(20):
        noise = [[(f"{rng.random()}", None) for _ in range(rng.randrange(30))] for _ in range(4)]
        one, other = noise[0] + shared + noise[1], noise[2] + shared + noise[3]
        assert {value for value, _ in winnowed(one)} & {value for value, _ in winnowed(other)}


@pytest.mark.parametrize(
    "source",
    ["def f(:", "x = " + "(" * 500, "\x00", "y" * 10**6, "-" * 50_000 + "1", "x = 0x" + "f" * 10_000, "def f(x): pass"],
)
def test_any_cell_can_be_taken_apart(source):
    found = pieces(["%matplotlib inline\n!ls\nz = [k + k for k in 'abc']", source], ["f"])
    assert found[REST].source.startswith("z = ")
    assert prose(source).source == source


def test_the_page_shows_both_sides_and_runs_nothing(expected, tmp_path):
    crowd = made(6, 0, 10)
    attack = "def one_hot(ids, V):\n    return ids.replace('</pre><script>alert(1)</script>', V, V + V, V * V * V)"
    crowd["<script>x</script>"] = crowd["=other"] = handed_in({"one_hot": attack})
    page = similar(crowd, expected, EXERCISE, tmp_path)
    text = page.read_text()
    assert page.name == "02-forward.similar.html"
    assert "<script" not in text and "&lt;script&gt;alert(1)" in text
    assert "not an accusation" in text and "All my own work." in text
    found = json.loads(page.with_suffix(".json").read_text())
    with page.with_suffix(".csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(found["pairs"]) and not [row for row in rows if row["other"].startswith("=")]


@pytest.mark.parametrize("crowd", [{}, {"a": handed_in({})}, {"a": handed_in({}), "b": handed_in({})}])
def test_a_class_of_few(crowd, expected, tmp_path):
    assert "share anything" in similar(crowd, expected, EXERCISE, tmp_path).read_text()


OWN = """def many_to_one(X, p):
    state = np.zeros((X.shape[1], len(p["b_h"])))
    seen = []
    for row, letters in enumerate(X):
        state = np.tanh(letters @ p["W_xh"] + state @ p["W_hh"] + p["b_h"])
        seen.append(state if row < len(X) - 1 else 1 * state)
    last = seen.pop()
    return last @ p["W_hy"] + p["b_y"] + 0 * sum(part.sum() for part in seen[:0])"""


@pytest.mark.parametrize("seed", range(2))
def test_one_piece_that_was_copied_whole_stands_out_beside_others_that_were_not(expected, seed):
    """Nine functions are honest, and many other pairs have more in common in the sum; the tenth shows."""
    rng = random.Random(seed)
    honest = {f"s{i:03}": alone(rng) for i in range(30)}
    honest["s003"]["many_to_one"] = OWN
    copy = {**alone(rng), "many_to_one": disguised(OWN)}
    crowd = {who: handed_in(answers) for who, answers in {**honest, "copy": copy}.items()}
    ranked, _ = pairs(taken_apart(crowd, expected), most=6)
    (found,) = [pair for pair in ranked if pair["students"] == ["copy", "s003"]]
    assert found["best"][0] == "many_to_one" and found["best"][1] < 5 and found["as_high"] > 20


def test_a_score_says_how_many_others_have_it(expected):
    usual = "def one_hot(ids, V):\n    return [[int(i == k) for k in range(V)] for row in ids for i in row]"
    crowd = {f"s{i}": handed_in({"one_hot": usual}) for i in range(6)}
    rare = "def one_hot(ids, V):\n    return sum(np.tri(V, i)[i - 1] * V ** ids[i % V] for i in reversed(range(V)))"
    crowd |= {name: handed_in({"one_hot": rare}) for name in "ab"}
    ranked, _ = pairs(taken_apart(crowd, expected), most=20)
    assert ranked[0]["students"] == ["a", "b"] and ranked[0]["as_high"] == 0
    assert {pair["as_high"] for pair in ranked[1:]} == {15}  # the 15 pairs of the six, and the pair above, but itself


def test_what_the_notebook_says_is_nobody_s_own(expected):
    question = "Say what your own table shows at three, at five and at seven, and what it cannot show at all."
    texts = [f"{question} {own}" for own in ("It grows.", "Nothing.", "Twice as much.")]
    crowd = {f"s{i}": handed_in({}, open_answers=[text]) for i, text in enumerate(texts)}
    assert pairs(taken_apart(crowd, expected), most=3)[0]
    assert not pairs(taken_apart(crowd, expected, released=[question]), most=3)[0]


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "cell",
    [
        "\n" * 60_000,
        " " * 99_000 + "(",
        "a=1;" * 24_000,
        "a=1\n" * 24_000,
        "x=[" + "1," * 49_000,
        "\t\n" * 49_000 + "(",
    ],
)
def test_what_one_student_sends_costs_no_more_than_its_length(cell):
    """Each took minutes, or would have, when a line was read once for every other one."""
    found = pieces([cell, "def f(x):\n    return x + x * x - 1"], ["f"])
    assert found["f"].prints


def test_a_flood_is_cut_and_named(expected, tmp_path):
    flood = {f"cell {i}": "x = 1\n" * 10_000 for i in range(5)}
    crowd = {"flood": handed_in(flood), "ada": handed_in({"one_hot": "def one_hot(ids, V):\n    return ids @ V - 1"})}
    page = similar(crowd, expected, EXERCISE, tmp_path)
    assert json.loads(page.with_suffix(".json").read_text())["unread"] == ["flood"]
    assert "far longer than an honest one: flood." in " ".join(page.read_text().split())


def test_statements_on_one_line_are_that_line_once():
    found = pieces(["a = [k for k in 'ab']; b = [k + k for k in a]\nc = [a, b, a]", "d = [k for k in range(10)]"], [])[
        REST
    ]
    assert found.source.split("\n") == [
        "a = [k for k in 'ab']; b = [k + k for k in a]",
        "",
        "c = [a, b, a]",
        "",
        "d = [k for k in range(10)]",
    ]
    assert set().union(*found.prints.values()) == {0, 2, 4}
