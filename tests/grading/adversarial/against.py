"""Try the attempts that have a cause on an earlier commit: `python -m tests.grading.adversarial.against 8b1be82`.

The commit is checked out into a temporary folder, these files are copied into it, and each attempt is made there: of a
notebook with that commit's judge, of all else with its command line. A line says what each has reached, or that it was
held. It takes minutes, needs git and the sandbox, and is no test: it shows that the attempts are worth something.
"""

import importlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.grading.adversarial.attempts import EXERCISE, SCREEN, faults

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
MOVED = {"from grading.demo import answers": "from grading import answers"}  # where a file of ours lay before
PATIENCE = 600.0  # seconds for a command, on a busy machine
SMALL = {"call": 0.5, "cell": 1.0, "notebook": 60.0, "memory": 2**29, "file": 16 * 2**20}
LIMITS = '\nc.Grading.limits = {"call": 1.0, "cell": 2.0, "notebook": 60.0}\n'


def against(commit: str, *names: str) -> int:
    """Try them on a commit; return the exit code."""
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder) / "tree"
        git = ["git", "-C", str(ROOT), "worktree"]
        subprocess.run([*git, "add", "--quiet", "--detach", str(tree), commit], check=True)
        try:
            for path in HERE.glob("*.py"):
                text = path.read_text(encoding="utf-8")
                if not (tree / "grading" / "demo").is_dir():
                    for new, old in MOVED.items():
                        text = text.replace(new, old)
                (tree / "tests" / "grading" / "adversarial" / path.name).write_text(text, encoding="utf-8")
            command = [sys.executable, "-m", "tests.grading.adversarial.against", "--here", *names]
            return subprocess.run(command, cwd=tree, env={**os.environ, "PYTHONPATH": str(tree)}).returncode
        finally:
            subprocess.run([*git, "remove", "--force", str(tree)], check=True)


def here(names: list[str]) -> int:
    """Try them on the commit that this file lies in; of nets that were not trained none, for each takes minutes."""
    count = {"broke": 0, "held": 0}
    for module in sorted(path.stem for path in HERE.glob("*.py") if not path.stem.startswith("test_")):
        try:
            listed = [value for value in vars(importlib.import_module(f"{__package__}.{module}")).values()
                      if isinstance(value, list) and value and hasattr(value[0], "cause")]  # fmt: skip
        except ImportError as error:
            print(f"{module}: left out ({error})", flush=True)
            continue
        for one in (one for attempts in listed for one in attempts if one.cause and not hasattr(one, "text")):
            if names and one.name not in names and one.cause not in names:
                continue
            found = made(one) if hasattr(one, "plant") else handed_in(one)
            count["broke" if found else "held"] += 1
            print(f"{one.cause}  {one.name}: {'; '.join(found)[:300] or 'held'}", flush=True)
    print(count)
    return 0


def made(attempt) -> list[str]:
    """Make an attempt with the command line; return what it has reached."""
    from tests.grading.adversarial.paper import points

    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "course"
        shutil.copytree(ROOT / "solutions" / EXERCISE, root / "solutions" / EXERCISE)
        shutil.copy(ROOT / "nbgrader_config.py", root)
        with (root / "nbgrader_config.py").open("a") as file:
            file.write(LIMITS)
        args = attempt.plant(root)
        environment = {**os.environ, "PYTHONIOENCODING": attempt.coding, "COLUMNS": str(SCREEN)}
        command = [sys.executable, "-m", "grading", "--course", str(root), *args]
        try:
            done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                  timeout=PATIENCE)  # fmt: skip
            code, said = done.returncode, done.stdout.decode(attempt.coding, "replace")
        except subprocess.TimeoutExpired as late:
            code, said = None, (late.stdout or b"").decode(attempt.coding, "replace")
        try:
            return faults(attempt, root, code, said, sum(points().values()))
        finally:
            subprocess.run(["rm", "-rf", str(root)], check=True)  # some folders are too deep for Python


def handed_in(one) -> list[str]:
    """Judge a notebook; return what is wrong with the verdict."""
    from tests.grading.adversarial.paper import SEED, points, source

    try:
        from grading.judge.judge import grade
        from grading.sandbox.box import Limits
    except ImportError:
        from grading.judge import grade
        from grading.sandbox import Limits
    known = vars(Limits())
    limits = {name: value for name, value in {**SMALL, **one.limits}.items() if name in known}
    try:
        verdict = grade(one.write(), source(), EXERCISE, Limits(**limits), seed=SEED)
    except Exception as error:
        return [f"the judge stops: {error!r:.100}"]
    verdict = verdict if isinstance(verdict, dict) else verdict.to_json()
    lost = points() if one.lost == ("everything",) else one.lost
    deserved = {name: 0 if name in lost else worth for name, worth in points().items()}
    earned = {test["function"]: test["earned"] for test in verdict["tests"]}
    found = [
        f"{name}: {earned.get(name)} of {worth:g}" for name, worth in deserved.items() if earned.get(name) != worth
    ]
    found += [f"status {verdict['status']}"] * (verdict["status"] not in one.status)
    cells = [{**cell, "source": ""} for cell in verdict["cells"]]
    tests = [{**test, "trace": ""} for test in verdict["tests"]]
    said = json.dumps({**verdict, "cells": cells, "tests": tests, "answers": []}, ensure_ascii=False)
    found += ["something was reached"] * ("reached" in said)
    noted = " ".join([verdict["reason"], *verdict["notes"]])
    return found + [f"nothing said of {one.note!r}"] * (one.note not in noted)


if __name__ == "__main__":
    sys.exit(here(sys.argv[2:]) if sys.argv[1:2] == ["--here"] else against(*sys.argv[1:]))
