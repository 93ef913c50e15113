"""``make claims``: repeat every experiment with seeds from the system, until each has ten repetitions in the record.

    python -m experiments [--jobs N] [--repetitions N] [NAME ...]

A NAME is an experiment, ``gradients.starts``, or a chapter, ``gradients``. What is there already is not repeated:
stop it at any time and start it again. Experiments about time, with ``ALONE = True``, run at the end, one at a time.
It tells how far it is in the way of Sphinx, ``experiments... [ 45%]``, from which ``tools/step.py`` makes a bar.
"""

import argparse
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from typing import Any

from experiments import record
from experiments.claims import modules


def missing(kept: dict[str, Any], names: list[str], repetitions: int) -> Iterator[str]:
    """Name what has to run, one repetition of each experiment before the next one of any."""
    have = {}
    for name in names:
        entry = kept.get(name, {})
        have[name] = len(entry["runs"]) if entry.get("digest") == record.digest(modules()[name]) else 0
    for number in range(repetitions):
        yield from (name for name in names if have[name] <= number)


def main(arguments: list[str]) -> int:
    """Run what is missing; return 1 where the words of a claim are stronger than its record."""
    parser = argparse.ArgumentParser(prog="python -m experiments", description="Try the book's claims on fresh seeds.")
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--jobs", type=int, default=1, help="processes at a time")
    parser.add_argument("--repetitions", type=int, default=record.REPETITIONS)
    given = parser.parse_args(arguments)
    wanted = [n for n in modules() if not given.names or n in given.names or n.split(".")[0] in given.names]
    if given.names and not wanted:
        parser.error(f"no experiment is called {', '.join(given.names)}; there are {', '.join(modules())}.")
    alone = [name for name in wanted if getattr(modules()[name], "ALONE", False)]
    together = [name for name in wanted if name not in alone]
    kept = record.load()
    record.retell(kept)
    record.save(kept)
    batches = [
        (given.jobs, list(missing(kept, together, given.repetitions))),
        (1, list(missing(kept, alone, given.repetitions))),
    ]
    total, done = sum(len(names) for _, names in batches), 0
    for jobs, names in batches:
        with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
            futures: list[Future[tuple[str, dict[str, Any]]]] = [pool.submit(record.repeat, name) for name in names]
            for future in as_completed(futures):
                name, run = future.result()
                record.add(kept, modules()[name], run)
                record.save(kept)
                done += 1
                failed = [claim for claim, held in run["held"].items() if not held]
                print(f"experiments... [{100 * done // total:3d}%] {name}", *failed, flush=True)
    return tell(kept, wanted)


def tell(kept: dict[str, Any], names: list[str]) -> int:
    """Print how often each claim held; return 1 where a sentence says more than that."""
    status = 0
    for name in names:
        for claim in modules()[name].CLAIMS:
            said = record.standing(kept, claim.name) or {"held": 0, "of": 0}
            enough = record.speaks(claim.sentence, said)
            status |= not enough
            print(f"{said['held']:3d} of {said['of']:2d}  {claim.name}{'' if enough else '   SAYS TOO MUCH'}")
    return int(status)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
