"""Tables that a voice can read and an eye can follow: header cells say what they head, numbers stand on the right."""

import re

HEAD = re.compile(r"<thead>.*?</thead>", re.S)
EMPTY = re.compile(r"<th\b([^>]*)>(?:<p>)?\s*(?:</p>)?</th>")
NUMBER = re.compile(r"<td([^>]*)>(<p>)?([\u2212-]?\d[\d,.\u202f\u00a0]*(?:\s?[%\u00d7])?)(</p>)?</td>")


def finish_tables(app, pagename, templatename, context, doctree):
    """Complete the tables of a page."""
    if "<table" not in context.get("body", ""):
        return

    def head(match):
        # A corner without words heads nothing: to a voice it is an empty cell.
        row = EMPTY.sub(r"<td\1></td>", match[0])
        return re.sub(r"<th\b(?![^>]*\bscope=)", '<th scope="col"', row)

    body = HEAD.sub(head, context["body"])
    body = re.sub(r'<th\b(?=[^>]*\bclass="[^"]*\bstub\b)(?![^>]*\bscope=)', '<th scope="row"', body)
    context["body"] = NUMBER.sub(number, body)


def number(match):
    """A cell with a number in it."""
    classes = re.search(r'class="([^"]*)"', match[1])
    rest = match[1].replace(classes[0], "").rstrip() if classes else match[1]
    named = f"{classes[1]} number" if classes else "number"
    return f'<td class="{named}"{rest}>{match[2] or ""}{match[3]}{match[4] or ""}</td>'


def setup(app):
    app.connect("html-page-context", finish_tables)
