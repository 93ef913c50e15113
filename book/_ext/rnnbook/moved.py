"""Old addresses lead on: whoever kept a link to a page or a place arrives, though the page was split or renamed.

``book/_data/addresses.txt`` lists addresses that the book has had, such as ``book/04-gradients.html#the-bound``; none
is ever taken out. One that is no more leads

1. to where ``book/_data/moved.json`` says, by page and place ("" is the page itself); else
2. to the one place of the same name in the book, or in the folder that the page was split into.

``tests/site/test_moved.py`` fails for an address that leads nowhere, and says which.
"""

import json
import re
from pathlib import Path

from sphinx.util.osutil import relative_uri

DATA = Path(__file__).resolve().parents[2] / "_data"
PLACE = re.compile(r'\sid="([^"]+)"')
SCRIPT = re.compile(r'<script id="moved">.*?</script>\n', re.S)
TO_PLACE = """\
<script id="moved">(function (moved) {{
  function lead() {{
    var name = decodeURIComponent(location.hash.slice(1));
    if (moved.hasOwnProperty(name)) location.replace(moved[name]);
  }}
  lead();
  window.addEventListener("hashchange", lead);
}})({moved});</script>
"""
MOVED = "<title>This page has moved</title>"
TO_PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<title>This page has moved</title>
<script>(function (moved) {{
  var name = decodeURIComponent(location.hash.slice(1));
  location.replace(moved.hasOwnProperty(name) ? moved[name] : "{goal}" + location.hash);
}})({moved});</script>
<meta http-equiv="Refresh" content="0; url={goal}" />
</head>
<body><p>This page has moved to <a href="{goal}">another address</a>.</p></body>
</html>
"""


def goals(addresses, told, places):
    """Say where each address leads that is no more.

    Args:
        addresses: list of addresses ``page#place`` or ``page``.
        told: dict from a page to a dict from its place, or "", to an address.
        places: dict from each page that there is to the set of its places.

    Returns:
        A dict from page to a dict from place to the new address; None where nobody knows it.
    """
    found = {}
    for address in addresses:
        page, _, place = address.partition("#")
        if page in places and (not place or place in places[page]):
            continue
        goal = told.get(page, {}).get(place)
        if goal is None and place:
            homes = [other for other in places if place in places[other]]
            inside = [other for other in homes if other.startswith(page.removesuffix(".html") + "/")]
            for those in (inside, homes):
                if len(those) == 1:
                    goal = f"{those[0]}#{place}"
                    break
        found.setdefault(page, {})[place] = goal
    return found


def places(out):
    """Each page of a built site by its path, with the set of its places; those that only lead on are no pages."""
    found = {}
    for path in out.rglob("*.html"):
        if "_static" not in path.relative_to(out).parts:
            text = path.read_text(encoding="utf-8")
            if MOVED not in text:
                found[path.relative_to(out).as_posix()] = set(PLACE.findall(text))
    return found


def known():
    """The addresses that the book has had, and what is told of those that moved."""
    addresses = (DATA / "addresses.txt").read_text(encoding="utf-8").split()
    return addresses, json.loads((DATA / "moved.json").read_text(encoding="utf-8"))


def lead_on(out, addresses, told):
    """Write into the pages of a site, and beside them, what leads on."""
    here = places(out)
    moved = goals(addresses, told, here)
    for page in here:
        path = out / page
        text = path.read_text(encoding="utf-8")
        new = SCRIPT.sub("", text)
        if script := to_places(page, moved.get(page, {})):
            new = new.replace("</title>\n", "</title>\n" + script, 1)
        if new != text:
            path.write_text(new, encoding="utf-8")
    for page in moved.keys() - here.keys():
        if goal := moved[page].get(""):
            (out / page).parent.mkdir(parents=True, exist_ok=True)
            text = TO_PAGE.format(goal=relative(page, goal), moved=table(page, moved[page]))
            (out / page).write_text(text, encoding="utf-8")


def relative(page, goal):
    """An address as a page names it."""
    path, hash_, place = goal.partition("#")
    return ("" if path == page else relative_uri(page, path)) + hash_ + place


def table(page, moved):
    """Where places of a page lead, for its script."""
    return json.dumps({place: relative(page, goal) for place, goal in sorted(moved.items()) if place and goal})


def to_places(page, moved):
    """The script that leads on from places of a page; empty where none moved."""
    return TO_PLACE.format(moved=table(page, moved)) if any(place and goal for place, goal in moved.items()) else ""


def finish(app, error):
    """Lead on, once every page is written."""
    if error is None and app.builder.format == "html":
        lead_on(Path(app.outdir), *known())


def setup(app):
    app.connect("build-finished", finish, priority=940)  # after what left the book was removed
