"""Every page in both themes, as a reader has it, against every rule of axe: nothing is left out or made simpler for it.

This takes a quarter of an hour or longer, so `make test-all-barriers` runs it by night and before a release. On every
change, `test_browser.py` asks the rules of WCAG 2.1 AA of every page, with the text of code in one colour and a letter
for each formula: they are the most of a page's elements. Pytest collects this file only where it is named.
"""

import pytest

from tests.site.test_browser import PAGES


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_nobody_is_shut_out(visit, address, name, theme):
    from axe_playwright_python.sync_playwright import Axe

    page = visit(f"{address}/{name}.html", theme=theme).page
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    assert not found, "\n".join(
        f"{v['id']} ({v['impact']}): {v['help']}\n   {node['html'][:150]}\n   {node['failureSummary'][:200]}"
        for v in found
        for node in v["nodes"][:4]
    )
