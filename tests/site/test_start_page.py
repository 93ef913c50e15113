"""The start page lists every chapter with its minutes, and its net writes."""

import re
from pathlib import Path

from tests.site.test_pages import SITE, show

ROOT = Path(__file__).resolve().parents[2]


def minutes(text):
    return int(re.fullmatch(r"(\d+)\u00a0min", text.strip())[1])


def test_every_chapter_is_listed_with_minutes_that_its_pages_and_its_exercise_give(pages):
    table = pages[SITE / "book/index.html"].select_one("article table")
    rows = [row.find_all("td") for row in table.select("tbody tr")]
    wanted = re.findall(r"file: book/(\d\d-[^/\s]+)\n", (ROOT / "_toc.yml").read_text(encoding="utf-8"))
    assert [row[0].a["href"].removesuffix(".html") for row in rows] == wanted
    planned = pages[SITE / "book/for-instructors.html"].find("table").select("tbody tr")
    for name, row, plan in zip(wanted, rows, planned, strict=False):
        shown = [
            int(said.get_text().split()[0])
            for path, page in pages.items()
            if re.fullmatch(rf"book/{name}(/.*)?\.html", show(path)) and (said := page.select_one("p.minutes"))
        ]
        assert minutes(row[1].get_text()) == sum(shown) > 0, name
        assert minutes(row[2].get_text()) == int(plan.find_all("td")[2].get_text()), name
        assert row[2].a["href"] == f"../exercises/{name}/{name}.html"


def test_the_net_of_the_start_page_writes(visit, address):
    page = visit(f"{address}/book/index.html").page
    page.get_by_role("button", name="Write one").click()
    page.wait_for_function("document.querySelectorAll('.rnn-text > *').length > 'Alice '.length")
    assert page.get_by_text("It knows no word").is_visible()
