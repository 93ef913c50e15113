"""Links of another kind: the page on grading names a test for each promise, and a reader finds it there."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "book" / "grading.md").read_text(encoding="utf-8")


def test_each_test_that_is_named_is_there():
    part = PAGE.partition("## The promises")[2].partition("\n## ")[0]
    promises = re.findall(r"^- .*?(?=^- |^\*\*|\Z)", part, re.MULTILINE | re.DOTALL)
    assert promises
    for promise in promises:
        named = re.findall(r"\*([\w./]+\.py): ([\w ]+)\*", promise)
        assert named, promise
        for file, words in named:
            name = f"test_{words.replace(' ', '_')}"
            text = (ROOT / "tests" / "grading" / file).read_text(encoding="utf-8")
            assert re.search(rf"^ *def {name}\(", text, re.MULTILINE), f"{file} has no {name}"
