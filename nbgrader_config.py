"""nbgrader's settings for this course: solutions/ -> exercises/ -> submitted/ -> autograded/ -> feedback/.

Every nbgrader command run in this folder reads them, and so does `python -m grading`, which calls the same converters.
"""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT))  # for the preprocessors in grading/, where the course is not installed

from nbconvert.preprocessors import CSSHTMLHeaderPreprocessor  # noqa: E402
from nbgrader import preprocessors as nbgrader  # noqa: E402

from grading.release import preprocessors as ours  # noqa: E402
from grading.release.validating import CoursesKernel, names_are_there  # noqa: E402


def put_first(variable, folder):
    """Put a folder at the head of a search path of the environment, which the kernels inherit."""
    rest = [path for path in os.environ.get(variable, "").split(os.pathsep) if path and path != str(folder)]
    os.environ[variable] = os.pathsep.join([str(folder), *rest])


put_first("PYTHONPATH", ROOT)  # marked with the rnnlib of this folder
put_first("PATH", Path(sys.executable).parent)  # nbgrader calls the program `alembic` by its bare name
# One thread for each kernel, and no kernel of the user's own in place of this environment's `python3`.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("JUPYTER_PREFER_ENV_PATH", "1")

c = get_config()  # noqa: F821

c.CourseDirectory.course_id = "rnn"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "exercises"
# Without a time limit of its own, a gradebook that another program holds for five seconds stops the whole run. Another
# database by its URL, such as postgresql+psycopg://user:password@host/rnn, stands in the environment: no password here.
c.CourseDirectory.db_url = os.environ.get("RNN_GRADEBOOK") or f"sqlite:///{ROOT / 'gradebook.db'}?timeout=60"

# ---- What only `python -m grading` reads -----------------------------------------------------------------------
# When an exercise is due, as {"03-bptt": "2027-02-01 23:59 Europe/Berlin"}; extensions.csv gives students more days.
c.Grading.due = {}
# A secret makes the hidden cases this course's own: nobody who has read the course's code knows their numbers. It stays
# out of the repository: set the variable, which plain nbgrader's kernels read, too.
c.Grading.seed = os.environ.get("RNNLIB_HIDDEN_SEED", "")
# Changes to the limits of grading/sandbox/box.py, as {"notebook": 600}.
c.Grading.limits = {}
# ----------------------------------------------------------------------------------------------------------------

# What lateness costs: nothing. For a tenth of the points a day:
# c.AssignLatePenalties.plugin_class = "grading.gradebook.late.PerDay"
# c.PerDay.share = 0.1

# Always anew: nbgrader would skip a submission that it has seen before, and keep the old mark under a new answer.
c.BaseConverter.force = True

# Where the book can be read, as https://.../: the exercises' links to chapters then lead there. Without, they lead to
# the chapter's file in this folder, and name the chapter in words.
c.LinksToTheBook.address = ""

c.GenerateAssignment.preprocessors = [
    ours.PlainMetadata,
    ours.LinksToTheBook,
    nbgrader.LockCells,
    ours.NamedStubs,  # in place of ClearSolutions
    nbgrader.ClearOutput,
    nbgrader.CheckCellMetadata,
    nbgrader.ComputeChecksums,
    nbgrader.SaveCells,
    nbgrader.ClearHiddenTests,
    nbgrader.ComputeChecksums,
    nbgrader.CheckCellMetadata,
    ours.Seal,
]
c.Autograde.sanitize_preprocessors = [
    nbgrader.ClearOutput,
    ours.DropCopies,  # in place of DeduplicateIds, after which a copied test cell stops the run
    nbgrader.OverwriteKernelspec,
    nbgrader.OverwriteCells,
    ours.BlankAnswers,
    nbgrader.CheckCellMetadata,
]
c.Autograde.autograde_preprocessors = [
    nbgrader.Execute,
    ours.ForgiveWarnings,  # nbgrader takes any word on standard error in a test cell for a failure
    nbgrader.LimitOutput,
    nbgrader.SaveAutoGrades,
    nbgrader.AssignLatePenalties,
    nbgrader.CheckCellMetadata,
]
c.GenerateFeedback.preprocessors = [
    ours.GetGrades,
    ours.HideTests,  # or the page would print them
    CSSHTMLHeaderPreprocessor,
]

# A test cell that the student deleted comes back, and is marked.
c.OverwriteCells.add_missing_cells = True

# Seconds for one cell. The slowest graded cell, which trains a net, takes a tenth of it; a loop without end
# gets 0 for its cell.
c.Execute.timeout = 120
# Whatever kernel a student's machine has: this course's.
c.Execute.kernel_manager_class = CoursesKernel
c.Execute.on_notebook_start = names_are_there
# Errors only: each kernel would say on the screen that it listens on this machine without encryption.
c.Execute.extra_arguments = ["--log-level=40"]
# Seconds for the machine, not the student: a busy one must not cost marks.
c.Execute.startup_timeout = 120
c.Execute.iopub_timeout = 60
