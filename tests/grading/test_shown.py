"""The door out: nothing but words reaches a screen, a table or a page, and nothing else prints or writes them."""

import ast
import io
import re
from pathlib import Path

import pytest

from grading import shown
from grading.shown import csv_text, fenced, one_line, say, screen
from tests.grading.adversarial.attempts import CODES, wide

ROOT = Path(__file__).resolve().parents[2]
HOSTILE = [
    "\x1b]0;owned\x07\x1b[2J\x1b[31mred",
    "a\rada  20 / 20",
    "\x9b31m\x85\u2028\u2029next",
    "\u202egnp.ipynb",
    "x" * 100_000,
    "word " * 50_000,
    "作" * 5000,
    "a\n" * 3 + "\tb" * 100,
    "\udcff\ud800",
    "e\N{COMBINING ACUTE ACCENT}" * 200,
    "\u200b" * 500 + "x",
]


@pytest.mark.parametrize("width", [40, 80, 120])
@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.promise("F4")
def test_a_screen_gets_words_and_no_line_is_longer_than_it(text, width):
    said = screen(text, width)
    assert not CODES.search(said)
    assert max(map(wide, said.split("\n"))) <= width
    assert len(said) < 3 * shown.LONGEST * 4


def test_short_lines_stay_as_they_are():
    table = "student   02-forward\nada          20 / 20\n\n  7  forward.rnn_step  no-tanh"
    assert screen(table, 60) == table


def test_a_long_line_is_broken_at_its_blanks_and_stays_to_the_right():
    assert screen("  " + "word " * 20, 42) == "  " + "\n    ".join(["word word word word word word word word",
                                                                   "word word word word word word word",
                                                                   "word word word word word"])  # fmt: skip


@pytest.mark.parametrize("coding", ["ascii", "latin-1", "cp1252", "utf-8"])
def test_what_a_screen_has_no_letter_for_stops_nothing(coding):
    file = io.TextIOWrapper(raw := io.BytesIO(), encoding=coding, newline="")
    say("作业 \N{SNOWMAN} Zoë", file=file)
    assert raw.getvalue().endswith(b"\n") and raw.getvalue().decode(coding)


def test_a_name_is_one_line_and_shows_its_bytes():
    assert one_line("zo\udceb") == "zo\\xeb"
    assert one_line("a\n\u2028 b\x1b[2J\u200b") == "a b"
    assert len(one_line("x" * 1000 + ".ipynb")) == shown.WIDTH + 1 - 4 and one_line("x" * 1000 + ".ipynb").endswith(
        ".ipynb"
    )


def test_a_fence_that_nothing_ends_and_a_workbook_without_codes():
    assert fenced("``````\n[x](javascript:1)\r```").splitlines()[0] == "`" * 7
    assert "\x1b" not in fenced("\x1b[2J") and "\x00" not in fenced("\x00")
    assert "_x005F_x003D_1" in shown.cell_of_workbook("_x003D_1+1")
    assert csv_text([["\u2060=1"]]) == '"\'\u2060=1"\n'


# ---- Nothing else prints or writes ----------------------------------------------------------------------------------

# What may call `print`, or name the screen, beside grading/shown.py: the file, and why.
MAY_PRINT = {
    "grading/judge/test_cell.py": "what a check says is caught there, and becomes the text of a test",
    "grading/sandbox/remote.py": "what a call said goes to the check, which listens",
    "grading/sandbox/guest/shell.py": "inside the sandbox, where it is kept as what the cell printed",
    "grading/sandbox/guest/stand_ins.py": "inside the sandbox",
    "grading/sandbox/guest/init.py": "inside the sandbox",
    "grading/run/run.py": "the screen is named to the bar of progress, which shows numbers",
    "grading/commands.py": "the screen for faults is named to `say`; and a question, which `screen` has cleaned",
    "grading/__main__.py": "the screen for faults is named to `say`",
    "grading/store.py": "the screen for faults is named to `say`",
    "grading/demo/demonstration.py": "the screen for faults is named to `say`",
}
# What may write files: the file, and why.
MAY_WRITE = {
    "grading/files.py": "the one that writes whole files",
    "grading/course.py": "opens the log, whose lines are cleaned, those of the judges by `pass_on`",
    "grading/report/pseudonyms.py": "a key, which no student has a part in",
    "grading/sandbox/cgroup.py": "numbers, to the kernel",
    "grading/sandbox/guest/init.py": "inside the sandbox",
    "grading/sandbox/guest/student.py": "inside the sandbox",
    "grading/run/pool.py": "lines between a run and its judges",
    "grading/demo/demonstration.py": "a made-up class, which no student has a part in",
    "grading/report/workbook.py": "a zip in memory, of cells that grading/shown.py has made",
    "grading/shown.py": "a table in memory",
}
SAYS = re.compile(
    r"print|sys\.(?:stdout|stderr|__stdout__|__stderr__)(?:\.\w+)?|os\.write|warnings\.warn|tqdm\.write|input"
)
MODES = re.compile(r"[wax][bt]?\+?|r[bt]?\+[bt]?")
WRITES = {"write_text", "write_bytes", "writestr", "writerow", "writerows", "writelines", "fdopen"}


def used(path):
    """What a file of Python names: dotted names of what it calls, and of what it hands over."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call | ast.Attribute):
            yield dotted(node.func if isinstance(node, ast.Call) else node), node


def dotted(node):
    """The name of an expression such as `sys.stdout.write`; of another, its last part."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}".lstrip(".")
    return node.id if isinstance(node, ast.Name) else ""


def places():
    """All of the package but the templates: path in the project, and file."""
    return {path.relative_to(ROOT).as_posix(): path for path in sorted((ROOT / "grading").rglob("*.py"))}


@pytest.mark.promise("F4")
def test_nothing_else_prints():
    """A `print` of a student's name anywhere in the package breaks it; so does a reason that nothing needs any more."""
    found = {name for name, path in places().items() for called, _ in used(path) if SAYS.fullmatch(called)}
    assert found == {*MAY_PRINT, "grading/shown.py"}


@pytest.mark.promise("F4")
def test_nothing_else_writes():
    """A file opened to be written to, a table or a page made elsewhere, breaks it."""
    found = set()  # the files that do
    for name, path in places().items():
        for called, node in used(path):
            if not isinstance(node, ast.Call):
                continue
            modes = [one.value for one in [*node.args[:2], *(k.value for k in node.keywords if k.arg == "mode")]
                     if isinstance(one, ast.Constant) and isinstance(one.value, str)]  # fmt: skip
            opens = called.rpartition(".")[2] in ("open", "fdopen") and any(
                re.fullmatch(r"[wax+]+b?\+?|r\+b?|wb|ab", mode) for mode in modes
            )
            if called.rpartition(".")[2] in WRITES or opens or called in ("csv.writer", "json.dump", "np.save"):
                found.add(name)
    assert found == set(MAY_WRITE)


def test_accents_are_piled_on_no_letter():
    honest = "é" + "e\u0301\u0323" * 400 + "═" * 300 + "作" * 300 + "\n# ---" + "🙂" * 150
    assert shown.thinned(honest) == honest
    assert shown.thinned("a" + "\u0315\u0300" * 5000 + "b") == f"a{shown.UNKNOWN}b"
