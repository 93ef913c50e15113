"""Verdicts on the disk: whole or not there, and redone when anything changed that they rest on."""

import errno
import os
import subprocess
import sys
from dataclasses import replace

import pytest

from grading import basis, store
from grading.course import UsageError
from tests.grading.conftest import EXERCISE, ROOT

SETTINGS = store.Settings({"cell": 60}, "secret", True)
VERDICT = {"exercise": EXERCISE, "student": "ada", "key": "abc", "points": 3.0}


def test_a_key_changes_with_all_that_a_verdict_rests_on(monkeypatch):
    keys = {
        store.key(b"a", b"b", SETTINGS),
        store.key(b"b", b"b", SETTINGS),
        store.key(b"a", b"c", SETTINGS),
        store.key("a", b"b", SETTINGS),  # no file, and the reason
        store.key(b"ab", b"", SETTINGS),
        store.key(b"a", b"b", replace(SETTINGS, limits={"cell": 61})),
        store.key(b"a", b"b", replace(SETTINGS, seed="other")),
        store.key(b"a", b"b", replace(SETTINGS, sandboxed=False)),
    }
    monkeypatch.setattr(basis, "versions", lambda: {"numpy": "another"})
    basis._table.cache_clear()
    keys.add(store.key(b"a", b"b", SETTINGS))
    basis._table.cache_clear()
    assert len(keys) == 9


def test_a_key_is_the_same_in_another_process():
    program = f"from grading import store; print(store.key(b'a', b'b', store.{SETTINGS!r}))"
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT).stdout
    assert said.strip() == store.key(b"a", b"b", SETTINGS)


def test_what_is_saved_is_loaded(course):
    assert store.load(course, EXERCISE, "ada") is None
    store.save(course, VERDICT)
    assert store.load(course, EXERCISE, "ada") == VERDICT
    store.path_of(course, EXERCISE, "ada").write_text('{"key": ')
    assert store.load(course, EXERCISE, "ada") is None


@pytest.mark.parametrize("fault", [errno.ENOSPC, errno.EIO])
def test_a_full_disk_leaves_the_old_file_whole(course, monkeypatch, fault):
    store.save(course, VERDICT)

    def full(number):
        raise OSError(fault, os.strerror(fault))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError):
        store.save(course, {**VERDICT, "points": 4.0})
    assert store.load(course, EXERCISE, "ada") == VERDICT
    assert [path.name for path in store.path_of(course, EXERCISE, "ada").parent.iterdir()] == ["ada.json"]


def hand_in(course, student="ada"):
    path = course.file("submitted", EXERCISE, student)
    path.parent.mkdir(parents=True)
    return path


def test_a_submission_is_read_up_to_a_limit(course):
    hand_in(course).write_bytes(b"0123456789")
    assert store.submitted(course, EXERCISE, "ada", 4) == b"0123"


def test_links_and_pipes_are_refused(course):
    """A link to the solution would earn all points; a pipe would be waited for."""
    solution = course.file("source", EXERCISE)
    hand_in(course, "link").symlink_to(solution)
    folder = course.file("submitted", EXERCISE, "folder").parent
    folder.parent.mkdir(parents=True)
    folder.symlink_to(solution.parent)
    (course.folder("submitted") / "whole").symlink_to(course.folder("source"))
    for student in ("link", "folder", "whole"):
        with pytest.raises(store.Unreadable, match="is a link, or lies in one"):
            store.submitted(course, EXERCISE, student, 10)
    os.mkfifo(hand_in(course, "pipe"))
    hand_in(course, "directory").mkdir()
    for student in ("pipe", "directory"):
        with pytest.raises(store.Unreadable):
            store.submitted(course, EXERCISE, student, 10)


def test_a_course_below_a_link_is_fine(course, tmp_path_factory):
    """Only links that a student could have made are refused."""
    hand_in(course).write_bytes(b"mine")
    other = tmp_path_factory.mktemp("linked") / "course"
    other.symlink_to(course.root)
    assert store.submitted(type(course)(other), EXERCISE, "ada", 10) == b"mine"


def test_a_second_run_is_refused_and_a_killed_one_forgotten(course):
    held = subprocess.Popen([sys.executable, "-c", HOLD, str(course.root)], stdout=subprocess.PIPE, cwd=ROOT)
    assert held.stdout.readline() == b"held\n"
    with pytest.raises(UsageError, match="Another run is marking"), store.alone(course):
        pass
    held.kill()
    held.wait()
    held.stdout.close()
    with store.alone(course):
        pass


HOLD = """
import sys, time
from pathlib import Path
from grading import basis, store
from grading.course import Course
with store.alone(Course(Path(sys.argv[1]))):
    print("held", flush=True)
    time.sleep(600)
"""
