"""A course folder: where things lie, and nbgrader's settings for it."""

import contextlib
import difflib
import logging
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO, Any

from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config, PyFileConfigLoader
from traitlets.log import get_logger

from grading.shown import OF_LOG, one_line, screen

LOG = ".nbgrader.log"


class UsageError(Exception):
    """The person asked for something that cannot be done; the message says what to do instead."""


class _Cleaned(logging.Formatter):
    """Writes the words of others into the log so that a terminal can show it: no codes, no endless lines."""

    def format(self, record: logging.LogRecord) -> str:
        return screen(super().format(record), OF_LOG)


@dataclass(frozen=True)
class Course:
    """A folder with an nbgrader_config.py, and solutions/ beside it.

    Args:
        root: path of the folder.
        changes: pairs of nbgrader setting and value that go before the file's, such as ``("Execute.timeout", 3)``.
    """

    root: Path
    changes: tuple[tuple[str, Any], ...] = ()

    @cached_property
    def config(self) -> Config:
        """nbgrader's settings, as nbgrader itself reads them."""
        if not (self.root / "nbgrader_config.py").exists():
            raise UsageError(f"{self.root} holds no nbgrader_config.py. Run this in the folder of the course.")
        config = PyFileConfigLoader("nbgrader_config.py", path=str(self.root)).load_config()
        for name, value in self.changes:
            section, _, key = name.partition(".")
            config[section][key] = value
        return config

    @property
    def settings(self) -> Config:
        """The course's own settings, c.Grading: ``due``, ``seed``, ``limits``."""
        return self.config.get("Grading", {})

    def directory(self, **changes: Any) -> CourseDirectory:
        """nbgrader's view of the folder, with settings changed such as ``student_id``."""
        return CourseDirectory(root=str(self.root), config=self.config, **changes)

    def gradebook(self) -> Gradebook:
        """Open the gradebook; use it in a `with` statement."""
        directory = self.directory()
        return Gradebook(directory.db_url, directory.course_id)

    @cached_property
    def _own(self) -> CourseDirectory:
        """nbgrader's view of the folder with no setting changed: to make one takes a millisecond or two."""
        return self.directory()

    def folder(self, step: str) -> Path:
        """The folder of a step, such as ``submitted``, under the name that the settings give it."""
        return self.root / getattr(self._own, f"{step}_directory")

    def file(self, step: str, exercise: str, student: str = ".") -> Path:
        """Where the notebook of an exercise lies at a step."""
        return self.folder(step) / student / exercise / f"{exercise}.ipynb"

    @property
    def exercises(self) -> list[str]:
        """Names of the exercises: the folders of solutions/ that hold a notebook of their own name."""
        folders = sorted(path for path in self.folder("source").glob("*") if path.is_dir())
        return [path.name for path in folders if (path / f"{path.name}.ipynb").exists()]

    def choose(self, names: Iterable[str]) -> list[str]:
        """Check the names of exercises that a person typed; none means all.

        Raises:
            UsageError: when there is no such exercise.
        """
        known = self.exercises
        if not known:
            raise UsageError(f"{self.folder('source')} holds no exercise (NN-name/NN-name.ipynb).")
        for name in names:
            if name not in known:
                near = difflib.get_close_matches(name, known, n=1, cutoff=0.3)
                meant = f" Did you mean {near[0]}?" if near else ""
                raise UsageError(
                    f"There is no exercise {one_line(name)!r} in solutions/. There is: {', '.join(known)}.{meant}"
                )
        return sorted(set(names)) if names else known

    def log_file(self) -> IO[str]:
        """Open the log to write at its end what `grading.shown` has cleaned; use it in a `with` statement."""
        return (self.root / LOG).open("a", encoding="utf-8")

    @contextlib.contextmanager
    def logged(self) -> Iterator[None]:
        """Send what nbgrader says and warns of to a file, and nothing of it to the screen."""
        log: Any = get_logger()
        handler = logging.FileHandler(self.root / LOG, encoding="utf-8")
        handler.setFormatter(_Cleaned("%(asctime)s %(levelname)s %(message)s"))
        level, propagate = log.level, log.propagate
        log.addHandler(handler)
        log.setLevel(logging.INFO)
        log.propagate = False
        try:
            with warnings.catch_warnings():
                warnings.showwarning = lambda message, kind, *_: log.info("%s: %s", kind.__name__, message)
                yield
        finally:
            log.removeHandler(handler)
            log.setLevel(level)
            log.propagate = propagate
            handler.close()
