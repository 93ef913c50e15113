"""What lies in submitted/: who handed in what, the notebook in a student's own folder, or why there is none."""

import errno
import os
from collections.abc import Iterator

from grading import door
from grading.course import Course
from grading.shown import listed

RECORD = "demonstration.json"  # in submitted/: what was planted
MOST_FOLDERS = 100_000  # in submitted/
LETTERS, BYTES = 128, 200  # of a student's name: what nbgrader's database and a file's name have room for


def students(course: Course) -> list[door.Entry]:
    """List what lies in submitted/ itself, but for what is hidden: list of `grading.door.Entry`.

    Raises:
        OSError: when it is more than any class can be.
    """
    folder = course.folder("submitted")
    try:
        found = door.entries(folder.resolve(), most=MOST_FOLDERS)
    except OSError:
        return []
    if found is None:
        raise OSError(errno.EFBIG, f"it holds more than {MOST_FOLDERS:,} entries", str(folder))
    return [one for one in found if not one.name.startswith(".")]


def unfit(name: str) -> str:
    """Why a folder's name can be no student's; empty when it can.

    Nothing may be in it that a screen or a database cannot show; and no markup, because nbgrader's formgrader writes a
    student's name into its pages as it is.
    """
    if not name.isprintable() or name.startswith(".") or set(name) & set('<>"&'):
        return "it holds signs that not every page, table and database can show"
    if len(name) > LETTERS or len(name.encode("utf-8", "surrogateescape")) > BYTES:
        return f"it is too long for a name: at most {LETTERS} letters, and {BYTES} bytes"
    return ""


def who(course: Course, exercise: str) -> list[str]:
    """List who handed in something to an exercise: list of students."""
    folder = course.folder("submitted")
    # Of a link, or of what lies behind one, nobody reads: that it is one, is for `read` to say.
    named = [one.name for one in students(course) if one.kind in ("folder", "link") and not unfit(one.name)]
    return [name for name in named if os.path.isdir(folder / name / exercise)]


def strays(course: Course) -> Iterator[str]:
    """Yield what lies in submitted/ but belongs to no exercise or to nobody: its path there, and why where it tells."""
    folder, exercises = course.folder("submitted"), course.exercises
    for one in students(course):
        if one.name == RECORD and one.kind == "file":
            continue
        if one.kind in ("file", "other"):
            yield one.name
        elif why := unfit(one.name):
            yield f"{one.name} ({why})" if one.name.isprintable() else one.name
        elif one.kind == "folder":
            try:
                inside = door.entries(folder / one.name, folder)
            except OSError as error:
                yield f"{one.name} ({error.strerror})"
                continue
            if inside is None:
                yield f"{one.name} (it holds more than {door.MOST_ENTRIES:,} files)"
            for other in inside or ():
                stray = other.name not in exercises or other.kind not in ("folder", "link")
                if stray and not other.name.startswith("."):
                    yield f"{one.name}/{other.name}"


def read(course: Course, exercise: str, student: str, most: int) -> bytes:
    """Read a submission's notebook.

    Args:
        course: `Course`.
        exercise: its name.
        student: who handed it in.
        most: how many bytes to read.

    Returns:
        The bytes of the notebook, as many as `most`.

    Raises:
        NoFile: when there is no such file, or none that may be opened.
    """
    path, base = course.file("submitted", exercise, student), course.folder("submitted")
    try:
        return door.read(path, base, most)
    except FileNotFoundError as error:
        others = door.others(path.parent, base, ".ipynb")
        there = f"there is {listed(others, 4)}" if others else "there is no notebook"
        raise door.NoFile(f"{path.name} is missing; {there}") from error


def beside(course: Course, exercise: str, student: str) -> door.Beside:
    """Read what was handed in beside a notebook."""
    return door.beside(course.file("submitted", exercise, student), course.folder("submitted"))
