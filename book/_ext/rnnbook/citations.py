"""The bibliography's order: by author and year, as the citations name them."""

from functools import cache

import pybtex.plugin
from pybtex.plugin import register_plugin
from pybtex.style.formatting.unsrt import Style as UnsrtStyle


class AuthorYearStyle(UnsrtStyle):
    """Entries sorted by author and year, to match citations by author and year."""

    default_sorting_style = "author_year_title"


def setup(app):
    # Or each citation reads what all installed packages register, to find the same style again.
    pybtex.plugin.entry_points = cache(pybtex.plugin.entry_points)
    register_plugin("pybtex.style.formatting", "author_year_sorted", AuthorYearStyle)
