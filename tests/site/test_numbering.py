"""The pages of a chapter are numbered from 1, whatever stands on its first page."""

import sys
from pathlib import Path
from types import SimpleNamespace

from docutils import nodes

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "book" / "_ext"))

from rnnbook import numbering  # noqa: E402


def test_the_pages_of_a_chapter_are_numbered_from_one():
    """The sections of a chapter's first page take no number away from the pages in its folder."""
    counted = {
        "book/03-a": {"": (1,), "#used": (1, 1), "#deep": (), "#summary": (1, 2)},
        "book/03-a/x": {"": (1, 3), "#here": ()},
        "exercises/03-a/03-a": {"": (1, 4)},
        "book/05-b": {"": (2,), "#used": (2, 1)},  # without a folder: its sections are numbered
        "exercises/05-b/05-b": {"": (2, 2)},
    }
    env = SimpleNamespace(toc_secnumbers={}, titles={}, tocs={})
    for name, numbers in counted.items():
        env.titles[name], env.tocs[name] = nodes.title(), nodes.bullet_list()
        env.titles[name]["secnumber"] = numbers[""]
        env.tocs[name] += [nodes.reference(anchorname=anchor, secnumber=n) for anchor, n in numbers.items()]

    def assign(self, env):
        env.toc_secnumbers = {name: dict(numbers) for name, numbers in counted.items()}

    changed = numbering.number_by_file_name(assign)(None, env)
    assert env.toc_secnumbers == {
        "book/03-a": {"": (3,), "#used": (), "#deep": (), "#summary": ()},
        "book/03-a/x": {"": (3, 1), "#here": ()},
        "exercises/03-a/03-a": {"": (3, 2)},
        "book/05-b": {"": (5,), "#used": (5, 1)},
        "exercises/05-b/05-b": {"": (5, 2)},
    }
    assert changed == list(counted)
    for name, numbers in env.toc_secnumbers.items():  # what the contents print agrees with what the pages print
        assert env.titles[name]["secnumber"] == numbers[""]
        assert {node["anchorname"]: node["secnumber"] or () for node in env.tocs[name]} == numbers
