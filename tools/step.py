"""Run one step of the Makefile: a line for a person, all that it said in a file, and its end shown if it fails.

    python tools/step.py [--results FILE.xml] NAME -- COMMAND ...

The step's output goes to `_build/logs/NAME.log`. On a terminal a bar moves while the step tells how far it is, in the
way of Sphinx and pytest, ``... [ 45%]``; elsewhere a line is printed each minute. VERBOSE=1 shows everything.

`--results` names the JUnit file that the command writes, from which the number of tests is taken; a step without one
leaves a file of one test, so that `tools/results.py` can count all steps alike. Needs nothing but Python: `.venv` may
not exist yet.
"""

import argparse
import os
import re
import selectors
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import results

BUILD = Path(__file__).resolve().parents[1] / "_build"
PERCENT = re.compile(r"^(?:([a-z][\w ,'-]{2,39})\.\.\.)?.*?\[ *(\d{1,3})%\]", re.M)
FAILURES = re.compile(r"^=+ (?:FAILURES|ERRORS) =+$", re.M)
SUMMARY = re.compile(r"^=+ short test summary info =+$", re.M)
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
SHOWN = 60  # lines of what failed; of a test's failure more
SHOWN_OF_TESTS = 200
EVERY = 60  # seconds between two lines where there is no terminal
WIDTH = 24  # of the bar


@dataclass
class Progress:
    """How far a step is, as it told last.

    Attributes:
        since: when the part began that it is at.
        part: what that is, such as "reading sources"; empty where it did not say.
        percent: of that part.
    """

    since: float
    part: str = ""
    percent: int = 0

    def take(self, text: str, now: float) -> None:
        """Read what the step said."""
        for part, percent in PERCENT.findall(ESCAPES.sub("", text)):
            if (part := part.strip()) != self.part or int(percent) < self.percent:
                self.part, self.since = part, now
            self.percent = min(int(percent), 100)

    def left(self, now: float) -> float | None:
        """Seconds that are left of this part if it goes on like this; None as long as nothing can be said."""
        if self.percent < 3 or now - self.since < 2:
            return None
        return (now - self.since) * (100 - self.percent) / self.percent


def clock(seconds: float) -> str:
    """Seconds as people read them: 0:07, 12:40, 1:02:03."""
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def line(name: str, progress: Progress, start: float, now: float) -> str:
    """One line about a step that runs."""
    if not progress.percent:
        return f"{name:<28} {clock(now - start):>7}"
    bar = "#" * (WIDTH * progress.percent // 100)
    left = progress.left(now)
    said = f", {clock(left)} left" if left is not None else ""
    part = f"  {progress.part}" if progress.part else ""
    return f"{name:<28} {clock(now - start):>7}  [{bar:<{WIDTH}}] {progress.percent:>3} %{part}{said}"


def follow(command: list[str], log: Path, name: str, verbose: bool) -> int:
    """Run a command, keep what it says, and show how far it is; return its exit status."""
    terminal, start = sys.stdout.isatty() and not verbose, time.monotonic()
    progress, shown = Progress(start), start
    try:
        # Errors come in their place among the rest.
        child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
    except OSError as error:
        log.write_text(f"{command[0]}: {error.strerror}\n", encoding="utf-8")
        return 127
    assert child.stdout is not None
    with log.open("wb") as file, selectors.DefaultSelector() as selector:
        selector.register(child.stdout, selectors.EVENT_READ)
        while True:
            data = os.read(child.stdout.fileno(), 65536) if selector.select(timeout=1.0) else None
            if data == b"":
                break
            now = time.monotonic()
            if data:
                file.write(data)
                file.flush()
                progress.take(data.decode("utf-8", "replace"), now)
                if verbose:
                    sys.stdout.buffer.write(data)
                    sys.stdout.flush()
            if terminal:
                columns = shutil.get_terminal_size().columns
                print("\r" + line(name, progress, start, now)[: columns - 1].ljust(columns - 1), end="", flush=True)
            elif not verbose and now - shown >= EVERY:
                shown = now
                print(line(name, progress, start, now), flush=True)
    if terminal:
        print("\r" + " " * (shutil.get_terminal_size().columns - 1) + "\r", end="")
    return child.wait()


def end_of(text: str) -> str:
    """The part of a log that says what failed: the failing tests of pytest, else the last lines."""
    text = ESCAPES.sub("", text).replace("\r\n", "\n")
    if found := FAILURES.search(text):
        failing = text[found.start() :].splitlines()
        if len(failing) <= SHOWN_OF_TESTS:
            return "\n".join(failing)
        summary = SUMMARY.search(text)
        names = text[summary.start() :].splitlines()[:SHOWN] if summary else []
        return "\n".join([*failing[:SHOWN_OF_TESTS], "...", *names])
    return "\n".join(text.rstrip().splitlines()[-SHOWN:])


def main(arguments: list[str]) -> int:
    """Run a step; return the exit status of its command."""
    parser = argparse.ArgumentParser(description="Run one step of the Makefile.")
    parser.add_argument("--results", type=Path, help="the JUnit file that the command writes")
    parser.add_argument("name")
    parser.add_argument("command", nargs="+")
    given = parser.parse_args(arguments)
    slug = re.sub(r"[^a-z0-9]+", "-", given.name.lower()).strip("-")
    log = BUILD / "logs" / f"{slug}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    verbose = os.environ.get("VERBOSE", "") not in ("", "0")
    if verbose:
        print(f"==== {given.name}", flush=True)
    if given.results:
        given.results.unlink(missing_ok=True)
    start = time.monotonic()
    status = follow(given.command, log, given.name, verbose)
    took = time.monotonic() - start
    text = ""
    if status:
        text = end_of(log.read_text(encoding="utf-8", errors="replace")) or f"It said nothing (exit status {status})."
    counts = ""
    if given.results and given.results.exists():
        counts = str(results.read(given.results))
    else:
        results.write(BUILD / "results" / f"{slug}.xml", given.name, took, text)
    outcome = "ok" if status == 0 else f"FAILED (exit status {status})"
    print(
        f"{given.name:<28} {clock(took):>7}  {counts or outcome}{'' if status == 0 or not counts else '  FAILED'}",
        flush=True,
    )
    if status and not verbose:
        shown = os.path.relpath(log)
        print(f"\n{text}\n\nAll that it said is in {shown}. With VERBOSE=1 it is shown while it runs.", flush=True)
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
