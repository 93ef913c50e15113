"""The pieces that draw formulas, set numbers, recolour figures and join style sheets, without a book."""

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "book" / "_ext"))

from rnnbook import figures, folds, mathematics, styles, tables, typography  # noqa: E402


@pytest.fixture
def drawer(tmp_path):
    drawer = mathematics.Drawer(tmp_path / "kept.json")
    yield drawer
    drawer.keep()


def test_a_formula_is_drawn_with_mathml_and_its_outlines(drawer, tmp_path):
    drawn = drawer.draw(r"h_t = \tanh(x_t W_{xh})", False)
    assert "<svg" in drawn and "<mi>tanh</mi>" in drawn and "ex;" not in drawn
    outlines = drawer.outlines_of(drawn)
    assert all(f'id="{name}"' in outlines for name in mathematics.re.findall(r'href="#(m-[^"]+)"', drawn))
    drawer.keep()
    again = mathematics.Drawer(tmp_path / "kept.json")
    assert again.draw(r"h_t = \tanh(x_t W_{xh})", False) == drawn and again.outlines_of(drawn) == outlines
    assert "engine" not in again.__dict__, "what was drawn before needs no V8"


def test_tex_that_nobody_knows_is_refused(drawer):
    with pytest.raises(ValueError, match=r"Undefined control sequence .*nonsense"):
        drawer.draw(r"\nonsense", True)


@pytest.mark.parametrize(
    "written, shown",
    [
        ("off by -0.4262", "off by \u22120.4262"),
        ("e = 1e-05, against 9e-06", "e =\u00a010\u22125, against 9\u202f\u00d7\u202f10\u22126"),
        ("1970-1980 and well-known", "1970-1980 and well-known"),
        ("chapter 3, 5 %", "chapter\u00a03, 5\u00a0%"),
        ("LSTM-4 and page2e5", "LSTM-4 and page2e5"),
    ],
)
def test_numbers_look_like_print(written, shown):
    assert "".join(node.astext() for node in typography.powers(written)) == shown


def test_a_figure_for_the_dark_keeps_colours_that_mean_numbers():
    head = '<svg width="10pt" height="5pt"><!-- matplotlib -->'
    assert figures.dark(f'{head}<path style="fill: #ffffff; stroke: #0072b2"/></svg>').count("#15181d") == 1
    assert figures.dark(f"{head}<image/></svg>") is None


@pytest.mark.parametrize(
    "code, numbers, printed, name",
    [
        ("plt.plot(x)", ["3.2"], False, "How figure 3.2 is drawn"),
        ("import numpy", [], False, "What this page imports and sets up"),
        ("agree('dz', a, b)", [], True, "The check against a second computation"),
        ("def train(x):\n    pass", [], False, "The code of train"),
    ],
)
def test_a_fold_is_named_after_what_it_holds(code, numbers, printed, name):
    assert folds.code_name(code, numbers, printed) == name


def test_rules_for_what_no_page_has_are_left_out():
    assert styles.kept_selectors(".btn, .modal .btn, a:not(.gone)", {"btn"}) == [".btn", "a:not(.gone)"]
    rules = list(styles.without_script("html[data-theme=dark] p", "color: white"))
    assert rules[1] == "@media (prefers-color-scheme: dark){html[data-theme=auto] p{color: white}}"


def test_cells_with_numbers_stand_on_the_right():
    context = {
        "body": '<table><thead><tr><th class="head"></th></tr></thead><td><p>1,024</p></td><td>word 1</td></table>'
    }
    tables.finish_tables(None, "page", "", context, None)
    assert '<td class="number"><p>1,024</p></td><td>word 1</td>' in context["body"]
    assert "<th" not in context["body"].replace("<thead", "")
