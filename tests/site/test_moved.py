"""Whoever kept an address of the book arrives, though the page was split, renamed or removed since."""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "book" / "_ext"))

from rnnbook import moved  # noqa: E402


def test_every_address_that_the_book_has_had_leads_somewhere(site):
    """Where this fails, say in book/_data/moved.json where the address leads now."""
    addresses, told = moved.known()
    assert len(addresses) > 1400 and addresses == sorted(set(addresses), key=addresses.index)
    here = moved.places(site)
    found = [
        (f"{page}#{place}", goal)
        for page, all_ in moved.goals(addresses, told, here).items()
        for place, goal in all_.items()
    ]
    lost = [address for address, goal in found if goal is None]
    assert not lost, "\n".join(lost)
    for address, goal in found:
        page, _, place = goal.partition("#")
        assert page in here and (not place or place in here[page]), f"{address} leads to {goal}, which is not there"


def test_nothing_is_told_of_an_address_that_the_book_never_had():
    addresses, told = moved.known()
    for page, places in told.items():
        for place in places:
            address = f"{page}#{place}".removesuffix("#")
            assert address in addresses, f"{address}: add it to book/_data/addresses.txt"


def test_an_old_address_of_chapter_4_arrives(visit, site):
    page = visit((site / "book/04-gradients.html").as_uri() + "#equation-gradients-clip").page
    page.wait_for_url("**/04-gradients/clipping.html#equation-gradients-clip")
    assert page.locator("#equation-gradients-clip").is_visible()
    page = visit((site / "book/04-gradients.html").as_uri() + "#summary").page
    assert page.url.endswith("04-gradients.html#summary")


def test_a_page_that_is_gone_leads_on_with_and_without_a_script(browser, tmp_path):
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "one.html").write_text('<title>One</title>\n<p id="here">1</p>')
    (tmp_path / "new" / "two.html").write_text('<title>Two</title>\n<p id="there">2</p>')
    addresses = ["old.html", "old.html#here", "old.html#renamed"]
    told = {"old.html": {"": "new/one.html", "renamed": "new/two.html#there"}}
    for _ in range(2):  # a build over an earlier one
        moved.lead_on(tmp_path, addresses, told)
        assert len(re.findall("<script", (tmp_path / "old.html").read_text())) == 1
    for script, address, goal in (
        (True, "old.html", "one.html"),
        (True, "old.html#here", "one.html#here"),
        (True, "old.html#renamed", "two.html#there"),
        (False, "old.html", "one.html"),
    ):
        context = browser.new_context(java_script_enabled=script)
        page = context.new_page()
        page.goto((tmp_path / "").as_uri() + f"/{address}")
        page.wait_for_url(f"**/new/{goal}")
        context.close()


def test_an_address_of_which_nobody_knows_is_found_out():
    here = {"a.html": {"x"}, "b.html": {"x", "y"}, "a/c.html": {"x", "z"}}
    found = moved.goals(["a.html#y", "a.html#z", "gone.html#x", "gone.html", "a.html#x"], {}, here)
    assert found == {"a.html": {"y": "b.html#y", "z": "a/c.html#z"}, "gone.html": {"x": None, "": None}}
