"""A page runs again when what its result rests on changed its meaning, and only then: tried on a small book."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CONF = f"""
import sys
sys.path.insert(0, {str(ROOT / "book/_ext")!r})
extensions = ["myst_nb", "rnnbook.execution"]
nb_execution_mode = "cache"
nb_execution_timeout = 60
root_doc = "index"
exclude_patterns = ["_build"]
"""
HEAD = """\
---
jupytext: {text_representation: {extension: .md, format_name: myst}}
kernelspec: {display_name: Python 3, language: python, name: python3}
---

"""
CELL = "```{code-cell} ipython3\nimport sys\nsys.path.insert(0, '.')\n%s\nopen('runs.txt', 'a').write('%s\\n')\n```\n"
CELLS = {
    "lstm": "from lib.lstm import forward\nprint(forward(1.0))",
    "rnn": "import lib.rnn\nprint(lib.rnn.forward(1.0))\nprint(open('data.csv').read())",
    "source": "import inspect\nfrom lib.rnn import forward\nprint(inspect.getsource(forward))",
}
LSTM = '"""A net."""\nFORGET_BIAS = 1.0\n\n\ndef forward(x):\n    """Step."""\n    return x + FORGET_BIAS\n'
RNN = '"""Another."""\n\n\ndef forward(x):\n    """Step."""\n    return 2 * x\n'
FILES = {
    "conf.py": CONF,
    "index.md": "# Book\n\n```{toctree}\nlstm\nrnn\nsource\n```\n",
    "data.csv": "1,2\n",
    "lib/__init__.py": "",
    "lib/checks.py": "HINT = 'What keeps every number of the state between -1 and 1?'\n",
    "lib/lstm.py": LSTM,
    "lib/rnn.py": RNN,
    **{f"{name}.md": f"{HEAD}# {name}\n\n{CELL % (code, name)}" for name, code in CELLS.items()},
}


class Book:
    """A book of three pages with code, and the library that they use."""

    def __init__(self, root):
        self.root = root
        for name, text in FILES.items():
            self.write(name, text)

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)

    def replace(self, name, old, new):
        text = (self.root / name).read_text()
        assert old in text
        self.write(name, text.replace(old, new))

    def ran(self):
        """Build, and give the names of the pages whose code ran, in alphabetical order."""
        runs = self.root / "runs.txt"
        runs.write_text("")
        command = [sys.executable, "-m", "sphinx", "-b", "html", "-W", "--keep-going", ".", "_build/html"]
        environment = os.environ | {"PYTHONPATH": str(ROOT), "PYDEVD_DISABLE_FILE_VALIDATION": "1"}
        done = subprocess.run(command, cwd=self.root, capture_output=True, text=True, env=environment)
        assert done.returncode == 0, done.stdout + done.stderr
        return sorted(runs.read_text().split())

    def shows(self, name):
        return (self.root / "_build/html" / f"{name}.html").read_text()


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    made = Book(tmp_path_factory.mktemp("book"))
    assert made.ran() == ["lstm", "rnn", "source"]
    return made


def test_nothing_runs_where_nothing_changed_its_meaning(book):
    book.replace("lib/lstm.py", '"""A net."""', '"""A gated net."""  # of 1997')
    book.replace("lib/lstm.py", '"""Step."""', '"""Add the bias."""')
    book.replace("lib/checks.py", "between -1 and 1", "between minus one and one")
    book.write("lib/tests.py", "def test():\n    assert True\n")
    book.replace("rnn.md", "# rnn", "# Recurrent nets")
    assert book.ran() == []
    assert "Recurrent nets" in book.shows("rnn")


def test_a_constant_runs_the_pages_that_use_it(book):
    book.replace("lib/lstm.py", "FORGET_BIAS = 1.0", "FORGET_BIAS = 3.0")
    assert book.ran() == ["lstm"]
    assert "4.0" in book.shows("lstm")


def test_data_runs_the_pages_that_read_it(book):
    book.write("data.csv", "3,4\n")
    assert book.ran() == ["rnn"]
    assert "3,4" in book.shows("rnn")


def test_a_page_that_shows_a_source_runs_when_its_text_changes(book):
    book.replace("lib/rnn.py", "return 2 * x", "return 2 * x  # twice")
    assert book.ran() == ["source"]
    assert "twice" in book.shows("source")


def test_a_changed_cell_runs_its_page(book):
    book.replace("lstm.md", "forward(1.0)", "forward(2.0)")
    assert book.ran() == ["lstm"]


def test_what_a_page_rests_on_is_kept_with_its_result(book):
    import jupyter_cache

    kept = [r.data["rests_on"] for r in jupyter_cache.get_cache(book.root / "_build/cache/pages").list_cache_records()]
    modules = [sorted(rests["modules"]) for rests in kept]
    assert ["lib/__init__.py", "lib/lstm.py"] in modules
    assert all("lib/checks.py" not in names for names in modules)
    assert {"data.csv"} in [set(rests["opened"]) for rests in kept]
    assert json.dumps(kept)
