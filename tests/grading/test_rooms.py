"""The rooms of the grader: whoever knows another room is not known by it, also by a way round."""

import ast
from collections import defaultdict
from pathlib import Path

import grading

HERE = Path(grading.__file__).parent


def room(parts):
    """The folder that a module of the grader lies in; of a module beside the folders, its own name."""
    inner = [part for i, part in enumerate(parts) if HERE.joinpath(*parts[: i + 1]).is_dir()]
    return "/".join(inner) or parts[0]


def known():
    """What each room imports of the others: dict from room to a set of rooms."""
    found = defaultdict(set)
    for path in HERE.rglob("*.py"):
        own = room(path.relative_to(HERE).with_suffix("").parts)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [f"{node.module}.{alias.name}" for alias in node.names]
            others = {room(name.split(".")[1:]) for name in names if name.startswith("grading.")}
            found[own] |= others - {own}
    return found


def reached(start, arrows):
    """The rooms that are reached from one, by whatever way."""
    found, new = set(), {start}
    while new:
        new = {other for one in new for other in arrows[one]} - found
        found |= new
    return found


def test_no_way_leads_back():
    arrows = known()
    assert {"run", "judge", "sandbox", "sandbox/guest", "gradebook", "report"} <= set(arrows)
    assert [one for one in list(arrows) if one in reached(one, arrows)] == []


def test_what_is_inside_the_sandbox_knows_nothing_of_the_outside():
    assert known()["sandbox/guest"] == set()
