"""Notebooks whose cells are old, copied, deleted, moved, nameless, or not the student's."""

import copy
import json

from tests.grading.adversarial.paper import (
    ALL,
    ROOT,
    as_bytes,
    cell,
    collector,
    new,
    points,
    released,
    solutions,
    solved,
    source,
    write,
)

CELLS, hand_in = collector(solved)
UNREADABLE = {"status": ("unreadable",), "lost": ALL}
NONE = {"lost": ALL}
DAMAGED = {"status": ("graded", "unreadable"), "lost": ALL}


@hand_in("format 3, of Jupyter's first years", note="format 4", **UNREADABLE)
def format_3(nb):
    cells = []
    for c in nb["cells"]:
        kind = {"metadata": c["metadata"], "cell_type": c["cell_type"]}
        code = {"input": c["source"], "language": "python", "outputs": [], "prompt_number": 1, "collapsed": False}
        cells.append(kind | (code if c["cell_type"] == "code" else {"source": c["source"]}))
    old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": [{"cells": cells}]}
    return json.dumps(old).encode()


@hand_in("format 4.0, whose cells have no ids")
def format_4_0(nb):
    nb["nbformat_minor"] = 0
    for c in nb["cells"]:
        del c["id"]


@hand_in("format 99, of the future", **DAMAGED)
def format_99(nb):
    nb = released()
    nb["nbformat"] = 99
    return as_bytes(nb)


@hand_in("all metadata gone, as some converters leave it; matched by the names that the cells define")
def no_metadata(nb):
    nb["metadata"] = {}
    for c in nb["cells"]:
        c["metadata"] = {}
        del c["id"]


@hand_in("every id new, as a copy into another notebook makes them")
def other_ids(nb):
    for number, c in enumerate(nb["cells"]):
        c["id"] = f"copied-{number}"
        c["metadata"] = {}


@hand_in("the same id on every cell")
def one_id(nb):
    for c in nb["cells"]:
        c["id"] = "same"


@hand_in("an answer's cell copied, and the copy holds the stub", lost=("softmax",), note="softmax")
def copied_answer(nb):
    c = copy.deepcopy(cell(nb, "softmax"))
    c["source"] = 'def softmax(logits):\n    raise NotImplementedError("02-forward: softmax")'
    nb["cells"].insert(nb["cells"].index(cell(nb, "softmax")) + 1, c)


@hand_in("a test cell copied", note="check-softmax")
def copied_test(nb):
    nb["cells"].append(copy.deepcopy(cell(nb, "check-softmax")))


@hand_in("all test cells deleted")
def deleted_tests(nb):
    nb["cells"] = [c for c in nb["cells"] if not c["id"].startswith("check-")]


@hand_in("a test cell made easy", lost=("softmax",), note="check-softmax")
def easy_test(nb):
    write(nb, "check-softmax", "assert True")
    write(nb, "softmax", "def softmax(logits):\n    return logits")


@hand_in("a test cell worth a thousand points", lost=("softmax",))
def dear_test(nb):
    cell(nb, "check-one_hot")["metadata"]["nbgrader"]["points"] = 1000
    write(nb, "softmax", "def softmax(logits):\n    return logits")


@hand_in("nbgrader's marks are a text, a list, of another schema, and of another kind")
def odd_marks(nb):
    cell(nb, "one_hot")["metadata"]["nbgrader"] = "yes"
    cell(nb, "rnn_step")["metadata"]["nbgrader"] = [1]
    cell(nb, "softmax")["metadata"]["nbgrader"]["schema_version"] = 99
    cell(nb, "perplexity")["metadata"]["nbgrader"] = {"grade": True, "points": float("nan")}


@hand_in("answers turned into text cells, and test cells too", lost=("softmax",))
def text_cells(nb):
    for name in ("softmax", "check-softmax", "check-one_hot"):
        c = cell(nb, name)
        c["cell_type"] = "markdown"
        del c["outputs"], c["execution_count"]


@hand_in("cells in the order of their names: some helpers come after their use, and that is no matter")
def in_another_order(nb):
    imports = cell(nb, "imports")
    nb["cells"] = [imports, *sorted((c for c in nb["cells"] if c is not imports), key=lambda c: c["id"])]


@hand_in("the answers' cells are gone", **NONE)
def no_answers(nb):
    nb["cells"] = [c for c in nb["cells"] if c["id"] not in solutions()]


@hand_in("only two answers and nothing else, in a new notebook",
         lost=tuple(name for name in points() if name not in ("softmax", "one_hot")))  # fmt: skip
def two_answers(nb):
    nb["cells"] = [new("import numpy as np", "a"), new(solutions()["softmax"], "b"), new(solutions()["one_hot"], "c")]


@hand_in("the notebook of another exercise, which happens to hold a right one_hot",
         lost=tuple(name for name in points() if name != "one_hot"), note="missing")  # fmt: skip
def another_exercise(nb):
    return (ROOT / "exercises" / "03-bptt" / "03-bptt.ipynb").read_bytes()


@hand_in("cells without a source, without a kind, and cells that are numbers and lists", **DAMAGED)
def damaged_cells(nb):
    nb = released()
    nb["cells"][:0] = [5, None, [], {}, {"cell_type": "code"}, {"cell_type": "code", "source": 7, "metadata": None}]
    nb["cells"].append({"cell_type": "poem", "source": ["a", 1], "metadata": {}})
    return as_bytes(nb)


@hand_in("written for another language", **DAMAGED)
def another_kernel(nb):
    nb = released()
    nb["metadata"] = {"kernelspec": {"name": "ir", "language": "R", "display_name": "R"}}
    for c in nb["cells"]:
        c["source"] = "softmax <- function(x) exp(x) / sum(exp(x))"
    return as_bytes(nb)


@hand_in("untouched", **NONE)
def untouched(nb):
    return as_bytes(released())


@hand_in("keys that occur twice: the last one counts, as for every reader of JSON", **NONE)
def keys_twice(nb):
    return as_bytes(nb).rstrip()[:-1] + b', "cells": []}'


@hand_in("the course's own notebook, solutions, hidden tests and all, from wherever: right, and a person should ask",
         note="which only the course's own notebook has")  # fmt: skip
def the_solutions(nb):
    return source()


@hand_in("nbgrader's marks promise points of four hundred digits, which no machine has a number for", cause="B")
def points_without_end(nb):
    for name in ("check-softmax", "softmax"):
        cell(nb, name)["metadata"]["nbgrader"]["points"] = 10**400


@hand_in("cells whose names are codes, line breaks and a hundred thousand letters, and stand there twice", cause="A",
         note="stands there 2 times")  # fmt: skip
def names_of_cells(nb):
    for name in ("\x1b[2J\x1b]0;owned\x07\nada  20 / 20\r", "z" * 100_000, "\u202e\u2028x", "[a](javascript:1)"):
        nb["cells"] += [new("x = 1", name)] * 2
    nb["cells"] += [copy.deepcopy(cell(nb, "check-softmax"))]
