"""How soon the heaviest page of the site shows something on a slow line, and what it weighs.

    .venv/bin/python -m benchmarks.pages [PAGE ...]

Chromium loads each page five times, cold, from a server that compresses, over 1.6 Mbit/s with 150 ms to and fro. The
figures are medians: the first paint with content, and the bytes of the page with all that it loads before anybody
scrolls. Without PAGE it is the page with the largest HTML file. The goals are 1.5 s and 700 kB.
"""

import gzip
import http.server
import sys
import threading
from pathlib import Path
from statistics import median

from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tools"))
import browser as browsers  # noqa: E402

SITE = Path(__file__).resolve().parents[1] / "_build" / "html"
LINE = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 0.75e6 / 8}
TIMES = 5
PAINT = """() => new Promise(done => new PerformanceObserver(list => {
  const found = list.getEntriesByName("first-contentful-paint")[0];
  if (found) done(found.startTime);
}).observe({type: "paint", buffered: true}))"""


class Compressing(http.server.SimpleHTTPRequestHandler):
    """Serves the site as a web server does that is set up well."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):  # noqa: N802, the base class names it so
        path = Path(self.translate_path(self.path))
        if not path.is_file():
            self.send_error(404)
            return
        kind = self.guess_type(str(path))
        data = path.read_bytes()
        self.send_response(200)
        if kind.startswith("text/") or kind.endswith(("javascript", "json", "svg+xml")):
            data = gzip.compress(data, 6)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *args):
        """Say nothing."""


def load(chromium, url):
    """Load a page once, cold; give milliseconds to the first paint and the bytes that came."""
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    line, came = context.new_cdp_session(page), []
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", LINE)
    line.on("Network.loadingFinished", lambda event: came.append(event["encodedDataLength"]))
    page.goto(url, wait_until="load", timeout=120_000)
    paint = page.evaluate(PAINT)
    page.wait_for_load_state("networkidle")
    context.close()
    return paint, sum(came)


def main(pages):
    """Measure pages and print a line for each."""
    if not pages:
        heaviest = max((SITE / "book").rglob("*.html"), key=lambda path: path.stat().st_size)
        pages = [heaviest.relative_to(SITE).as_posix()]
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), lambda *given: Compressing(*given, directory=SITE))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(
            executable_path=browsers.find(), chromium_sandbox=False, args=["--disable-gpu", "--disable-dev-shm-usage"]
        )
        print(f"{'page':<40} {'first paint':>12} {'range':>13} {'weight':>8}")
        for page in pages:
            runs = [load(chromium, f"http://127.0.0.1:{server.server_port}/{page}") for _ in range(TIMES)]
            times = [paint / 1000 for paint, _ in runs]
            weight = median(size for _, size in runs) / 1000
            print(
                f"{page:<40} {median(times):10.2f} s {min(times):5.2f} - {max(times):5.2f} {weight:5.0f} kB", flush=True
            )
        chromium.close()
    server.shutdown()


if __name__ == "__main__":
    main(sys.argv[1:])
