"""The commands: python -m grading release | demo | grade."""

import argparse
import sys
import tempfile
import textwrap
from pathlib import Path

EXAMPLES = """
the way of an exercise:
  solutions/NN-name/   the instructor's notebook, the only one that is written by hand
  exercises/NN-name/   the students' notebook, made by `release`
  submitted/STUDENT/NN-name/NN-name.ipynb   what comes back; put it there, or let `nbgrader collect` do it
  autograded/, feedback/, reports/, gradebook.db   made by `grade`

examples:
  python -m grading release              bring all of exercises/ into step with solutions/
  python -m grading grade                mark everything in submitted/
  python -m grading grade 03-bptt        mark one exercise
  python -m grading demo 05-lstm         make a class of twelve to try it on
  python -m grading demo --remove        take that class away again

Every step is nbgrader's own, with the settings of nbgrader_config.py; so `nbgrader generate_assignment`, `nbgrader
autograde`, `nbgrader generate_feedback`, `nbgrader export`, `nbgrader validate` and its formgrader work here, too.
What nbgrader says goes to .nbgrader.log.

the student's code runs with your rights: nbgrader has no sandbox. Mark strangers' work in a container or as a user
who may lose nothing.
"""


def main(argv=None):
    """Run a command; return the exit code: 0 done, 1 something disagrees, 2 it cannot be done as asked."""
    args = _parser().parse_args(argv)
    from grading.course import Course, UsageError  # nbgrader takes two seconds to load, and --help should not

    course = Course(Path(args.course).resolve())
    try:
        return args.run(course, args)
    except UsageError as error:
        print(f"grading: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("grading: interrupted. What is marked is kept; run it again for the rest.", file=sys.stderr)
        return 130


def run_release(course, args):
    """release: solutions/ -> exercises/."""
    from grading.release import release

    states = release(course, args.names, args.again)
    for name, state in states.items():
        print(f"exercises/{name}: {state}")
    kept = [name for name, state in states.items() if state == "kept"]
    if kept:
        print(f"Somebody worked in exercises/{kept[0]}, so it stays as it is.")
        print(f"For a fresh copy, with the old one beside it: python -m grading release --again {kept[0]}")
    return 0


def run_demo(course, args):
    """demo: a made-up class."""
    from grading import demonstration

    if args.remove:
        print(f"Took {demonstration.remove(course)} demonstration submissions away.")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        record = demonstration.make(course, demonstration.chosen(course, args.names), Path(folder))
    for student, what in demonstration.CAST.items():
        print(f"  {student:<10}{what}")
    print(f"{sum(map(len, record.values()))} submissions lie in submitted/; what each must earn is in")
    print(f"submitted/{demonstration.RECORD}. To mark them: python -m grading grade")
    return 0


def run_grade(course, args):
    """grade: mark, make feedback, export, report."""
    from grading import demonstration, report
    from grading.course import UsageError
    from grading.grade import found, grade, unknown

    names = course.choose(args.names)
    if not demonstration.real_submissions(course):
        names = demonstration.chosen(course, args.names)
        print("submitted/ holds no submissions, so the demonstration class is marked: twelve made-up students.")
        print(f"They hand in {' and '.join(names)}; for another exercise: make grade NAME={course.exercises[-1]}")
        demonstration.remove(course)
        with tempfile.TemporaryDirectory() as folder:
            demonstration.make(course, names, Path(folder))
    elif not any(found(course, name) for name in names):
        stray = f" It does hold {', '.join(unknown(course))}." if unknown(course) else ""
        raise UsageError(
            f"submitted/ holds no submission to {', '.join(names)}. One belongs at "
            f"submitted/STUDENT/{names[0]}/{names[0]}.ipynb.{stray}"
        )
    results = grade(course, names)
    report.write_grades(course, results, course.root / "reports" / "grades.csv")
    report.write_misconceptions(results, course.root / "reports" / "misconceptions.csv")
    print(report.text(results))
    if unknown(course):
        print("\nIn submitted/, but of no exercise: " + ", ".join(unknown(course)))
    print("\nA page for each student is in feedback/, all marks are in reports/grades.csv.")
    record = demonstration.read_record(course)
    planted = [r for r in results if demonstration.is_demonstration(course, r.exercise, r.student, record)]
    differences = report.compare(planted, record)
    if differences:
        print("\nThe demonstration class did not get what was planted:")
        print("\n".join(f"  {line}" for line in differences))
        return 1
    if planted:
        print(f"All {len(planted)} demonstration submissions got the marks and the misconceptions that were planted.")
        if len(planted) < len(results):
            print("They stand among real ones. To take them away: python -m grading demo --remove")
    return 0


def _parser():
    parser = argparse.ArgumentParser(
        prog="python -m grading",
        description="Release the exercises and mark a class with nbgrader.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--course", default=".", metavar="FOLDER", help="the course's folder; default: this one")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name, run, line, more):
        sub = commands.add_parser(name, help=line, description=line + ".\n\n" + textwrap.dedent(more).strip(),
                                  formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
        sub.add_argument("names", nargs="*", metavar="NAME", help="an exercise, such as 02-forward; default: all")
        sub.set_defaults(run=run)
        return sub

    sub = command("release", run_release, "make the students' notebooks in exercises/ from solutions/", """
        Solutions become `raise NotImplementedError("02-forward: rnn_step")`, hidden tests and outputs go. The same
        solutions give the same bytes everywhere. A solution notebook with a fault is refused, and nothing is written.
        A notebook in exercises/ that somebody worked in is kept.
        """)  # fmt: skip
    sub.add_argument("--again", action="store_true", help="replace those too; the old file stays beside it")
    sub = command("demo", run_demo, "make a demonstration class of twelve in submitted/", """
        Right, wrong in the ways of the catalogues of misconceptions, untouched, crashing, not a notebook. Only where
        submitted/ holds nothing else. Unless you name exercises, the first two. What each must earn is in
        submitted/demonstration.json.
        """)  # fmt: skip
    sub.add_argument("--remove", action="store_true", help="take it out of submitted/ and the gradebook")
    command("grade", run_grade, "mark what lies in submitted/", """
        Marks with nbgrader, writes feedback/ and reports/grades.csv, and prints the marks, what could not be marked
        and why, and what the class misunderstood. Without submissions it makes the demonstration class and marks that.
        Running it again marks everything again; points given by hand in formgrader stay.
        """)  # fmt: skip
    return parser


if __name__ == "__main__":
    sys.exit(main())
