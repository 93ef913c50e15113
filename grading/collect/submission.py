"""Read a submission's file: a plain file in the student's own folder, or in words why there is none."""

import os
import stat

from grading.course import Course


class NoSubmission(Exception):
    """There is no file to judge; the message says why, in words for the student."""


def read(course: Course, exercise: str, student: str, most: int) -> bytes:
    """Read a submission.

    A link is refused: it could lead out of the student's folder, to the solution. So is what is no plain file: a pipe
    would be waited for without end.

    Args:
        course: `Course`.
        exercise: its name.
        student: who handed it in.
        most: how many bytes to read.

    Returns:
        The bytes of the notebook, as many as `most`.

    Raises:
        NoSubmission: when there is no such file.
    """
    path = course.file("submitted", exercise, student)
    base = course.folder("submitted")
    if any(step.is_symlink() for step in (path, *path.parents) if base in step.parents):
        raise NoSubmission(f"{path.name} is a link, or lies in one; hand in the file itself")
    try:
        # Not waiting for a pipe's other end; what it is, is asked of the file that was opened.
        with open(path, "rb", opener=lambda name, flags: os.open(name, flags | getattr(os, "O_NONBLOCK", 0))) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise NoSubmission(f"{path.name} is no plain file")
            return file.read(most)
    except FileNotFoundError as error:
        others = sorted(other.name for other in path.parent.glob("*.ipynb"))
        there = f"there is {', '.join(others)}" if others else "there is no notebook"
        raise NoSubmission(f"{path.name} is missing; {there}") from error
    except OSError as error:
        raise NoSubmission(f"{path.name} cannot be opened: {error.strerror}") from error
