"""The commands: python -m grading release | import | grade | report | similar | demo | forget."""

import argparse
import os
import sys
import textwrap
from collections.abc import Sequence
from pathlib import Path

from grading import shown

EXAMPLES = """
the way of an exercise:
  solutions/NN-name/   the instructor's notebook, the only one that is written by hand
  exercises/NN-name/   the students' notebook, made by `release`
  submitted/STUDENT/NN-name/NN-name.ipynb   what comes back; put it there, or let `import` or `nbgrader collect` do it
  verdicts/, gradebook.db, autograded/, feedback/, reports/   made by `grade`

examples:
  python -m grading release              bring all of exercises/ into step with solutions/
  python -m grading import downloads.zip --assignment 03-bptt   sort what a learning platform gave you
  python -m grading grade --dry-run      say what there is to mark
  python -m grading grade                mark everything in submitted/ that is new
  python -m grading grade 03-bptt --again                mark one exercise anew
  python -m grading grade submitted/ --jobs 2 --assignment 03-bptt
  python -m grading report 03-bptt       the class on one page: reports/03-bptt.html
  python -m grading demo 05-lstm         make a class of twelve to try it on
  python -m grading demo --remove        take that class away again

Students' code runs in a sandbox (bubblewrap), and the checks run outside it. nbgrader keeps the format and the
gradebook, so `nbgrader generate_assignment`, `nbgrader autograde`, `nbgrader export`, `nbgrader validate` and its
formgrader work here, too; but `nbgrader autograde` has no sandbox, and runs students' code with your rights.

exit codes: 0 done; 1 the demonstration class did not get what was planted; 2 it cannot be done as asked, and the
message says why; 130 interrupted. What is marked by then is kept, and the same command goes on where it stopped.
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; return the exit code."""
    args = _parser().parse_args(argv)
    try:
        from grading import commands  # nbgrader takes two seconds to load, and --help should not

        return commands.run(args)
    except KeyboardInterrupt:
        shown.say("", "grading: interrupted. What is marked is kept; run it again for the rest.", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m grading",
        description="Release the exercises and mark a class.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--course", default=".", metavar="FOLDER", help="the course's folder; default: this one")
    commands = parser.add_subparsers(required=True, metavar="COMMAND", dest="command")

    def command(
        name: str, line: str, more: str, names: str | None = "an exercise, such as 02-forward; default: all"
    ) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=line, description=line + ".\n\n" + textwrap.dedent(more).strip(),
                                  formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
        if names:
            sub.add_argument("names", nargs="*", metavar="NAME", help=names)
        return sub

    sub = command("release", "make the students' notebooks in exercises/ from solutions/", """
        Solutions become `raise NotImplementedError("02-forward: rnn_step")`, hidden tests and outputs go. The same
        solutions give the same bytes everywhere. A solution notebook with a fault is refused, and nothing is written.
        A notebook in exercises/ that somebody worked in is kept.
        """)  # fmt: skip
    sub.add_argument("--again", action="store_true", help="replace those too; the old file stays beside it")
    sub = command("import", "bring downloads into submitted/", """
        Takes a folder or a zip as Moodle, Canvas, Blackboard or Brightspace name it, or with a folder or a zip for each
        student. The outermost name says whose it is; the latest attempt counts, and times that the platform gives are
        kept. What could not be matched, or may be of two people, is listed, and nothing of it is taken. A roster is a
        CSV file: in each line the student's name in this course, then the names and numbers under which a platform
        knows them.
        """, None)  # fmt: skip
    sub.add_argument("folder", type=Path, metavar="FOLDER", help="what the platform let you download")
    sub.add_argument("--assignment", required=True, metavar="NAME", help="the exercise that the downloads are of")
    sub.add_argument("--roster", type=Path, metavar="FILE", help="take only these students, under these names")
    sub.add_argument(
        "--zone",
        metavar="ZONE",
        help="time zone of the platform's clock, such as Europe/Berlin; default: "
        "that of the due date, or else this machine's",
    )
    sub.add_argument("--dry-run", action="store_true", help="say what would be brought, and write nothing")
    sub = command("demo", "make a demonstration class of twelve in submitted/", """
        Right, wrong in the ways of the catalogues of misconceptions, untouched, crashing, not a notebook. Only where
        submitted/ holds nothing else. Unless you name exercises, the first two. What each must earn is in
        submitted/demonstration.json.
        """)  # fmt: skip
    sub.add_argument("--remove", action="store_true", help="take it out of submitted/ and the gradebook")
    sub = command("grade", "mark what lies in submitted/", """
        Judges each submission in a sandbox, enters the marks in the gradebook, writes feedback/ (a page a student),
        autograded/ (for formgrader) and reports/grades.csv, and prints the marks, what could not be marked and why, and
        what the class misunderstood. Without submissions it makes the demonstration class and marks that.

        What has a verdict is not judged again, unless the submission, the exercise or the checks changed: so after
        Ctrl-C, a crash or a full disk the same command goes on where it stopped. A new submission takes the place of
        the old one. Points given by hand in formgrader stay, and formgrader asks you to look again.

        In nbgrader_config.py: c.Grading.due (due dates; what lateness costs is c.AssignLatePenalties.plugin_class),
        c.Grading.seed (makes the hidden cases your own), c.Grading.limits (of time and memory), and
        c.CourseDirectory.db_url (SQLite, or PostgreSQL). Extensions: extensions.csv with student,exercise,days.
        """, "an exercise, such as 02-forward; or the folder of the submissions, by default submitted/")  # fmt: skip
    sub.add_argument("--assignment", action="append", default=[], metavar="NAME", help="an exercise, as NAME")
    sub.add_argument("--jobs", type=_count, default=_cores(), metavar="N",
                     help="judge N at a time; default: as many as there are cores, here %(default)s")  # fmt: skip
    sub.add_argument("--dry-run", action="store_true", help="say what would be judged, and write nothing")
    sub.add_argument("--again", action="store_true", help="judge also what has a verdict")
    sub.add_argument("--scheduler", metavar="ADDRESS", help="judge on the workers of this Dask scheduler")
    sub.add_argument("--unsandboxed", action="store_true",
                     help="without bubblewrap: run students' code with your rights; each verdict says so")  # fmt: skip
    sub = command("report", "write the report on a class, a page for each exercise", """
        Writes reports/NN-name.html, .csv and .json from the verdicts: how the points are distributed, what was hard,
        what tells the strong from the weak, which misconceptions are behind it, and what to teach again.
        """)  # fmt: skip
    sub.add_argument("--pseudonyms", action="store_true", help="replace names, the same one always by the same")
    command("similar", "list pairs of submissions that are alike beyond renaming and reformatting", """
        Writes reports/NN-name.similar.html with the evidence side by side: a place to look, not an accusation.
        """)  # fmt: skip
    sub = command("forget", "take one student's data out, everywhere", """
        Lists what the course holds of a student, asks, takes it out, and lists what it took out and what it cannot
        reach. It takes submissions and what was moved aside, verdicts, marks, pages, tables and reports that name the
        student, lines of the log, and what lies in nbgrader's exchange.
        """, None)  # fmt: skip
    sub.add_argument("students", nargs="+", metavar="STUDENT", help="the name in submitted/ and in the gradebook")
    sub.add_argument("--yes", action="store_true", help="do not ask")
    return parser


def _count(text: str) -> int:
    """Read a number of processes."""
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number from 1 on, got {text!r}")
    return int(text)


def _cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


if __name__ == "__main__":
    sys.exit(main())
