"""Attempts with folders, downloads and names: nobody else loses a mark, and nothing but words reaches the screen."""

import contextlib
import io
import subprocess
import traceback

import pytest

from grading.__main__ import main
from grading.course import Course
from grading.run import pool
from tests.grading import fakes
from tests.grading.adversarial.against import LIMITS
from tests.grading.adversarial.attempts import SCREEN, faults
from tests.grading.adversarial.causes import AT_LEAST, ATTEMPTS, CAUSES, attacks

EVERY = [pytest.param(one, id=f"{one.cause}-{one.name}") for one in ATTEMPTS]


def typed(root, args, coding):
    """Type a command on a screen of an encoding; return the exit code, and what stood there."""
    screen = io.TextIOWrapper(raw := io.BytesIO(), encoding=coding, newline="")
    with contextlib.redirect_stdout(screen), contextlib.redirect_stderr(screen):
        try:
            code = main(["--course", str(root), *args])
        except Exception:
            code = 1
            traceback.print_exc()
    screen.flush()
    return code, raw.getvalue().decode(coding)


@pytest.mark.parametrize("attempt", EVERY)
@pytest.mark.promise("V2")
def test_it_reaches_nothing(attempt, ready, parts, monkeypatch):
    """Each was wrong at commit 8b1be82, or is a variant of what was (see `against`)."""
    monkeypatch.setenv("COLUMNS", str(SCREEN))
    if attempt.judged:
        with (ready.root / "nbgrader_config.py").open("a") as file:
            file.write(LIMITS)
    else:
        monkeypatch.setattr(pool, "JUDGE", fakes.JUDGE)
    args = attempt.plant(ready.root)
    code, said = typed(Course(ready.root).root, args, attempt.coding)
    try:
        assert faults(attempt, ready.root, code, said, sum(part.points for part in parts)) == [], said[-6000:]
    finally:
        subprocess.run(["rm", "-rf", str(ready.root / "downloads")], check=True)  # too deep for Python


@pytest.mark.parametrize("cause", CAUSES)
def test_each_cause_of_the_review_has_attempts(cause):
    names = [one.name for one in attacks()[cause]]
    assert len(set(names)) == len(names) >= AT_LEAST
