"""What we write opens in a spreadsheet with any separator, and begins no formula there."""

import csv
import io
import unicodedata
import zipfile

import pytest

from grading.report import pages, workbook
from grading.shown import csv_text

HEAD = ["student", "points", "reason"]
NASTY = ["=1+1", "+1", "-1", "@x", "\t=1", " =1", "\r=1", "＝1+1", "﹢1", "⁼1", "−1", '"=1', "a;=1+1;b", "a; =1",
         'a;"=1"', "a\n=1", "a|=1", "x;＝1", "\ufeff=1", "a\r\n@x"]  # fmt: skip


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("text", NASTY)
@pytest.mark.promise("F4")
def test_no_cell_of_any_spreadsheet_begins_a_formula(separator, text):
    for rows in ([HEAD, [text, 1.5, "fine"]], [HEAD, ["ada", 1.5, text]]):
        for row in csv.reader(io.StringIO(csv_text(rows), newline=""), delimiter=separator):
            for cell in row:
                begins = unicodedata.normalize("NFKC", cell.lstrip(" \"'\ufeff")[:1]) if cell[:1] != "'" else ""
                assert not begins.startswith(("=", "+", "@", "−")) and cell[:1] != "-", cell


def test_numbers_stay_numbers_and_texts_stay_whole():
    text = csv_text([HEAD, ['Ñandú, "Zoë"; x', -1.5, None], ["al1", 2, "a\nb"]])
    rows = list(csv.reader(io.StringIO(text, newline=""), quoting=csv.QUOTE_NONNUMERIC))
    assert rows == [HEAD, ['Ñandú, "Zoë"; x', -1.5, ""], ["al1", 2.0, "a\nb"]]


@pytest.mark.parametrize("student, mark", [("ada", b""), ("Zoë", b"\xef\xbb\xbf")])
def test_letters_beyond_ascii_have_a_mark_before_them(tmp_path, student, mark):
    path = pages.write_table(tmp_path / "grades.csv", [HEAD, [student, 1, ""]])
    data = path.read_bytes()
    assert data.startswith(mark + b'"student"')
    with path.open(newline="", encoding="utf-8-sig") as file:
        assert next(csv.DictReader(file))["student"] == student


def test_a_workbook_holds_texts_and_numbers_and_no_formula(tmp_path):
    rows = [HEAD, ["=cmd|' /C calc'!A0", 1.5, "<b>&\x1b[2J\x00"], ["Zoë", -2, None]]
    path = workbook.write(tmp_path / "grades.xlsx", rows)
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet and "=cmd|' /C calc'!A0</t>" in sheet and "&lt;b&gt;&amp;" in sheet
    assert "<c><v>1.5</v></c>" in sheet and "\x1b" not in sheet and "\x00" not in sheet
    assert workbook.write(tmp_path / "again.xlsx", rows).read_bytes() == path.read_bytes()
