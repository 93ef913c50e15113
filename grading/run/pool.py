"""Judge submissions in processes of their own that stay: a process that dies costs its own submission only.

``python -m grading.run.pool`` is such a process. It reads a job a line, and answers with a line: JSON both ways.
"""

import base64
import collections
import contextlib
import dataclasses
import importlib
import json
import os
import queue
import select
import selectors
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any

from grading.judge.record import VerdictError
from grading.judge.verdict import SubmissionVerdict
from grading.sandbox import cgroup
from grading.sandbox.box import Limits, SandboxMissing
from grading.shown import pass_on

if TYPE_CHECKING:  # it loads nbgrader, which a process that judges does not need
    from grading.run.settings import Settings

JUDGE = "grading.judge.judge"  # a module with `grade`, and `close` for the end
TRIES = 2  # a submission whose process dies twice is given up
GRACE = 60.0  # seconds beyond twice a notebook's limit, which the judge keeps; after them the judge itself hangs
MEMORY = 4 * 2**30  # bytes of address space for a process: the judge needs a quarter of a GiB, with torch one
PARTING = 5.0  # seconds for a process to clear its things away


class JudgeFault(Exception):
    """The judge cannot work on this machine at all; the message says what to do."""


@dataclass(frozen=True)
class Job:
    """One submission to judge.

    Attributes:
        exercise: its name.
        student: who handed it in.
        submission: bytes of the file.
        source: bytes of the course's notebook.
        settings: the instructor's.
        key: see `grading.run.key`.
        files: what lies beside the file, bytes by name.
        notes: what is to be said of that.
    """

    exercise: str
    student: str
    submission: bytes
    source: bytes
    settings: "Settings"
    key: str
    files: dict[str, bytes] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


class JudgeProcess:
    """A process that judges, seen from outside.

    Args:
        log: file for what it says on standard error; None: where this process says it.
        core: the one core on which it and its sandbox compute; None: on any. The two of them take turns, a hundred
            times for a submission, and to wake the other costs several times more on another core.
    """

    def __init__(self, log: IO[str] | None = None, core: int | None = None):
        self.log, self.core = log, core
        self.listener: threading.Thread | None = None
        self.process: subprocess.Popen[bytes] | None = None
        self.job: Job | None = None
        self.answer, self.deadline = b"", 0.0  # what there is of its answer, and when it is given up

    def start(self) -> "subprocess.Popen[bytes]":
        """Start the process, which takes a second to load what it needs."""
        where = [] if self.core is None else [str(self.core)]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "grading.run.pool", JUDGE, *where],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is for the run, which ends its processes itself
        )
        self.listener = threading.Thread(target=pass_on, args=(self.process.stderr, self.log), daemon=True)
        self.listener.start()
        return self.process

    @property
    def output(self) -> IO[bytes]:
        """Where its answers come from."""
        assert self.process is not None and self.process.stdout is not None
        return self.process.stdout

    def give(self, job: Job) -> None:
        """Send a job, to a fresh process where there is none."""
        process = self.process or self.start()
        self.job, self.answer = job, b""
        self.deadline = time.monotonic() + 2 * job.settings.limits.notebook + GRACE
        assert process.stdin is not None
        with contextlib.suppress(BrokenPipeError):  # it is dead: `take` will say so
            process.stdin.write(_packed(job))
            process.stdin.flush()

    def take(self) -> dict[str, Any] | None:
        """Read what there is of the answer: the answer once it is whole, an empty dict when the process died."""
        data = os.read(self.output.fileno(), 1 << 16)
        self.answer += data
        if data and not self.answer.endswith(b"\n"):
            return None
        try:
            answer: dict[str, Any] = json.loads(self.answer)
        except ValueError:
            return {}
        return answer

    def wait(self) -> dict[str, Any]:
        """Wait for the whole answer: an empty dict when there is none."""
        while (left := self.deadline - time.monotonic()) > 0:
            ready, _, _ = select.select([self.output], [], [], left)
            if ready and (answer := self.take()) is not None:
                return answer
        return {}

    def close_input(self) -> None:
        """Have the process end, and clear away what it has."""
        if self.process is not None and self.process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):  # of what it did not read any more
                self.process.stdin.close()

    def end(self) -> None:
        """Have the process end, and see that it does."""
        self.close_input()
        if self.process is not None:
            try:
                self.process.wait(PARTING)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()
            self.output.close()
            assert self.listener is not None
            self.listener.join(PARTING)
            self.process = None
            cgroup.tidy()  # what it could not remove, where it was killed


def run(
    jobs: Iterable[Job], count: int = 1, log: IO[str] | None = None
) -> Iterator[tuple[Job, SubmissionVerdict | None]]:
    """Judge jobs, some at a time.

    Args:
        jobs: iterable of `Job`; the next one is asked for when a process is free.
        count: how many processes.
        log: file for what they say on standard error, cleaned; default: where this process says it.

    Yields:
        Pairs of a job and its verdict, in the order in which they come. A verdict of None means that the process died
        over it `TRIES` times.

    Raises:
        JudgeFault: when the judge cannot work here.
    """
    jobs, again = iter(jobs), collections.deque[Job]()
    tries = collections.Counter[int]()
    idle = [JudgeProcess(log, core) for core in cores(count)]
    busy: dict[JudgeProcess, selectors.SelectorKey] = {}
    with selectors.DefaultSelector() as selector:

        def fill() -> None:
            """Give jobs to the processes that have none."""
            while idle and (job := again.popleft() if again else next(jobs, None)) is not None:
                process = idle.pop()
                process.give(job)
                tries[id(job)] += 1
                busy[process] = selector.register(process.output, selectors.EVENT_READ, process)

        try:
            for process in idle:
                process.start()
            fill()
            while busy:
                first = min(process.deadline for process in busy)
                ready = [found.data for found, _ in selector.select(max(0.0, first - time.monotonic()))]
                late = [process for process in busy if process.deadline < time.monotonic() and process not in ready]
                for process in ready + late:
                    answer = {} if process in late else process.take()
                    if answer is None:
                        continue
                    selector.unregister(busy.pop(process).fileobj)
                    job, process.job = process.job, None
                    assert job is not None
                    idle.append(process)
                    if not answer:
                        process.end()
                        # What hung once would hang again, for as long.
                        if tries[id(job)] < TRIES and process not in late:
                            again.append(job)
                            job = None
                    if job is not None:
                        del tries[id(job)]
                    fill()  # first: what becomes of a verdict waits for the disk, and the process need not
                    if job is not None:
                        yield job, answered(answer)
        finally:
            for process in [*idle, *busy]:
                process.close_input()
            for process in [*idle, *busy]:
                process.end()


def cores(count: int) -> list[int | None]:
    """Say on which core each of some processes is to compute.

    Where there are fewer of them than cores, on any: whatever else the machine does may keep one of its cores busy, and
    the process there would wait while others are free. Where there are as many, whichever is free takes the next job.
    """
    own = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    return [own[number % len(own)] if own and count >= len(own) else None for number in range(count)]


def answered(answer: dict[str, Any]) -> SubmissionVerdict | None:
    """Take the verdict out of a process's answer; None where it died.

    Raises:
        JudgeFault: when the judge cannot work here.
    """
    if "fault" in answer:
        raise JudgeFault(answer["fault"])
    if "verdict" not in answer:
        return None
    try:
        return SubmissionVerdict.from_json(answer["verdict"])
    except VerdictError as error:
        raise JudgeFault(f"The judge answered with what is no verdict: {error}.") from error


def _packed(job: Job) -> bytes:
    """Write a job as a line."""
    data = {
        "submission": base64.b64encode(job.submission).decode(),
        "source": base64.b64encode(job.source).decode(),
        "exercise": job.exercise,
        "limits": dataclasses.asdict(job.settings.limits),
        "seed": job.settings.seed,
        "sandboxed": job.settings.sandboxed,
        "files": {name: base64.b64encode(data).decode() for name, data in job.files.items()},
    }
    return json.dumps(data).encode() + b"\n"


def serve(name: str, core: str = "") -> None:
    """Judge what comes on standard input, until it ends or the process at its other end does.

    Args:
        name: of the module that judges.
        core: the number of the one on which to compute, with all that this process starts; empty: any.
    """
    with contextlib.suppress(AttributeError, OSError, ValueError):  # elsewhere it takes longer, and that is all
        os.sched_setaffinity(0, {int(core)})
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever prints must not write between the answers
    jobs: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(jobs, name), daemon=True).start()
    _bound(MEMORY)
    judge = importlib.import_module(name)
    while True:
        answers.write(json.dumps(_judged(judge.grade, json.loads(jobs.get()))).encode() + b"\n")
        answers.flush()


def _bound(memory: int) -> None:
    """Bound this process's own memory: what a student makes it hold costs that student a test, and nobody else."""
    with contextlib.suppress(ImportError, ValueError, OSError):  # there are systems that know no such bound
        import resource

        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        resource.setrlimit(resource.RLIMIT_AS, (memory if hard < 0 else min(memory, hard), hard))


def _listen(jobs: queue.SimpleQueue[bytes], name: str) -> None:
    """Pass jobs on; when nobody is there any more to send one, end at once, in the middle of a job as well."""
    for line in sys.stdin.buffer:
        jobs.put(line)
    with contextlib.suppress(AttributeError, KeyError):  # it is not loaded yet
        sys.modules[name].close()
    os._exit(0)


def _judged(judge: Callable[..., SubmissionVerdict], job: dict[str, Any]) -> dict[str, Any]:
    """Judge one job; a fault of ours in it is its own, and stops no run."""
    submission, source = (base64.b64decode(job[name]) for name in ("submission", "source"))
    limits, files = Limits(**job["limits"]), {name: base64.b64decode(data) for name, data in job["files"].items()}
    try:
        verdict = judge(submission, source, job["exercise"], limits, job["seed"], job["sandboxed"], files)
        return {"verdict": verdict.to_json()}
    except SandboxMissing as error:
        return {"fault": str(error)}


if __name__ == "__main__":
    serve(*sys.argv[1:])
