"""Launch buttons and a link to the source appear when BOOK_REPOSITORY=owner/name says where the book is published."""

import os
import re


def set_repository(app, config):
    """Offer Binder, Colab and a link to the source, where the source has a public address."""
    repository = os.environ.get("BOOK_REPOSITORY", "")
    if not repository:
        return
    if not re.fullmatch(r"[\w.-]+/[\w.-]+", repository):
        raise ValueError(f"BOOK_REPOSITORY must read owner/name, but is {repository!r}.")
    config.html_theme_options |= {
        "repository_url": f"https://github.com/{repository}",
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


def setup(app):
    app.connect("config-inited", set_repository, priority=100)
    app.connect("html-page-context", offer_colab_for_notebooks_only, priority=900)  # after the theme made its buttons
