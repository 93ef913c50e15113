"""What changes the meaning of a file, and which files a program rests on: on small made-up projects and on this one."""

import sys
from pathlib import Path

import pytest

import digests
from digests.imports import closure, imported

ROOT = Path(__file__).resolve().parents[2]
LSTM = '''"""A net."""

FORGET_BIAS = 1.0  # a constant


class LSTM:
    """Keeps a cell."""

    def step(self, x):
        """Add the bias.

        >>> LSTM().step(1.0)
        2.0
        """
        return x + FORGET_BIAS
'''


@pytest.mark.parametrize(
    "old, new",
    [
        ("# a constant", "# Gers 1999"),
        ('"""A net."""', '"""A gated net."""'),
        ('"""Keeps a cell."""\n', ""),
        ("x + FORGET_BIAS", "(x + FORGET_BIAS)"),
        ("FORGET_BIAS = 1.0", "FORGET_BIAS = 1.00"),
        ("\n\n\nclass", "\nclass"),
        ("FORGET_BIAS =", "if TYPE_CHECKING:\n    from other import thing\nFORGET_BIAS ="),
    ],
)
def test_what_changes_no_result_changes_no_meaning(old, new):
    assert old in LSTM
    assert digests.of_source(LSTM.replace(old, new)) == digests.of_source(LSTM)


@pytest.mark.parametrize(
    "old, new",
    [
        ("= 1.0", "= 3.0"),
        ("x + FORGET_BIAS", "x - FORGET_BIAS"),
        ("def step", "def step_on"),
        ("(self, x)", "(self, x=0)"),
    ],
)
def test_what_changes_a_result_changes_the_meaning(old, new):
    assert old in LSTM
    assert digests.of_source(LSTM.replace(old, new)) != digests.of_source(LSTM)


def test_a_text_that_is_used_counts():
    assert digests.of_source("HINT = 'a'") != digests.of_source("HINT = 'b'")
    assert digests.of_source("def f():\n    return 'a'") != digests.of_source("def f():\n    return 'b'")


def test_files(tmp_path):
    path = tmp_path / "data.csv"
    assert digests.of_file(path) == "absent"
    path.write_text("1,2\n")
    one = digests.of_file(path)
    path.write_text("1,3\n# no comment of Python\n")
    assert digests.of_file(path) != one
    broken = tmp_path / "broken.py"
    broken.write_text("def (")
    assert digests.of_file(broken) == digests.of_bytes(b"def (")


FILES = {
    "lib/__init__.py": "from lib.rnn import RNN",
    "lib/rnn.py": "from lib import tools\n\n\nclass RNN:\n    pass",
    "lib/lstm.py": "def forward():\n    from .tools import add\n    return add",
    "lib/tools.py": "import math",
    "lib/other.py": "",
    "lib/inner/__init__.py": "",
    "lib/inner/deep.py": "from ..lstm import forward",
    "fetching/__init__.py": "from importlib import import_module\n\n\ndef __getattr__(name):\n"
    "    if name != 'GRU':\n        raise AttributeError(name)\n    return import_module('fetching.gru').GRU",
    "fetching/gru.py": "class GRU:\n    pass",
    "fetching/unused.py": "",
}


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project of two packages, of which one fetches names when they are asked for."""
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    monkeypatch.syspath_prepend(str(tmp_path))
    yield tmp_path
    for name in [name for name in sys.modules if name.partition(".")[0] in ("lib", "fetching")]:
        del sys.modules[name]


@pytest.mark.parametrize(
    "source, found",
    [
        ("import numpy", []),
        ("import lib.tools", ["lib/__init__.py", "lib/tools.py"]),
        ("from lib import RNN", ["lib/__init__.py"]),
        ("from lib import lstm as net", ["lib/__init__.py", "lib/lstm.py"]),
        ("def f():\n    from lib.inner import deep", ["lib/__init__.py", "lib/inner/__init__.py", "lib/inner/deep.py"]),
        ("from fetching import GRU", ["fetching/__init__.py", "fetching/gru.py"]),
        ("if TYPE_CHECKING:\n    import lib", []),
        ("import fetching\nprint(fetching)", ["fetching/__init__.py", "fetching/gru.py", "fetching/unused.py"]),
        ("import fetching as f\nf.GRU()", ["fetching/__init__.py", "fetching/gru.py"]),
        ("import fetching\nfetching.__version__", ["fetching/__init__.py"]),
        ("from fetching import unknown", ["fetching/__init__.py", "fetching/gru.py", "fetching/unused.py"]),
    ],
)
def test_what_a_program_imports(project, source, found):
    assert sorted(path.relative_to(project).as_posix() for path in imported(source, project)) == found


def test_the_files_that_a_program_rests_on(project):
    found = closure([project / "lib/inner/deep.py"], project)
    assert {path.relative_to(project).as_posix() for path in found} == {
        *("lib/__init__.py", "lib/inner/__init__.py", "lib/inner/deep.py", "lib/lstm.py", "lib/rnn.py", "lib/tools.py")
    }
    (project / "lib/tools.py").write_text("import lib.other")
    assert project / "lib/other.py" in closure([project / "lib/inner/deep.py"], project)


def test_of_this_project_the_layers_rest_on_no_exercise():
    found = {path.relative_to(ROOT).as_posix() for path in closure([ROOT / "rnnlib/lstm.py"], ROOT)}
    assert "rnnlib/kernels/lstm.py" in found
    assert "rnnlib/gru.py" not in found and "rnnlib/models/tagger.py" not in found
    assert not any(name.startswith(("rnnchecks/", "grading/", "tests/")) for name in found)


def test_every_source_of_this_project_has_a_meaning():
    for path in [*ROOT.glob("rnnlib/**/*.py"), *ROOT.glob("rnnchecks/**/*.py")]:
        assert digests.of_file(path) != digests.of_bytes(path.read_bytes())
