"""The pages that tell where things are: the files that they name exist, and hold what is said of them."""

import re
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
QUOTED = re.compile(r"`([\w./-]+)`")
PAGES = ("rnnlib", "rnnchecks")  # of grading/ it is tests/grading/test_readme.py
WHERE = [
    (package, what, where)
    for package in PAGES
    for what, where in re.findall(
        r"^\| (.+) \| (.+) \|$",
        (ROOT / package / "README.md").read_text(encoding="utf-8").partition("\nWhere is ...?\n")[2],
        re.M,
    )[1:]
]


@pytest.mark.parametrize(("package", "what", "where"), WHERE, ids=[f"{package}: {what}" for package, what, _ in WHERE])
def test_a_file_holds_what_the_table_says(package, what, where):
    names = QUOTED.findall(where)
    files = [name for name in names if name.endswith((".py", ".md"))]
    texts = [(ROOT / package / name).read_text(encoding="utf-8") for name in files]
    assert texts
    for name in set(names) - set(files):
        assert any(re.search(rf"\b{name}\b", text) for text in texts), name


@pytest.mark.parametrize("package", PAGES)
def test_every_folder_and_file_that_a_page_names_exists(package):
    page = (ROOT / package / "README.md").read_text(encoding="utf-8")
    names = [name for name in QUOTED.findall(page) if name.endswith((".py", "/")) and "/" in name]
    assert names and [name for name in names if not any((top / name).exists() for top in (ROOT / package, ROOT))] == []


def test_the_readme_lists_each_folder_of_the_house():
    page = (ROOT / "README.md").read_text(encoding="utf-8")
    listed = {name for line in re.findall(r"^\| (`.+?) \|", page, re.M) for name in QUOTED.findall(line)}
    made = (ROOT / ".gitignore").read_text(encoding="utf-8").split()  # which nobody has written
    there = [path for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith((".", "_"))]
    ours = [path.name for path in there if not any(fnmatch(path.name, name.strip("/")) for name in made)]
    assert {f"{name}/" for name in ours} == listed
