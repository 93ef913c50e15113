"""The built book, a server for it, and a browser."""

import fcntl
import functools
import http.server
import os
import shutil
import subprocess
import threading
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "_build" / "html"
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


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
    """Start the Chromium of this machine. Its absence skips on a desk and fails in CI."""
    if CHROMIUM is None:
        message = "Chromium is not installed (Debian, Ubuntu: apt install chromium)."
        pytest.fail(message) if os.environ.get("CI") == "true" else pytest.skip(message)
    from playwright.sync_api import sync_playwright

    root = hasattr(os, "geteuid") and os.geteuid() == 0
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(
            executable_path=CHROMIUM,
            chromium_sandbox=not root,
            args=["--disable-gpu", "--disable-dev-shm-usage"],
        )
        yield chromium
        chromium.close()
