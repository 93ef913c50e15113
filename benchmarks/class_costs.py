"""What a class costs: seconds and memory for a submission of each exercise, and what 1,000 of them take on two cores.

    python -m benchmarks.class_costs

writes `book/_data/class_costs.json`, which the page on grading reads. The class has the course's own answers, all of
them right: what trains a net trains it to its end. Two classes of each exercise are marked, a small and a larger one,
so that what starting costs can be told from what a submission costs; of 02-forward a class of 1,000 is marked, too.
With ``--only`` the rows of some exercises are measured anew, and the others stay.
"""

import argparse
import contextlib
import datetime
import hashlib
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

import digests
from benchmarks.__main__ import cpu
from benchmarks.grading import ROOT, environment, ours

RECORD = ROOT / "book" / "_data" / "class_costs.json"
COMMAND = "python -m benchmarks.class_costs"
CORES, CLASS, WHOLE = 2, 1000, "02-forward"  # the exercise of which a whole class is marked
SMALL, LARGER = 2, 40
LONG = {"08-language", "09-classification", "10-tagging", "11-comparison"}  # each trains a net, for seconds
LARGER_LONG = 12
WORKERS, DASK_CLASS, MACHINES = (2, 4), 200, 10


def answers_of(exercise):
    """A notebook with the course's own answers, as bytes."""
    from grading.course import Course
    from grading.demo import answers
    from grading.release import solution

    nb = json.loads((ROOT / "exercises" / exercise / f"{exercise}.ipynb").read_text(encoding="utf-8"))
    cells = solution.graded(solution.read(Course(ROOT), exercise)[0], "solution")
    texts = {solution.grade_id(cell): answers.right(cell.source) for cell in cells}
    for cell in nb["cells"]:
        cell["source"] = texts.get(cell["metadata"].get("nbgrader", {}).get("grade_id"), cell["source"])
    return json.dumps(nb).encode()


def make_class(exercise, students, folder):
    """Make a course in which all students of a class hand in the course's own answers."""
    from grading.course import Course

    shutil.copy(ROOT / "nbgrader_config.py", folder)
    shutil.copytree(ROOT / "solutions" / exercise, folder / "solutions" / exercise)
    course, data = Course(folder), answers_of(exercise)
    for number in range(students):
        path = course.file("submitted", exercise, f"student-{number:04}")
        path.parent.mkdir(parents=True)
        path.write_bytes(data)
    return course


def marked(exercise, students, *options):
    """Mark a class: what its processes came to, and the seconds of a submission (median), by its verdicts."""
    with tempfile.TemporaryDirectory() as folder:
        course = make_class(exercise, students, Path(folder))
        seen = ours(course, exercise, *options)
        verdicts = [json.loads(path.read_text()) for path in (course.root / "verdicts" / exercise).glob("*.json")]
    lost = [test["text"] for one in verdicts for test in one["tests"] if not test["earned"]]
    if lost or len(verdicts) != students:
        raise SystemExit(f"{exercise}: {len(verdicts)} of {students} were marked; points were lost: {lost[:1]}")
    return seen, statistics.median(one["seconds"]["total"] for one in verdicts)


def costs(exercise, students=None):
    """The row of an exercise; its larger class has so many students."""
    larger = students or (LARGER_LONG if exercise in LONG else LARGER)
    (few, _), (many, seconds) = (marked(exercise, n, "--jobs", str(CORES)) for n in (SMALL, larger))
    alone, one = marked(exercise, SMALL, "--jobs", "1")
    each = (many.wall - few.wall) / (larger - SMALL)
    return {
        "marked": larger,
        "seconds": round(one, 3),  # of a submission, with nothing beside it, in a sandbox that is warm
        "seconds_of_two": round(seconds, 3),  # with another one beside it
        "computing": round((many.cpu - few.cpu) / (larger - SMALL), 3),
        "judge_mib": round(max(many.judge, alone.judge)),
        "box_mib": round(max(many.box, alone.box)),
        "minutes_of_1000": round((few.wall + each * (CLASS - SMALL)) / 60, 1),
        "rests_on": rests_on(exercise),
    }


def whole_class():
    """A class of 1,000 of one exercise, on two cores."""
    seen, _ = marked(WHOLE, CLASS, "--jobs", str(CORES))
    quarter = [mib for share, mib in seen.memory if 0.2 <= share <= 0.4]
    end = [mib for share, mib in seen.memory if share >= 0.8]
    mib = [round(statistics.median(part)) for part in (quarter, end)]
    return {"exercise": WHOLE, "students": CLASS, "seconds": round(seen.wall, 1), "mib_quarter_and_end": mib,
            "computing": round(seen.cpu / CLASS, 4), "first_process": round(seen.writer / CLASS, 4)}  # fmt: skip


@contextlib.contextmanager
def cluster(workers):
    """A Dask scheduler and its workers on this machine: its address."""
    with tempfile.TemporaryDirectory() as folder:
        where = Path(folder) / "scheduler.json"
        own = ["--scheduler-file", str(where), "--host", "127.0.0.1", "--no-dashboard"]
        starts = [["dask_scheduler", *own, "--port", "0"]]
        starts += [
            ["dask_worker", *own, "--nthreads", "1", "--local-directory", f"{folder}/{n}"] for n in range(workers)
        ]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": ROOT, "env": environment()}
        processes = []
        try:
            for program, *options in starts:
                command = [sys.executable, "-m", f"distributed.cli.{program}", *options]
                processes.append(subprocess.Popen(command, **quiet))
                while not where.exists():
                    time.sleep(0.1)
            yield json.loads(where.read_text())["address"]
        finally:
            for process in reversed(processes):
                process.terminate()
                process.wait()


def dask():
    """Seconds for a class on two and on four workers of this machine, which has two cores."""
    rows = []
    for workers in WORKERS:
        with cluster(workers) as address:
            time.sleep(5)  # until all workers have come
            (few, _), (many, _) = (marked(WHOLE, n, "--scheduler", address) for n in (SMALL, DASK_CLASS))
        rows.append({"workers": workers, "students": DASK_CLASS, "seconds": round(many.wall, 1),
                     "seconds_each": round((many.wall - few.wall) / (DASK_CLASS - SMALL), 4)})  # fmt: skip
    return rows


def rests_on(exercise):
    """Name what the costs of an exercise rest on most: the code of its notebook, and its checks."""
    nb = json.loads((ROOT / "solutions" / exercise / f"{exercise}.ipynb").read_text(encoding="utf-8"))
    code = ["".join(cell["source"]) for cell in nb["cells"] if cell["cell_type"] == "code"]
    number, name = exercise.split("-")
    checks = sorted((ROOT / "rnnchecks" / f"e{number}_{name}").rglob("*.py"))
    return digests.of_bytes("\n".join([*code, *map(digests.of_file, checks)]).encode())


def seal(record):
    """A digest of all that a record says, so that a figure that was changed by hand is noticed."""
    said = json.dumps({key: value for key, value in record.items() if key != "digest"}, sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()


def main():
    from grading.course import Course

    exercises = Course(ROOT).exercises
    parser = argparse.ArgumentParser(prog=COMMAND, description=__doc__.partition("\n\n")[0])
    parser.add_argument("--only", nargs="+", default=[], choices=[*exercises, "class", "dask"], metavar="NAME",
                        help="measure these anew: exercises, `class` (1,000 of one), `dask`; default: all")  # fmt: skip
    parser.add_argument("--students", type=int, help=f"size of the larger class (default: {LARGER}, and {LARGER_LONG} "
                        f"where a net is trained); more than {SMALL}")  # fmt: skip
    args = parser.parse_args()
    if args.students is not None and args.students <= SMALL:
        parser.error(f"--students: expected more than {SMALL}, got {args.students}")
    chosen = args.only or [*exercises, "class", "dask"]
    record = json.loads(RECORD.read_text(encoding="utf-8")) if RECORD.exists() else {"exercises": {}}
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, set(sorted(os.sched_getaffinity(0))[:CORES]))
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    for name in chosen:
        start = time.monotonic()
        if name in exercises:
            record["exercises"][name] = costs(name, args.students) | {"date": today}
        else:
            record[name] = {"class": whole_class, "dask": dask}[name]()
        packages = {package: version(package) for package in ("nbgrader", "numpy", "torch", "distributed")}
        record |= {"command": COMMAND, "date": today, "cores": CORES,
                   "versions": {"python": platform.python_version(), **packages, "processor": cpu()}}  # fmt: skip
        record["exercises"] = dict(sorted(record["exercises"].items()))
        RECORD.write_text(json.dumps(record | {"digest": seal(record)}, indent=1) + "\n", encoding="utf-8")
        print(f"{name}: measured in {time.monotonic() - start:.0f} s", flush=True)


if __name__ == "__main__":
    main()
