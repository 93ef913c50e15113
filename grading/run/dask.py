"""Judge submissions on the workers of a Dask cluster: processes of `grading.run.pool`, one beside each worker.

A worker that dies costs nothing: Dask gives its submission to another. Certificates for ``tls://`` addresses are those
of Dask's own settings, distributed.comm.tls.
"""

import threading
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from grading.course import UsageError
from grading.judge.verdict import SubmissionVerdict
from grading.run import key, pool

if TYPE_CHECKING:  # it is no part of what everybody installs
    from distributed import Client

WAIT = 30  # seconds for the scheduler to answer, and for a first worker
AHEAD = 2  # submissions on their way for each worker: it never waits, and the rest stay on the disk

_mine = threading.Lock()  # held while this worker's process judges
_process = pool.JudgeProcess()


def run(jobs: Iterable[pool.Job], address: str) -> Iterator[tuple[pool.Job, SubmissionVerdict | None]]:
    """Judge jobs on a cluster.

    Args:
        jobs: iterable of `grading.run.pool.Job`.
        address: of the scheduler, such as ``tls://10.0.0.1:8786``.

    Yields:
        As `grading.run.pool.run`.

    Raises:
        UsageError: when there is no such cluster, or it runs another course than this one.
        JudgeFault: when the judge cannot work there.
    """
    try:
        from distributed import Client, as_completed
        from distributed.scheduler import KilledWorker
    except ImportError as error:
        raise UsageError("--scheduler needs Dask. To install it: pip install 'rnnlib[cluster]'") from error
    try:
        client = Client(address, timeout=WAIT, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        raise UsageError(f"There is no Dask scheduler to talk to at {address}: {error}") from error
    with client:
        slots = _same_course(client, address) * AHEAD
        jobs = iter(jobs)
        sent: dict[Any, pool.Job] = {}
        queue = as_completed(loop=client.loop)

        def send() -> None:
            job = next(jobs, None)
            if job is not None:
                future = client.submit(judged, job, pure=False, retries=pool.TRIES - 1)
                sent[future] = job
                queue.add(future)

        for _ in range(slots):
            send()
        for future in queue:
            job = sent.pop(future)
            try:
                answer = future.result()
            except (Died, KilledWorker):
                answer = {}
            send()
            yield job, pool.answered(answer)


class Died(Exception):
    """The process that judged a submission ended."""


def judged(job: pool.Job) -> dict[str, Any]:
    """Judge one job, on a worker."""
    with _mine:
        _process.give(job)
        answer = _process.wait()
        if not answer:
            _process.end()
            raise Died(f"{job.exercise} {job.student}")
        return answer


def environment() -> str:
    """What a worker's verdicts rest on."""
    return key.environment()


def _same_course(client: "Client", address: str) -> int:
    """Count the workers, once it is sure that they would give the verdicts that this machine gives.

    Raises:
        UsageError: when there is none, or one that has other versions of the course or of Python's packages.
    """
    try:
        client.wait_for_workers(1, timeout=WAIT)
    except TimeoutError as error:
        raise UsageError(f"The Dask scheduler at {address} has no workers.") from error
    theirs = client.run(environment)
    others = sorted(worker for worker, digest in theirs.items() if digest != key.environment())
    if others:
        raise UsageError(
            f"{len(others)} of the {len(theirs)} workers at {address} have another version of the course, of Python or "
            f"of a package than this machine, such as {others[0]}. Give them the same requirements.txt and the same "
            "folder."
        )
    return len(theirs)
