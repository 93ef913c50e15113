"""Problems are found by looking: each in the file of its name, in the order of its notebook, and no other is read."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

import rnnchecks
from rnnchecks import find, problems
from rnnchecks.catalogue import exercises
from rnnchecks.engine.measured import MeasuredProblem

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted(Path(rnnchecks.__file__).parent.rglob("*.py"))


def notebook(exercise):
    return nbformat.read(ROOT / f"solutions/{exercise}/{exercise}.ipynb", as_version=4)


def test_every_exercise_has_a_package_of_its_number_and_name():
    folders = sorted(path.parent.name for path in ROOT.glob("solutions/*/*.ipynb"))
    assert list(exercises().values()) == [f"e{folder.replace('-', '_', 1)}" for folder in folders]


@pytest.mark.parametrize("catalogue", exercises())
def test_the_problems_are_those_of_the_notebook_under_the_numbers_of_its_headings(catalogue):
    found = problems(catalogue)
    exercise = exercises()[catalogue][1:].replace("_", "-", 1)
    assert {problem.exercise for problem in found} == {exercise}
    sources = [cell.source for cell in notebook(exercise).cells]
    headings = [match for source in sources for match in re.findall(r"^## (\d+)\. `(\w+)`", source, re.M)]
    assert [(str(problem.task), problem.function_name) for problem in found] == headings
    checked = [name for source in sources for name in re.findall(r'^check\("(\S+?)"', source, re.M)]
    assert list(dict.fromkeys(checked)) == [problem.name for problem in found]


@pytest.mark.parametrize("problem", problems(), ids=lambda problem: problem.name)
def test_a_file_is_called_as_the_function_that_it_checks(problem):
    written = problem.measure if isinstance(problem, MeasuredProblem) else problem.solve
    module = written.__module__
    package = f"rnnchecks.{exercises()[problem.name.partition('.')[0]]}.{problem.function_name}"
    assert module == package or module.startswith(f"{package}.")  # a folder, where one file would be too long
    assert isinstance(problem, MeasuredProblem) or problem.solve.__name__ == problem.function_name
    assert find(problem.name) is problem


def test_a_student_waits_for_no_other_problem():
    read = "print(*(name for name in sys.modules if re.match(r'rnnchecks\\.e\\d\\d_', name)))"
    program = f"import re, sys; from rnnchecks import find; find('bptt.rnn_backward'); {read}"
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert sorted(said) == ["rnnchecks.e03_bptt", "rnnchecks.e03_bptt._sweep", "rnnchecks.e03_bptt.rnn_backward"]


@pytest.mark.parametrize(
    ("name", "near"), [("bptt.rnn_backwards", "bptt.rnn_backward"), ("lstm.step", "lstm.lstm_step")]
)
def test_who_mistypes_a_name_is_told_what_comes_near(name, near):
    with pytest.raises(ValueError, match=re.escape(near)):
        find(name)


def test_a_module_that_holds_another_problem_is_refused(monkeypatch):
    module = sys.modules[find("bptt.adam_step").solve.__module__]
    monkeypatch.setattr(module, "problem", find("bptt.rnn_backward"))
    with pytest.raises(ImportError, match="expected its problem to be bptt.adam_step, got bptt.rnn_backward"):
        find("bptt.adam_step")
    monkeypatch.delattr(module, "problem")
    with pytest.raises(ImportError, match="got NoneType"):
        problems("bptt")


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_every_function_has_a_name_that_nothing_else_in_its_file_has(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = [node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    assert "_" not in functions
    names = [node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    names += [
        (alias.asname or alias.name)
        for node in tree.body
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    ]
    names += [
        target.id
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    ]
    assert len(names) == len(set(names)), sorted(name for name in names if names.count(name) > 1)


def test_a_check_is_a_file_that_can_be_read_at_one_go_or_a_folder_of_such():
    long = [path.name for path in SOURCES if path.parts[-2] != "engine" and path.read_text().count("\n") > 250]
    assert long == []


def test_a_notebook_of_before_is_told_where_the_checks_are():
    with pytest.raises(ImportError, match="Write `from rnnchecks import check, when_written` in place"):
        exec("from rnnlib.checks import check, when_written")


def imports(source):
    return re.findall(r"^\s*(?:from|import) (\w+)", source, re.M)


def test_no_chapter_and_nothing_of_the_library_imports_the_checks():
    """A hint that is worded anew must not have an experiment computed again, nor change what the library is."""
    pages = [*ROOT.glob("book/[0-8][0-9]-*.md"), *ROOT.glob("book/[0-8][0-9]-*/**/*.md")]
    assert len(pages) >= 14
    modules = [*ROOT.glob("rnnlib/**/*.py"), *ROOT.glob("experiments/**/*.py")]
    for path in (*pages, *modules):
        assert "rnnchecks" not in imports(path.read_text(encoding="utf-8")), path
