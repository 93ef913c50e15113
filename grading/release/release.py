"""Make the students' notebooks in exercises/ from solutions/."""

import itertools
import os
import tempfile
from collections.abc import Iterable
from copy import deepcopy
from pathlib import Path

import nbformat
from nbgrader.converters import GenerateAssignment
from nbgrader.converters.base import NbGraderException

from grading import files
from grading.course import LOG, Course, UsageError
from grading.release import solution
from grading.release.preprocessors import SEAL, seal_of


def release(course: Course, names: Iterable[str] = (), again: bool = False) -> dict[str, str]:
    """Bring exercises/ into step with solutions/.

    Args:
        course: `Course`.
        names: names of exercises; none means all.
        again: also replace a notebook that somebody worked in. Their file stays beside it, as ``*.before-1.ipynb``.

    Returns:
        Dict from exercise to one of ``"released"``, ``"in step"``, ``"kept"`` (somebody's work is in it); in a copy
        of the course that has no solutions, to ``"as it came"``.

    Raises:
        UsageError: when a name is unknown or a solution notebook has a fault; nothing is written then.
    """
    if not names and not course.folder("source").exists():
        return {path.name: "as it came" for path in sorted(course.folder("release").iterdir()) if path.is_dir()}
    with tempfile.TemporaryDirectory() as folder:
        made = {name: generate(course, name, Path(folder)) for name in course.choose(names)}
        return {name: _publish(course, name, files, again) for name, files in made.items()}


def generate(course: Course, exercise: str, folder: Path, register: bool = False) -> Path:
    """Make one exercise in a folder of its own.

    Args:
        course: `Course`.
        exercise: its name.
        folder: where to make it.
        register: also tell the gradebook of it. Otherwise no gradebook is asked, and what is made depends on nothing
            but the solution.

    Returns:
        Path of the folder with the exercise's files.
    """
    try:
        solution.read(course, exercise)
    except solution.SourceError as error:
        raise UsageError(str(error)) from error
    config = deepcopy(course.config)
    config.SaveCells.enabled = register
    config.GenerateAssignment.no_database = not register
    directory = course.directory(assignment_id=exercise, release_directory=str(folder), notebook_id=exercise)
    with course.logged():
        try:
            GenerateAssignment(coursedir=directory, config=config).start()
        except NbGraderException as error:
            raise UsageError(f"nbgrader could not make {exercise}; the end of {LOG} says why.") from error
    return folder / exercise


def edited(path: Path) -> bool:
    """Say whether somebody worked in a released notebook, or wrote it by other means."""
    try:
        nb = nbformat.read(path, as_version=4)
    except Exception:  # whatever it is, it is not ours to overwrite
        return True
    return bool(nb.metadata.get(SEAL) != seal_of(nb))


def _publish(course: Course, exercise: str, made: Path, again: bool) -> str:
    """Copy what was made into exercises/, file by file, unless a file is somebody's work."""
    goal = course.file("release", exercise).parent
    state = "in step"
    for new in sorted(path for path in made.rglob("*") if path.is_file()):
        old, data = goal / new.relative_to(made), new.read_bytes()
        if old.exists() and old.read_bytes() == data:
            continue
        if old.suffix == ".ipynb" and old.exists() and edited(old):
            if not again:
                state = "kept"
                continue
            os.replace(old, _free(old))
        files.write(old, data)
        state = "released"
    return state


def _free(path: Path) -> Path:
    """Find a name beside a notebook that no file has."""
    numbers = itertools.count(1)
    return next(new for n in numbers if not (new := path.with_suffix(f".before-{n}.ipynb")).exists())
