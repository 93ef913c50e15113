"""Files that are damaged, odd, old, or not what they should be. What can be read is judged; the rest gets a reason."""

import copy
import gzip
import json
import zipfile
from io import BytesIO

from tests.grading.adversarial.paper import (
    ALL,
    ROOT,
    add,
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

FILES, hand_in = collector(solved)
UNREADABLE = {"status": ("unreadable",), "lost": ALL}
NONE = {"lost": ALL}
DAMAGED = {"status": ("graded", "unreadable"), "lost": ALL}


def answered(nb, *names):
    """An untouched notebook with the answers to some functions only."""
    for name in names:
        write(nb, name, solutions()[name])


@hand_in("nothing: the file is empty", **UNREADABLE)
def empty(nb):
    return b""


@hand_in("white space", **UNREADABLE)
def blank(nb):
    return b" \n\n"


@hand_in("the page of an expired log-in", **UNREADABLE)
def web_page(nb):
    return b"<!DOCTYPE html><html><body>Please log in.</body></html>"


@hand_in("the upload broke off in the middle", **UNREADABLE)
def cut_off(nb):
    data = as_bytes(nb)
    return data[: len(data) // 2]


@hand_in("a zip with the notebook in it", **UNREADABLE)
def zipped(nb):
    with zipfile.ZipFile(file := BytesIO(), "w") as archive:
        archive.writestr("02-forward.ipynb", as_bytes(nb))
    return file.getvalue()


@hand_in("compressed", **UNREADABLE)
def compressed(nb):
    return gzip.compress(as_bytes(nb))


@hand_in("random bytes", **UNREADABLE)
def noise(nb):
    return bytes(range(256)) * 64


@hand_in("the notebook as a Python file", **UNREADABLE)
def python_file(nb):
    return "\n\n".join(solutions().values()).encode()


@hand_in("JSON, but a list, a number, a text, null", **UNREADABLE)
def other_json(nb):
    return b"[1, 2]"


@hand_in("JSON: null", **UNREADABLE)
def null(nb):
    return b"null"


@hand_in("JSON with a conflict of two versions left in it", **UNREADABLE)
def conflict(nb):
    text = as_bytes(nb).decode()
    return text.replace('"cells"', '<<<<<<< HEAD\n"cells"', 1).encode()


@hand_in("cells that are no list", **UNREADABLE)
def cells_are_no_list(nb):
    nb["cells"] = {"softmax": solutions()["softmax"]}


@hand_in("no cells at all", **NONE)
def no_cells(nb):
    nb["cells"] = []


@hand_in("a hundred thousand brackets, one in the other", **UNREADABLE)
def deep_json(nb):
    return b"[" * 100_000 + b"]" * 100_000


@hand_in("metadata a thousand levels deep", **DAMAGED)
def deep_metadata(nb):
    deep = b'"metadata": {"deep": ' + b"[" * 50_000 + b"]" * 50_000 + b", "
    return as_bytes(released()).replace(b'"metadata": {', deep, 1)


@hand_in("a byte order mark before the first brace")
def byte_order_mark(nb):
    return b"\xef\xbb\xbf" + as_bytes(nb)


@hand_in("in UTF-16, as an editor under Windows writes it")
def utf16(nb):
    return as_bytes(nb).decode().encode("utf-16")


@hand_in("one byte that is not UTF-8, in a text cell", **DAMAGED)
def latin1(nb):
    text = as_bytes(released())
    return text.replace(b"Your answer here", b"Your answer h\xe9re")


@hand_in("NaN and infinity among the metadata, as some tools write them")
def not_a_number(nb):
    nb["metadata"]["widths"] = [float("nan"), float("inf")]
    cell(nb, "softmax")["metadata"]["x"] = float("-inf")


@hand_in("a number of ten thousand digits among the metadata, which Python refuses to read", **UNREADABLE)
def long_number(nb):
    return as_bytes(nb).replace(b'"metadata": {', b'"metadata": {"n": ' + b"9" * 10_000 + b", ", 1)


@hand_in("half a character in a comment, as broken emoji leave it")
def half_a_character(nb):
    write(nb, "softmax", solutions()["softmax"] + "\n    # \ud83d")
    return json.dumps(nb).encode()


@hand_in("a zero byte in a cell of its own")
def zero_byte(nb):
    add(nb, "x = 1\0")


@hand_in("a cell of fifty megabytes", status=("too large",), lost=ALL)
def huge_cell(nb):
    add(nb, "x = '" + "y" * 50_000_000 + "'")


@hand_in("forty megabytes of pictures in the outputs", status=("graded", "too large"), lost=ALL)
def huge_outputs(nb):
    nb = released()
    output = {"output_type": "display_data", "data": {"image/png": "A" * 40_000_000}, "metadata": {}}
    cell(nb, "use-softmax")["outputs"] = [output]
    return as_bytes(nb)


@hand_in("fifteen hundred cells more")
def many_cells(nb):
    nb["cells"] += [new("", f"empty-{i}") for i in range(1500)]


@hand_in("a hundred thousand cells", status=("too large",), lost=ALL)
def too_many_cells(nb):
    nb["cells"] += [new("", "empty")] * 100_000


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
