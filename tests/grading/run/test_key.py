"""A verdict's key: it changes with all that the verdict rests on, and with nothing else."""

import subprocess
import sys
from dataclasses import replace

from grading.run import key
from grading.run.settings import Settings
from grading.sandbox.box import Limits
from tests.grading.conftest import ROOT

SETTINGS = Settings(Limits(cell=60), "secret", True)


def test_a_key_changes_with_all_that_a_verdict_rests_on(monkeypatch):
    keys = {
        key.key(b"a", b"b", SETTINGS),
        key.key(b"b", b"b", SETTINGS),
        key.key(b"a", b"c", SETTINGS),
        key.key("a", b"b", SETTINGS),  # no file, and the reason
        key.key(b"ab", b"", SETTINGS),
        key.key(b"a", b"b", replace(SETTINGS, limits=Limits(cell=61))),
        key.key(b"a", b"b", replace(SETTINGS, seed="other")),
        key.key(b"a", b"b", replace(SETTINGS, sandboxed=False)),
    }
    monkeypatch.setattr(key, "environment", lambda: "another version of numpy")
    keys.add(key.key(b"a", b"b", SETTINGS))
    assert len(keys) == 9


def test_a_key_is_the_same_in_another_process():
    key.environment.cache_clear()
    program = f"""
from grading.run.key import key
from grading.run.settings import Settings
from grading.sandbox.box import Limits
print(key(b"a", b"b", {SETTINGS!r}))"""
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT).stdout
    assert said.strip() == key.key(b"a", b"b", SETTINGS)


def test_the_sources_that_decide_are_part_of_the_environment():
    named = {str(path.relative_to(ROOT)) for path in key.deciding()}
    assert {
        "rnnlib/checks/api.py",
        "grading/judge/judge.py",
        "grading/judge/session.py",
        "grading/release/solution.py",
        *(f"grading/sandbox/guest/{name}.py" for name in ("init", "student", "limits", "seccomp", "shared", "wire")),
    } <= named
    assert not {"grading/report/report.py", "grading/store.py", "grading/course.py"} & named
