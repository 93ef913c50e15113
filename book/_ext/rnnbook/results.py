"""What the result of an executed page rests on, and whether that still holds.

A page's kernel tells which modules of the project were loaded at its end, which files it read, which folders it listed
and which packages it used (`rnnbook.recorder`). Their digests are kept with the result. A module is named by what it
means: a comment or a docstring changes no number. Where a page prints docstrings or sources, it is named by its bytes.
"""

import platform
import re
from functools import cache
from importlib.metadata import packages_distributions, version
from pathlib import Path

import digests

SHOWS_DOCSTRINGS = re.compile(r"__doc__|\bhelp\(|\bgetdoc\(|\w\?$", re.M)
NO_SOURCE = {"_build", "build", "dist", "__pycache__"}
NOTHING = {"modules": [], "opened": [], "listed": [], "packages": [], "others": False}


def rests_on(report, code, root):
    """Name all that a page rests on besides its own text.

    Args:
        report: what the recorder in the page's kernel told.
        code: the page's code.
        root: the project's folder.

    Returns:
        A dict that can be kept as JSON, and is equal to itself as long as nothing has changed.
    """
    by_bytes = bool(SHOWS_DOCSTRINGS.search(code))
    opened = set(report["opened"]) | (set(report["modules"]) if by_bytes else set())
    return {
        "python": platform.python_version(),
        "modules": {name: digests.of_file(root / name) for name in report["modules"] if name not in opened},
        "opened": {name: of_bytes(root / name) for name in sorted(opened)},
        "listed": {name: of_listing(root / name) for name in report["listed"]},
        "packages": {name: versions(name) for name in report["packages"] if versions(name)},
        # What another process loaded nobody saw.
        "others": of_sources(root) if report["others"] else "",
    }


def changed(kept, code, root):
    """Say what a result rests on that is not as it was, as a list of names; empty where it still holds."""
    if not isinstance(kept, dict) or "modules" not in kept:
        return ["a result without a list of what it rests on"]
    report = NOTHING | {kind: list(kept[kind]) for kind in ("modules", "opened", "listed", "packages")}
    now = rests_on(report | {"others": bool(kept["others"])}, code, root)
    found = [name for name in ("python", "others") if kept[name] != now[name]]
    for kind in ("modules", "opened", "listed", "packages"):
        found += [name for name in kept[kind] if kept[kind][name] != now[kind].get(name, now["opened"].get(name))]
    return found


def of_bytes(path):
    """Name a file by its bytes, and say where there is none."""
    return digests.of_bytes(path.read_bytes()) if path.is_file() else "absent"


def of_listing(folder):
    """Name a folder by what lies in it, without what Python and editors leave there."""
    names = (
        [p.name for p in folder.iterdir() if p.name[0] != "." and p.name not in NO_SOURCE] if folder.is_dir() else []
    )
    return digests.of_bytes("\0".join(sorted(names)).encode())


@cache
def of_sources(root):
    """Name all programs of the project together."""
    paths = sorted(p for p in root.rglob("*.py") if not any(n[0] == "." or n in NO_SOURCE for n in _parts(p, root)))
    return digests.of_bytes("".join(f"{p.relative_to(root)} {digests.of_file(p)}\n" for p in paths).encode())


def _parts(path, root):
    """The names of a path below the project's folder."""
    return path.relative_to(root).parts


@cache
def versions(package):
    """The versions of what is installed under the name that a package is imported by; empty where it is nothing."""
    return " ".join(sorted({f"{name} {version(name)}" for name in _installed().get(package, ())}))


@cache
def _installed():
    """The distributions behind each name that can be imported."""
    return packages_distributions()


def project(app):
    """The project's folder, which is also where Sphinx finds the pages."""
    return Path(app.srcdir)
