"""The list of who is in the course, and under which names and numbers platforms know them."""

from dataclasses import dataclass, field
from pathlib import Path

from grading.collect.platforms import Owner
from grading.collect.submission import BYTES, LETTERS
from grading.collect.tables import BY_SHEET, read_table
from grading.collect.titles import as_folder, plain
from grading.course import UsageError
from grading.shown import one_line


def no_folder_name(student: str) -> str:
    """Why a text cannot be a student's name in the course; empty when it can."""
    if not student or as_folder(student) != student or not student.isprintable():
        return "cannot name a folder: write letters, digits, _, @ and -"
    if len(student) > LETTERS or len(student.encode("utf-8", "surrogateescape")) > BYTES:
        return f"is too long: at most {LETTERS} letters, and {BYTES} bytes"
    return ""


@dataclass
class Roster:
    """Who is in the course.

    Attributes:
        known: dict from what a platform may call somebody, as `plain` writes it, to their name in the course.
        numbers: dict from a name in the course to the numbers on its line.
        guessed: the encoding, where it is a guess.
    """

    known: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, set[str]] = field(default_factory=dict)
    guessed: str = ""

    def find(self, owner: Owner) -> tuple[str | None, str]:
        """Say who an owner is.

        Args:
            owner: `grading.collect.platforms.Owner`.

        Returns:
            The name in the course, or None; and why it is nobody.
        """
        pieces = owner.prefix.split("_")  # the account's name may hold the sign that stands before it
        names = ["_".join(pieces[i:]) for i in range(1, len(pieces))] if owner.prefix else [owner.name]
        by_name = next((self.known[plain(name)] for name in names if plain(name) in self.known), None)
        by_number = self.known.get(plain(owner.number)) if owner.number else None
        called = one_line(owner.name or owner.number, 60)
        if by_name and by_number and by_name != by_number:
            return None, f"{called!r} is {by_name} by name, and {by_number} by the number {owner.number}"
        if by_name and not by_number and owner.lasting and self.numbers[by_name]:
            return None, f"{called!r} is {by_name} by name, but the roster does not list its number {owner.number}"
        found = by_number or by_name
        return found, "" if found else f"{called!r} is not on the roster"


def read_roster(path: Path) -> Roster:
    """Read a roster.

    Raises:
        UsageError: when it cannot be used; the message has the line.
    """
    table = read_table(path, f"The roster {path}")
    roster = Roster(guessed=table.guessed)
    first: dict[str, int] = {}  # the line of each student
    for line in table.lines:
        student, *aliases = line.cells
        where = f"The roster {path}, line {line.number}"
        if why := no_folder_name(student):
            raise UsageError(f"{where}: {one_line(student, 60)!r} {why}.")
        if student in first:
            raise UsageError(f"{where}: {student} has line {first[student]} already; one line for each student.")
        first[student] = line.number
        roster.numbers[student] = {plain(alias) for alias in aliases if alias.isdigit()}
        for alias in filter(None, map(plain, [student, *aliases])):
            if roster.known.setdefault(alias, student) != student:
                raise UsageError(f"{where}: {alias!r} stands for both {roster.known[alias]} and {student}.")
    if not roster.known:
        raise UsageError(f"The roster {path} names nobody. Each line: the student's name, other names, numbers.")
    if "�" in "".join(first):
        raise UsageError(f"The roster {path} holds signs that could not be read. {BY_SHEET}")
    return roster
