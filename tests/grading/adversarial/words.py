"""Words that are to reach an instructor's screen, tables and files in another way than as words (cause A)."""

import json
import os

from tests.grading.adversarial.attempts import EXERCISE, collector, honest, missing, place, put, reasons
from tests.grading.adversarial.paper import add, as_bytes, new, solved

WORDS, attempt = collector("A")
GRADE = ["grade", EXERCISE]
TITLE = "\x1b]0;owned\x07\x1b[2J\x9b31m"


def forged(root, said):
    """Whether a line stands on the screen, or in the table, that a student wrote."""
    lines = [line.strip() for line in said.split("\n")]
    return (
        "a line of the student's own on the screen"
        if any(line.startswith("mallory  20 / 20") for line in lines)
        else ""
    )


@attempt("a folder in submitted/ whose name sets the terminal's title and clears it")
def folder_with_codes(root):
    honest(root, "ada")
    os.makedirs(root / "submitted" / f"m{TITLE}" / EXERCISE)
    return GRADE


@attempt("notebooks of another name, which hold codes and line breaks, in place of the right one", missing("mallory"))
def names_with_codes(root):
    honest(root, "ada")
    for name in (f"{TITLE}.ipynb", "a\rmallory  20 / 20\n.ipynb", "\u202egnp.ipynb", "a\u2028b.ipynb"):
        put(place(root, "mallory", name))
    return GRADE


@attempt("a thousand notebooks with names of 200 letters in place of the right one", missing("mallory"))
def thousand_names(root):
    honest(root, "ada")
    for number in range(1000):
        put(place(root, "mallory", f"{number:0200}.ipynb"))
    return GRADE


@attempt("three thousand files and folders that belong to no exercise")
def thousands_of_strays(root):
    honest(root, "ada")
    for number in range(1500):
        put(root / "submitted" / f"{'x' * 100}{number}.txt")
        os.makedirs(root / "submitted" / "ada" / f"{'y' * 100}{number}")
    return GRADE


@attempt("a cell whose name is a line of the table of marks, and which never ends", forged, judged=True)
def cell_id_forges_a_line(root):
    honest(root, "ada")
    nb = solved()
    add(nb, "while True: pass", f"x\nmallory  20 / 20\r\nmallory  20 / 20\x1b[1A{TITLE}\u2028mallory  20 / 20")
    put(place(root, "mallory"), as_bytes(nb))
    return GRADE


@attempt("a cell whose name has a hundred thousand letters, and which never ends", missing("mallory"), judged=True)
def endless_cell_id(root):
    honest(root, "ada")
    nb = solved()
    nb["cells"].insert(3, new("while True: pass", "z" * 100_000))
    put(place(root, "mallory"), as_bytes(nb))
    return GRADE


@attempt("names with codes, when somebody only asks what there is to mark")
def codes_in_a_dry_run(root):
    honest(root, "ada")
    put(place(root, "mallory", f"{TITLE}\n.ipynb"))
    return [*GRADE, "--dry-run"]


@attempt("letters that a screen in the encoding of a country does not have", missing("mallory"), coding="latin-1")
def letters_of_another_country(root):
    honest(root, "ada")
    put(place(root, "mallory", "作业 \N{SNOWMAN} 二.ipynb"))
    return GRADE


@attempt("a name of wide letters, each of which takes two columns", missing("作" * 60))
def wide_letters(root):
    honest(root, "ada")
    put(place(root, "作" * 60, "业" * 60 + ".ipynb"))
    return GRADE


def formula(root, said):
    """Whether a cell of the table begins with a formula, for a spreadsheet that separates by semicolons or tabs."""
    text = reasons(root).get("mallory", "")
    cells = [cell.strip(" \"'\u2060\u200b") for mark in ";\t|\n" for cell in text.split(mark)]
    return "a formula in the table" if any(cell[:1] in tuple("=+@＝﹦") and "'" not in text for cell in cells) else ""


@attempt("names of files that are formulas after a semicolon, a bar, and signs that are not seen", formula)
def formulas_in_names(root):
    honest(root, "ada")
    for name in ("a;=1+1;b.ipynb", "a|\u2060=cmd.ipynb", "a;\u200b＝1.ipynb"):
        put(place(root, "mallory", name))
    return GRADE


def in_the_log(root, said):
    """Whether a terminal that shows the log would do something."""
    path = root / ".nbgrader.log"
    return "codes in the log" if path.exists() and b"\x1b" in path.read_bytes() else ""


@attempt("an archive whose names, comment and files' kinds hold codes, in a download", in_the_log)
def codes_in_an_archive(root):
    import io
    import zipfile

    with zipfile.ZipFile(file := io.BytesIO(), "w") as archive:
        archive.comment = TITLE.encode("utf-8", "replace")
        for name in (f"{TITLE}.txt", f"{TITLE}/\x08\x08.ipynb", f"a\n{TITLE}.ipynb"):
            archive.writestr(name, json.dumps({"cells": []}) + name)
    put(root / "downloads" / "mallory.zip", file.getvalue())
    put(root / "downloads" / f"eve{TITLE}_{EXERCISE}.ipynb", b"{}")
    put(root / "downloads" / "ada" / f"{EXERCISE}.ipynb", honest(root, "ada"))
    return ["import", str(root / "downloads"), "--assignment", EXERCISE]
