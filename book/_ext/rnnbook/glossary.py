"""The glossary's Chinese terms are marked as Chinese, for a voice that reads the page aloud; its chapters are links."""

import re


def finish_glossary(app, pagename, templatename, context, doctree):
    """Say of the glossary's Chinese terms that they are Chinese; link the chapters that its entries end with."""
    if ' glossary">' not in context.get("body", ""):
        return
    chapters = {int(m[1]): name for name in app.env.found_docs if (m := re.fullmatch(r"book/(\d\d)-[^/]*", name))}

    def link(match):
        if not (chapter := chapters.get(int(match[1]))):
            return match[0]
        return f'<a class="reference internal" href="{context["pathto"](chapter)}">{match[0]}</a>'

    def links(match):
        return re.sub(r"(?:[Cc]hapters? )?(\d+)", link, match[0])

    body = re.sub(r"<dt( id=[^>]*>[^<]*[\u4e00-\u9fff])", r'<dt lang="zh-Hans"\1', context["body"])
    context["body"] = re.sub(r"Chapters? [^<.]*(?=\.</p>)", links, body)


def setup(app):
    app.connect("html-page-context", finish_glossary)
