"""Refuse to mark a course that students' code could look into."""

from pathlib import Path

from grading.course import Course, UsageError
from grading.sandbox.bubblewrap import exposed

EXCHANGE = "/usr/local/share/nbgrader/exchange"  # where nbgrader puts it unless it is told otherwise
STEPS = ("source", "release", "submitted", "autograded", "feedback")


def sheltered(course: Course, sandboxed: bool = True) -> None:
    """See that neither the course nor the exchange lies in a folder that the sandbox shows.

    Args:
        course: `Course`.
        sandboxed: whether students' code runs in a sandbox: without one it sees everything.

    Raises:
        UsageError: when one does.
    """
    exchange = Path(str(course.config.get("Exchange", {}).get("root") or EXCHANGE))
    folders = [course.root.resolve(), *(course.folder(step) for step in STEPS), exchange]
    if sandboxed and (seen := exposed(folders)):
        raise UsageError(
            f"{seen[0]} lies in a folder that the sandbox shows to students' code, because Python or the system keeps "
            "its programs there. Move it elsewhere, such as to a home folder."
        )
