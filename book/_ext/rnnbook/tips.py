"""Terms, equations, figures and works show themselves where they are named, without leaving the page.

What a link to another page would show is written beside the site, a script for each page that is linked to; `tips.js`
loads it when a reader first points at such a link. What stands on the same page needs no copy.
"""

import json
import re
from pathlib import Path

TERM = re.compile(r'<dt[^>]* id="(term-[^"]+)"[^>]*>')
EQUATION = re.compile(r'<div class="math[^"]*" id="(equation-[^"]+)">(.*?</mjx-container>).*?</div>', re.S)
FIGURE = re.compile(r'<figure[^>]* id="([^"]+)"[^>]*>.*?</figure>', re.S)
WORK = re.compile(r'<div class="citation"[^>]* id="([^"]+)"[^>]*>(.*?)</div>', re.S)
ONLY_HERE = re.compile(r'<a class="headerlink".*?</a>|<span class="backrefs">.*?</span>|\s(?:id|loading)="[^"]*"', re.S)


def clean(html):
    """A piece of a page without what belongs to its place there."""
    return " ".join(ONLY_HERE.sub("", html).split())


def pieces(body):
    """What links to a page can mean, by its id."""
    found = {}
    for part in re.split(r"(?<=</dd>)", body):
        explained = re.search(r"<dd>(.*?)</dd>", part, re.S)
        if explained:
            found |= {name: clean(explained[1]) for name in TERM.findall(part)}
    found |= {match[1]: clean(match[2]) for match in EQUATION.finditer(body)}
    found |= {match[1]: clean(match[0]) for match in FIGURE.finditer(body)}
    found |= {
        match[1]: clean(re.sub(r'<span class="label">.*?</span></span>', "", match[2], flags=re.S))
        for match in WORK.finditer(body)
    }
    return found


def keep_pieces(app, pagename, templatename, context, doctree):
    """Write what links to a page can show."""
    if doctree is None or app.builder.format != "html":
        return
    found = pieces(context["body"])
    path = Path(app.outdir) / "_static" / "tips" / f"{pagename.replace('/', '-')}.js"
    path.parent.mkdir(parents=True, exist_ok=True)
    outlines = app.rnnbook_drawer.outlines_of("".join(found.values()))
    page = {"outlines": outlines, "pieces": found}
    path.write_text(f"rnnbookTips({json.dumps(pagename)}, {json.dumps(page)});\n", encoding="utf-8")


def setup(app):
    app.connect("html-page-context", keep_pieces, priority=980)  # of pages as they are at the end
