"""Every picture says its size, so that nothing moves when it arrives, and has a twin for readers in the dark."""

import re
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import imagesize

IMAGE = re.compile(r'<img\b(?![^>]*\swidth=)[^>]*?\ssrc="([^"]*_images/([^"/]+))"[^>]*?/?>')
SVG_SIZE = re.compile(r'<svg\b[^>]*?\s(width|height)="([\d.]+)(pt|px|)"[^>]*?\s(?:width|height)="([\d.]+)(?:pt|px|)"')
PIXELS = {"pt": 96 / 72, "px": 1, "": 1}

# The colours of `rnnlib.plotting` and Matplotlib's greys, and what stands for each on a dark page: the page's own
# colour for white, light letters for dark ones, and the same hues, light enough to be read.
DARK = {
    "#ffffff": "#15181d", "#eeeeee": "#262c35", "#dddddd": "#38404b", "#cccccc": "#475060", "#bbbbbb": "#5b6573",
    "#b0b0b0": "#8e98a4", "#808080": "#a4abb4", "#6b6b6b": "#a9b1bb", "#555555": "#bcc2ca", "#444444": "#c8cdd4",
    "#222222": "#e0e3e8", "#000000": "#e8eaed", "#0072b2": "#4ba3e3", "#d55e00": "#ff8a3d", "#009e73": "#2cc49a",
    "#cc79a7": "#e39ac4", "#e69f00": "#f0b429", "#56b4e9": "#2d79ab",
}  # fmt: skip
COLOUR = re.compile(r"(?<=[:\"\s])#[0-9a-f]{6}\b")
# A colour map: its colours mean numbers, and letters stand on them. Such a figure keeps its white card.
COLOUR_MAP = re.compile(r"<image\b|QuadMesh")


@cache
def size(path, changed):
    """Width and height of a picture in pixels; None where it does not say. `changed` is when the file was written."""
    if path.suffix != ".svg":
        width, height = imagesize.get(path)
        return (width, height) if width > 0 else None
    match = SVG_SIZE.search(path.read_text(encoding="utf-8")[:2000])
    if not match:
        return None
    one, other = (float(match[group]) * PIXELS[match[3]] for group in (2, 4))
    return (round(one), round(other)) if match[1] == "width" else (round(other), round(one))


def dark(svg):
    """A drawing for a dark page; None for one that Matplotlib did not draw, or whose colours mean numbers."""
    if "matplotlib" not in svg[:3000] or COLOUR_MAP.search(svg):
        return None
    svg = COLOUR.sub(lambda match: DARK.get(match[0], match[0]), svg)
    # Letters without a colour of their own are black.
    return svg.replace("<svg ", '<svg fill="#e8eaed" ', 1)


def finish_images(app, pagename, templatename, context, doctree):
    """Complete the images of a page."""
    sources = {goal: Path(app.srcdir, source) for source, goal in getattr(app.builder, "images", {}).items()}
    folder = Path(app.outdir) / "_images"
    first = True

    def complete(match):
        nonlocal first
        tag, path = match[0].rstrip("/> "), sources.get(unquote(match[2]))
        if path is None or not path.is_file() or not (found := size(path, path.stat().st_mtime)):
            return match[0]
        tag += f' width="{found[0]}" height="{found[1]}" decoding="async"'
        tag += "" if first else ' loading="lazy"'
        first = False
        twin = dark(path.read_text(encoding="utf-8")) if path.suffix == ".svg" else None
        if twin is None:
            return f"{classed(tag, 'dark-light light-card')} />"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{path.stem}-dark.svg").write_text(twin, encoding="utf-8")
        # Classes of our own: with the theme's, `only-light`, it hides the caption of the other picture too.
        other = tag.replace(match[2], match[2].replace(".svg", "-dark.svg")).replace(' loading="lazy"', "")
        return f'{classed(tag, "dark-light in-light")} />\n{classed(other, "dark-light in-dark")} loading="lazy" />'

    if context.get("body"):
        context["body"] = IMAGE.sub(complete, context["body"])


def classed(tag, names):
    """A tag with more classes."""
    return re.sub(r'class="', f'class="{names} ', tag, count=1) if 'class="' in tag else f'{tag} class="{names}"'


def setup(app):
    app.connect("html-page-context", finish_images)
