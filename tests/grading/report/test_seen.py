"""The pages in Chromium: wide and narrow, light and dark; nothing runs, nothing is loaded, nobody is shut out."""

from dataclasses import replace

import pytest

from grading.judge.verdict import CellError, CellRecord
from grading.report import feedback, report
from grading.report.feedback import Given, Lateness
from grading.report.similar import similar
from tests.grading.made_up import edited, made_class, verdict
from tests.site.conftest import browser  # noqa: F401  a fixture
from tests.site.visits import SIZES, barriers

ATTACK = "<script>document.title = 'hacked'</script><img src=x onerror=\"document.title = 'hacked'\">"


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """A page of each kind, with all that it can hold and an attack in each text: dict from kind to path."""
    folder = tmp_path_factory.mktemp("pages")
    marks = verdict({"rnn_step": "no-tanh", "softmax": "overflow", "rnn_forward": "error", "perplexity": "unwritten"},
                    notes=("The cell of one_hot is missing.", ATTACK), status="died", reason=ATTACK)  # fmt: skip
    marks = edited(marks, "tests", 2, text=ATTACK, trace=ATTACK)
    marks = edited(marks, "cells", 1, source=f"{ATTACK} + {'long_name ' * 60}")
    stopped = CellRecord("imports", "other", "error", ATTACK, CellError("ValueError", ATTACK, "x" * 300), ATTACK)
    marks = replace(marks, cells=(*marks.cells, stopped))
    given = {"open-question": Given(3.0, ATTACK)}
    copied = "def one_hot(ids, V):\n    return [[k in row for row in ids if row not in V] for k in ids]"
    crowd = {**made_class(12), ATTACK: marks, "a": verdict(), "b": verdict()}
    for student in "ab":
        crowd[student] = edited(crowd[student], "cells", 0, source=copied + f"  # {ATTACK}")
    return {
        "feedback": feedback.write(marks, ATTACK, folder, given, Lateness(1.0, "two days late")),
        "class": report.class_report(crowd, "02-forward", folder / "reports"),
        "similar": similar(crowd, [], "02-forward", folder / "reports", most=2),
    }


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("kind", ["feedback", "class", "similar"])
def test_page(browser, written, kind, size, theme):  # noqa: F811
    width, height = SIZES[size]
    # Without the page's own ban on scripts: what is escaped must not need it.
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=theme, is_mobile=size == "phone", bypass_csp=True
    )
    page, asked, trouble = context.new_page(), [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: trouble.append(message.text))
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.goto(written[kind].as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
    assert page.title() != "hacked"
    assert asked == [written[kind].as_uri()] and not trouble
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert not barriers(page)
    context.close()
