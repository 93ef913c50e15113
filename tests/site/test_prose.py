"""Numbers in the text look like print: no hyphen for a minus, no e-notation, and no placeholder is left."""

import re

from tests.site.test_pages import show

# Places whose letters are a program's, a file's or a formula's.
VERBATIM = ["code", "pre", "script", "style", "mjx-container", "svg"]
PROGRAM_NUMBER = re.compile(r"(?<![\w.\-\u2013/])-\.?\d|(?<![\w.])\d(?:\.\d+)?e[-+]?\d+(?!\w)")


def test_no_number_in_the_text_looks_like_a_programs(chapters):
    found = []
    for path, page in chapters.items():
        for text in page.find("article").find_all(string=PROGRAM_NUMBER):
            if not text.find_parent(VERBATIM):
                found.append(f"{show(path)}: {text.strip()[:100]}")
    assert not found, "\n".join(found)


def test_no_placeholder_is_left(chapters):
    for path, page in chapters.items():
        text = page.find("article").get_text()
        assert not re.search(r"ADDRESS-OF|\bREPOSITORY\b", text), show(path)
