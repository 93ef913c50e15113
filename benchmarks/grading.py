"""How fast a class is marked: `python -m grading grade` against `nbgrader autograde`, in the same run."""

import argparse
import json
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from benchmarks.__main__ import cpu
from benchmarks.measure import ONE_THREAD
from benchmarks.with_otter import autograder

ROOT = Path(__file__).resolve().parents[1]
# Nobody whom plain nbgrader cannot mark: a cell that ends its process, a file that is no notebook.
LEFT_OUT = {"macbeth", "caliban"}
TICKS, PAGE = os.sysconf("SC_CLK_TCK"), os.sysconf("SC_PAGE_SIZE")
PAUSE = 0.1  # seconds between two looks at the processes


@dataclass
class Seen:
    """What the processes of a run came to.

    Attributes:
        wall: seconds.
        cpu: seconds of computing, user and system, of all processes.
        writer: the part of it of the first process.
        memory: pairs of the share of the class that was marked and MiB of the processes that stay.
        judge, box: the most MiB that a process which judges was seen to hold, and that one sandbox was, with all in it.
    """

    wall: float = 0.0
    cpu: float = 0.0
    writer: float = 0.0
    memory: list = field(default_factory=list)
    judge: float = 0.0
    box: float = 0.0


def make_class(exercise, students, folder):
    """Make a course with a class: the demonstration class again and again, under other names."""
    from grading.course import Course
    from grading.demo import demonstration

    shutil.copy(ROOT / "nbgrader_config.py", folder)
    shutil.copytree(ROOT / "solutions" / exercise, folder / "solutions" / exercise)
    course = Course(folder)
    with tempfile.TemporaryDirectory() as made:
        demonstration.make(course, [exercise], Path(made))
    cast = [course.file("submitted", exercise, name) for name in demonstration.CAST if name not in LEFT_OUT]
    texts = [path.read_bytes() for path in cast]
    shutil.rmtree(course.folder("submitted"))
    for number in range(students):
        path = course.file("submitted", exercise, f"student-{number:04}")
        path.parent.mkdir(parents=True)
        path.write_bytes(texts[number % len(texts)])
    return course


def watched(command, folder, done):
    """Run a command and look at its processes meanwhile: `Seen`.

    The processes in the sandbox are killed with it and not waited for, so what they used is read while they live.
    """
    seen, boxes, inside = Seen(), {}, {}
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    with (folder / "said").open("wb") as said:
        process = subprocess.Popen(command, cwd=folder, env=environment(), stdout=said, stderr=subprocess.STDOUT)

    def look():
        while process.poll() is None:
            tree = family(process.pid)
            first = {pid: one for pid, one in tree.items() if one.boxed and not tree.get(one.parent, one).boxed}
            boxes.update({pid: one for pid, one in first.items()})
            # A student's process counts by itself where its sandbox ended with it, or before anybody looked again.
            inside.update({(one.parent, pid): one.cpu for pid, one in tree.items() if one.boxed and pid not in first})
            seen.writer = tree[process.pid].own if process.pid in tree else seen.writer
            ours = [one for pid, one in tree.items() if not one.boxed or pid in first]
            seen.memory.append((done(), sum(one.memory for one in ours)))
            judges = [one.memory for pid, one in tree.items() if not one.boxed and pid != process.pid]
            seen.judge = max([seen.judge, *judges])
            held = {pid: sum(o.memory for o in tree.values() if o.parent == pid) for pid in first}
            seen.box = max([seen.box, *(one.memory + held[pid] for pid, one in first.items())])
            time.sleep(PAUSE)

    looking = threading.Thread(target=look)
    looking.start()
    code = process.wait()
    seen.wall = time.monotonic() - start
    looking.join()
    if code:
        raise SystemExit(f"{' '.join(map(str, command))} ended with {code}:\n{(folder / 'said').read_text()}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seen.cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    for pid, one in boxes.items():
        students = sum(seconds for (parent, _), seconds in inside.items() if parent == pid)
        seen.cpu += one.own + max(one.cpu - one.own, students)
    return seen


@dataclass
class Process:
    """A process as it is now.

    Attributes:
        parent: its number.
        own, cpu: seconds of computing, without and with those of the processes that it waited for.
        memory: MiB of its own.
        boxed: whether it is Python in the sandbox.
    """

    parent: int
    own: float
    cpu: float
    memory: float
    boxed: bool


def family(pid):
    """A process and all below it: dict from number to `Process`."""
    found, new = {}, [(pid, 0)]
    while new:
        pid, parent = new.pop()
        place = Path("/proc") / str(pid)
        try:
            seconds = [int(n) / TICKS for n in (place / "stat").read_text().rpartition(")")[2].split()[11:15]]
            resident, shared = map(int, (place / "statm").read_text().split()[1:3])
            new += [(int(child), pid) for child in (place / "task" / str(pid) / "children").read_text().split()]
            words = (place / "cmdline").read_bytes().split(b"\0")
        except OSError:  # it ended meanwhile
            continue
        boxed = b"python" in words[0] and any(word.endswith((b"/box/init.py", b"/guest/init.py")) for word in words)
        found[pid] = Process(parent, sum(seconds[:2]), sum(seconds), (resident - shared) * PAGE / 2**20, boxed)
    return found


def environment():
    return os.environ | ONE_THREAD | {"PYTHONPATH": str(ROOT)}


def ours(course, exercise, *options):
    """Mark the class with `python -m grading grade`."""
    verdicts = course.root / "verdicts" / exercise
    count = len(list(course.folder("submitted").iterdir()))
    command = [sys.executable, "-m", "grading", "grade", exercise, *options]
    return watched(command, course.root, lambda: len(list(verdicts.glob("*.json"))) / count)


def theirs(course, exercise):
    """Mark the class with nbgrader, which has to be told of the exercise first."""
    nbgrader = [sys.executable, "-m", "nbgrader"]
    watched([*nbgrader, "generate_assignment", exercise, "--force"], course.root, lambda: 0)
    return watched([*nbgrader, "autograde", exercise], course.root, lambda: 0)


def otters(course, exercise, python):
    """Mark the class with otter: what its processes came to, and the points that it gives."""
    notebooks = [course.file("submitted", exercise, path.name) for path in sorted(course.folder("submitted").iterdir())]
    pack = autograder(course, exercise, python, course.root)
    worker = Path(__file__).with_name("with_otter.py")
    seen = watched([python, worker, pack, *notebooks], course.root, lambda: 0)
    lines = (course.root / "said").read_text(encoding="utf-8").splitlines()
    return seen, [float(line) for line in lines if line.replace(".", "", 1).isdigit()]


def points(course, exercise):
    """The points that our verdicts give, in the order of the class."""
    paths = sorted((course.root / "verdicts" / exercise).glob("*.json"))
    return [json.loads(path.read_text(encoding="utf-8"))["earned"] for path in paths]


def stages(course, exercise):
    """Seconds that a submission takes to judge, on average, and the parts of it: dict from stage to share."""
    times = [json.loads(path.read_text())["seconds"] for path in (course.root / "verdicts" / exercise).glob("*.json")]
    start, cells, tests, total = (statistics.mean(one[key] for one in times) for key in times[0])
    parts = {"starting": start, "the student's cells": cells - start, "the tests": tests}
    parts["reading and merging"] = total - sum(parts.values())
    return total, {name: seconds / total for name, seconds in parts.items()}


def compare(exercise, students, plain, jobs, otter):
    """Measure one exercise and print what came of it."""
    rows, agreed = [], ""
    with tempfile.TemporaryDirectory() as here, tempfile.TemporaryDirectory() as there:
        course = make_class(exercise, students, Path(here))
        mine = ours(course, exercise, "--jobs", str(jobs))
        total, shares = stages(course, exercise)
        small = make_class(exercise, plain, Path(there))
        if otter:
            seen, theirs_points = otters(small, exercise, otter)
            same = sum(a == b for a, b in zip(theirs_points, points(course, exercise)))
            rows.append(("otter", seen, plain))
            agreed = f"- otter and `grading` give the same points to {same} of {plain} notebooks"
        other = theirs(small, exercise)
    print(f"\n{exercise}: a notebook, in seconds of computing (and of waiting), start-up included\n")
    print("| grader           | class | computing | waiting |")
    print("| ---------------- | ----- | --------- | ------- |")
    for name, seen, count in (("nbgrader", other, plain), *rows, ("`grading`", mine, students)):
        print(f"| {name:<16} | {count:>5} | {seen.cpu / count:>9.3f} | {seen.wall / count:>7.3f} |")
    ratio = (other.cpu / plain) / (mine.cpu / students)
    print(f"\n- computing, nbgrader / grading: {ratio:.1f} (goal 5: {'met' if ratio >= 5 else 'missed'})")
    if agreed:
        print(agreed)
    parts = ", ".join(f"{name} {100 * share:.0f} %" for name, share in shares.items())
    print(f"- judging takes {total:.3f} s: {parts}")
    print(f"- {100 * mine.writer / mine.cpu:.0f} % of all computing is the first process: gradebook, notebooks, pages")
    quarter = [mib for share, mib in mine.memory if 0.2 <= share <= 0.4] or [0.0]
    end = [mib for share, mib in mine.memory if share >= 0.8] or [0.0]
    print(f"- memory of the processes that stay: {statistics.median(quarter):.0f} MiB after a quarter of the class, "
          f"{statistics.median(end):.0f} MiB at its end")  # fmt: skip
    print(f"- {students} notebooks with {jobs} at a time: {mine.wall:.0f} s", flush=True)


def main():
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.grading",
        description=__doc__,
        epilog="The class is the demonstration class, again and again, without the two whom nbgrader cannot mark. With "
        "one judging at a time, everything runs on one core. On a machine that does other work, believe the seconds of "
        "computing.",
    )
    parser.add_argument("--students", type=int, default=40, help="size of the class (default: 40)")
    parser.add_argument("--plain", type=int, default=20, help="how many of them nbgrader marks, too (default: 20)")
    parser.add_argument("--jobs", type=int, default=1, help="how many to judge at a time (default: 1)")
    parser.add_argument("--otter", metavar="PYTHON", help="a Python with otter-grader and what the exercise needs: "
                        "otter marks the same notebooks, without its container")  # fmt: skip
    parser.add_argument("exercises", nargs="*", default=["02-forward", "06-gru"], metavar="NAME",
                        help="default: one without torch, one with it: 02-forward 06-gru")  # fmt: skip
    args = parser.parse_args()
    if args.jobs == 1 and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    names = ", ".join(f"{name} {version(name)}" for name in ("nbgrader", "numpy", "torch"))
    print(f"{cpu()}; Python {platform.python_version()}, {names}; {args.jobs} at a time", flush=True)
    for exercise in args.exercises:
        compare(exercise, args.students, min(args.plain, args.students), args.jobs, args.otter)


if __name__ == "__main__":
    main()
