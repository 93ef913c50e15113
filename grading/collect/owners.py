"""Say whose each file of the downloads is: by the outermost name, which the platform or the instructor gave."""

import contextlib
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace

from grading.collect.archives import DownloadedFile
from grading.collect.platforms import OWN, Ambiguous, Owner, assignments, owner_named
from grading.collect.roster import Roster, no_folder_name
from grading.collect.titles import as_folder, exercise_in, rest, title
from grading.course import Course
from grading.shown import one_line

PLACES = {"exercises", "submitted", "submissions", "downloads", "assignments"}  # folders that are nobody's name
NOBODY = "neither its name nor a folder says whose it is"


Entry = tuple[Owner, DownloadedFile]
Account = tuple[str, str, str]  # `Owner.account`


def _owner(found: DownloadedFile, exercise: str, shared: frozenset[str]) -> Owner | None:
    """Say whose a file is by the outermost part of its path; None where that says nothing.

    Raises:
        Ambiguous: when it may mean two people.
    """
    first, *within = found.parts
    if owner := owner_named(first, shared):
        return owner
    if within:
        return Owner(first)
    name = first.rstrip()[: -len(".zip")] if found.is_zip else first
    words, _ = rest(name, exercise)
    return Owner(words) if words else None


def people(files: Iterable[DownloadedFile], exercise: str) -> bool:
    """Whether files, as they are named, belong to several people or to somebody whom a platform names."""
    names, files = set(), [_without_place(found, exercise) for found in files]
    shared = assignments(found.parts[0] for found in files)
    for found in files:
        if found.is_notebook or found.is_zip:
            with contextlib.suppress(Ambiguous):
                owner = _owner(found, exercise, shared)
                names |= {owner.name, owner.platform and "a platform"} - {""} if owner else set()
    return len(names) > 1 or "a platform" in names


def _without_place(found: DownloadedFile, exercise: str) -> DownloadedFile:
    """Leave out the folders outside that are nobody's name."""
    parts = found.parts
    while len(parts) > 1 and parts[0].lower() in {exercise.lower(), *PLACES}:
        parts = parts[1:]
    return replace(found, parts=parts)


def without_wrapper(
    files: list[DownloadedFile], exercise: str, known: Roster | None, remarks: list[str]
) -> list[DownloadedFile]:
    """Leave out the folder that holds the whole class, if there is one."""
    while True:
        files = [_without_place(found, exercise) for found in files]
        heads = {found.parts[0] for found in files if found.is_notebook or found.is_zip}
        head = min(heads, default="")
        inner = [replace(f, parts=f.parts[1:]) for f in files if f.parts[0] in heads and len(f.parts) > 1]
        try:
            named = len(heads) != 1 or owner_named(head) or (known and known.find(Owner(head))[0])
        except Ambiguous:
            named = True
        if named or any(len(f.parts) == 1 for f in files if f.parts[0] in heads) or not people(inner, exercise):
            return files
        remarks.append(f"All lies in {one_line(head)!r}, which is taken for nobody's name.")
        files = inner


def by_student(
    files: Iterable[DownloadedFile], course: Course, exercise: str, known: Roster | None, refused: list[tuple[str, str]]
) -> dict[str, list[Entry]]:
    """Say of each file whose it is: dict from student to pairs of `Owner` and file. Others are refused."""
    accounts, without, files = defaultdict(list), {}, list(files)
    shared = assignments(found.parts[0] for found in files)
    for found in files:
        try:
            owner = _owner(found, exercise, shared)
        except Ambiguous as reason:
            refused.append((found.origin, str(reason)))
            continue
        usable = found.is_notebook or found.is_zip
        if owner and (usable or len(found.parts) > 1 or owner.platform):
            if usable or not OWN.fullmatch(found.parts[-1]):
                accounts[owner.account].append((owner, found))
            else:
                without[owner.account] = found.origin
        elif not OWN.fullmatch(found.parts[-1]):
            other = exercise_in(title(found.parts[-1]), course.exercises) if usable else None
            why = NOBODY if other in (None, exercise) else f"it belongs to {other}"
            refused.append((found.origin, found.fault or (why if usable else "it is no notebook")))
    refused += [(origin, "there is no notebook beside it") for who, origin in without.items() if who not in accounts]
    students, refusals = _students(accounts, known), {}
    owned = defaultdict(list)
    for account in accounts:
        student, why = students[account]
        if student is None or why:
            refusals[account] = why
        else:
            owned[student].append(account)
    for student, several in owned.items():
        if len(several) > 1:
            called = ", ".join(sorted(one_line(" ".join(filter(None, account)), 60) for account in several))
            why = f"{len(several)} accounts would be {student} ({called}); none is taken"
            refusals |= dict.fromkeys(several, why)
    for account, why in refusals.items():
        origins = sorted(found.origin for _, found in accounts[account])
        refused.append((origins[0] + (f" and {len(origins) - 1:,} more" if len(origins) > 1 else ""), why))
    return {
        student: _folder_first(accounts[several[0]], refused)
        for student, several in owned.items()
        if several[0] not in refusals
    }


def _students(accounts: dict[Account, list[Entry]], known: Roster | None) -> dict[Account, tuple[str | None, str]]:
    """Name the owner of each account: dict from account to a student, and why it is nobody."""
    owners = {account: entries[0][0] for account, entries in accounts.items()}
    if known is not None:
        return {account: known.find(owner) for account, owner in owners.items()}
    of_a_name = Counter(as_folder(owner.name).casefold() for owner in owners.values())
    named: dict[Account, tuple[str | None, str]] = {}
    spelled: dict[str, str] = {}
    for account, owner in owners.items():
        student = as_folder(owner.name)
        if owner.number and (owner.lasting or of_a_name[student.casefold()] > 1):  # there may be people of one name
            student = as_folder("-".join(filter(None, [student, owner.number])))
        student = spelled.setdefault(student.casefold(), student)  # some disks cannot keep two apart
        why = no_folder_name(student)
        named[account] = student, f"{one_line(owner.name or owner.number, 60)!r} {why}" if why else ""
    return named


def _folder_first(entries: list[Entry], refused: list[tuple[str, str]]) -> list[Entry]:
    """Where a folder bears a name, a file or a zip outside of it that bears it too is nobody's for certain."""
    outside = [found for owner, found in entries if len(found.parts) == 1 and not owner.platform]
    if len(outside) == len(entries):
        return entries
    refused += [(found.origin, "there is a folder of that name, too") for found in outside]
    return [(owner, found) for owner, found in entries if found not in outside]
