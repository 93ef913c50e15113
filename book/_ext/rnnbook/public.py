"""What is public in rnnlib, and which chapters teach it: read from the package, so nothing is listed by hand.

Public is what has no underscore before any part of its name; `rnnlib.kernels`, which makes the layers fast, is not.
"""

import hashlib
import inspect
import pkgutil
import re
from functools import cache
from importlib import import_module
from pathlib import Path

import rnnlib

TAUGHT = re.compile(r"^Taught in: *(.+?)(?=\n\s*\n|\nSource|\Z)", re.M | re.S)
CHAPTER = re.compile(r"chapter (\d\d)(?: \(([^)]*)\))?")


@cache  # to look for a line in the sources is slow, and every chapter asks
def modules():
    """The public modules, by name; but packages, which only pass on what theirs hold, and what defines nothing."""
    found = pkgutil.walk_packages(rnnlib.__path__, "rnnlib.")
    names = [m.name for m in found if not (m.ispkg or "._" in m.name or ".kernels." in m.name)]
    return [module for module in map(import_module, names) if objects(module)]


@cache
def objects(module):
    """The public classes and functions that a module defines, in the order of its lines."""
    own = [
        member
        for name, member in vars(module).items()
        if not name.startswith("_")
        and (inspect.isclass(member) or inspect.isfunction(member))
        and member.__module__ == module.__name__
    ]
    return sorted(own, key=lambda member: inspect.getsourcelines(member)[1])


def methods(cls):
    """The public methods that a class defines itself."""
    return [member for name, member in vars(cls).items() if not name.startswith("_") and inspect.isfunction(member)]


def taught_in(thing):
    """What follows "Taught in:" in a docstring, on one line; None where nothing does."""
    match = TAUGHT.search(inspect.getdoc(thing) or "")
    return match and " ".join(match[1].split())


@cache
def outline():
    """Name all that `objects` and `taught_in` find, by the lines that decide it, without importing anything."""
    deciding = re.compile(r"^(?:class|def|import|from) .*|^ *(?:\"\"\")?Taught in:(?:.+\n)+", re.M)
    files = sorted(Path(rnnlib.__file__).parent.rglob("*.py"))
    lines = [str(line) for file in files for line in (file, *deciding.findall(file.read_text(encoding="utf-8")))]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def chapters(thing):
    """The chapters that teach a module, class or function, as a dict from number to what is said of it there."""
    return {int(number): aspect for number, aspect in CHAPTER.findall(taught_in(thing) or "")}
