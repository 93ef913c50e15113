"""A real Dask scheduler with two worker processes on this machine."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from types import SimpleNamespace

import dask
import pytest
from distributed import Client

from grading.course import UsageError
from grading.run import dask as cluster
from grading.run import key, pool
from grading.run.settings import Settings
from tests.grading.conftest import EXERCISE, ROOT, run
from tests.grading.run.test_run import full_marks, hand_in, scores

QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


@contextlib.contextmanager
def started(folder, *options, **environment):
    """Start a scheduler and two workers whose judge is the one of `tests.grading.fakes`."""
    where = folder / "scheduler.json"
    env, own = {**os.environ, **environment}, ["--scheduler-file", str(where), *options]

    def start(program, *more):
        command = [sys.executable, "-m", f"distributed.cli.{program}", *own, *more]
        return subprocess.Popen(command, cwd=ROOT, env=env, **QUIET)

    only_here = ["--host", "127.0.0.1", "--no-dashboard"]
    processes = [start("dask_scheduler", *only_here, "--port", "0")]
    try:
        end = time.monotonic() + 120
        while not where.exists():
            assert time.monotonic() < end and processes[0].poll() is None, "the scheduler did not start"
            time.sleep(0.1)
        worker = ["--nthreads", "1", "--no-nanny", "--preload", "tests.grading.fakes", *only_here]
        processes += [start("dask_worker", *worker, "--local-directory", str(folder / name)) for name in "ab"]
        yield SimpleNamespace(address=json.loads(where.read_text())["address"], workers=processes[1:])
    finally:
        for process in reversed(processes):
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def here(tmp_path_factory):
    with started(tmp_path_factory.mktemp("cluster")) as found:
        yield found


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    monkeypatch.setattr(cluster, "WAIT", 120)  # of a busy machine
    key.environment.cache_clear()  # the workers read it now


def jobs(*texts):
    source = (ROOT / "solutions" / EXERCISE / f"{EXERCISE}.ipynb").read_bytes()
    return [pool.Job(EXERCISE, f"student-{n}", text.encode(), source, Settings(), "") for n, text in enumerate(texts)]


def judged(address, *texts):
    return {job.student: verdict for job, verdict in cluster.run(jobs(*texts), address)}


def test_a_class_is_marked(ready, parts, here):
    for student in ("ada", "bo", "cy"):
        hand_in(ready, student, "")
    assert run(ready, "grade", "--scheduler", here.address).code == 0
    assert scores(ready) == dict.fromkeys(("ada", "bo", "cy"), full_marks(parts))


def test_what_dies_costs_its_own_submission_only(here, tmp_path):
    verdicts = judged(here.address, "", "die", f"die-once {tmp_path / 'died'}", "print")
    assert [verdicts[f"student-{number}"] is None for number in range(4)] == [False, True, False, False]


def test_without_a_sandbox_nothing_is_judged(here):
    with pytest.raises(pool.JudgeFault, match="apt install bubblewrap"):
        judged(here.address, "no-sandbox")


def test_workers_with_another_version_of_the_course_are_refused(here, monkeypatch):
    monkeypatch.setattr(key, "environment", lambda: "another")
    with pytest.raises(UsageError, match="workers at .* have another version of the course"):
        judged(here.address, "")


def test_no_scheduler_is_said(monkeypatch):
    monkeypatch.setattr(cluster, "WAIT", 1)
    with pytest.raises(UsageError, match="no Dask scheduler to talk to at tcp://127.0.0.1:1"):
        judged("tcp://127.0.0.1:1", "")


def wait(condition):
    end = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.1)


@pytest.mark.promise("V4")
def test_a_worker_killed_in_mid_run(tmp_path):
    """What it was judging is judged by the other; its own process, which judged, ends as well."""
    logs = [tmp_path / str(number) for number in range(6)]

    def judging():
        lines = [line for log in logs if log.exists() for line in log.read_text().splitlines()]
        return {int(line.split()[1]) for line in lines}

    with started(tmp_path) as here:
        with Client(here.address, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=120)
        running = cluster.run(jobs(*(f"log {log}\nsleep 2" for log in logs)), here.address)
        verdicts = [next(running)[1]]
        wait(lambda: len(judging()) == 2)
        here.workers[0].send_signal(signal.SIGKILL)
        verdicts += [verdict for _, verdict in running]
    assert [verdict.status for verdict in verdicts] == ["graded"] * 6
    assert len(judging()) == 2
    wait(lambda: not any(os.path.exists(f"/proc/{pid}") for pid in judging()))


@pytest.mark.skipif(not shutil.which("openssl"), reason="openssl makes the certificates")
def test_tls(tmp_path):
    """With certificates the work is done; without, nobody gets in."""
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=a course"]
    subprocess.run([*made, "-keyout", str(key), "-out", str(certificate)], check=True, **QUIET)
    ours = {"cert": str(certificate), "key": str(key)}
    tls = {"ca-file": str(certificate), "client.cert": str(certificate), "client.key": str(key)}
    environment = {"DASK_DISTRIBUTED__COMM__TLS__CA_FILE": str(certificate)}
    for role in ("SCHEDULER", "WORKER"):
        environment |= {f"DASK_DISTRIBUTED__COMM__TLS__{role}__{name.upper()}": path for name, path in ours.items()}
    with started(tmp_path, "--protocol", "tls", **environment) as here:
        assert here.address.startswith("tls://")
        with dask.config.set({f"distributed.comm.tls.{name}": value for name, value in tls.items()}):
            assert [verdict.status for verdict in judged(here.address, "", "").values()] == ["graded"] * 2
        with pytest.raises(UsageError, match="no Dask scheduler to talk to"):
            judged(here.address, "")
