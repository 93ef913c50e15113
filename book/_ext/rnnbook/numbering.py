"""Chapter, figure and equation numbers follow the file's name: the pages of chapter 3 are numbered 3."""

import re

from sphinx.environment.collectors.toctree import TocTreeCollector
from sphinx_external_toc.collectors import TocTreeCollectorWithStyles

CHAPTER = re.compile(r"(\d\d)-[^/]*(?:/[^/]*)?$")  # a chapter's first page, and those in its folder


def number_by_file_name(assign):
    """Wrap Sphinx's numbering: the first number of a page NN-name becomes NN."""

    def assign_section_numbers(self, env):
        old = env.toc_secnumbers
        assign(self, env)
        for docname, numbers in env.toc_secnumbers.items():
            match = CHAPTER.search(docname)
            if not match:
                continue

            def renumber(number, chapter=int(match[1])):
                return (chapter, *number[1:]) if number else number

            env.toc_secnumbers[docname] = {anchor: renumber(n) for anchor, n in numbers.items()}
            for node in [env.titles[docname], *env.tocs[docname].findall()]:
                if getattr(node, "get", None) and node.get("secnumber"):
                    node["secnumber"] = renumber(tuple(node["secnumber"]))
        return [docname for docname, numbers in env.toc_secnumbers.items() if numbers != old.get(docname)]

    return assign_section_numbers


def setup(app):
    # The collector in use is a subclass that counts its own way; Sphinx's own count is the one wrapped.
    TocTreeCollectorWithStyles.assign_section_numbers = number_by_file_name(TocTreeCollector.assign_section_numbers)
