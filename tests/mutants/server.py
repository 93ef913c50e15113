"""Puts bugs into rnnlib, one at a time, and runs tests against each: a process that is forked for every bug.

NumPy, pytest and PyTorch are loaded once. The fork loads rnnlib, with the bug in one module, and runs the test files in
turn up to the first failure. Reads a line of JSON for each bug and answers with one; see `Server`.
"""

import ast
import importlib.abc
import importlib.machinery
import json
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TESTS = ROOT / "tests" / "rnnlib"
SECONDS = 100  # of computing, for one bug: a loop without end is noticed, too


class Loader(importlib.machinery.SourceFileLoader):
    """Loads a module with a bug in it."""

    def __init__(self, bug, path):
        super().__init__(bug.module, path)
        self.bug = bug

    def get_code(self, fullname):
        tree = ast.parse(self.get_data(self.path))
        return compile(self.bug.change(tree) if self.bug.change else tree, self.path, "exec")

    def exec_module(self, module):
        super().exec_module(module)
        if self.bug.patch:
            self.bug.patch(module)


class Finder(importlib.abc.MetaPathFinder):
    """Finds the one module that has the bug."""

    def __init__(self, bug):
        self.bug = bug

    def find_spec(self, name, path=None, target=None):
        if name != self.bug.module:
            return None
        file = importlib.machinery.PathFinder.find_spec(name, path).origin
        return importlib.util.spec_from_file_location(name, file, loader=Loader(self.bug, file))


def run(bug, files, folder):
    """Run test files against a bug, in this process, up to the first failure; return pytest's exit status.

    Args:
        bug: `Bug`, or None for rnnlib as it is.
        files: the test files, the quickest first.
        folder: where the tests work; what they say goes into the file `log` there.
    """
    import pytest

    out = os.open(f"{folder}/log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(out, 1)
    os.dup2(out, 2)
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    for name in [name for name in sys.modules if name.partition(".")[0] in ("rnnlib", "rnnchecks")]:
        del sys.modules[name]
    if bug:
        sys.meta_path.insert(0, Finder(bug))
    os.chdir(folder)
    options = ["-x", "-q", "--tb=short", "-c", "pytest.ini", "--import-mode=importlib", "-p", "no:cacheprovider"]
    for number, file in enumerate(
        files
    ):  # each by itself: most bugs are noticed by the first, and the rest is not read
        if status := pytest.main([*options, "--basetemp", f"{folder}/tests-{number}", str(file)]):
            return status
    return 0


def serve():
    """Answer requests until there are no more: ``["kind", number]``, or ``[null, [test names]]`` for no bug."""
    os.environ |= {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_ADDOPTS": ""}
    from tests.mutants import bugs

    for line in sys.stdin:
        kind, which = json.loads(line)
        bug = bugs.all_of(kind)[which] if kind else None
        files = [TESTS / f"test_{name}.py" for name in (bug.tests if bug else which)]
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "pytest.ini").write_text(f"[pytest]\npythonpath = {ROOT}\n")
            if (child := os.fork()) == 0:
                status = 3
                try:
                    status = run(bug, files, folder)
                finally:
                    os._exit(status)
            status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            log = Path(folder, "log")
            said = log.read_text(errors="replace")[-4000:] if log.exists() else ""
        print(json.dumps({"status": status, "said": said}), flush=True)


class Server:
    """A process that answers, as a test sees it."""

    def __init__(self):
        command = [sys.executable, "-m", "tests.mutants.server"]
        self.process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, kind, which):
        """Run the tests of a bug; return pytest's exit status, and the end of what it said."""
        self.process.stdin.write(json.dumps([kind, which]) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        return answer["status"], answer["said"]

    def close(self):
        """End the process."""
        self.process.stdin.close()
        self.process.wait()


if __name__ == "__main__":
    import hypothesis  # noqa: F401  loaded once, before the forks
    import numpy  # noqa: F401
    import pytest  # noqa: F401
    import torch  # noqa: F401

    serve()
