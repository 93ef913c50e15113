"""Run a command as on a machine that has fewer programs: with a PATH from which some are missing.

    python tools/bare.py bwrap chromium -- COMMAND ...

The PATH is a folder of links to all other programs of the present one.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path


def bare_path(folder: Path, without: set[str], path: str) -> None:
    """Link into a folder all programs of a PATH but those that are named; the first of a name counts."""
    for place in filter(None, path.split(os.pathsep)):
        for program in Path(place).iterdir() if Path(place).is_dir() else ():
            link = folder / program.name
            if program.name not in without and not link.is_symlink():
                link.symlink_to(program)


def main(arguments: list[str]) -> int:
    """Run the command after ``--``; return its exit status."""
    if "--" not in arguments or not (command := arguments[arguments.index("--") + 1 :]):
        print("expected: PROGRAM ... -- COMMAND ...", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="bare-") as folder:
        bare_path(Path(folder), set(arguments[: arguments.index("--")]), os.environ.get("PATH", os.defpath))
        return subprocess.run(command, env=os.environ | {"PATH": folder}).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
