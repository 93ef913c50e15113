"""A judge that does what a submission tells it, in place of `grading.judge.judge`: one word a line."""

import os
import time
from dataclasses import replace
from pathlib import Path

import digests
from grading.judge.unjudged import unjudged
from grading.run import basis, pool
from grading.sandbox.box import SandboxMissing

JUDGE = __name__


def grade(submission, source, exercise, limits, seed="", sandboxed=True, files=None):
    """Do what the words say, then give every test all of its points.

    ``log FILE`` notes that it was judged, and by which process; ``sleep SECONDS``; ``die`` ends the process,
    ``die-once FILE`` only the first time; ``print`` writes where answers go; ``no-sandbox`` finds none; ``raise`` is a
    fault of the judge; ``wrong ID`` takes the points of a test away, ``wrong-once FILE ID`` only the first time;
    ``answer`` answers the open questions.
    """
    verdict = unjudged(source, exercise, "graded", "")
    wrong, answers = set(), verdict.answers
    for line in submission.decode().splitlines():
        word, _, value = line.partition(" ")
        if word == "log":
            with open(value, "a") as file:
                file.write(f"{exercise} {os.getpid()}\n")
        elif word == "sleep":
            time.sleep(float(value))
        elif word == "die" or (word == "die-once" and not Path(value).exists()):
            Path(value or os.devnull).touch()
            os._exit(9)
        elif word == "print":
            print("noise between the answers", flush=True)
        elif word == "no-sandbox":
            raise SandboxMissing("bubblewrap is missing; to install it: apt install bubblewrap")
        elif word == "raise":
            raise RuntimeError(f"a fault of the judge{value}")
        elif word == "wrong-once":
            path, _, value = value.partition(" ")
            word = "" if Path(path).exists() else "wrong"
            Path(path).touch()
        if word == "wrong":
            wrong.add(value)
        elif word == "answer":
            answers = tuple(replace(one, answer="It grows.", answered=True) for one in answers)
    assert wrong <= {test.id for test in verdict.tests}
    tests = (
        test if test.id in wrong else replace(test, outcome="passed", earned=test.points) for test in verdict.tests
    )
    return replace(verdict, tests=tuple(tests), answers=answers)


def close():
    """Nothing is kept between two submissions."""


def dask_setup(worker):
    """Put this judge into a Dask worker, which is started with ``--preload tests.grading.fakes``."""
    pool.JUDGE = JUDGE


def by_settings(submission, source, settings):
    """Stand for `grading.run.basis.name_of`: name what a verdict rests on by the settings alone."""
    return digests.of_bytes(repr(settings).encode())[: basis.LENGTH]
