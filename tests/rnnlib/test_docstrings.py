"""Every public name of rnnlib is explained: what it takes, name by name, and which chapter teaches it."""

import inspect
import re
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# The list that the book's reference pages are made from, so that what is shown is what is tested.
SPEC = spec_from_file_location("public", ROOT / "book/_ext/rnnbook/public.py")
SPEC.loader.exec_module(public := module_from_spec(SPEC))


def full_name(thing):
    return f"{thing.__module__}.{thing.__qualname__}"


OBJECTS = [thing for module in public.modules() for thing in public.objects(module)]
OWNERS = {method: thing for thing in OBJECTS if inspect.isclass(thing) for method in public.methods(thing)}
EVERYTHING = [*OBJECTS, *OWNERS]


def explained(thing):
    """The names that a docstring explains in order; None if it explains no list of them."""
    title = "Attributes" if inspect.isclass(thing) and is_record(thing) else "Args"
    match = re.search(rf"^{title}:\n((?:    .*\n|\n)+)", inspect.getdoc(thing) + "\n", re.M)
    return match and re.findall(r"^    (\w+):", match[1], re.M)


def is_record(thing):
    """A dataclass or a named tuple: what it takes is what it holds."""
    return hasattr(thing, "__dataclass_fields__") or hasattr(thing, "_fields")


def parameters(thing):
    return [name for name in inspect.signature(thing).parameters if name != "self"]


def siblings(thing):
    """Where else a reader finds a parameter explained: the class and its other methods, or what the docstring names."""
    cls = OWNERS.get(thing)
    near = [cls, *(other for other, owner in OWNERS.items() if owner is cls)] if cls else []
    if referred := re.search(r"\bas `([\w.]+)`", inspect.getdoc(thing)):
        near += [other for other in EVERYTHING if full_name(other).endswith(f".{referred[1]}")]
    return near


@pytest.mark.parametrize("thing", EVERYTHING, ids=full_name)
def test_has_a_docstring(thing):
    # Not inherited, and not the one that a dataclass makes of its own signature.
    doc = vars(thing).get("__doc__") if inspect.isclass(thing) else thing.__doc__
    assert doc and not doc.startswith(f"{thing.__name__}(")


@pytest.mark.parametrize("thing", OBJECTS, ids=full_name)
def test_says_where_it_is_taught(thing):
    """In its own docstring, or in its module's, which then speaks for all that stands in the file."""
    said = public.taught_in(thing) or public.taught_in(sys.modules[thing.__module__])
    assert said, 'add a line "Taught in: chapter NN."'
    assert re.match(r"chapter \d\d|nowhere", said), said


@pytest.mark.parametrize("thing", EVERYTHING, ids=full_name)
def test_explains_exactly_its_parameters(thing):
    """Args, where there are any, are the parameters in their order. Without Args a docstring has each parameter in its
    text, or its class, another method of it or the function it says "as `...`" of explains that parameter.
    """
    named = explained(thing)
    if named is not None:
        assert named == parameters(thing)
        return
    elsewhere = {name for other in siblings(thing) for name in explained(other) or ()}
    text = inspect.getdoc(thing)
    missing = [name for name in parameters(thing) if name not in elsewhere and not re.search(rf"\b{name}\b", text)]
    assert not missing


def test_every_module_is_on_one_page_of_the_reference():
    """A new module gets a page when it is named in book/api/*.md, between ```{rnnlib} and ```."""
    pages = "\n".join(page.read_text(encoding="utf-8") for page in sorted((ROOT / "book/api").glob("*.md")))
    patterns = [p for line in re.findall(r"^```\{rnnlib\} (.+)$", pages, re.M) for p in line.split()]
    for module in public.modules():
        name = module.__name__.removeprefix("rnnlib.")
        on = [p for p in patterns if p == name or (p.endswith(".*") and name.startswith(p[:-1]))]
        assert len(on) == 1, f"{name} is named {len(on)} times in book/api/*.md"
