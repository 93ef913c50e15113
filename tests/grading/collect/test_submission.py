"""A submission is read from a plain file in the student's own folder, and from nowhere else."""

import os

import pytest

from grading.collect import submission
from grading.door import NoFile
from tests.grading.conftest import EXERCISE


def hand_in(course, student="ada"):
    path = course.file("submitted", EXERCISE, student)
    path.parent.mkdir(parents=True)
    return path


def test_a_submission_is_read_up_to_a_limit(course):
    hand_in(course).write_bytes(b"0123456789")
    assert submission.read(course, EXERCISE, "ada", 4) == b"0123"


def test_links_and_pipes_are_refused(course):
    """A link to the solution would earn all points; a pipe would be waited for."""
    solution = course.file("source", EXERCISE)
    hand_in(course, "link").symlink_to(solution)
    folder = course.file("submitted", EXERCISE, "folder").parent
    folder.parent.mkdir(parents=True)
    folder.symlink_to(solution.parent)
    (course.folder("submitted") / "whole").symlink_to(course.folder("source"))
    for student in ("link", "folder", "whole"):
        with pytest.raises(NoFile, match="is a link, or lies in one"):
            submission.read(course, EXERCISE, student, 10)
    os.mkfifo(hand_in(course, "pipe"))
    hand_in(course, "directory").mkdir()
    for student in ("pipe", "directory"):
        with pytest.raises(NoFile):
            submission.read(course, EXERCISE, student, 10)


def test_a_course_below_a_link_is_fine(course, tmp_path_factory):
    """Only links that a student could have made are refused."""
    hand_in(course).write_bytes(b"mine")
    other = tmp_path_factory.mktemp("linked") / "course"
    other.symlink_to(course.root)
    assert submission.read(type(course)(other), EXERCISE, "ada", 10) == b"mine"
