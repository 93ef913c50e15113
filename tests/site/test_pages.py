"""What can be said of the built pages without a browser."""

import json
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "_build" / "html"


def show(path):
    return path.relative_to(SITE).as_posix()


def test_every_page_of_the_contents_is_built(chapters):
    wanted = set(re.findall(r"(?:root|file): *(\S+)", (ROOT / "_toc.yml").read_text()))
    assert {show(p).removesuffix(".html") for p in chapters} == wanted


def test_links_between_pages_and_to_places_in_them_lead_somewhere(pages):
    places = {path: {t["id"] for t in page.find_all(id=True)} for path, page in pages.items()}
    dead = []
    for path, page in pages.items():
        for tag in page.find_all(["a", "area", "link", "img", "script", "source"]):
            url = urlsplit(tag.get("href") or tag.get("src") or "")
            if url.scheme or url.netloc or not (url.path or url.fragment):
                continue
            target = (path.parent / unquote(url.path)).resolve() if url.path else path
            if not target.is_file():
                dead.append(f"{show(path)}: {url.geturl()}")
            elif url.fragment and target in places and unquote(url.fragment) not in places[target]:
                dead.append(f"{show(path)}: no place #{url.fragment} in {show(target)}")
    assert not dead, "\n".join(dead)


def test_nothing_is_loaded_from_another_host(pages):
    loaded = []
    for path, page in pages.items():
        for tag in page.find_all(["script", "link", "img", "iframe", "source", "video", "audio", "embed", "object"]):
            for name in ("src", "href", "data", "srcset", "poster"):
                if re.match(r"(https?:)?//", tag.get(name, "")) and "canonical" not in tag.get("rel", []):
                    loaded.append(f"{show(path)}: {tag}")
        for style in [t.get_text() for t in page.find_all("style")] + [t["style"] for t in page.find_all(style=True)]:
            loaded += [f"{show(path)}: {u}" for u in re.findall(r"url\(\s*['\"]?(?:https?:)?//[^)]*", style)]
    for path in SITE.rglob("*.css"):
        text = path.read_text(encoding="utf-8")
        loaded += [f"{show(path)}: {u}" for u in re.findall(r"(?:url\(|@import)\s*['\"]?(?:https?:)?//[^)\s]*", text)]
    assert not loaded, "\n".join(loaded)


def test_no_solution_and_no_hidden_test_is_in_the_site(site):
    marks = re.compile(rb"BEGIN (SOLUTION|HIDDEN)|END (SOLUTION|HIDDEN)|cases *= *\\?[\"']hidden|solutions/\d\d")
    kinds = {".html", ".js", ".txt", ".md", ".ipynb", ".json", ".inv"}
    pages = [p for p in site.rglob("*") if p.suffix in kinds and "_static" not in p.relative_to(site).parts]
    # Two pages tell how a solution is marked in its notebook, which is no leak.
    pages = [p for p in pages if p.name.split(".")[0] not in ("for-contributors", "grading")]
    leaks = {show(p): m[0] for p in pages if (m := marks.search(p.read_bytes()))}
    found = json.loads((site / "_static/sections.js").read_text(encoding="utf-8").partition("(")[2].rpartition(")")[0])
    for page, place, title, text in found["sections"]:
        if not re.search("for-contributors|grading", name := found["pages"][page][0]):
            leaks |= {f"{name}#{place}": m[0] for m in [marks.search(f"{title} {text}".encode())] if m}
    assert not leaks
    assert not [p for p in site.rglob("*") if "solutions" in p.parts]


def test_pictures_say_what_they_show(pages):
    """An img without alt text says nothing to a reader who cannot see it; neither does a file name."""
    silent = []
    for path, page in pages.items():
        for img in page.find_all("img"):
            alt = img.get("alt", "").strip()
            if len(alt) < 8 or re.search(r"\.(png|svg|jpe?g)$|^_images|^\.\./", alt):
                silent.append(f"{show(path)}: {img.get('src')} alt={alt!r}")
    assert not silent, "\n".join(silent)


def test_headings_go_down_one_level_at_a_time(chapters):
    for path, page in chapters.items():
        levels = [int(h.name[1]) for h in page.find("article").find_all(re.compile(r"^h[1-6]$"))]
        assert levels and levels[0] == 1 and levels.count(1) == 1, f"{show(path)}: {levels}"
        assert all(b - a <= 1 for a, b in zip(levels, levels[1:], strict=False)), f"{show(path)}: {levels}"


def test_language_title_and_skip_link(chapters):
    for path, page in chapters.items():
        assert page.html["lang"] == "en", show(path)
        assert page.title.get_text(strip=True), show(path)
        skip = page.select_one(".skip-link a, a.skip-link")
        assert skip and page.find(id=skip["href"].lstrip("#")), show(path)


def test_numbers_follow_the_file_names(chapters):
    """Chapter 3 is the file 03-...: its headings, figures and equations are numbered 3.x."""
    for path, page in chapters.items():
        if not (chapter := re.search(r"/(\d\d)-[^/]*(?:/[^/]*)?$", path.as_posix())):
            continue
        number = str(int(chapter[1]))
        for tag in page.select("article .section-number, article .caption-number, article .eqno"):
            found = re.search(r"\d+", tag.get_text())
            assert found and found[0] == number, f"{show(path)}: {tag.get_text()!r}"


def test_a_chapter_has_five_numbered_figures(chapters):
    figures = {}
    for path, page in chapters.items():
        if chapter := re.match(r"book/(\d\d-[^/.]*)", show(path)):
            found = len(page.select("article figure .caption-number"))
            figures[chapter[1]] = figures.get(chapter[1], 0) + found
    assert figures and {name: count for name, count in figures.items() if count < 5} == {}


def test_the_glossary_says_which_names_are_chinese_and_leads_to_the_chapters(pages):
    page = pages[SITE / "book/glossary.html"]
    for name in page.select("dl.glossary > dt"):
        chinese = re.search("[\u4e00-\u9fff]", name.get_text())
        assert bool(chinese) == (name.get("lang") == "zh-Hans"), name
    linked = {a["href"].partition("#")[0] for a in page.select("dl.glossary > dd a")}
    chapters = {path.stem for path in pages if re.match(r"\d\d-", path.name) and path.parent.name == "book"}
    assert chapters <= {re.split(r"[/.]", link)[0] for link in linked}
    # To the section that explains the term; an entry whose chapter links the term nowhere leads to the chapter's top.
    links = [a["href"] for a in page.select("dl.glossary > dd a") if re.match(r"\d\d-", a["href"])]
    assert sum("#" in link for link in links) > 0.6 * len(links)


def test_the_instructors_table_gives_the_points_that_nbgrader_gives(pages):
    """The table is made from what the notebooks say; nbgrader counts what their cells carry."""
    table = pages[SITE / "book/for-instructors.html"].find("table")
    rows = [[cell.get_text(strip=True) for cell in row.find_all("td")] for row in table.find("tbody").find_all("tr")]
    shown = {int(row[0].split(":")[0]): (int(row[1]), int(row[5])) for row in rows[:-1]}
    carried = {}
    for path in (ROOT / "exercises").glob("*/??-*.ipynb"):
        cells = [cell["metadata"].get("nbgrader", {}) for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]]
        graded = [cell for cell in cells if cell.get("grade")]
        functions = sum(not cell["solution"] for cell in graded)
        carried[int(path.name[:2])] = functions, sum(cell["points"] for cell in graded)
    assert shown == carried
    assert rows[-1][5] == f"{sum(points for _, points in carried.values()):,}"


def test_exercises_are_pages_with_a_download_and_are_not_run(pages):
    notebooks = sorted((ROOT / "exercises").glob("*/*.ipynb"))
    assert notebooks
    for notebook in notebooks:
        path = SITE / notebook.relative_to(ROOT).with_suffix(".html")
        page = pages[path]
        links = [a["href"] for a in page.find_all("a", href=True) if a["href"].endswith(".ipynb")]
        assert links and (path.parent / links[0]).is_file(), f"{show(path)} offers no notebook to download"
        assert not page.select(".cell_output"), f"{show(path)} was executed"


def test_no_source_was_left_unrendered(chapters):
    """Markdown or MyST syntax that reaches the page as text."""
    left = re.compile(r"\{(eq|numref|ref|doc|cite|cite:[pt]|glue|glue:\w+)\}`|^:::|\]\(\S+\)|^```", re.M)
    for path, page in chapters.items():
        article = page.find("article")
        for code in article.find_all(["pre", "code", "script", "mjx-container"]):
            code.extract()
        found = left.search(article.get_text())
        assert not found, f"{show(path)}: {found and article.get_text()[found.start() - 40 : found.end() + 40]!r}"


def test_header_cells_say_what_they_head(chapters):
    bare = [
        f"{show(path)}: {cell}" for path, page in chapters.items() for cell in page.select("article th:not([scope])")
    ]
    assert not [found for found in bare if 'class="head' in found or "stub" in found], bare[:5]


def test_pages_describe_themselves(pages, chapters):
    """For whoever searches, and for whoever is sent a link. An address is named only where one is known."""
    said = {}
    for path, page in chapters.items():
        found = page.find("meta", attrs={"name": "description"})
        if not path.parent.name == "api":
            assert found and len(found["content"]) > 40, show(path)
            said.setdefault(found["content"], []).append(show(path))
        assert page.find("meta", property="og:title")["content"], show(path)
    assert not {text: names for text, names in said.items() if len(names) > 1}
    root = pages[SITE / "index.html"]
    assert root.html["lang"] == "en" and root.title.get_text() and root.find("meta", attrs={"name": "description"})


def test_the_one_style_sheet_and_the_icons_are_small(site):
    assert (site / "_static" / "site.css").stat().st_size < 220_000
    assert (site / "_static" / "icons.css").stat().st_size < 12_000
