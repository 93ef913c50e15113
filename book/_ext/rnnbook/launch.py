"""Launch buttons and a link to the source appear when BOOK_REPOSITORY=owner/name says where the book is published.

What a page says of them stands in ```` ```{published} ```` and is left out where nothing is published; `REPOSITORY` in
it is the address. ```` ```{unpublished} ```` is what the page says otherwise.
"""

import os
import re

from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective


def set_repository(app, config):
    """Offer Binder, Colab and a link to the source, where the source has a public address."""
    repository = os.environ.get("BOOK_REPOSITORY", "")
    config.rnnbook_repository = repository and f"https://github.com/{repository}"
    if not repository:
        return
    if not re.fullmatch(r"[\w.-]+/[\w.-]+", repository):
        raise ValueError(f"BOOK_REPOSITORY must read owner/name, but is {repository!r}.")
    config.html_theme_options |= {
        "repository_url": config.rnnbook_repository,
        "repository_branch": os.environ.get("BOOK_BRANCH", "main"),
        "use_repository_button": True,
        "use_issues_button": True,
        "launch_buttons": {
            "notebook_interface": "jupyterlab",
            "binderhub_url": "https://mybinder.org",
            "colab_url": "https://colab.research.google.com",
        },
    }


def offer_colab_for_notebooks_only(app, pagename, templatename, context, doctree):
    """Drop Colab's button from the chapters: it opens .ipynb files, and a chapter is a text file."""
    if not app.env.doc2path(pagename).endswith(".ipynb"):
        for group in context.get("header_buttons", []):
            if group.get("label") == "launch-buttons":
                group["buttons"] = [button for button in group["buttons"] if button["text"] != "Colab"]


class Published(SphinxDirective):
    """Content for a book that is published, or, as `unpublished`, for one that is not."""

    has_content = True

    def run(self):
        address = self.config.rnnbook_repository
        if bool(address) != (self.name == "published"):
            return []
        self.content = StringList(
            [line.replace("REPOSITORY", address) for line in self.content], self.content.source(0)
        )
        return self.parse_content_to_nodes()


def setup(app):
    app.add_config_value("rnnbook_repository", "", "env")
    app.add_directive("published", Published)
    app.add_directive("unpublished", Published)
    app.connect("config-inited", set_repository, priority=100)
    app.connect("html-page-context", offer_colab_for_notebooks_only, priority=900)  # after the theme made its buttons
