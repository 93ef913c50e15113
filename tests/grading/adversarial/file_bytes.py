"""Files that are damaged, odd, or no notebooks. What can be read is judged; the rest gets a reason."""

import gzip
import json
import zipfile
from io import BytesIO

from tests.grading.adversarial.paper import ALL, add, as_bytes, cell, collector, new, released, solutions, solved, write

BYTES, hand_in = collector(solved)
UNREADABLE = {"status": ("unreadable",), "lost": ALL}
NONE = {"lost": ALL}
DAMAGED = {"status": ("graded", "unreadable"), "lost": ALL}


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


@hand_in("cells of five and of six million characters, and one with two hundred thousand snowmen")
def long_cells(nb):
    add(nb, "x = '" + "y" * 5_000_000 + "'")
    add(nb, "a = 1\n" * 1_000_000, "statements")
    add(nb, "# " + "\N{SNOWMAN}" * 200_000 + "\n" + "a=1\n" * 2_000, "snowmen")


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


@hand_in("ten thousand cells", status=("too large",), lost=ALL)
def too_many_cells(nb):
    nb["cells"] += [new("", "empty")] * 10_000
