"""Where nothing may be left out, a promise of the page on grading whose tests did not run is a failure."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CARRIES = """
import pytest


@pytest.mark.promise("S1")
def test_a_wall():
    {}
"""


@pytest.mark.parametrize("body, code, said", [
    ("pass", 0, "kept: S1"),
    ("pytest.skip('no sandbox')", 1, "not tried, or not kept: S1"),
    ("assert False", 1, "not tried, or not kept: S1"),
])  # fmt: skip
def test_a_promise_that_was_not_tried_is_a_failure(tmp_path, body, code, said):
    (tmp_path / "test_walls.py").write_text(CARRIES.format(body))
    command = [sys.executable, "-m", "pytest", "-p", "tests.conftest", "--promises", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, said in done.stdout) == (code, True), done.stdout
    left_out = subprocess.run([*command, "-k", "no such test"], cwd=ROOT, capture_output=True, text=True)
    assert left_out.returncode != 0 and "not tried, or not kept: S1" in left_out.stdout


def test_each_group_with_a_promise_asks_for_it():
    """A promise whose tests lie in a folder of another group would not be asked for."""
    groups = (ROOT / "Makefile").read_text(encoding="utf-8").splitlines()
    asked = [line for line in groups if "$(PROMISED)" in line and "pytest," in line]
    marked = {path.relative_to(ROOT).parts[1] for path in (ROOT / "tests").rglob("test_*.py")
              if "@pytest.mark.promise(" in path.read_text(encoding="utf-8") and path != Path(__file__)}  # fmt: skip
    assert marked and all(any(f"tests/{name}" in line for line in asked) for name in marked)
