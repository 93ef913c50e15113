"""What a page's head names is there, and the pictures by which the book is known show today's book."""

import re
import struct
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from tests.site.test_pages import show

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "book" / "_ext"))
SPEC = spec_from_file_location("pictures", ROOT / "tools" / "pictures.py")
SPEC.loader.exec_module(pictures := module_from_spec(SPEC))
ADDRESS = "https://example.org/course"


def kept(path):
    """Width and height of a PNG, and what it keeps about what it was made from."""
    from PIL import Image

    with Image.open(path) as image:
        return struct.unpack(">II", path.read_bytes()[16:24]), image.text.get(pictures.KEY)


def test_every_file_that_a_head_names_is_there(pages):
    missing = []
    for path, page in pages.items():
        for tag in page.head.find_all(True):
            for name in ("href", "src", "content"):
                url = urlsplit(tag.get(name, "") if isinstance(tag.get(name), str) else "")
                if url.scheme or url.netloc or not re.fullmatch(r"[\w./%-]+\.\w{2,5}", url.path):
                    continue
                if not (path.parent / unquote(url.path)).is_file():
                    missing.append(f"{show(path)}: {url.path}")
    assert not missing, "\n".join(missing)


def test_what_a_published_head_names_is_there(site, monkeypatch):
    """A picture and a page's own address are named only where the book has an address."""
    from rnnbook import head

    monkeypatch.setenv("BOOK_ADDRESS", f"{ADDRESS}/")
    named = re.findall(rf'"{ADDRESS}/([^"]*)"', head.tags("Title", "What it says.", "book/index.html"))
    assert head.PICTURE in named and named.count("book/index.html") == 2
    assert not [name for name in named if not (site / name).is_file()]
    assert kept(site / head.PICTURE)[0] == head.PICTURE_SIZE


@pytest.mark.parametrize("path", [pictures.CARD, pictures.PAGE], ids=lambda path: path.name)
def test_a_picture_is_light_and_of_todays_book(site, path):
    """Where this fails, `make pictures` draws it anew; look at it before you commit it."""
    assert path.stat().st_size < 150_000
    made_from = pictures.card_made_from() if path == pictures.CARD else pictures.page_made_from(site)
    assert kept(path)[1] == made_from


def test_readme_shows_the_picture():
    shown = re.findall(r"!\[[^\]]{40,}\]\(([^)]+)\)", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert shown == [pictures.PAGE.relative_to(ROOT).as_posix()]
