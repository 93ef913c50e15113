"""Whatever measures, compares or names a cause carries the mark of a claim, or stands in a list of exceptions.

The list is `unmarked.txt`, a file in each line with the reason. It may only become shorter: `FILES` is its length,
and `COMMENTS` is how many parts of the other pages say ``% no claim: reason``. Lower them when you can; a chapter that
leaves the list brings its comments along.
"""

import re
from pathlib import Path

import pytest

from experiments.claims import claims
from tests.experiments.marks import MARK, Part, parts_of_glossary, parts_of_notebook, parts_of_page, parts_of_program

ROOT = Path(__file__).resolve().parents[2]
EXCEPTIONS = dict(
    line.split(": ", 1) for line in (Path(__file__).parent / "unmarked.txt").read_text(encoding="utf-8").splitlines()
)
FILES = 30
COMMENTS = 100


def parts(path):
    """All parts of a file, by its kind."""
    source = (ROOT / path).read_text(encoding="utf-8")
    if path == "book/glossary.md":
        return parts_of_glossary(source)
    return {".md": parts_of_page, ".ipynb": parts_of_notebook, ".py": parts_of_program}[Path(path).suffix](source)


def files():
    """Every file that says something to a reader."""
    found = [*ROOT.glob("book/*.md"), *ROOT.glob("book/[0-9]*/*.md"), *ROOT.glob("solutions/*/??-*.ipynb")]
    found += ROOT.glob("rnnlib/**/*.py")
    return sorted(path.relative_to(ROOT).as_posix() for path in found)


@pytest.mark.parametrize("path", [path for path in files() if path not in EXCEPTIONS])
def test_what_is_claimed_is_marked(path):
    bare = [part for part in parts(path) if part.needs_a_mark]
    assert not bare, "\n".join(["", *(f"{path}:{part.line}: {part.text[:100]!r}" for part in bare)])


@pytest.mark.parametrize("path", EXCEPTIONS)
def test_an_exception_is_needed_and_says_why(path):
    assert len(EXCEPTIONS[path]) > 10
    assert any(part.needs_a_mark for part in parts(path)), "everything in it is covered: take it off the list"


def test_there_are_no_more_exceptions_than_before():
    comments = [p.reason for path in files() if path not in EXCEPTIONS for p in parts(path) if p.reason]
    assert all(len(reason) > 6 for reason in comments)
    assert len(EXCEPTIONS) == FILES and len(comments) <= COMMENTS, (len(EXCEPTIONS), len(comments))


def test_every_claim_stands_on_a_page():
    said = {name for path in files() if path.endswith(".md") for name in names(ROOT / path)}
    assert set(claims()) <= said, sorted(set(claims()) - said)
    assert said <= set(claims()), sorted(said - set(claims()))


def names(path):
    """The claims that a page names."""
    text = re.sub(r"`` .*? ``", "", path.read_text(encoding="utf-8"))  # what shows how a mark is written
    return set(re.findall(r"\{(?:claim|mark|effect)\}`([^`]+)`", text))


PAGE = """\
---
kernelspec: x
---

# Better

ReLU is better than tanh.

% no claim: arithmetic
It is so because two is more than one.

It is so because two is more than one.

| net | score |
|---|---|
| a | {glue:text}`a:.2f` |

```{code-cell} ipython3
---
mystnb:
  image:
    alt: >-
      The best net is the red one.
  figure:
    name: fig-x
    caption: |
      Nets. {mark}`a.b.c`
---
better = "because"
```

:::{admonition} Answer to 1
:class: dropdown
**(a)** wins.
:::

It grows because it must {cite:p}`x`.
"""


def test_the_parts_of_a_page():
    found = parts_of_page(PAGE)
    assert [part.line for part in found if part.needs_a_mark] == [7, 12, 14, 32]
    assert [part.reason for part in found if part.reason] == ["arithmetic"]
    assert MARK.search(found[4].text) and "best" in found[4].text


def test_the_other_kinds():
    assert parts_of_program('def f():\n    """F.\n\n    Notes:\n        It is faster than g.\n    """\n')[
        0
    ].needs_a_mark
    notebook = '{"cells": [{"cell_type": "markdown", "source": ["a better net"]}, {"cell_type": "code", "source": []}]}'
    assert [part.needs_a_mark for part in parts_of_notebook(notebook)] == [True]
    assert parts_of_glossary("```{glossary}\na\nb\n  It wins.\n\nc\nd\n  It is.\n```")[0] == Part(2, "a\nb\n  It wins.")
