"""The theme's icons: of a font of 500 kB the dozen that the pages show, inside one small style sheet.

A page on disk may not load a font file, so the font stands in the sheet itself.
"""

import base64
import io
import logging
import re
from functools import cache
from pathlib import Path

import pydata_sphinx_theme
from fontTools import subset
from fontTools.ttLib import TTFont

logging.getLogger("fontTools").setLevel(logging.WARNING)  # a line for each table otherwise
VENDOR = Path(pydata_sphinx_theme.__file__).parent / "theme/pydata_sphinx_theme/static/vendor/fontawesome"
FACES = {"solid": ("fa-solid-900.ttf", "Free", 900), "brands": ("fa-brands-400.ttf", "Brands", 400)}
IN_PAGE = re.compile(r'class="[^"]*\b(fa-(?:solid|brands)|fa[sb])\b[^"]*"')
SHEET = """\
.fa-solid,.fas,.fa-brands,.fab{{display:inline-block;line-height:1;font-style:normal;font-variant:normal;
text-rendering:auto;-webkit-font-smoothing:antialiased}}
.fa-solid,.fas{{font-family:"Font Awesome 6 Free";font-weight:900}}
.fa-brands,.fab{{font-family:"Font Awesome 6 Brands";font-weight:400}}
.fa-lg{{font-size:1.25em;line-height:.05em;vertical-align:-.075em}}
{faces}
{rules}
"""


@cache
def characters():
    """The character of each icon, by its name."""
    (sheet,) = VENDOR.glob("*/css/all.min.css")
    found = {}
    for names, code in re.findall(r'([^{}]+){content:"\\([0-9a-f]+)"}', sheet.read_text(encoding="utf-8")):
        found |= {name: int(code, 16) for name in re.findall(r"\.fa-([\w-]+):before", names)}
    return found


def face(kind, wanted):
    """A font face that holds the wanted characters and no others; empty where it has none of them."""
    file, name, weight = FACES[kind]
    (path,) = VENDOR.glob(f"*/webfonts/{file}")
    font = TTFont(path)
    if not wanted & set(font.getBestCmap()):
        return ""
    small = subset.Subsetter(subset.Options(hinting=False, layout_features=[], notdef_outline=True))
    small.populate(unicodes=wanted)
    small.subset(font)
    font.flavor = "woff"
    # The time of writing stays out, so that the same icons are the same file.
    font["head"].modified = font["head"].created
    font.recalcTimestamp = False
    font.save(data := io.BytesIO())
    source = base64.b64encode(data.getvalue()).decode()
    return (
        f'@font-face{{font-family:"Font Awesome 6 {name}";font-weight:{weight};font-display:block;'
        f'src:url(data:font/woff;base64,{source}) format("woff")}}'
    )


def make_icons(app, error):
    """Write the style sheet of the icons that stand in any page."""
    if error is not None or app.builder.format != "html":
        return
    names = set()
    for page in Path(app.outdir).rglob("*.html"):
        for tag in IN_PAGE.finditer(page.read_text(encoding="utf-8")):
            names |= set(re.findall(r"\bfa-([\w-]+)", tag[0]))
    shown = {name: character for name, character in characters().items() if name in names}
    faces = "\n".join(filter(None, (face(kind, set(shown.values())) for kind in FACES)))
    rules = "\n".join(f'.fa-{name}::before{{content:"\\{code:x}"}}' for name, code in sorted(shown.items()))
    (Path(app.outdir) / "_static/icons.css").write_text(SHEET.format(faces=faces, rules=rules), encoding="utf-8")


def setup(app):
    app.connect("build-finished", make_icons, priority=900)  # after the theme
