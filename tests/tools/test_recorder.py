"""What a page's kernel tells of what it used; the recorder runs in a process of its own, as it does there."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
RECORDER = ROOT / "book/_ext/rnnbook/recorder.py"
PROGRAM = """
import sys
exec(open(sys.argv[1]).read())
recorder = Recorder(".")
sys.path.insert(0, ".")
{}
print(recorder.report())
"""


@pytest.fixture
def told(tmp_path):
    """Run a page's code in a small project; give what the recorder told."""
    files = {"lib/__init__.py": "", "lib/net.py": "from lib import tools", "lib/tools.py": "def add(): pass"}
    files |= {"data.csv": "1", "pages/one.md": "", "_build/old.txt": ""}
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)

    def run(code):
        command = [sys.executable, "-c", PROGRAM.format(code), str(RECORDER)]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    return run


def test_modules_with_what_they_import(told):
    found = told("import lib.net")
    assert found["modules"] == ["lib/__init__.py", "lib/net.py", "lib/tools.py"]
    assert found["opened"] == found["listed"] == [] and not found["others"]


def test_files_that_are_read_and_not_those_that_are_written(told):
    found = told("open('data.csv').read(); open('new.txt', 'w').write('1'); open('_build/old.txt').read()")
    assert found["opened"] == ["data.csv"]


def test_a_file_that_is_only_named_by_what_it_means(told):
    """As `digests` reads it, of which nothing is shown."""
    found = told("import sys; ns = {'__name__': 'digests.x'}; exec('open(\"data.csv\").read()', ns)")
    assert found["opened"] == []


def test_programs_behind_a_result_that_another_page_computed(told):
    module = "m = types.ModuleType('experiments.results'); m.USED = {'lib/net.py'}"
    assert told(f"import sys, types; {module}; sys.modules[m.__name__] = m")["modules"] == ["lib/net.py"]


def test_a_source_that_is_shown(told):
    assert told("import inspect, lib.tools; inspect.getsource(lib.tools.add)")["opened"] == ["lib/tools.py"]


@pytest.mark.parametrize(
    "code", ["import os; os.listdir('pages')", "import pathlib; list(pathlib.Path('pages').glob('*.md'))"]
)
def test_folders_that_are_listed(told, code):
    assert told(code)["listed"] == ["pages"]


def test_packages_that_look_around_are_not_the_page(told):
    assert told("from importlib.metadata import entry_points; entry_points()")["listed"] == []


def test_a_module_that_says_it_is_a_file_that_is_not_there(told):
    code = "import types; sys.modules['odd'] = odd = types.ModuleType('odd'); odd.__file__ = 'odd.py'"
    assert told(code)["modules"] == []


@pytest.mark.parametrize("program, others", [("sys.executable", True), ("'/bin/true'", False)])
def test_another_process_may_have_loaded_anything(told, program, others):
    assert told(f"import subprocess; subprocess.run([{program}, '-c', '1'])")["others"] is others


def test_packages_by_the_name_that_they_are_imported_by(told):
    assert "numpy" in told("import numpy")["packages"]
