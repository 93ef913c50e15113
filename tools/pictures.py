"""Draw the pictures by which the book is known before anybody opens it, with the browser that the site's tests use.

    python tools/pictures.py

draws two, from what the book itself is made of:

- ``book/_static/card.png``: what a chat or a search engine shows beside a link to any page. The wordmark, the title
  and the drawing of the start page;
- ``.github/page.png``: what README.md shows, a page of the built book as a reader has it.

Each keeps inside itself what it was made from. ``tests/site/test_pictures.py`` compares that with today's book.
"""

import hashlib
import io
import json
import os
import sys
from base64 import b64encode
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[1]
STATIC, SITE = ROOT / "book" / "_static", ROOT / "_build" / "html"
CARD, PAGE = STATIC / "card.png", ROOT / ".github" / "page.png"
CARD_SIZE = (1200, 630)  # what those who show it ask for
SHOWN, PLACE, PAGE_SIZE = "book/04-gradients/product.html", "by-hand-one-unit", (1280, 860)
COLOURS = 128  # of a picture: it is flat, and a third as heavy so
KEY = "Made from"
DRAWN = ("rnnlib/diagrams.py", "book/_static/mark.svg", "book/_static/type/book-serif-semibold.woff2")
TEMPLATE = """\
<!DOCTYPE html>
<meta charset="utf-8" />
<style>
  @font-face {{ font-family: "Book Serif"; font-weight: 600; src: url(data:font/woff2;base64,{face}); }}
  body {{ margin: 0; width: 1200px; height: 630px; box-sizing: border-box; padding: 56px 72px 0; background: #fff;
    border-bottom: 14px solid #2f86c6; color: #22262d; font: 600 40px "Book Serif", serif; overflow: hidden; }}
  header {{ display: flex; align-items: center; gap: 34px; }}
  header svg {{ height: 116px; width: 116px; }}
  h1 {{ font-size: 66px; line-height: 1.06; margin: 0; }}
  p {{ margin: 26px 0 0; font-size: 30px; line-height: 1.3; color: #4d5663; }}
  .drawing {{ margin: 26px 0 0; }}
  .drawing svg {{ width: 1056px; height: auto; }}
</style>
<header>{mark}<h1>{title}</h1></header>
<p>An open course in which every derivation runs and every exercise answers.</p>
<div class="drawing">{drawing}</div>
"""


def title() -> str:
    """The book's title."""
    return yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))["title"]


def card_made_from() -> str:
    """A digest of all that decides how the card looks."""
    digest = hashlib.sha256(TEMPLATE.encode() + title().encode())
    for name in DRAWN:
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def page_made_from(site: Path = SITE) -> str:
    """What can be read on the picture of a page: the section and the names of the chapters."""
    from bs4 import BeautifulSoup

    page = BeautifulSoup((site / SHOWN).read_text(encoding="utf-8"), "html.parser")
    section = page.find(id=PLACE)
    heading = section.find("h2").find(string=True) if section else None
    names = [link.get_text(" ", strip=True) for link in page.select(".bd-sidebar-primary .toctree-l1 > a")]
    return json.dumps({"section": heading, "chapters": names}, ensure_ascii=False)


def drawing() -> str:
    """The start page's drawing of a net, as SVG without a line before its first tag."""
    import matplotlib

    matplotlib.use("svg")
    from rnnlib.diagrams import unrolled
    from rnnlib.plotting import use_style

    use_style()
    file = io.StringIO()
    unrolled(7, loop=True).figure.savefig(file, format="svg", transparent=True)
    text = file.getvalue()
    return text[text.index("<svg") :]


def save(picture: bytes, path: Path, made_from: str) -> None:
    """Write a picture in few colours, with what it was made from inside."""
    from PIL import Image, PngImagePlugin

    kept = PngImagePlugin.PngInfo()
    kept.add_itxt(KEY, made_from)
    image = Image.open(io.BytesIO(picture)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    image.save(path, pnginfo=kept, optimize=True)
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size / 1024:.0f} kB")


def main() -> int:
    """Draw both."""
    from playwright.sync_api import sync_playwright

    sys.path.insert(0, str(ROOT / "tools"))
    import browser as browsers

    if (program := browsers.find()) is None:
        print(browsers.MISSING)
        return 1
    if not (SITE / SHOWN).is_file():
        print(f"{SITE / SHOWN} is not there; make book builds it.")
        return 1
    face = b64encode((ROOT / DRAWN[2]).read_bytes()).decode()
    mark = (ROOT / DRAWN[1]).read_text(encoding="utf-8")
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=program, chromium_sandbox=not root, args=["--disable-gpu"])
        for path, (width, height), scale in ((CARD, CARD_SIZE, 1), (PAGE, PAGE_SIZE, 1.25)):
            context = chromium.new_context(
                viewport={"width": width, "height": height}, device_scale_factor=scale, color_scheme="light"
            )
            sheet = context.new_page()
            if path == CARD:
                sheet.set_content(TEMPLATE.format(face=face, mark=mark, title=title(), drawing=drawing()))
            else:
                sheet.goto((SITE / SHOWN).as_uri() + f"#{PLACE}", wait_until="load")
                sheet.wait_for_function("document.querySelector('.bd-toc-nav [aria-current]')")
            sheet.evaluate("document.fonts.ready.then(() => true)")
            sheet.wait_for_timeout(2000)  # for the page to come to rest at its place: it scrolls there
            save(sheet.screenshot(), path, card_made_from() if path == CARD else page_made_from())
            context.close()
        chromium.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
