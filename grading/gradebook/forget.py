"""Take one student's data out of a course, everywhere, and say what was taken out and what is out of reach."""

import html
import json
import re
import shutil
import sqlite3
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from nbgrader.exchange.default import Exchange
from nbgrader.utils import notebook_hash
from sqlalchemy import make_url

from grading import files, store
from grading.collect.submission import RECORD
from grading.course import LOG, Course, UsageError
from grading.door import entries, plain_file, small, walk
from grading.report.pseudonyms import pseudonym
from grading.shown import one_line

STEPS = ("submitted", "autograded", "feedback")
MANY = 1_000_000  # folders in an exchange
LONGEST = 256_000_000  # bytes of a file that is searched for a name
OUT_OF_REACH = (
    "copies and backups of this folder, and what git has of them",
    "pages and tables that were printed, sent, or put on another machine; those on similar work name two people",
    "what lies with your learning platform, and on the student's own machine",
)


@dataclass(frozen=True)
class Held:
    """Something of the student's: what it is, in words, and a function that takes it out."""

    what: str
    take_out: Callable[[], object]


def everything_of(course: Course, student: str) -> list[Held]:
    """List all that a course holds of a student: list of `Held`."""
    return [
        *_folders(course, student),
        *_verdicts(course, student),
        *_gradebook(course, student),
        *_reports(course, student),
        *_tables(course, student),
        *_log(course, student),
        *_exchange(course, student),
    ]


def forget(course: Course, held: Iterable[Held]) -> Iterator[str]:
    """Take out what was listed; yield each in words once it is gone.

    Raises:
        UsageError: when another run is at work.
    """
    with store.lock(course):
        for one in held:
            one.take_out()
            yield one.what


def out_of_reach(course: Course, student: str) -> list[str]:
    """What no command here can take out: list of texts."""
    copies = [path.name for path in course.root.glob("gradebook*") if path.name != Path(_database(course)).name]
    tables = [path.name for path in sorted(course.root.glob("*.csv")) if _mentions(path, _words(course, student))]
    named = [f"{name}: look into it yourself" for name in sorted({*copies, *tables})]
    return [*named, *OUT_OF_REACH]


def _folders(course: Course, student: str) -> Iterator[Held]:
    """The student's folder at each step; what was moved aside lies in them, too."""
    for step in STEPS:
        folder = course.folder(step) / student
        if folder.is_symlink() or folder.exists():
            kept = sum(kind == "file" for _, kind in walk(folder, (), MANY)) if folder.is_dir() else 1
            yield Held(f"{_named(course, folder)}/ ({kept} files)", partial(_remove, folder))
    record = course.folder("submitted") / RECORD
    with suppress(OSError, ValueError, AttributeError, TypeError):
        planted = json.loads(plain_file(record, LONGEST))
        if any(student in names for names in planted.values()):
            rest = {name: {k: v for k, v in names.items() if k != student} for name, names in planted.items()}
            data = json.dumps(rest, indent=1).encode()
            yield Held(f"{_named(course, record)}: what was planted", lambda: files.write(record, data, lasting=True))


def _verdicts(course: Course, student: str) -> Iterator[Held]:
    """Verdicts, half-written ones among them, and what is noted of pages that were made."""
    folder = course.root / "verdicts"
    for path in sorted({*folder.glob("*/*.json"), *folder.glob("*/.*.json*")}):
        if path.name in (f"{student}.json", f".{student}.json.part"):
            yield Held(_named(course, path), partial(path.unlink, missing_ok=True))
    state = folder / ".state.json"
    with suppress(OSError, ValueError):
        noted = json.loads(state.read_bytes())
        mine = [name for name in noted.get("pages", {}) if name.partition("/")[2] == student]
        if mine:
            rest = {**noted, "pages": {name: page for name, page in noted["pages"].items() if name not in mine}}
            data = json.dumps(rest).encode()
            yield Held(f"{_named(course, state)}: {len(mine)} entries", lambda: files.write(state, data, lasting=True))


def _gradebook(course: Course, student: str) -> Iterator[Held]:
    """The student's rows in nbgrader's database."""
    if _database(course) and not Path(_database(course)).exists():
        return
    with course.gradebook() as gradebook:
        known = [one for one in gradebook.students if one.id == student]
        exercises = sorted(each.assignment.name for one in known for each in one.submissions)
    if known:
        of_these = f"; marks of {', '.join(exercises)}" if exercises else ""
        yield Held(f"the gradebook: the student{of_these}", lambda: _out_of_gradebook(course, student, exercises))


def _out_of_gradebook(course: Course, student: str, exercises: Iterable[str]) -> None:
    with course.gradebook() as gradebook:
        for exercise in exercises:
            gradebook.remove_submission(exercise, student)
        gradebook.remove_student(student)
    if _database(course):  # deleted rows stay in the file, in what it calls free
        with closing(sqlite3.connect(_database(course), timeout=60)) as database:
            database.execute("VACUUM")


def _database(course: Course) -> str:
    """The path of the gradebook's file; empty for a server."""
    url = make_url(course.directory().db_url)
    return url.database or "" if url.drivername.startswith("sqlite") else ""


def _reports(course: Course, student: str) -> Iterator[Held]:
    """Reports and tables that name the student, or stand for them: they can all be written again without."""
    for path in sorted((course.root / "reports").glob("*")):
        if path.is_file() and not path.name.startswith(".") and _mentions(path, _words(course, student)):
            yield Held(f"{_named(course, path)} (whole; it is made again from the others')",
                       partial(path.unlink, missing_ok=True))  # fmt: skip


def _tables(course: Course, student: str) -> Iterator[Held]:
    """Lines of the course's own tables."""
    for name in ("extensions.csv", "grades.csv"):
        path = course.root / name
        lines = _lines(path)
        kept = [line for line in lines if not _is_of(line, student)]
        if len(kept) < len(lines):
            yield Held(f"{name}: {len(lines) - len(kept)} lines",
                       partial(files.write, path, b"".join(kept), lasting=True))  # fmt: skip


def _log(course: Course, student: str) -> Iterator[Held]:
    """Entries of the log, with the lines that follow an entry."""
    path, kept, mine = course.root / LOG, [], False
    lines = _lines(path)
    for line in lines:
        if re.match(rb"\d{4}-\d\d-\d\d \d\d:\d\d", line):
            mine = False
        mine = mine or bool(_pattern([student]).search(line.decode("utf-8", "surrogateescape")))
        kept += [] if mine else [line]
    if len(kept) < len(lines):
        yield Held(f"{LOG}: {len(lines) - len(kept)} lines", lambda: files.write(path, b"".join(kept), lasting=True))


def _exchange(course: Course, student: str) -> Iterator[Held]:
    """What came through nbgrader's exchange, and the pages that went back."""
    root = Path(course.config.Exchange.get("root") or Exchange.root.default_value)
    folder = root / (course.directory().course_id or "")
    if not course.directory().course_id or not folder.is_dir():
        return
    for path in sorted(folder.glob("inbound/*")):
        if path.name.partition("+")[0] == student and "+" in path.name:
            yield Held(one_line(path, 300), partial(_remove, path))
    secrets = {}
    own, inbound = course.folder("submitted") / student, folder / "inbound"
    places = [*_folders_in(own), *_folders_in(own / ".earlier")]
    places += [path for path in _folders_in(inbound) if path.name.startswith(f"{student}+")]
    for place in places:
        if secret := small(place, place, "submission_secret.txt"):
            secrets[secret] = True
    for secret in secrets:
        for exercise in course.exercises:
            called = notebook_hash(secret=secret.decode("utf-8", "replace"), notebook_id=exercise)
            page = folder / "feedback" / f"{called}.html"
            if page.exists():
                yield Held(f"{page} (feedback on {exercise})", partial(page.unlink, missing_ok=True))


def _folders_in(folder: Path) -> list[Path]:
    """The folders in one that may be a student's, links not among them."""
    try:
        return [folder / one.name for one in entries(folder, folder.parent, MANY) or () if one.kind == "folder"]
    except OSError:
        return []


def _words(course: Course, student: str) -> set[str]:
    """How a page, a table or a JSON file may write the student's name; and the pseudonym."""
    words = {student, html.escape(student), json.dumps(student)[1:-1]}
    with suppress(OSError):
        key = (course.root / "reports" / ".pseudonyms").read_text(encoding="ascii").strip()
        words.add(pseudonym(student, key))
    return words


def _mentions(path: Path, words: Iterable[str]) -> bool:
    """Whether a file, or one in a workbook, holds one of some words."""
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                text = "\n".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
        else:
            text = plain_file(path, LONGEST).decode("utf-8", "surrogateescape")
    except (OSError, zipfile.BadZipFile):
        return False
    return bool(_pattern(words).search(text))


def _pattern(words: Iterable[str]) -> re.Pattern[str]:
    """Find words where they are not a part of a longer one."""
    return re.compile("|".join(rf"(?<![\w@.-]){re.escape(word)}(?![\w@-])" for word in sorted(words)))


def _lines(path: Path) -> list[bytes]:
    try:
        return plain_file(path, LONGEST).splitlines(keepends=True)
    except OSError:
        return []


def _is_of(line: bytes, student: str) -> bool:
    """Whether a cell of a line of a table is the student's name."""
    text = line.decode("utf-8-sig", "surrogateescape")
    return student in [cell.strip().strip("\"'").strip() for cell in re.split(r"[;,\t]", text)]


def _remove(path: Path) -> None:
    """Take a folder or a file away; of a link, the link."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _named(course: Course, path: Path) -> str:
    with suppress(ValueError):
        path = path.relative_to(course.root)
    return one_line(path, 200)


def check(course: Course, student: str) -> None:
    """See that a text can be a student's name.

    Raises:
        UsageError: when it leads elsewhere.
    """
    if not student or "/" in student or "\\" in student or student.startswith(".") or not student.isprintable():
        raise UsageError(f"{student!r} cannot be a student's name: it is that of a folder in submitted/.")
