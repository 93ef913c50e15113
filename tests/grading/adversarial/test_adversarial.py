"""What a class throws at the grader: everybody gets a verdict, a reason and the points that are deserved."""

import json
import os
import subprocess
import sys
from dataclasses import replace

import pytest

from grading.judge.judge import grade
from grading.sandbox import remote
from grading.sandbox.box import Limits
from tests.grading.adversarial.attempts import CODES
from tests.grading.adversarial.everybody import CLASS
from tests.grading.adversarial.paper import EXERCISE, ROOT, SEED, add, as_bytes, points, released, solved, source

EVERYBODY = [pytest.param(one, id=f"{kind}-{one.name}") for kind, listed in CLASS.items() for one in listed]
STATUS = {"graded", "unreadable", "too large", "timed out", "died"}


def judge(data, **limits):
    """Grade under limits that are small enough to wait for."""
    small = {"call": 0.5, "cell": 1.0, "notebook": 60.0, "memory": 2**29, "file": 16 * 2**20}
    return grade(data, source(), EXERCISE, Limits(**{**small, **limits}), seed=SEED)


def outputs(verdict):
    """All of a verdict but the student's own source, in which answers are looked for, too."""
    cells = tuple(replace(cell, source="") for cell in verdict.cells)
    tests = tuple(replace(test, trace="") for test in verdict.tests)
    return json.dumps(replace(verdict, cells=cells, tests=tests, answers=()).to_json(), ensure_ascii=False)


@pytest.fixture(scope="module", autouse=True)
def walls():
    """Nothing of this class may run before it is certain that there are walls around it."""
    patient = remote.SLACK
    remote.SLACK = 2.0  # what hangs must be waited for, and a busy machine is slow
    nb = released()
    add(nb, "import os\nprint('inside', os.readlink('/proc/self/ns/pid'))")
    verdict = judge(as_bytes(nb))
    assert verdict.sandbox == "bubblewrap"
    assert "inside pid:[" in outputs(verdict) and os.readlink("/proc/self/ns/pid") not in outputs(verdict)
    yield
    remote.SLACK = patient


@pytest.mark.parametrize("submission", EVERYBODY)
@pytest.mark.promise("V1", "F1")
def test_everybody_gets_what_is_deserved(submission):
    verdict = judge(submission.write(), **submission.limits)
    earned = {test.function: test.earned for test in verdict.tests}
    deserved = {name: 0 if submission.lost == ("everything",) or name in submission.lost else worth
                for name, worth in points().items()}  # fmt: skip
    assert earned == deserved, json.dumps(verdict.to_json()["tests"], indent=1)[:6000]
    assert verdict.earned == submission.deserves
    assert verdict.status in submission.status
    assert verdict.status in STATUS and bool(verdict.reason) == (verdict.status != "graded")
    for test in verdict.tests:
        assert test.text or test.earned
        assert test.outcome in submission.verdicts.get(test.function, (test.outcome,))
    noted = " ".join([verdict.reason, *verdict.notes])
    assert submission.note in noted and not CODES.search(noted) and "\n" not in noted
    assert len(verdict.reason) <= 300 and max(map(len, verdict.notes), default=0) <= 600
    written = json.dumps(verdict.to_json(), allow_nan=False).encode("utf-8")
    assert len(written) < 3_000_000
    assert SEED not in written.decode() and "BEGIN HIDDEN" not in outputs(verdict)
    assert "reached" not in outputs(verdict)
    theirs = "\n".join(cell.source for cell in verdict.cells)
    for test in verdict.tests:  # nor a line of the grader's own
        assert all(line.partition(": ")[2] in theirs for line in test.trace.splitlines())
    assert "_result" not in written.decode()


def test_no_two_have_one_name():
    """In the class as a whole each has a folder of this name: of two, one would not be marked."""
    names = [param.values[0].name for param in EVERYBODY]
    assert len(set(names)) == len(names)


LEAVES = """
import os, socket, subprocess, sys, threading, time
for folder in ("/tmp", "/dev/shm", "/var/tmp", os.getcwd(), os.path.expanduser("~"), "/run", "/box"):
    try:
        open(os.path.join(folder, ".for-the-next"), "w").write("softmax = 1")
    except OSError:
        pass
libc = __import__("ctypes").CDLL(None)
libc.shmget(4711, 4096, 0o1666)
libc.semget(4711, 1, 0o1666)
libc.msgget(4711, 0o1666)
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.bind("\\0for-the-next")
        line.listen()
        time.sleep(1000)
    os._exit(0)
os.environ["FOR_THE_NEXT"] = "x"
"""
LOOKS = """
import os, socket
for folder in ("/tmp", "/dev/shm", "/var/tmp", os.getcwd(), os.path.expanduser("~"), "/run", "/box"):
    if os.path.exists(os.path.join(folder, ".for-the-next")):
        print("found a file in", folder)
libc = __import__("ctypes").CDLL(None)
for name, got in dict(shm=libc.shmget(4711, 0, 0), sem=libc.semget(4711, 0, 0), msg=libc.msgget(4711, 0)).items():
    if got != -1:
        print("found", name)
try:
    socket.socket(socket.AF_UNIX, socket.SOCK_STREAM).connect("\\0for-the-next")
    print("found a process that listens")
except OSError:
    pass
if "FOR_THE_NEXT" in os.environ:
    print("found a word in the environment")
print("looked")
"""


@pytest.mark.promise("S4")
def test_nothing_is_left_for_the_next_student():
    for text in (LEAVES, LOOKS):
        nb = solved()
        add(nb, text)
        verdict = judge(as_bytes(nb))
        assert verdict.earned == sum(points().values())
    assert "looked" in outputs(verdict) and "found" not in outputs(verdict)


def test_an_honest_student_after_all_of_them():
    verdict = judge(as_bytes(solved()))
    assert (verdict.status, verdict.earned, verdict.notes) == ("graded", sum(points().values()), ())


@pytest.mark.parametrize(
    "name, earned",
    [
        ("plain", 20),
        ("own_check", 20),
        ("check_replaced", 20),
        ("numpy_patched", 6),
        ("catalogue_imported", 20),
        ("expected_from_memory", 20),
        ("problems_from_memory", 20),
    ],
)
@pytest.mark.promise("F1")
def test_forgeries_succeed_where_one_process_does_it_all(name, earned, tmp_path):
    """They are real: without the two processes these would earn their points."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "MPLBACKEND": "Agg"}
    command = [sys.executable, "-m", "tests.grading.adversarial.one_process", name]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120)
    assert float(done.stdout) == earned, done.stderr
