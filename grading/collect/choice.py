"""Find one student's notebook among what they handed in: renamed, copied, in zips, beside other things."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from grading.collect.archives import Budget, DownloadedFile, NotTaken, inside, read
from grading.collect.platforms import Owner
from grading.collect.titles import as_folder, exercise_in, plain, rest, title
from grading.shown import one_line

FEW = 3  # names that are listed
MOST_COMPARED = 20  # notebooks of one student: each is unpacked for it


Refused = list[tuple[str, str]]
Chosen = tuple[Owner, DownloadedFile, bytes, str]


@dataclass(frozen=True)
class Candidate:
    """A notebook of a student's.

    Attributes:
        owner: `grading.collect.platforms.Owner` of the file or the zip.
        found: `grading.collect.archives.DownloadedFile`.
        called: what the student called it.
        folders: names of folders and zips that the student chose, from the outside in.
    """

    owner: Owner
    found: DownloadedFile
    called: str
    folders: tuple[str, ...]


def choose(
    entries: Iterable[tuple[Owner, DownloadedFile]],
    exercise: str,
    exercises: Sequence[str],
    certain: bool,
    budget: Budget,
    refused: Refused,
) -> Chosen | None:
    """Choose the notebook of an exercise.

    Args:
        entries: list of pairs of `Owner` and `DownloadedFile`, all of one student.
        exercise: its name.
        exercises: names of all exercises.
        certain: whether they are one student's beyond doubt; else a folder may be that of a group.
        budget: `grading.collect.archives.Budget` of the student.
        refused: list to which pairs (origin, reason) are added for what is not taken.

    Returns:
        The `Owner`, the `DownloadedFile`, its bytes and a note on the choice; None where there is nothing to take.
    """
    candidates, others = _notebooks(entries, budget, refused)
    ours = []
    for each in candidates:
        belongs = exercise_in(title(each.called), exercises) or next(
            (name for folder in reversed(each.folders) if (name := exercise_in(folder, exercises))), None
        )
        belongs = belongs or (exercise_in(each.owner.prefix, exercises) if each.owner.prefix else None)
        if belongs in (None, exercise):
            ours.append(each)
        else:
            refused.append((each.found.origin, f"it belongs to {belongs}"))
    _list(others, "it is no notebook", refused)
    try:
        return _of(ours, exercise, certain, budget, refused)
    except NotTaken as reason:
        _list([each.found.origin for each in ours], str(reason), refused)
        return None


def _notebooks(
    entries: Iterable[tuple[Owner, DownloadedFile]], budget: Budget, refused: Refused
) -> tuple[list[Candidate], list[str]]:
    """List a student's notebooks, those in zips among them, and the origins of whatever else there is."""
    candidates, others = [], []
    for owner, found in entries:
        files = [found]
        if found.is_zip:
            try:
                files = inside(found, budget)
            except NotTaken as reason:
                refused.append((found.origin, str(reason)))
                continue
        faults = defaultdict(list)
        for file in files:
            outside = len(found.parts)
            called = owner.file if len(file.parts) == 1 and owner.file else file.parts[-1]
            folders = file.parts[(outside if found.is_zip else 1) : -1]
            if file.fault:
                faults[file.fault].append(file.origin)
            elif file.is_notebook:
                candidates.append(Candidate(owner, file, called, folders))
            else:
                others.append(file.origin)
        for fault, origins in faults.items():
            _list(origins, fault, refused)
    return candidates, others


def _of(ours: list[Candidate], exercise: str, certain: bool, budget: Budget, refused: Refused) -> Chosen | None:
    """Choose among the notebooks that may be of the exercise.

    Raises:
        NotTaken: when nothing tells which one it is.
    """
    if not ours:
        return None
    times = {each.owner.attempt for each in ours if each.owner.time}
    if len(times) > 1:  # whole attempts, of which the latest counts
        latest = max(times)
        earlier, ours = [e for e in ours if e.owner.attempt != latest], [e for e in ours if e.owner.attempt == latest]
        _list([each.found.origin for each in earlier], f"the attempt of {_day(ours[0].owner.time)} is later", refused)
    titled: list[Candidate] = []
    beside: list[Candidate] = []
    for each in ours:
        (titled if exercise_in(title(each.called), [exercise]) else beside).append(each)
    if not certain:
        _not_of_several(titled or ours, exercise)
    if titled:
        _list([each.found.origin for each in beside], f"beside it lies a notebook that is called {exercise}", refused)
    elif _differ(ours, budget):
        raise NotTaken(f"there are {len(ours)} notebooks, and none is called {exercise}")
    ranked = sorted(titled or ours[:1], key=lambda each: _rank(each, exercise))
    chosen, note = ranked[-1], ""
    highest = _rank(chosen, exercise)
    equal = [each for each in ranked if _rank(each, exercise) == highest]
    if _differ(equal, budget):
        raise NotTaken(f"there are {len(equal)} of that name, of the same time, and they differ")
    if len(ranked) > 1:
        note = f"the latest of {len(ranked)}"
    elif not titled:
        note = f"called {one_line(chosen.called)!r}"
    return chosen.owner, chosen.found, read(chosen.found, budget), note


def _differ(several: Sequence[Candidate], budget: Budget) -> bool:
    """Whether notebooks hold different things, or are so many that nobody looks."""
    if len(several) > MOST_COMPARED:
        return True
    return len(several) > 1 and len({hashlib.sha256(read(each.found, budget)).digest() for each in several}) > 1


def _rank(each: Candidate, exercise: str) -> tuple[Any, ...]:
    """What makes one of several notebooks the latest: the platform's attempt, the number of the copy, its time."""
    words, number = rest(each.called, exercise)
    return each.owner.attempt, number, each.found.time, not words


def _not_of_several(ours: Iterable[Candidate], exercise: str) -> None:
    """See that a folder, or a zip, is one person's, where its name is all that says so.

    Raises:
        NotTaken: when what lies in it bears several names.
    """
    names = {}
    for each in ours:
        words, _ = rest(each.called, exercise)
        folder = next((name for name in each.folders if plain(name) != plain(exercise)), "")
        name = folder or (words if exercise_in(title(each.called), [exercise]) else "")
        names[as_folder(name)] = name
    names.pop("", None)
    if len(names) > 1:
        listed = ", ".join(one_line(name) for name in sorted(names.values())[:FEW])
        raise NotTaken(f"it may be of several people ({listed}): give a folder to each student, or name a roster")


def _list(origins: Sequence[str], reason: str, refused: Refused) -> None:
    """Refuse some files of one student in one line."""
    if origins:
        more = f" and {len(origins) - 1:,} more" if len(origins) > 1 else ""
        refused.append((f"{one_line(min(origins))}{more}", reason))


def _day(time: datetime | None) -> str:
    return f"{time:%Y-%m-%d %H:%M}"
