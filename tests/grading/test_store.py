"""Verdicts on the disk: whole or not there, and none that no judge can have written."""

import errno
import json
import os
import subprocess
import sys
from dataclasses import replace

import pytest

from grading import store
from grading.course import UsageError
from tests.grading.conftest import EXERCISE, ROOT
from tests.grading.made_up import verdict

VERDICT = verdict({"rnn_step": "no-tanh"}, student="ada", key="abc")


def test_what_is_saved_is_loaded(course):
    assert store.load(course, EXERCISE, "ada") is None
    store.save(course, VERDICT)
    assert store.load(course, EXERCISE, "ada") == VERDICT


def all_passed(text, points=None):
    """A verdict in which every test is passed, and all sums are right again; each worth so many points."""
    data = json.loads(text)
    for test in data["tests"]:
        test["outcome"], test["points"] = "passed", points or test["points"]
        test["earned"] = test["points"]
    data["earned"] = sum(test["earned"] for test in data["tests"])
    data["points"] = data["earned"] + sum(one["points"] for one in data["answers"])
    return json.dumps(data)


def without(text, name):
    return json.dumps({key: value for key, value in json.loads(text).items() if key != name})


@pytest.mark.parametrize(
    "damage, words",
    [
        (lambda text: text[:-20], "it is no JSON"),
        (lambda text: "[" * 100_000, "it is no JSON"),
        (lambda text: text.replace('"student": "ada"', '"student": "bo"'), "student: expected 'ada', got 'bo'"),
        (lambda text: text.replace('"earned": 0.0', '"earned": 1.0'), "tests[1].earned: expected 0 for a test of 1"),
        (lambda text: all_passed(text), "it was changed since the judge wrote it"),
        (lambda text: text.replace("no-tanh", "no-bias"), "it was changed since the judge wrote it"),
        (lambda text: without(text, "seal"), "it was changed since the judge wrote it"),
        (lambda text: without(text, "tests"), "got tests missing"),
        (lambda text: text.replace('"points": 1.0', '"points": NaN'), "expected a number from 0 up"),
        (lambda text: "5", "expected an object, got 5"),
        (lambda text: json.dumps({**json.loads(text), "schema": 1}), "schema: expected 4, got 1"),
    ],
    ids=[
        "cut off",
        "too deep",
        "somebody else's",
        "points that were not earned",
        "every test passed, and the sums right",
        "another misconception",
        "no seal",
        "no tests",
        "points that are no number",
        "a number",
        "of an earlier edition",
    ],
)
@pytest.mark.promise("F5")
def test_a_verdict_that_no_judge_wrote_is_none_and_the_screen_says_why(course, capsys, damage, words):
    store._not_used.cache_clear()
    store.save(course, VERDICT)
    path = store.path_of(course, EXERCISE, "ada")
    path.write_text(damage(path.read_text()))
    assert store.load(course, EXERCISE, "ada") is None and store.load(course, EXERCISE, "ada") is None
    said = " ".join(capsys.readouterr().err.split())
    assert words in said and said.count("grading: ") == 1


@pytest.mark.parametrize("fault", [errno.ENOSPC, errno.EIO])
def test_a_full_disk_leaves_the_old_file_whole(course, monkeypatch, fault):
    store.save(course, VERDICT)

    def full(number):
        raise OSError(fault, os.strerror(fault))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError):
        store.save(course, replace(VERDICT, reason="another"))
    assert store.load(course, EXERCISE, "ada") == VERDICT
    assert [path.name for path in store.path_of(course, EXERCISE, "ada").parent.iterdir()] == ["ada.json"]


def test_a_second_run_is_refused_and_a_killed_one_forgotten(course):
    held = subprocess.Popen([sys.executable, "-c", HOLD, str(course.root)], stdout=subprocess.PIPE, cwd=ROOT)
    assert held.stdout.readline() == b"held\n"
    with pytest.raises(UsageError, match="Another run is marking"), store.lock(course):
        pass
    held.kill()
    held.wait()
    held.stdout.close()
    with store.lock(course):
        pass


HOLD = """
import sys, time
from pathlib import Path
from grading import store
from grading.course import Course
with store.lock(Course(Path(sys.argv[1]))):
    print("held", flush=True)
    time.sleep(600)
"""
