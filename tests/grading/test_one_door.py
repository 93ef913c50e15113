"""The door in: while a class is marked, brought in and forgotten, nothing else opens what a student handed in."""

import os
import sys

import pytest

from grading import door
from grading.collect.submission import RECORD
from grading.course import Course
from grading.run import pool
from tests.grading import fakes
from tests.grading.adversarial.attempts import honest, place, put
from tests.grading.conftest import EXERCISE, ROOT, run

PACKAGE, DOOR = str(ROOT / "grading"), door.__file__
OPENED = ("open", "os.listdir", "os.scandir", "shutil.copyfile", "shutil.copytree", "os.walk", "glob.glob")
# Who else may open or list something there: the file, and why.
MAY = {
    "demo/demonstration.py": "writes the made-up class, where no student has handed in anything",
    "files.py": "writes a file into a folder that was made for it, beside no student's, and follows no link",
    "gradebook/forget.py": "takes folders away, with what of shutil follows no link",
}
seen: list[tuple[str, str, str]] = []
watched: list[str] = []  # folders; empty while nobody watches


def _watch(event, args):
    """Note what is opened below the watched folders, and by which file of the package. Nothing can unhook it again."""
    if not watched or event not in OPENED or not args or not isinstance(args[0], str | bytes | os.PathLike):
        return
    path = os.path.abspath(os.fsdecode(os.fspath(args[0])))
    if not any(path.startswith(folder) for folder in watched):
        return
    frame = sys._getframe(1)
    while frame is not None and not frame.f_code.co_filename.startswith(PACKAGE):
        frame = frame.f_back
    seen.append((event, path, frame.f_code.co_filename if frame else "nobody"))


sys.addaudithook(_watch)


@pytest.fixture
def watching(ready, monkeypatch):
    monkeypatch.setattr(pool, "JUDGE", fakes.JUDGE)
    seen.clear()
    watched[:] = [str(ready.root / "submitted"), str(ready.root / "downloads")]
    yield ready
    watched.clear()


def others():
    """What went another way: a text for each."""
    allowed = {DOOR, *(os.path.join(PACKAGE, name) for name in MAY)}
    return sorted({f"{event} {path} by {by}" for event, path, by in seen if by not in allowed and RECORD not in path})


@pytest.mark.promise("S12")
def test_nothing_else_opens_what_was_handed_in(watching):
    """Each `path.read_bytes()` or `glob` on submitted/ or on a download, wherever in the package, breaks it."""
    root = watching.root
    data = honest(root, "ada", "bob")
    for name, text in {"helper.py": b"x = 1", "timestamp.txt": b"2027-01-01 00:00:00 UTC", "pack/deep.py": b"",
                       "submission_secret.txt": b"secret"}.items():  # fmt: skip
        put(place(root, "ada").replace(f"{EXERCISE}.ipynb".encode(), name.encode()), text)
    put(place(root, "eve", "other.ipynb"))
    put(root / "downloads" / "zoe" / f"{EXERCISE}.ipynb", data)
    put(root / "downloads" / "ada" / f"{EXERCISE}.ipynb", b"{}")
    seen.clear()  # what this test has written itself
    for words in (["grade"], ["grade", "--dry-run"], ["import", str(root / "downloads"), "--assignment", EXERCISE],
                  ["grade"], ["report"], ["similar"], ["forget", "--yes", "ada"]):  # fmt: skip
        done = run(Course(root), *words)
        assert done.code == 0, done.text
    assert others() == []
    assert {event for event, _, by in seen if by == DOOR} >= {"open"}  # it was seen


def test_what_is_watched_is_noticed(watching):
    put(watching.root / "submitted" / "x", b"")
    assert others() == [f"open {watching.root / 'submitted' / 'x'} by nobody"]
