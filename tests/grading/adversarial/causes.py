"""What attacks go for, by cause: `python -m tests.grading.adversarial.causes` says which attack is of which."""

from tests.grading.adversarial.everybody import CLASS
from tests.grading.adversarial.stopping import STOPPING
from tests.grading.adversarial.trained import FAKES
from tests.grading.adversarial.whose import WHOSE
from tests.grading.adversarial.words import WORDS

CAUSES = {
    "A": "A student's words reach people by a way that does not make them safe.",
    "B": "What one student hands in stops or costs what is others'.",
    "C": "Whose work it is, is told by what a student can name.",
    "D": "A wall that is open.",
    "E": "A limit that does not bound.",
    "F": "Something of a hidden case comes back.",
    "G": "Points without the work.",
    "H": "Honest work that loses.",
}
AT_LEAST = 5  # of each
ATTEMPTS = [*WORDS, *STOPPING, *WHOSE]  # with more than a notebook


def attacks():
    """All that have a cause: dict from cause to hand-ins, attempts and nets that were not trained."""
    listed = {cause: [] for cause in CAUSES}
    for one in [*(one for kind in CLASS.values() for one in kind if one.cause), *ATTEMPTS, *FAKES]:
        listed[one.cause].append(one)
    return listed


def table():
    """The table, in Markdown."""
    lines = ["| cause | attack | what it does |", "|---|---|---|"]
    for cause, listed in attacks().items():
        lines += [f"| {cause} | {one.name} | {one.what} |" for one in listed]
    return "\n".join(lines)


if __name__ == "__main__":
    print("\n".join(f"{cause}: {what}" for cause, what in CAUSES.items()), table(), sep="\n\n")
