"""Read whose a submission is from a learning platform's own part of a name: the first fields, never the last.

The last field is what the student called the file. It may look like anything, so each pattern is read from the left,
and what can be read in two ways is not read at all.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

# Moodle, with a folder for each student or without: "Ada Lovelace_657737_assignsubmission_file_/02-forward.ipynb"
# (mod/assign/classes/downloader.php). The number is the student's in this one assignment, so that the name has to tell
# who it is; Moodle writes spaces for the lines under it. What was typed into a text box comes as "onlinetext".
MOODLE = re.compile(
    r"(?P<name>[^_]+)(?:_(?P<number>\d+))?_assignsubmission_(?:file|onlinetext)(?:_(?P<file>.*))?", re.S
)
# Canvas: "lovelaceada_LATE_1234_98765_02-forward-1.ipynb": name, user, upload, and what the student called it; without
# names "anon_x7Gk2_98765_02-forward.ipynb" (lib/content_zipper.rb). The user's number is the same in all assignments.
CANVAS = re.compile(
    r"(?:(?!LATE_|anon_)(?P<name>.+?)_)??(?P<late>LATE_)?(?P<number>\d{2,}|anon_[A-Za-z0-9]+)_(?P<attempt>\d{3,})_(?P<file>.+)",
    re.S,
)
AGAIN = re.compile(r"(?:^|_)(?:\d{2,}|anon_[A-Za-z0-9]+)_\d{3,}_")
# Blackboard: "ps1_bitdiddle_attempt_2016-01-30-15-00-00_problem1.ipynb" (nbgrader's documentation of zip_collect): the
# assignment, the account, the time by the clock of the server, and what the student called it.
BLACKBOARD = re.compile(
    r"(?P<before>.+?)_attempt_(?P<time>\d{4}-\d\d-\d\d-\d\d-\d\d-\d\d)(?:_(?P<file>.*)|(?P<text>\.txt))?", re.S
)
# Brightspace: the folder "39786-640693 - Ada Lovelace - Oct 10, 2025 1022 AM", or so begins the file's name. Whether
# the numbers stay the same from assignment to assignment is not known here, so the name has to tell who it is.
BRIGHTSPACE = re.compile(
    r"(?P<number>\d+)-\d+ - (?P<name>.+?) ?- (?P<time>(?:[A-Z][a-z]{2,8} \d{1,2},|\d{1,2} [A-Z][a-z]{2,8},?) \d{4} "
    r"\d{3,4} [AP]M)(?: - (?P<file>.*))?",
    re.S,
)
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
OWN = re.compile(r"index\.html?|.*_attempt_[\d-]+\.txt", re.IGNORECASE)  # files that a platform adds


@dataclass(frozen=True)
class Owner:
    """Whose a part of the downloads is.

    Attributes:
        name: of the student, as it was written there; may be empty.
        number: the platform's, or empty.
        lasting: whether the number stays the same in all assignments.
        platform: which one told; empty where a plain name did.
        attempt: a number that grows with every attempt.
        time: when it was handed in, by the platform's clock, or None.
        late: whether the platform says that it was late.
        file: what the student called it, where that is a part of the same name; else empty.
        prefix: in Blackboard, assignment and account together: either may hold the sign that stands between them.
    """

    name: str
    number: str = ""
    lasting: bool = False
    platform: str = ""
    attempt: int = 0
    time: datetime | None = None
    late: bool = False
    file: str = ""
    prefix: str = ""

    @property
    def account(self) -> tuple[str, str, str]:
        """What tells two people apart."""
        return self.name, self.number, self.prefix


class Ambiguous(Exception):
    """A name that may mean two people; the message says why."""


def assignments(parts: Iterable[str]) -> frozenset[str]:
    """What stands before the accounts of several people in Blackboard's names: the assignment, which they share.

    In a name of Canvas a number stands there that no other upload has.
    """
    accounts: dict[str, set[str]] = defaultdict(set)
    for match in filter(None, map(BLACKBOARD.fullmatch, parts)):
        assignment, _, account = match["before"].rpartition("_")
        accounts[assignment].add(account)
    return frozenset(assignment for assignment, names in accounts.items() if len(names) > 1)


def owner_named(part: str, shared: frozenset[str] = frozenset()) -> Owner | None:
    """Read a name that a platform may have given: an `Owner`, or None where none gave it.

    Args:
        part: the name.
        shared: the assignments of Blackboard that others' names hold, too.

    Raises:
        Ambiguous: when it can be read in two ways.
    """
    if match := MOODLE.fullmatch(part):
        return Owner(match["name"], match["number"] or "", platform="Moodle", file=match["file"] or "")
    if match := BRIGHTSPACE.fullmatch(part):
        time = _spelled_out(match["time"])
        return Owner(match["name"], match["number"], False, "Brightspace", _order(time), time, file=match["file"] or "")
    canvas = CANVAS.fullmatch(part)
    if match := BLACKBOARD.fullmatch(part):
        lone = match["before"].rpartition("_")[0] not in shared
        if canvas and lone and canvas.start("number") < match.start("time"):  # one was written by the student
            raise Ambiguous("Canvas or Blackboard may have given its name; rename it, if you know whose it is")
        time = _dashed(match["time"])
        name = match["before"].rpartition("_")[2]
        file, before = match["file"] or "", match["before"]
        return Owner(name, platform="Blackboard", attempt=_order(time), time=time, file=file, prefix=before)
    if match := canvas:
        if AGAIN.search(match["file"]):
            raise Ambiguous("its name has two pairs of numbers, and only one is Canvas's; rename it, if you know which")
        return Owner(match["name"] or "", match["number"], True, "Canvas", int(match["attempt"][:18]),
                     late=bool(match["late"]), file=match["file"])  # fmt: skip
    return None


def _order(time: datetime | None) -> int:
    """A number that grows with time."""
    return int(time.strftime("%Y%m%d%H%M%S")) if time else 0


def _dashed(text: str) -> datetime | None:
    """Read "2016-01-30-15-00-00"; None where there is no such time."""
    try:
        return datetime.strptime(text, "%Y-%m-%d-%H-%M-%S")
    except ValueError:
        return None


def _spelled_out(text: str) -> datetime | None:
    """Read "Oct 10, 2025 1022 AM" or "10 October 2025 1022 AM", whatever the language of this machine."""
    one, two, year, clock, half = text.replace(",", "").split()
    month, day = (one, two) if two.isdigit() else (two, one)
    try:
        hour = int(clock[:-2]) % 12 + 12 * (half == "PM")
        return datetime(int(year), MONTHS.index(month[:3].lower()) + 1, int(day), hour, int(clock[-2:]))
    except ValueError:
        return None
