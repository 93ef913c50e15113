"""Processes that judge: one that dies costs its own submission only."""

import os
import signal
import subprocess
import sys
import threading
import time
from types import SimpleNamespace

import pytest

from grading import shown
from grading.run import pool
from grading.run.settings import Settings
from grading.sandbox.box import Limits
from tests.grading.conftest import EXERCISE, ROOT
from tests.grading.fakes import JUDGE


@pytest.fixture(autouse=True)
def fake(monkeypatch):
    monkeypatch.setattr(pool, "JUDGE", JUDGE)


@pytest.fixture(scope="module")
def source():
    return (ROOT / "solutions" / EXERCISE / f"{EXERCISE}.ipynb").read_bytes()


@pytest.fixture
def jobs(source):
    """Make jobs from what their submissions say: a student for each."""

    def make(*texts):
        return [
            pool.Job(EXERCISE, f"student-{number}", text.encode(), source, Settings(), "")
            for number, text in enumerate(texts)
        ]

    return make


def judged(jobs, count=1, log=None):
    """Judge, and give a dict from student to verdict."""
    return {job.student: verdict for job, verdict in pool.run(jobs, count, log)}


def test_every_job_gets_its_own_verdict(jobs):
    verdicts = judged(jobs("print", "wrong check-rnn_step", "print\nprint"), count=2)
    assert sorted(verdicts) == ["student-0", "student-1", "student-2"]
    lost = {student: verdict.points - verdict.earned for student, verdict in verdicts.items()}
    assert lost["student-0"] == lost["student-2"] < lost["student-1"]


@pytest.mark.promise("V4")
def test_a_process_that_dies_costs_its_own_submission_only(jobs, tmp_path):
    verdicts = judged(jobs("", "die", f"die-once {tmp_path / 'died'}", ""), count=2)
    assert [verdicts[f"student-{number}"] is None for number in range(4)] == [False, True, False, False]


@pytest.mark.promise("F4")
def test_what_a_judge_says_on_standard_error_is_cleaned(jobs, tmp_path, capsys):
    """In the log and on a terminal: a fault of the judge may hold a student's words."""
    with (tmp_path / "log").open("a", encoding="utf-8") as log:
        assert judged(jobs("raise \x1b]0;gone\x07\u202e\x1b[2J" + "x" * 500), log=log) == {"student-0": None}
    assert judged(jobs("raise \x1b]0;gone\x07\u202e\x1b[2J")) == {"student-0": None}
    for said in ((tmp_path / "log").read_text(encoding="utf-8"), capsys.readouterr().err):
        assert "RuntimeError: a fault of the judge" in said and "gone" in said
        assert not shown.ODD.search(said) and max(map(len, said.splitlines())) <= 400


def test_each_judge_has_a_core_where_there_are_enough_of_them(jobs, monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: {2, 5}, raising=False)
    assert pool.cores(2) == [2, 5] and pool.cores(3) == [2, 5, 2]
    assert pool.cores(1) == [None]


def test_without_a_sandbox_nothing_is_judged(jobs):
    with pytest.raises(pool.JudgeFault, match="apt install bubblewrap"):
        judged(jobs("no-sandbox", ""))


def test_a_judge_that_hangs_is_ended(jobs, monkeypatch):
    monkeypatch.setattr(pool, "TRIES", 1)

    def given():
        first, second = jobs("", "sleep 600")
        yield first
        monkeypatch.setattr(pool, "GRACE", 1.0 - 2 * Limits().notebook)
        yield second

    running = pool.run(given(), 1)
    assert next(running)[1].status == "graded"
    assert next(running)[1] is None


def test_no_process_waits_for_what_becomes_of_a_verdict(jobs, tmp_path):
    """The next job is at work when a verdict is handed on."""
    log = tmp_path / "log"
    running = pool.run(jobs(f"log {log}", f"log {log}"), 1)
    next(running)
    _wait(lambda: len(log.read_text().splitlines()) == 2)
    assert len(list(running)) == 1


def test_a_process_killed_from_outside_is_replaced(jobs, tmp_path):
    log = tmp_path / "log"
    (job,) = jobs(f"log {log}\nsleep 2")
    running = pool.run([job], 1)
    threading.Thread(target=lambda: os.kill(_judging(log), signal.SIGKILL)).start()
    assert next(running)[1].status == "graded"
    assert len(log.read_text().splitlines()) == 2


def test_when_the_run_is_killed_its_processes_end(jobs, tmp_path):
    """They see that nobody listens any more, in the middle of a job."""
    running = subprocess.Popen(
        [sys.executable, "-c", RUN, EXERCISE, str(tmp_path / "log")], stderr=subprocess.DEVNULL, cwd=ROOT
    )
    pid = _judging(tmp_path / "log")
    running.send_signal(signal.SIGKILL)
    running.wait()
    _wait(lambda: not os.path.exists(f"/proc/{pid}"))


RUN = """
import sys
from pathlib import Path
from grading.run import pool
from grading.sandbox.box import Limits
from grading.run.settings import Settings
pool.JUDGE = "tests.grading.fakes"
exercise, log = sys.argv[1:]
source = Path("solutions", exercise, exercise + ".ipynb").read_bytes()
job = pool.Job(exercise, "student", f"log {log}\\nsleep 600".encode(), source, Settings(), "")
list(pool.run([job]))
"""


def _judging(log):
    """Wait until a job is being judged; return the process that judges it."""
    return int(_wait(lambda: log.exists() and log.read_text()).split()[1])


def _wait(condition, seconds=60):
    """Wait until something holds; return what it gives."""
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)
    return found


def test_jobs_are_read_only_when_a_process_is_free(jobs):
    """A class of a thousand must not lie in memory."""
    ahead = SimpleNamespace(most=0, taken=0, done=0)

    def counted():
        for job in jobs(*[""] * 6):
            ahead.taken += 1
            ahead.most = max(ahead.most, ahead.taken - ahead.done)
            yield job

    for _ in pool.run(counted(), 2):
        ahead.done += 1
    assert ahead.done == 6 and ahead.most <= 3
