"""Bring downloads into submitted/, as Moodle, Canvas and Blackboard name them, or in plain folders and zips."""

import csv
import itertools
import os
import re
import unicodedata
import zipfile
from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from grading import files
from grading.collect.archives import Download, NotTaken, notebooks
from grading.course import Course, UsageError

# Moodle, with a folder for each student or without: "Ada Lovelace_657737_assignsubmission_file_/02-forward.ipynb"
# (mod/assign/classes/downloader.php). The number is the student's in this one assignment, so that the name has to tell
# who it is. What was typed into a text box on the page comes as "onlinetext".
MOODLE = re.compile(r"(?P<name>[^_]+)_(?P<number>\d+)_assignsubmission_file_?(?P<file>.*)")
# Canvas: "lovelaceada_LATE_1234_98765_02-forward-1.ipynb": name, user, upload, and what the student called it; without
# names "anon_x7Gk2_98765_02-forward.ipynb" (lib/content_zipper.rb). The user's number is the same in all assignments.
CANVAS = re.compile(
    r"(?:(?!LATE_|anon_)(?P<name>[^_]+)_)?(?:LATE_)?(?P<number>\d{2,}|anon_[A-Za-z0-9]+)_(?P<attempt>\d{3,})_(?P<file>.+)"
)
# Blackboard: "ps1_bitdiddle_attempt_2016-01-30-15-00-00_problem1.ipynb" (nbgrader's documentation of zip_collect).
BLACKBOARD = re.compile(r".+_(?P<name>[^_]+)_attempt_(?P<attempt>[\d-]+)(?:_(?P<file>.*))?")
# What systems and browsers add to the name of a second upload: "-1", " (2)", " - Copy".
COPY = re.compile(r"(?:-(?P<again>\d{1,2})|[ _]?\((?P<number>\d+)\)| ?[-_ ] ?copy(?:[ _]?\d+)?)$", re.IGNORECASE)
# Folders that are nobody's name.
PLACES = {"exercises", "submitted", "submissions", "downloads"}


@dataclass(frozen=True)
class Brought:
    """What came of one student's downloads; `state` is ``"new"``, ``"the same as before"`` or ``"replaced"``."""

    student: str
    origin: str
    state: str
    note: str = ""


@dataclass(frozen=True)
class _Named:
    """A download, whose it is, and which attempt; `lasting`: whether the number stays the same in all assignments."""

    download: Download
    name: str
    number: str = ""
    attempt: int = 0
    lasting: bool = False


def bring_in(
    course: Course, folder: Path, exercise: str, roster: Path | None = None, dry: bool = False
) -> tuple[list[Brought], list[tuple[str, str]]]:
    """Copy the notebooks of one exercise to submitted/STUDENT/NN-name/NN-name.ipynb.

    Args:
        course: `Course`.
        folder: path of the folder with the downloads, or of a zip.
        exercise: its name.
        roster: path of a CSV file: in each line the student's name in this course, then names and numbers under which
            a platform knows them. With a roster nobody else is taken.
        dry: only say what would be done.

    Returns:
        List of `Brought`, and a list of pairs (origin, reason) of all that was not taken.

    Raises:
        UsageError: when there is no such folder or exercise, or the roster cannot be used.
    """
    course.choose([exercise])
    if not folder.is_dir() and not (folder.is_file() and zipfile.is_zipfile(folder)):
        raise UsageError(f"{folder} is neither a folder nor a zip. Name what your platform let you download.")
    known = read_roster(roster) if roster else None
    refused: list[tuple[str, str]] = []
    others = [name for name in course.exercises if name != exercise]
    named = _identify(list(notebooks(folder, refused)), exercise, others, refused)
    numbers: dict[str, set[str]] = defaultdict(set)
    for each in named:
        numbers[as_folder(each.name)].add(each.number)
    attempts: dict[str, list[_Named]] = defaultdict(list)
    for each in named:
        student: str | None = as_folder(each.name)
        if known is not None:
            student = known.get(_plain(each.name)) or known.get(_plain(each.number))
        elif each.number and (each.lasting or len(numbers[as_folder(each.name)]) > 1):  # people of one name
            student = as_folder("-".join(filter(None, [student, each.number])))
        if student:
            attempts[student].append(each)
        else:
            reason = "is not on the roster" if known is not None else "cannot name a folder"
            refused.append((each.download.origin, f"{each.name or each.number!r} {reason}"))
    brought = []
    for student, several in sorted(attempts.items()):
        last = max(several, key=lambda each: (each.attempt, each.download.time))
        note = f"the latest of {len(several)}" if len(several) > 1 else ""
        brought.append(_put(course, exercise, student, last.download, note, dry))
    return brought, refused


def read_roster(path: Path) -> dict[str, str]:
    """Read a roster: dict from what a platform may call a student to the student's name in this course."""
    known: dict[str, str] = {}
    try:
        with open(path, newline="", encoding="utf-8-sig") as file:
            rows = [[cell.strip() for cell in row] for row in csv.reader(file)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UsageError(f"The roster {path} cannot be read: {error}.") from error
    for student, *aliases in filter(any, rows):
        if as_folder(student) != student:
            raise UsageError(f"{path}: {student!r} cannot name a folder: write letters, digits, _, @ and -.")
        for alias in filter(None, map(_plain, [student, *aliases])):
            if known.setdefault(alias, student) != student:
                raise UsageError(f"{path}: {alias!r} stands for both {known[alias]} and {student}.")
    return known


def as_folder(name: str) -> str:
    """Make a name that a folder can have: "Ada Lovelace" -> "ada-lovelace"; one that is fit already stays."""
    name = unicodedata.normalize("NFC", name.strip())
    if not re.fullmatch(r"[\w.@-]+", name):
        name = re.sub(r"[^\w.@]+", "-", name.lower())
    return name.strip("-").lstrip(".")


def _plain(name: str) -> str:
    """A name as two lists would both write it: without case, spaces, commas and accents' encodings."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", name)).casefold()


def _identify(
    downloads: list[Download], exercise: str, others: list[str], refused: list[tuple[str, str]]
) -> list[_Named]:
    """Say of each notebook whose it is; those of other exercises, and those of nobody, are refused."""
    places = Counter(download.parts[:-1] for download in downloads)
    titled = {d.parts[:-1] for d in downloads if _title(d.parts[-1], exercise)[0] == exercise}
    named = []
    for download in downloads:
        try:
            for other in others:
                if any(other in part.lower() for part in download.parts) and exercise not in download.parts[-1].lower():
                    raise NotTaken(f"it belongs to {other}")
            named.append(_by_platform(download, exercise) or _by_place(download, exercise, places, titled))
        except NotTaken as reason:
            refused.append((download.origin, str(reason)))
    return named


def _by_platform(download: Download, exercise: str) -> _Named | None:
    """Read whose a notebook is from a platform's own way to name files or folders; None where there is none."""
    attempt = _title(download.parts[-1], exercise)[1]
    for part in download.parts:
        if match := MOODLE.fullmatch(part):
            return _Named(download, match["name"], match["number"], attempt)
        if match := CANVAS.fullmatch(part):
            return _Named(download, match["name"] or "", match["number"], int(match["attempt"]), lasting=True)
        if match := BLACKBOARD.fullmatch(part):
            return _Named(download, match["name"], attempt=int(match["attempt"].replace("-", "")))
    return None


def _by_place(
    download: Download, exercise: str, places: Counter[tuple[str, ...]], titled: Collection[tuple[str, ...]]
) -> _Named:
    """Read whose a notebook is from its name, or from the folder that it lies in.

    Raises:
        NotTaken: when neither says.
    """
    *folders, last = download.parts
    title, attempt = _title(last, exercise)
    place = tuple(folders)
    owners = [folder for folder in folders if folder.lower() not in {exercise, *PLACES}]
    if title == exercise or (places[place] == 1 and owners and exercise not in title):
        if not owners:
            raise NotTaken("neither its name nor a folder says whose it is")
        return _Named(download, owners[-1], attempt=attempt)  # ada/02-forward.ipynb, ada/Untitled.ipynb
    if exercise in title:
        return _Named(download, title.replace(exercise, "").strip(" _-"), attempt=attempt)  # ada_02-forward.ipynb
    if owners and place in titled:
        raise NotTaken(f"beside it lies a notebook that is called {exercise}")
    return _Named(download, title, attempt=attempt)  # ada.ipynb beside bob.ipynb


def _title(name: str, exercise: str) -> tuple[str, int]:
    """The name of a notebook without its ending and the marks of a copy, and the number of the copy."""
    title, attempt = re.sub(r"\.ipynb$", "", name, flags=re.IGNORECASE), 0
    while match := COPY.search(title):
        rest = title[: match.start()].rstrip()
        # In "ada-1" the number is part of a name; in "02-forward-1" and "02-forward_ada (1)" it counts copies.
        if not (rest.lower().endswith(exercise) or (exercise in rest.lower() and not match["again"])):
            break
        title, attempt = rest, max(attempt, int(match["again"] or match["number"] or 1))
    return (title.lower(), attempt) if title.lower() == exercise else (title, attempt)


def _put(course: Course, exercise: str, student: str, download: Download, note: str, dry: bool) -> Brought:
    """Write one notebook to its place; an earlier one moves aside with all that lies in its folder."""
    goal = course.file("submitted", exercise, student)
    if goal.exists() and goal.read_bytes() == download.data:
        return Brought(student, download.origin, "the same as before", note)
    state = "new"
    if goal.parent.exists() and any(goal.parent.iterdir()):
        state = "replaced"
        earlier = goal.parents[1] / ".earlier"
        numbers = itertools.count(1)
        aside = next(new for n in numbers if not (new := earlier / f"{exercise}-{n}").exists())
        note = "; ".join(filter(None, [note, f"the earlier one is in {aside.relative_to(course.root)}"]))
        if not dry:
            earlier.mkdir(exist_ok=True)
            os.replace(goal.parent, aside)
    if not dry:
        files.write(goal, download.data)
    return Brought(student, download.origin, state, note)
