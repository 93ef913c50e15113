"""One style sheet for the whole site, with what its pages use: the theme's ten would hold up the first paint.

A second one, at the end of a page, has the fonts that the first lines do not need. Fonts stand in the sheets
themselves, because a page on disk may not load a font file. Rules for classes that no page and no script names are
left out. Readers whose browser runs no script get the colours that their system asks for: the theme has no rule for
`data-theme="auto"`.
"""

import base64
import re
from pathlib import Path

import tinycss2

SHEET, LATE = "_static/site.css", "_static/type-late.css"
BEFORE = (
    "_static/basic.css",
    "_static/styles/bootstrap.css",
    "_static/styles/pydata-sphinx-theme.css",
    "_static/icons.css",
)
CLASS = re.compile(r"\.(-?[A-Za-z_][\w-]*)")
WORD = re.compile(r"-?[A-Za-z_][\w-]*")
IMPORT = re.compile(r"@import[^;]*;")
URL = re.compile(r"url\(\s*(['\"]?)(?!data:|https?:|#)([^)'\"]+)\1\s*\)")


def names_used(out):
    """Every word of a class attribute or of a script in the site."""
    names = set()
    for page in out.rglob("*.html"):
        if "_static" not in page.relative_to(out).parts:
            for value in re.findall(r'class=[\\"\']+([^"\'\\]*)', page.read_text(encoding="utf-8")):
                names.update(value.split())
    for script in (out / "_static").rglob("*.js"):
        names.update(WORD.findall(script.read_text(encoding="utf-8")))
    return names


def kept_selectors(prelude, names):
    """The selectors of a rule that can match something in the site."""
    selectors = [part.strip() for part in split(prelude)]
    return [part for part in selectors if all(name in names for name in required(part))]


def split(selectors):
    """Split at the commas outside brackets."""
    parts, depth = [""], 0
    for sign in selectors:
        depth += (sign in "([") - (sign in ")]")
        if sign == "," and not depth:
            parts.append("")
        else:
            parts[-1] += sign
    return parts


def required(selector):
    """Classes without which a selector matches nothing: those that stand outside of `:not(...)` and its like."""
    plain = re.sub(r"\[[^\]]*\]", "", selector)
    while (shorter := re.sub(r":[\w-]+\([^()]*\)", "", plain)) != plain:
        plain = shorter
    return CLASS.findall(plain)


def reduced(rules, names):
    """Rules as text, without those for what is not in the site, and with those for a reader without scripts."""
    text = []
    for rule in rules:
        if rule.type == "qualified-rule":
            selectors = kept_selectors(tinycss2.serialize(rule.prelude), names)
            if selectors:
                body = re.sub(r"\s+", " ", tinycss2.serialize(rule.content)).strip()
                text += [line for line in without_script(",".join(selectors), body)]
        elif rule.type == "at-rule" and rule.content is not None:
            prelude = tinycss2.serialize(rule.prelude).strip()
            if rule.lower_at_keyword in ("media", "supports"):
                inner = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
                if kept := reduced(inner, names):
                    text.append(f"@{rule.at_keyword} {prelude}{{{kept}}}")
            else:
                text.append(f"@{rule.at_keyword} {prelude}{{{tinycss2.serialize(rule.content).strip()}}}")
    return "\n".join(text)


def without_script(selectors, body):
    """A rule, and what it says to a reader whose browser runs no script, with the system's colours."""
    light, dark = (rf'html\[data-theme=["\']?{theme}["\']?\]' for theme in ("light", "dark"))
    yield f"{re.sub(light, 'html:is([data-theme=light],[data-theme=auto])', selectors)}{{{body}}}"
    if re.search(dark, selectors):
        automatic = re.sub(dark, "html[data-theme=auto]", selectors)
        yield f"@media (prefers-color-scheme: dark){{{automatic}{{{body}}}}}"


def make_sheet(app, error):
    """Write the one sheet from those that pages would load."""
    if error is not None or app.builder.format != "html":
        return
    out = Path(app.outdir)
    names = names_used(out)
    own = [str(sheet.filename).partition("?")[0] for sheet in sorted(app.builder._css_files, key=lambda s: s.priority)]
    names_of_sheets = [*BEFORE, *(name if name.startswith("_static/") else f"_static/{name}" for name in own)]
    text = [reduced(rules(out / name, out), names) for name in dict.fromkeys(names_of_sheets) if (out / name).is_file()]
    (out / SHEET).write_text("\n".join(text), encoding="utf-8")
    (out / LATE).write_text(reduced(rules(out / LATE, out), names), encoding="utf-8")


def rules(path, out):
    """The rules of a sheet, with addresses as they are from `_static`, and fonts in place of theirs."""

    def place(match):
        target = (path.parent / match[2]).resolve()
        if target.suffix == ".woff2":
            return f"url(data:font/woff2;base64,{base64.b64encode(target.read_bytes()).decode()})"
        return f"url({target.relative_to((out / '_static').resolve()).as_posix()})"

    css = URL.sub(place, IMPORT.sub("", path.read_text(encoding="utf-8")))
    return tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)


def setup(app):
    app.connect("build-finished", make_sheet, priority=910)  # after the theme wrote its own, and the icons
