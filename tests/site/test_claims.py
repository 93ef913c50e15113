"""A mark leads to its claim on the page of claims, and that page leads back: tried on a small book."""

import subprocess
import sys
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

ROOT = Path(__file__).resolve().parents[2]
CONF = f"""
import sys
sys.path.insert(0, {str(ROOT / "book/_ext")!r})
extensions = ["myst_parser", "rnnbook.claims"]
root_doc = "index"
exclude_patterns = ["_build"]
"""
NAME = "gradients.starts.adding"
FILES = {
    "conf.py": CONF,
    "index.md": "# Book\n\n```{toctree}\nbook/what-holds\nbook/page\n```\n",
    "book/what-holds.md": "# What holds\n\n```{what-holds}\n```\n",
    "book/page.md": f"# A page\n\n{{claim}}`{NAME}`\n\nOther words. {{mark}}`{NAME}` About {{effect}}`{NAME}`.\n",
}


def build(folder, **changed):
    """Build the small book; give what Sphinx said and its exit status."""
    for name, text in (FILES | changed).items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    command = [sys.executable, "-m", "sphinx", "-b", "html", "-W", "--keep-going", ".", "_build"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True)


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    folder = tmp_path_factory.mktemp("book")
    done = build(folder)
    assert done.returncode == 0, done.stderr
    read = lambda name: BeautifulSoup((folder / f"_build/book/{name}.html").read_text(), "html.parser")  # noqa: E731
    return {name: read(name) for name in ("page", "what-holds")}


def test_a_claim_prints_its_own_sentence_with_a_mark(pages):
    assert "On adding the activation" in pages["page"].select_one("span.claim").get_text()
    marks = pages["page"].select("a.claim-mark")
    assert len(marks) == 2 and all(NAME in mark["title"] for mark in marks)


def test_a_mark_leads_to_the_claim_and_back(pages):
    for mark in pages["page"].select("a.claim-mark"):
        page, _, place = mark["href"].partition("#")
        assert page == "what-holds.html" and pages["what-holds"].find(id=place)
        back = [a["href"] for a in pages["what-holds"].find(id=place).select("a")]
        assert f"page.html#{mark['id']}" in back
    assert pages["page"].find(id=pages["page"].select_one("a.claim-mark")["id"])


def test_every_claim_is_listed_with_its_control(pages):
    listed = pages["what-holds"].select(".what-holds")
    assert len(listed) > 10 and all("Control: " in item.get_text() for item in listed)


def test_a_claim_that_no_experiment_makes_fails_the_build(tmp_path):
    done = build(tmp_path, **{"book/page.md": "# A page\n\n{claim}`gradients.starts.no-such`\n"})
    assert done.returncode != 0 and "There is no claim 'gradients.starts.no-such'" in done.stderr
