"""What one student hands in, or is called, that is to stop the run of a class, or an import (cause B)."""

import os
import socket

from tests.grading.adversarial.attempts import EXERCISE, collector, honest, marks, missing, place, put

STOPPING, attempt = collector("B")
GRADE = ["grade", EXERCISE]
BLACKBOARD = "hw_{}_attempt_{}_{}"


def imported(root):
    """The command that brings downloads in."""
    return ["import", str(root / "downloads"), "--assignment", EXERCISE]


def download(root, name, data=b"{}"):
    """Write a file among the downloads."""
    put(os.path.join(os.fsencode(root), b"downloads", os.fsencode(name)), data)


def kept(student, data):
    """Make what tells whether a student's notebook came in as it is."""

    def wrong(root, said):
        path = root / "submitted" / student / EXERCISE / f"{EXERCISE}.ipynb"
        there = path.is_file() and not path.is_symlink() and path.read_bytes() == data
        return "" if there else f"{student}'s notebook did not come in"

    return wrong


@attempt("a name of 84 letters that take three bytes each: a folder may have it, a file named after it may not")
def name_of_many_bytes(root):
    honest(root, "ada")
    put(place(root, "作" * 84))
    return GRADE


@attempt("a pipe in place of submission_secret.txt, and of timestamp.txt", missing("mallory"))
def pipes_beside(root):
    honest(root, "ada", "mallory")
    for name in ("submission_secret.txt", "timestamp.txt", "late.txt"):
        os.mkfifo(place(root, "mallory", name))
    return GRADE


@attempt("a timestamp in year 1, a day before there was one in UTC", missing("mallory"))
def time_before_all_times(root):
    honest(root, "ada", "mallory")
    put(place(root, "mallory", "timestamp.txt"), b"0001-01-01 00:00:00 +23:59")
    return GRADE


@attempt("names that are no UTF-8 beside a missing notebook, and a pipe, a socket and a folder of its name",
         missing("mallory", "eve", "sam", "tom"))  # fmt: skip
def nothing_to_read(root):
    honest(root, "ada")
    put(place(root, "mallory", b"\xff\xfe\n.ipynb"))
    os.mkfifo(place(root, "eve"))
    os.makedirs(place(root, "sam"))
    folder = place(root, "tom")
    here = os.getcwd()
    os.chdir(os.path.dirname(folder))  # the name of a socket is short
    try:
        with socket.socket(socket.AF_UNIX) as line:
            line.bind(f"{EXERCISE}.ipynb")
    finally:
        os.chdir(here)
    return GRADE


@attempt("a link that leads to itself, in place of the folder, and of a file", missing("mallory"))
def links_to_themselves(root):
    honest(root, "ada")
    os.symlink("eve", root / "submitted" / "eve")
    os.symlink(f"{EXERCISE}.ipynb", place(root, "mallory"))
    return GRADE


def no_remark(root, said):
    """Whether one student's file makes a remark on others."""
    return "the others are said to have no time" if "as others have" in said else ""


@attempt("a timestamp.txt where nobody else has one", no_remark)
def only_one_has_a_time(root):
    honest(root, "ada", "bob", "eve", "mallory")
    put(place(root, "mallory", "timestamp.txt"), b"2027-01-01 00:00:00 UTC")
    return GRADE


@attempt("a folder of the notebook's name lies in submitted/ already, and the same student's file is brought in",
         kept("ada", b"right"))  # fmt: skip
def folder_in_place_of_the_notebook(root):
    os.makedirs(place(root, "mallory"))
    download(root, f"mallory/{EXERCISE}.ipynb", b"new")
    download(root, f"ada/{EXERCISE}.ipynb", b"right")
    return imported(root)


@attempt("a pipe of the notebook's name lies in submitted/ already, when downloads are brought in",
         kept("zoe", b"right"))  # fmt: skip
def pipe_in_place_of_the_notebook(root):
    os.mkfifo(place(root, "mallory"))
    download(root, f"mallory/{EXERCISE}.ipynb", b"new")
    download(root, f"zoe/{EXERCISE}.ipynb", b"right")
    return imported(root)


def written_through(root, said):
    """Whether the import wrote where a link leads."""
    return "written where a link leads" if (root / "gradebook-of-others").exists() else ""


@attempt("a link that leads out, in place of timestamp.txt, when the same notebook is brought in again",
         written_through)  # fmt: skip
def link_in_place_of_the_time(root):
    put(place(root, "mallory"), b"{}")
    os.symlink(root / "gradebook-of-others", place(root, "mallory", "timestamp.txt"))
    download(root, BLACKBOARD.format("mallory", "2027-01-01-00-00-00", f"{EXERCISE}.ipynb"), b"{}")
    return imported(root)


@attempt("a file that says that it was handed in in year 1", kept("ada", b"right"))
def download_of_year_one(root):
    download(root, BLACKBOARD.format("mallory", "0001-01-01-00-00-00", f"{EXERCISE}.ipynb"))
    download(root, BLACKBOARD.format("ada", "2027-01-01-00-00-00", f"{EXERCISE}.ipynb"), b"right")
    with (root / "nbgrader_config.py").open("a") as file:
        file.write(f"\nc.Grading.due = {{'{EXERCISE}': '2027-02-01 12:00 Asia/Tokyo'}}\n")
    return imported(root)


@attempt("twelve hundred folders in one another", kept("zoe", b"right"))
def deep_folders(root):
    at = os.open(root, os.O_RDONLY)
    for name in ("downloads", "mallory", *["d"] * 1200):
        try:
            os.mkdir(name, dir_fd=at)
        except FileExistsError:
            pass
        below = os.open(name, os.O_RDONLY, dir_fd=at)
        os.close(at)
        at = below
    os.close(os.open("x.ipynb", os.O_CREAT | os.O_WRONLY, dir_fd=at))
    os.close(at)
    download(root, f"zoe/{EXERCISE}.ipynb", b"right")
    return imported(root)


@attempt("an archive with a notebook in three hundred thousand folders", kept("zoe", b"right"))
def deep_archive(root):
    import io
    import zipfile

    with zipfile.ZipFile(file := io.BytesIO(), "w") as archive:
        for number in range(40):
            archive.writestr("a/" * 30_000 + f"{number}.ipynb", b"{}")
    download(root, "mallory.zip", file.getvalue())
    download(root, f"zoe/{EXERCISE}.ipynb", b"right")
    return imported(root)


@attempt("an archive with ninety names of thirty thousand accents upon one letter", kept("zoe", b"right"))
def piled_accents(root):
    import io
    import zipfile

    accents = "\u0315" * 15_000 + "\u0300" * 15_000
    with zipfile.ZipFile(file := io.BytesIO(), "w") as archive:
        for number in range(90):
            archive.writestr(f"{number}{accents}.ipynb", b"{}")
    download(root, "mallory.zip", file.getvalue())
    download(root, f"zoe/{EXERCISE}.ipynb", b"right")
    return imported(root)


def everybody_is_there(root, said):
    """Whether others' marks are still there."""
    return "" if {"ada", "bob"} <= set(marks(root)) else "others are gone"


@attempt("a folder that is called * , whose student is then marked with all others", everybody_is_there)
def called_star(root):
    honest(root, "ada", "bob", "*", "[a]da", "?")
    return GRADE
