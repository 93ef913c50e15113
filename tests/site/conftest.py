"""The built book, a server for it, and a browser."""

import fcntl
import functools
import http.server
import os
import subprocess
import threading
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from tests.site import visits
from tests.site.visits import FIRST, SIZES, Visit

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "_build" / "html"
SPEC = spec_from_file_location("browser", ROOT / "tools" / "browser.py")
SPEC.loader.exec_module(browsers := module_from_spec(SPEC))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Let a fixture know that its test failed, so that it can take a picture."""
    report = yield
    item.failed = report.failed if call.when == "call" else getattr(item, "failed", False)
    return report


@pytest.fixture(scope="session")
def site() -> Path:
    """Build the book, warnings as errors; pages already built and unchanged are reused."""
    (ROOT / "_build").mkdir(exist_ok=True)
    with open(ROOT / "_build" / "lock", "w") as lock:  # parallel test workers build one after the other
        fcntl.flock(lock, fcntl.LOCK_EX)
        build = subprocess.run(["make", "book"], cwd=ROOT, capture_output=True, text=True)
    assert build.returncode == 0, f"The book does not build:\n{build.stdout[-6000:]}\n{build.stderr[-6000:]}"
    return SITE


def parse(path):
    """Read a page."""
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


@pytest.fixture(scope="session")
def pages(site):
    """Every page, parsed, by its path."""
    return {path: parse(path) for path in sorted(site.rglob("*.html")) if "_static" not in path.parts}


@pytest.fixture(scope="session")
def chapters(pages):
    """The pages that were written, as against the search page and the index that Sphinx adds."""
    return {p: page for p, page in pages.items() if p.parent != SITE}


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


@pytest.fixture(scope="session")
def address(site):
    """Serve the site on a free port of this machine."""
    handler = functools.partial(QuietHandler, directory=site)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="session")
def browser():
    """Start the browser of this machine; without one the tests are left out, and `make test` says so."""
    if (path := browsers.find()) is None:
        pytest.skip(browsers.MISSING)
    from playwright.sync_api import Error, sync_playwright

    root = hasattr(os, "geteuid") and os.geteuid() == 0
    with sync_playwright() as driver:
        try:
            chromium = driver.chromium.launch(
                executable_path=path,
                chromium_sandbox=not root,
                args=["--disable-gpu", "--disable-dev-shm-usage"],
            )
        except Error as error:
            if not path.startswith(str(browsers.FETCHED)):
                raise
            # One that Playwright fetched may miss libraries of the system.
            pytest.skip(f"the browser that Playwright fetched does not start: {str(error).strip().splitlines()[-1]}")
        yield chromium
        chromium.close()


@pytest.fixture
def visit(browser, tmp_path, request):
    """Open pages; keep a picture of the last one if the test fails."""
    contexts = []

    def open_page(url, size="desk", theme="light"):
        width, height = SIZES[size]
        phone = {"is_mobile": True, "has_touch": True} if size == "phone" else {}
        contexts.append(browser.new_context(viewport={"width": width, "height": height}, color_scheme=theme, **phone))
        return Visit(contexts[-1], url)

    yield open_page
    if contexts and contexts[-1].pages and getattr(request.node, "failed", False):
        picture = tmp_path / "page.png"
        contexts[-1].pages[0].screenshot(path=picture, full_page=True)
        print(f"What the page looked like: {picture}")
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def seen():
    """What the last page looked like that `looks` opened: the tests of a page follow each other."""
    return {}


@pytest.fixture
def looks(seen, visit, address, request):
    """What a page looked like at a size, by theme: opened once for all tests that ask, and again for a picture."""
    asked = []

    def looks_of(name, size):
        asked.append((f"{address}/{name}.html", size))
        if asked[-1] not in seen:
            seen.clear()
            url, _ = asked[-1]
            seen[asked[-1]] = visits.looks(visit(url, size, FIRST[size]), FIRST[size])
        return seen[asked[-1]]

    yield looks_of
    if asked and request.node.failed:
        visit(*asked[-1], theme=request.node.callspec.params["theme"])
