"""The promises of the page on grading: each has an identifier, and tests that carry it; and no test carries another.

Which of those tests ran, and passed, is said at the end of each run (`tests/conftest.py`).
"""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "book" / "grading.md").read_text(encoding="utf-8")
PART = PAGE.partition("## The promises")[2].partition("\n## ")[0]
PROMISES = re.findall(r"^- .*?(?=^- |^\*\*|\Z)", PART, re.MULTILINE | re.DOTALL)
IDENTIFIER = re.compile(r"- \*\*([A-Z]\d+)\*\* ")
BY_NAME = {found[1]: promise for promise in PROMISES if (found := IDENTIFIER.match(promise))}


def carried():
    """What the tests carry: dict from the path and the name of a test to identifiers."""
    found = {}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for mark in getattr(node, "decorator_list", ()):
                if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.promise":
                    key = path.relative_to(ROOT / "tests").as_posix(), node.name
                    found.setdefault(key, set()).update(ast.literal_eval(argument) for argument in mark.args)
    return found


CARRIED = carried()


def test_each_promise_has_an_identifier_of_its_own():
    assert PROMISES and [promise for promise in PROMISES if not IDENTIFIER.match(promise)] == []
    assert len(BY_NAME) == len(PROMISES), "two promises of one identifier"


@pytest.mark.parametrize("name", BY_NAME)
def test_each_test_that_a_promise_names_is_there_and_carries_it(name):
    """A promise without a test breaks it, and a test that was renamed, or lost its mark."""
    tests = re.findall(r"\*([\w./]+\.py): ([\w ]+)\*", BY_NAME[name])
    assert tests, BY_NAME[name]
    named = {((Path("grading") / file).as_posix().replace("grading/../", ""), f"test_{words.replace(' ', '_')}")
             for file, words in tests}  # fmt: skip
    assert named == {test for test, names in CARRIED.items() if name in names}


def test_no_test_carries_what_is_not_promised():
    assert set().union(*CARRIED.values()) - set(BY_NAME) == set()
