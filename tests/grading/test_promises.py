"""The book's page on grading names a test for each promise: they are there."""

import re

from tests.grading.conftest import ROOT

PAGE = (ROOT / "book" / "grading.md").read_text(encoding="utf-8")


def test_every_promise_has_its_test():
    table = PAGE.partition("## The promises")[2].partition("\n## ")[0]
    promises = re.findall(r"^- .*?(?=^- |^\*\*|\Z)", table, re.MULTILINE | re.DOTALL)
    assert len(promises) >= 15
    for promise in promises:
        named = re.findall(r"\*([\w./]+\.py): ([\w ]+)\*", promise)
        assert named, promise
        for file, words in named:
            name = f"test_{words.replace(' ', '_')}"
            text = (ROOT / "tests" / "grading" / file).read_text(encoding="utf-8")
            assert re.search(rf"^ *def {name}\(", text, re.MULTILINE), f"{file} has no {name}"
