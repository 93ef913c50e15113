"""A verdict's key: it changes with all that the verdict rests on, and with nothing else."""

import subprocess
import sys
from dataclasses import replace

from grading.run import basis, key
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
    monkeypatch.setattr(basis, "versions", lambda: {"numpy": "another"})
    basis._table.cache_clear()
    keys.add(key.key(b"a", b"b", SETTINGS))
    basis._table.cache_clear()
    assert len(keys) == 9


def test_a_key_is_the_same_in_another_process():
    program = f"""
from grading.run.key import key
from grading.run.settings import Settings
from grading.sandbox.box import Limits
print(key(b"a", b"b", {SETTINGS!r}))"""
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT).stdout
    assert said.strip() == key.key(b"a", b"b", SETTINGS)
