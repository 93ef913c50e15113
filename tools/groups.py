"""Run groups of tests one after the other, each whatever became of the one before, then say what became of all.

    python tools/groups.py [--nothing-left-out] GROUP ...

A group is a target of the Makefile. What its steps count lies in `_build/results`.
"""

import argparse
import os
import shutil
import subprocess
import sys
import time

import results
from step import BUILD, clock


def main(arguments: list[str]) -> int:
    """Run the groups; return 0 where all passed, and where nothing was left out that should not be."""
    parser = argparse.ArgumentParser(description="Run groups of tests.")
    parser.add_argument("--nothing-left-out", action="store_true", help="fail where a test was left out")
    parser.add_argument("groups", nargs="+")
    given = parser.parse_args(arguments)
    folder = BUILD / "results"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    rows = []
    for group in given.groups:
        print(f"\n==== make {group}", flush=True)
        start = time.monotonic()
        status = subprocess.run([os.environ.get("MAKE", "make"), "--no-print-directory", group]).returncode
        rows.append(f"{group:<28} {clock(time.monotonic() - start):>7}  {'ok' if status == 0 else 'FAILED'}")
        if status and not any(results.read(file).failed for file in folder.glob("*.xml")):
            results.write(folder / f"{group}.xml", group, 0, f"make {group} ended with {status}")
    print("\n==== Time by group", *rows, "", sep="\n", flush=True)
    return results.main([str(folder), *(["--nothing-left-out"] if given.nothing_left_out else [])])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
