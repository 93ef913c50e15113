"""The glossary is in order, and a chapter links each of its terms once, where it first uses it."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BOOK = ROOT / "book"
CHAPTERS = re.findall(r"file: *book/(\d\d-\S+)", (ROOT / "_toc.yml").read_text())
CHINESE = re.compile(r"[\u4e00-\u9fff]")
TAUGHT = re.compile(r"\bChapters? (\d+)(?:(?:, chapter| and) (\d+))?\.$")
LINK = re.compile(r"\{term\}`(?:[^`<]*<([^`>]+)>|([^`<]+))`")
# Words of everyday English as well: a chapter may use them without meaning the term.
EVERYDAY = set(
    """alignment attention baseline batch cache candidate capacity gain gate gradient key lag loss mask momentum padding
    query saturation seed temperature value""".split()
)


def entries():
    """Of each entry the English names, the Chinese names and the definition."""
    block = re.search(r"```\{glossary\}\n(.*?)\n```", (BOOK / "glossary.md").read_text(encoding="utf-8"), re.S)[1]
    for entry in re.split(r"\n\n(?=\S)", block):
        names = [line for line in entry.splitlines() if line[0] != " "]
        text = " ".join(line.strip() for line in entry.splitlines() if line[0] == " ")
        yield [n for n in names if not CHINESE.search(n)], [n for n in names if CHINESE.search(n)], text


ENTRIES = list(entries())
HEAD = {name.casefold(): english[0] for english, chinese, _ in ENTRIES for name in english + chinese}


def blank(text, pattern):
    """Replace what matches by spaces, so that places and lines stay where they are. What group "keep" matches stays."""
    clear = lambda m: m[0] if m.groupdict().get("keep") else re.sub(r"[^\n]", " ", m[0])  # noqa: E731
    return re.sub(pattern, clear, text, flags=re.S | re.M)


def prose(text):
    """The running text before the summary: no code, formulas, headings, tables, boxes, quotations or texts of links."""
    text = blank(text, r"\A---\n.*?^---$")
    text = blank(text, r"^%[^\n]*$")
    text = blank(text, r"^(`{3,}|:{3,}).*?^\1$")
    text = blank(text, r"^## (Summary|Check yourself)\b.*\Z")
    text = blank(text, r"^(#|\||>)[^\n]*$")
    text = blank(text, r"\$\$.*?\$\$|\$[^$]+\$")
    return blank(text, r"(?P<keep>\{term\}`[^`]*`)|(\{[a-z:]+\})?`[^`]*`|\[[^\]]*\]\([^)]*\)|<[^>\n]+>")


def uses(text):
    """Where each entry stands, in order: (place, entry, linked)."""
    found = [(m.start(), HEAD.get((m[1] or m[2]).strip().casefold()), True) for m in LINK.finditer(text)]
    text = blank(text, LINK.pattern)
    names = sorted(((n, english[0]) for english, _, _ in ENTRIES for n in english), key=lambda pair: -len(pair[0]))
    for name, head in names:  # the longest first: a forget gate is no gate
        shape = r"[\s-]+".join(map(re.escape, re.split(r"[\s-]+", name)))
        flags = 0 if name.isupper() or name == "Adam" else re.I
        pattern = re.compile(rf"(?<![\w-]){shape}(?:s|es)?(?![\w-])", flags)
        found += [(m.start(), head, False) for m in pattern.finditer(text)]
        text = pattern.sub(lambda m: re.sub(r"\S", " ", m[0]), text)
    return sorted(found)


def test_entries_are_sorted_and_complete():
    order = [re.sub(r"[^a-z0-9 ]", " ", english[0].casefold()) for english, _, _ in ENTRIES]
    assert order == sorted(order), [a for a, b in zip(order, sorted(order)) if a != b]
    names = [name.casefold() for english, chinese, _ in ENTRIES for name in english + chinese]
    assert len(names) == len(set(names)), sorted(n for n in set(names) if names.count(n) > 1)
    for english, chinese, text in ENTRIES:
        assert chinese, f"{english[0]} has no Chinese name"
        assert TAUGHT.search(text), f"{english[0]} does not end with the chapter that teaches it"
        sentences = len(re.findall(r"[.?!](?=\s|$)", text)) - 1
        assert 1 <= sentences <= 3, f"{english[0]}: {sentences} sentences, not one to three"


@pytest.mark.parametrize("page", sorted(p.relative_to(BOOK).as_posix() for p in BOOK.rglob("*.md")))
def test_terms_resolve_and_are_linked_once(page):
    text = (BOOK / page).read_text(encoding="utf-8")
    linked = [(m[1] or m[2]).strip() for m in LINK.finditer(text)]
    assert [name for name in linked if name.casefold() not in HEAD] == [], "not in book/glossary.md"
    heads = [HEAD[name.casefold()] for name in linked]
    assert sorted({name for name in heads if heads.count(name) > 1}) == [], "linked more than once"


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_first_use_is_linked(chapter):
    source = (BOOK / f"{chapter}.md").read_text(encoding="utf-8")
    linked = {HEAD.get((m[1] or m[2]).strip().casefold()) for m in LINK.finditer(source)}
    first = {}
    for place, head, is_link in uses(prose(source)):
        first.setdefault(head, (place, is_link))
    wrong = []
    for head, (place, is_link) in first.items():
        line = source.count("\n", 0, place) + 1
        if is_link or head in EVERYDAY:
            continue
        where = "is linked further down; move the link here" if head in linked else "is not linked"
        wrong.append(f"book/{chapter}.md:{line}: {head!r} {where}: {{term}}`{head}`")
    assert not wrong, "\n".join(["", *wrong])


def test_a_term_occurs_in_the_chapter_that_teaches_it():
    plain = lambda text: re.sub(r"[\s-]+", " ", text.casefold())  # noqa: E731
    pages = {}
    for name in CHAPTERS:
        number = name[:2].lstrip("0")
        pages[number] = pages.get(number, "") + plain((BOOK / f"{name}.md").read_text(encoding="utf-8"))
    missing = []
    for english, _, text in ENTRIES:
        taught = [pages[number] for number in TAUGHT.search(text).groups() if number in pages]
        if not all(any(plain(name) in page for name in english) for page in taught):
            missing.append(f"{english[0]} ({TAUGHT.search(text)[0]})")
    assert not missing, missing
