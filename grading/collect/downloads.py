"""Bring downloads into submitted/, as learning platforms name them, or in plain folders and zips.

Whose a file is, is told by the outermost name: the platform's own, or that of the folder which the instructor made.
What lies within, and how it is called there, is the student's, and is asked only which notebook it is.
"""

import contextlib
import itertools
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, tzinfo
from pathlib import Path

from grading import door
from grading.collect import archives, times
from grading.collect.archives import Budget, DownloadedFile, NotTaken, in_folder, in_zip, zip_opened
from grading.collect.choice import choose
from grading.collect.owners import by_student, people, without_wrapper
from grading.collect.platforms import Ambiguous, Owner, owner_named
from grading.collect.roster import read_roster
from grading.course import Course, UsageError
from grading.files import write
from grading.shown import one_line

EARLIER = ".earlier"  # where what was replaced is kept, beside the exercises
MOST_REFUSED = 500  # lines on the screen


@dataclass(frozen=True)
class Brought:
    """What came of one student's downloads; `state` is ``"new"``, ``"the same as before"`` or ``"replaced"``."""

    student: str
    origin: str
    state: str
    note: str = ""


def bring_in(
    course: Course,
    folder: Path,
    exercise: str,
    roster: Path | None = None,
    dry: bool = False,
    zone: str | None = None,
    remarks: list[str] | None = None,
) -> tuple[list[Brought], list[tuple[str, str]]]:
    """Copy the notebooks of one exercise to submitted/STUDENT/NN-name/NN-name.ipynb.

    Args:
        course: `Course`.
        folder: path of the folder with the downloads, or of a zip.
        exercise: its name.
        roster: path of a CSV file: in each line the student's name in this course, then names and numbers under which
            a platform knows them. With a roster nobody else is taken.
        dry: only say what would be done.
        zone: name of the time zone of the platform's clock; by default that of the due date, or this machine's.
        remarks: list to which sentences are added that concern the whole class.

    Returns:
        List of `Brought`, and a list of pairs (origin, reason) of all that was not taken.

    Raises:
        UsageError: when there is no such folder or exercise, or the roster or the zone cannot be used.
    """
    course.choose([exercise])
    remarks = [] if remarks is None else remarks
    known = read_roster(roster) if roster else None
    clock, whence = times.zone_of(zone, times.dues(course).get(exercise))
    brought: list[Brought] = []
    refused: list[tuple[str, str]] = []
    owners: list[Owner] = []
    with _listed(folder, exercise) as (files, guessed):
        files = without_wrapper(files, exercise, known, remarks)
        everything = Budget(archives.MOST_UNPACKED_BY_ALL)
        for student, entries in sorted(by_student(files, course, exercise, known, refused).items()):
            certain = known is not None or any(owner.platform for owner, _ in entries)
            budget = Budget(archives.MOST_UNPACKED, everything)
            chosen = choose(entries, exercise, course.exercises, certain, budget, refused)
            if chosen:
                owner, found, data, note = chosen
                owners.append(owner)
                try:
                    brought.append(_put(course, exercise, student, found, data, owner, clock, note, dry))
                except (NotTaken, OSError) as error:
                    if isinstance(error, OSError) and error.errno in door.OF_ALL:
                        raise
                    refused.append((found.origin, f"it cannot be put into submitted/: {error}"))
    remarks += _of_times(owners, whence)
    if guessed and not all(each.student.isascii() for each in brought):
        remarks.append(f"The names in the zip do not say in which encoding they are, and were read as {guessed}: "
                       "look whether they are right.")  # fmt: skip
    if known and known.guessed:
        remarks.append(f"The roster was read as {known.guessed}, which is a guess; saved as CSV UTF-8 it is certain.")
    return brought, sorted((one_line(origin), one_line(reason, 300)) for origin, reason in refused)


@contextlib.contextmanager
def _listed(folder: Path, exercise: str) -> Iterator[tuple[list[DownloadedFile], str]]:
    """List the downloads, in a `with` statement: files, and the encoding of their names, where that is a guess."""
    with contextlib.ExitStack() as stack:
        try:
            if not folder.is_dir():
                files, guessed = _of_zip(folder.resolve(), stack)
            else:
                files, guessed = in_folder(folder.resolve()), ""
                only = files[0] if len(files) == 1 else None
                if only and only.path and only.is_zip and not only.fault and owner_named(only.parts[0]) is None:
                    with contextlib.suppress(NotTaken):  # the class in a zip, or one student's
                        members = _of_zip(only.path, stack)
                        files, guessed = members if people(members[0], exercise) else (files, "")
        except (NotTaken, OSError, Ambiguous) as reason:
            raise UsageError(
                f"{folder} is neither a folder nor a zip that can be read ({reason}). Name what your platform let you "
                "download."
            ) from reason
        yield files, guessed


def _of_zip(path: Path, stack: contextlib.ExitStack) -> tuple[list[DownloadedFile], str]:
    """List the zip that a platform made; it stays open as long as its files are read."""
    archive = stack.enter_context(zip_opened(path, archives.MOST_FILES_OF_ALL))
    members = archive.infolist()
    return in_zip(archive, "", (), lambda i: lambda: archive.open(members[i]), archives.MOST_FILES_OF_ALL)


def _put(
    course: Course,
    exercise: str,
    student: str,
    found: DownloadedFile,
    data: bytes,
    owner: Owner,
    zone: tzinfo,
    note: str,
    dry: bool,
) -> Brought:
    """Write one notebook to its place, and when it came; an earlier one moves aside with all that lies beside it."""
    goal, base, state = course.file("submitted", exercise, student), course.folder("submitted"), "new"
    notes = [note, "late, says Canvas" if owner.late else ""]
    own = goal.parents[1]
    if own.is_symlink() or (own / EARLIER).is_symlink():
        raise NotTaken(f"{own.relative_to(course.root)} is, or holds, a link, which could lead anywhere")
    if _is(goal, base, data):
        state = "the same as before"
    elif os.path.lexists(goal.parent) and _holds_something(goal.parent, base):
        state = "replaced"
        numbers = itertools.count(1)
        aside = next(new for n in numbers if not os.path.lexists(new := own / EARLIER / f"{exercise}-{n}"))
        notes.append(f"the earlier one is in {aside.relative_to(course.root)}")
        if not dry:
            aside.parent.mkdir(exist_ok=True)
            os.replace(goal.parent, aside)
    if not dry:
        if state != "the same as before":
            write(goal, data)
        _note_time(goal.parent, base, owner, zone)
    return Brought(student, one_line(found.origin), state, "; ".join(filter(None, notes)))


def _is(goal: Path, base: Path, data: bytes) -> bool:
    """Whether a submission is there, and is the same."""
    try:
        return door.read(goal, base, len(data) + 1) == data
    except (FileNotFoundError, door.NoFile):
        return False


def _holds_something(folder: Path, base: Path) -> bool:
    """Whether something is in the place of a submission; what is no folder of ours is something."""
    try:
        return door.entries(folder, base) != []
    except OSError:
        return True


def _note_time(folder: Path, base: Path, owner: Owner, zone: tzinfo) -> None:
    """Keep when a submission came, as nbgrader does; what is known of an equal one that came earlier stays."""
    stamp = folder / times.TIMESTAMP
    if owner.time and not door.is_there(stamp, base):
        with contextlib.suppress(OverflowError):  # a time that is none: then nobody knows when it came
            when = f"{owner.time.replace(tzinfo=zone).astimezone(UTC):{times.WRITTEN}}"
            write(stamp, f"{when}\n".encode("ascii"))
    if owner.late:
        write(folder / times.MARK, times.NO_TIME.encode("ascii"))


def _of_times(owners: Sequence[Owner], whence: str) -> list[str]:
    """Say whether it is known when the submissions came."""
    lines, without = [], [owner for owner in owners if not owner.time]
    timed = sorted({owner.platform for owner in owners if owner.time})
    if timed:
        lines.append(f"Times of handing in are those in {' and '.join(timed)}'s names, by the clock of {whence}. "
                     "Another clock: --zone Area/City.")  # fmt: skip
    late_ones = sum(owner.late for owner in without)
    if late_ones:
        lines.append(f"Canvas marks {late_ones} as late, and does not say when they came.")
    elif without:
        platforms = " and ".join(sorted({owner.platform for owner in without if owner.platform})) or "The downloads"
        do, them = ("does" if platforms.count(" ") == 0 else "do"), len(without)
        lines.append(f"{platforms} {do} not say when {them} of these came, so they cannot count as late.")
    return lines


def text(
    brought: Sequence[Brought],
    refused: Sequence[tuple[str, str]],
    dry: bool = False,
    remarks: Iterable[str] = (),
) -> str:
    """Say in lines what was brought in, and what was not and why."""
    will = "would be: " if dry else ""
    lines = [f"  {b.student:<24} {will}{b.state:<20} from {b.origin}" + f" ({b.note})" * bool(b.note) for b in brought]
    if refused:
        lines += ["", "Not taken:", *(f"  {origin}: {reason}" for origin, reason in sorted(refused)[:MOST_REFUSED])]
        lines += [f"  and {len(refused) - MOST_REFUSED:,} more"] * (len(refused) > MOST_REFUSED)
    counts = Counter(each.state for each in brought)
    told_of = ", ".join(f"{count} {state}" for state, count in counts.items()) or "no submission found"
    who = f"{len(brought)} student{'s' * (len(brought) != 1)}"
    lines += ["", *remarks, f"{who}: {told_of}; not taken: {len(refused)}."]
    return "\n".join(lines)
