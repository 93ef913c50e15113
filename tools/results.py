"""Count tests, from the JUnit files that pytest and `tools/step.py` write, and say what was left out and why.

    python tools/results.py FOLDER [--nothing-left-out]

The last line has the form ``12 passed, 0 failed, 3 skipped``. The exit status is 1 where a test failed, where none ran,
or where one was left out although none should be.
"""

import argparse
import sys
import xml.etree.ElementTree as ET
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Counts:
    """What became of the tests of one file or of many.

    Attributes:
        passed: how many passed.
        failed: names of those that failed, or that could not be set up.
        left_out: how many were left out for each reason.
    """

    passed: int = 0
    failed: list[str] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(self.passed + other.passed, self.failed + other.failed, self.left_out + other.left_out)

    def __str__(self) -> str:
        said = f"{self.passed:,} passed"
        said += f", {len(self.failed):,} failed" if self.failed else ""
        return said + (f", {self.left_out.total():,} left out" if self.left_out else "")


def read(file: Path) -> Counts:
    """Count the tests of a JUnit file. One that cannot be read is one failure."""
    try:
        cases = ET.parse(file).getroot().iter("testcase")
        counts = Counts()
        for case in cases:
            name = "::".join(filter(None, (case.get("classname"), case.get("name"))))
            if case.find("failure") is not None or case.find("error") is not None:
                counts.failed.append(name)
            elif (skipped := case.find("skipped")) is not None:
                # A test that is expected to fail, and does, has passed.
                if skipped.get("type") == "pytest.xfail":
                    counts.passed += 1
                else:
                    counts.left_out[" ".join((skipped.get("message") or "no reason given").split())] += 1
            else:
                counts.passed += 1
        return counts
    except (OSError, ET.ParseError) as error:
        return Counts(failed=[f"{file.name}: {error}"])


def write(file: Path, name: str, seconds: float, failure: str) -> None:
    """Write a JUnit file for a step that is no run of tests: one test, failed where `failure` says why."""
    file.parent.mkdir(parents=True, exist_ok=True)
    suite = ET.Element("testsuite", name=name, tests="1", failures=str(int(bool(failure))))
    case = ET.SubElement(suite, "testcase", classname="make", name=name, time=f"{seconds:.3f}")
    if failure:
        ET.SubElement(case, "failure", message=f"{name} failed").text = "".join(
            c for c in failure if c.isprintable() or c in "\n\t"
        )
    ET.ElementTree(suite).write(file, encoding="utf-8", xml_declaration=True)


def summary(counts: Counts) -> str:
    """What became of all tests; what was left out, for each reason; and the closing line."""
    lines = []
    if counts.failed:
        lines += ["Failed:", *(f"  {name}" for name in counts.failed[:40])]
        lines += [f"  ... and {len(counts.failed) - 40} more"] if len(counts.failed) > 40 else []
    if counts.left_out:
        lines += ["Left out:", *(f"  {n:>5,}  {reason}" for reason, n in counts.left_out.most_common())]
    else:
        lines += ["Nothing was left out."]
    closing = f"{counts.passed} passed, {len(counts.failed)} failed, {counts.left_out.total()} skipped"
    return "\n".join([*lines, "", closing])


def main(arguments: list[str]) -> int:
    """Print the summary of a folder of JUnit files."""
    parser = argparse.ArgumentParser(description="Count tests, and say what was left out and why.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--nothing-left-out", action="store_true", help="fail where a test was left out")
    given = parser.parse_args(arguments)
    counts = sum((read(file) for file in sorted(given.folder.glob("*.xml"))), Counts())
    print(summary(counts))
    return int(bool(counts.failed) or not counts.passed or (given.nothing_left_out and bool(counts.left_out)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
