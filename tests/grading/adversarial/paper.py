"""Write submissions: the released notebook of an exercise, solved or not, with whatever a student did to it."""

import copy
import functools
import json
import textwrap
from dataclasses import dataclass, field
from pathlib import Path

from grading.demo import answers

ROOT = Path(__file__).resolve().parents[3]
EXERCISE = "02-forward"
SEED = "what-only-the-instructor-knows"  # of the hidden cases; no verdict may show it
ALL = ("everything",)  # every function is lost


@functools.cache
def _notebook(folder):
    """The exercise up to its last graded cell: what comes after it only takes time."""
    nb = json.loads((ROOT / folder / EXERCISE / f"{EXERCISE}.ipynb").read_text(encoding="utf-8"))
    last = max(i for i, cell in enumerate(nb["cells"]) if cell["metadata"].get("nbgrader", {}).get("grade"))
    del nb["cells"][last + 1 :]
    for cell in nb["cells"]:
        cell["source"] = "".join(cell["source"])
    return nb


def source():
    """The instructor's notebook, as bytes."""
    return as_bytes(_notebook("solutions"))


def released():
    """The notebook that a student gets."""
    return copy.deepcopy(_notebook("exercises"))


def solved():
    """The same with the course's own answers in it."""
    nb = released()
    for name, text in solutions().items():
        write(nb, name, text)
    return nb


@functools.cache
def solutions():
    """The course's own answers: dict from function to the source of its cell."""
    return {
        cell["id"]: answers.right(cell["source"])
        for cell in _notebook("solutions")["cells"]
        if cell["cell_type"] == "code" and cell["metadata"].get("nbgrader", {}).get("solution")
    }


@functools.cache
def points():
    """What each function is worth, in the order of the notebook."""
    tests = [cell for cell in _notebook("exercises")["cells"] if cell["id"].startswith("check-")]
    return {cell["id"].removeprefix("check-"): float(cell["metadata"]["nbgrader"]["points"]) for cell in tests}


def cell(nb, name):
    """The cell of an id."""
    return next(cell for cell in nb["cells"] if cell["id"] == name)


def text_of(text):
    """A text that begins on a new line is indented with the code around it."""
    return textwrap.dedent(text).strip() if text.startswith("\n") else text


def write(nb, name, text):
    """Put a text into the cell of an id."""
    cell(nb, name)["source"] = text_of(text)


def new(text, name):
    """A code cell of the student's own."""
    return {"cell_type": "code", "id": name, "metadata": {}, "execution_count": None, "outputs": [],
            "source": text_of(text)}  # fmt: skip


def add(nb, text, name="mine", after="imports"):
    """Put a cell of the student's own behind another one; `after` None: at the end."""
    place = len(nb["cells"]) if after is None else nb["cells"].index(cell(nb, after)) + 1
    nb["cells"].insert(place, new(text, name))


def as_bytes(nb):
    """The notebook as Jupyter writes it."""
    return (json.dumps(nb, indent=1, ensure_ascii=False) + "\n").encode("utf-8", "surrogatepass")


@dataclass(frozen=True)
class Submission:
    """One of the class.

    Attributes:
        name: of the function that writes it.
        what: what it does, in a line.
        write: gives the bytes of the file.
        lost: the functions that deserve no points; every other deserves all of its own.
        status: those that the verdict may have.
        note: words that one of the verdict's notes, or its reason, must have.
        verdicts: dict from function to the verdict words that are right for it.
        limits: changes to the limits of the class.
        cause: letter of what it goes for (see `tests.grading.adversarial.causes`); empty for those that came before.
    """

    name: str
    what: str
    write: object
    lost: tuple = ()
    status: tuple = ("graded",)
    note: str = ""
    verdicts: dict = field(default_factory=dict)
    limits: dict = field(default_factory=dict)
    cause: str = ""

    @property
    def deserves(self):
        """The points of an honest computation."""
        return sum(worth for name, worth in points().items() if self.lost != ALL and name not in self.lost)


def collector(base, **common):
    """Make a decorator that lists submissions: a function changes a fresh `base` notebook, or returns other bytes.

    `common` holds fields that all of them have, such as ``cause="A"``.
    """
    listed = []

    def hand_in(what, **deserved):
        def keep(change):
            def written():
                nb = base()
                made = change(nb)
                return made if isinstance(made, bytes) else as_bytes(nb)

            listed.append(Submission(change.__name__, what, written, **{**common, **deserved}))
            return change

        return keep

    return listed, hand_in


def instead(nb, name, body):
    """Give a function another body; `body` may use its arguments."""
    head = solutions()[name].split('"""')[0].rstrip()
    lines = [f"    {line}" for line in body.strip().splitlines()]
    write(nb, name, "\n".join([head, *lines]))


def everywhere(nb, body):
    """Give every function the same body; it finds the function's name in `name` and the arguments in `args`."""
    lines = "\n".join(f"    {line}" for line in body.strip().splitlines())
    for function in points():
        write(nb, function, f"def {function}(*args):\n    name = {function!r}\n{lines}")
