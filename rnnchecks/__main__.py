"""Check a notebook in a terminal: ``python -m rnnchecks 03-bptt NOTEBOOK.ipynb``.

Neither Jupyter nor nbgrader is needed, and no metadata of the notebook. Its code cells run in order, in a process of
their own; one that fails does not stop the others. Then each function of the exercise is checked, as in the notebook.

The exit code is 0 when all functions are right, 1 when one is not, and 2 when nothing could be checked.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from rnnchecks.catalogue import exercises
from rnnchecks.terminal import NoNotebook, cells, inside

RIGHT, WRONG, NOTHING = 0, 1, 2
INSIDE = "--inside"  # how this program calls itself, to run the notebook


def main(arguments: list[str] | None = None) -> int:
    """Check a notebook, and print what came of it; return the exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if arguments[:1] == [INSIDE]:
        return inside(*arguments[1:])
    names = {f"{package[1:3]}-{name}": name for name, package in exercises().items()}
    parser = argparse.ArgumentParser(prog="python -m rnnchecks", description=(__doc__ or "").partition("\n\n")[2])
    parser.add_argument("exercise", help=f"one of {', '.join(names)}")
    parser.add_argument("notebook", help="the notebook's file, whatever it is called")
    asked = parser.parse_args(arguments)
    found = [name for name in names if asked.exercise and name.startswith(asked.exercise)]
    if len(found) != 1:
        print(f"There is no exercise {asked.exercise}. It is one of {', '.join(names)}.", file=sys.stderr)
        return NOTHING
    try:
        cells(asked.notebook)
    except NoNotebook as error:
        print(f"{asked.notebook}: {error}.", file=sys.stderr)
        return NOTHING
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report"
        command = [sys.executable, "-m", "rnnchecks", INSIDE, names[found[0]], asked.notebook, str(report)]
        search = os.pathsep.join(filter(None, [str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH", "")]))
        subprocess.run(command, env={**os.environ, "MPLBACKEND": "Agg", "PYTHONPATH": search}, check=False)
        if not report.exists():
            print("Python ended while the notebook ran: a cell calls exit(), or takes all memory.", file=sys.stderr)
            return WRONG
        count = json.loads(report.read_text())
    print(f"\n{count['right']} of {count['all']} functions are right.")
    return RIGHT if count["right"] == count["all"] else WRONG


if __name__ == "__main__":
    sys.exit(main())
