"""Read a submission: the notebook in the student's own folder, or in words why there is none; and what is beside it."""

from grading import door
from grading.course import Course


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
    path = course.file("submitted", exercise, student)
    try:
        return door.read(path, course.folder("submitted"), most)
    except FileNotFoundError as error:
        others = sorted(other.name for other in path.parent.glob("*.ipynb"))
        there = f"there is {', '.join(others)}" if others else "there is no notebook"
        raise door.NoFile(f"{path.name} is missing; {there}") from error


def beside(course: Course, exercise: str, student: str) -> door.Beside:
    """Read what was handed in beside a notebook."""
    return door.beside(course.file("submitted", exercise, student), course.folder("submitted"))
