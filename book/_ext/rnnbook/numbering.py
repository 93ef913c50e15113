"""Chapter, figure and equation numbers follow the file's name: the pages of chapter 3 are numbered 3.

Where a chapter has pages in its folder, they are numbered from 1. The sections of its first page come before them in
Sphinx's count, although they are read with the whole chapter in mind, and have no number.
"""

import re

from sphinx.environment.collectors.toctree import TocTreeCollector
from sphinx_external_toc.collectors import TocTreeCollectorWithStyles

CHAPTER = re.compile(r"(\d\d)-[^/]*(?:/[^/]*)?$")  # a chapter's first page, and those in its folder


def number_by_file_name(assign):
    """Wrap Sphinx's numbering: a page NN-name begins with NN, and a first page's sections lose theirs."""

    def assign_section_numbers(self, env):
        old = env.toc_secnumbers
        assign(self, env)
        folders = {name.rpartition("/")[0] for name in env.toc_secnumbers}
        sections = {  # by chapter, how many of its first page stand before its pages
            int(CHAPTER.search(name)[1]): sum(len(n or ()) == 2 for n in numbers.values())
            for name, numbers in env.toc_secnumbers.items()
            if name in folders and CHAPTER.search(name)
        }
        for docname, numbers in env.toc_secnumbers.items():
            match = CHAPTER.search(docname)
            if not match:
                continue
            chapter, first = int(match[1]), docname in folders
            before = sections.get(chapter, 0)

            def renumber(number, chapter=chapter, first=first, before=before):
                if not number or len(number) == 1:
                    return (chapter,) if number else number
                return () if first else (chapter, number[1] - before, *number[2:])

            env.toc_secnumbers[docname] = {anchor: renumber(n) for anchor, n in numbers.items()}
            for node in [env.titles[docname], *env.tocs[docname].findall()]:
                if getattr(node, "get", None) and node.get("secnumber"):
                    node["secnumber"] = renumber(tuple(node["secnumber"])) or None
        return [docname for docname, numbers in env.toc_secnumbers.items() if numbers != old.get(docname)]

    return assign_section_numbers


def setup(app):
    # The collector in use is a subclass that counts its own way; Sphinx's own count is the one wrapped.
    TocTreeCollectorWithStyles.assign_section_numbers = number_by_file_name(TocTreeCollector.assign_section_numbers)
