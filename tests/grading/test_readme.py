"""grading/README.md tells where things are: the files that it names exist, and hold what it says of them."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GRADING = ROOT / "grading"
README = (GRADING / "README.md").read_text(encoding="utf-8")
QUOTED = re.compile(r"`([\w./-]+)`")
ROOMS = dict(re.findall(r"^\| `([\w/]+/)` \|.*\| (.+) \|$", README, re.M))
WHERE = re.findall(r"^\| (.+) \| (.+) \|$", README.partition("\nWhere is ...?\n")[2], re.M)[1:]


def at(name):
    """A file by the name that the page gives it: in the package, or at the top of the project."""
    return next((folder / name for folder in (GRADING, ROOT) if (folder / name).is_file()), None)


def test_the_page_lists_the_rooms_that_there_are():
    packages = {f"{path.parent.relative_to(GRADING)}/" for path in GRADING.glob("*/**/__init__.py")}
    assert set(ROOMS) == packages


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_has_the_files_to_begin_with(room):
    names = QUOTED.findall(ROOMS[room])
    assert names and [name for name in names if not (GRADING / room / name).is_file()] == []


def test_every_file_that_the_page_names_exists():
    page = "\n".join(
        line for line in README.splitlines() if not line.startswith(tuple(f"| `{room}`" for room in ROOMS))
    )
    names = {name for name in QUOTED.findall(page) if name.endswith(".py")}
    assert len(names) > 20 and sorted(name for name in names if at(name) is None) == []


@pytest.mark.parametrize(("what", "where"), WHERE, ids=[what for what, _ in WHERE])
def test_a_file_holds_what_the_table_says(what, where):
    names = QUOTED.findall(where)
    texts = [at(name).read_text(encoding="utf-8") for name in names if name.endswith(".py")]
    assert texts
    for name in names:
        assert name.endswith(".py") or any(re.search(rf"\b{name}\b", text) for text in texts), name
