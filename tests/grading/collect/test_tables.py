"""Tables as spreadsheets save them are read, or refused with the file, the line and the reason."""

from datetime import timedelta

import pytest

from grading.collect.roster import read_roster
from grading.collect.tables import read_table
from grading.course import UsageError
from grading.gradebook import late
from tests.grading.collect.conftest import NAME, put

HEAD = "student,exercise,days\n"
MUELLER = f"{HEAD}müller,{NAME},1.5\n"


@pytest.mark.parametrize(
    "data",
    [
        MUELLER.encode(),
        MUELLER.encode("utf-8-sig"),
        MUELLER.encode("cp1252"),
        MUELLER.encode("utf-16"),
        MUELLER.encode("utf-16-le"),
        MUELLER.replace("\n", "\r\n").encode(),
        MUELLER.replace("\n", "\r").encode(),
        MUELLER.replace(",", ";").encode("cp1252"),
        MUELLER.replace(".", "|").replace(",", ";").replace("|", ",").encode("cp1252"),  # 1,5
        MUELLER.replace(",", "\t").encode("utf-16"),
        ("sep=;\n" + MUELLER.replace(",", ";")).encode(),
        MUELLER.replace("müller", ' "müller" ').replace(' "', '"').replace('" ', '"').encode(),
        MUELLER.replace("\n", ",,,\n").encode(),
        (MUELLER + "\n,,\n\n").encode(),
        f"Days;Student;Exercise\n1,5;müller;{NAME}\n".encode("utf-8-sig"),
        "student,exercise,days\nmu\N{COMBINING DIAERESIS}ller,02-forward,1.5\n".encode(),
    ],
)
def test_extensions_in_any_clothes(course, data):
    put(course.root / late.EXTENSIONS, data)
    assert late.extensions(course) == {("müller", NAME): timedelta(days=1.5)}


@pytest.mark.parametrize("days", ["1e308", "-5", "3 days", "nan", "inf", "", "367", "1,5", "0x3", "٣", "--1", "1.5.2"])
def test_absurd_numbers(course, days):
    put(course.root / late.EXTENSIONS, f'{HEAD}ada,{NAME},2\nbo,{NAME},"{days}"\n')
    with pytest.raises(UsageError, match="extensions.csv, line 3: expected"):
        late.extensions(course)


@pytest.mark.parametrize(
    "data, said",
    [
        (f"{HEAD}ada,{NAME}\n", "line 2: expected 3 values, student,exercise,days, got ada,02-forward"),
        (f"{HEAD}ada,{NAME},1,2\n", "line 2: expected 3 values"),
        (f"{HEAD}ada,2-forward,1\n", "line 2: There is no exercise '2-forward'"),
        (f"{HEAD}ada,{NAME},1\n\nada,{NAME},2\n", "line 4: ada has 2 days for 02-forward, and in line 2 1"),
        (f'{HEAD}"ada\nlovelace",{NAME},many\n', "line 2: expected a number of days, got 'many'"),
        (f'{HEAD}"a\nb",{NAME},1\nbo,{NAME},many\n', "line 4: expected a number of days"),
        (f'{HEAD}ada,{NAME},"1\nbo', "line 2: it is no line of a table"),
        ("", "expected the columns student,exercise,days, got nothing"),
        (b"PK\x03\x04\x00\x00\x00", "it holds zero bytes"),
        (b"\xff\xfe\x00\xd8\x00", "is damaged"),
        (b"a" * 16_000_001, "larger than"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line(course, data, said):
    put(course.root / late.EXTENSIONS, data)
    with pytest.raises(UsageError) as error:
        late.extensions(course)
    assert "extensions.csv" in str(error.value) and said in str(error.value)


def test_a_table_that_is_none(course):
    (course.root / late.EXTENSIONS).mkdir()
    with pytest.raises(UsageError, match="cannot be read"):
        late.extensions(course)


def test_an_extension_for_nobody_is_told(ready):
    (ready.root / "submitted" / "evening").mkdir(parents=True)
    put(ready.root / late.EXTENSIONS, f"{HEAD}Evening,{NAME},1\nevening,{NAME},2\nxyz,{NAME},1\n")
    assert late.strangers(ready) == [
        "extensions.csv, line 2: nobody who handed in is called 'Evening'. Did you mean evening?",
        "extensions.csv, line 4: nobody who handed in is called 'xyz'.",
    ]
    put(ready.root / late.EXTENSIONS, f"{HEAD}müller,{NAME},1\n".encode("mac_roman"))
    assert "The file was read as cp1250, which is a guess" in late.strangers(ready)[1]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_roster_in_any_clothes(tmp_path, separator, encoding):
    name = '"Núñez, José"' if separator == "," else "Núñez, José"
    rows = [["al1", "Ada Lovelace", "1234", ""], ["jn2", name, "", ""], ["zb3", "", "", ""]]
    path = tmp_path / "roster.csv"
    path.write_bytes("\r\n".join(separator.join(row) for row in rows).encode(encoding))
    known = read_roster(path).known
    assert known == {"al1": "al1", "adalovelace": "al1", "1234": "al1", "jn2": "jn2", "núñezjosé": "jn2", "zb3": "zb3"}


@pytest.mark.parametrize(
    "text, said",
    [
        ("al1,Ada\nal2,ada\n", "line 2: 'ada' stands for both al1 and al2"),
        ("al1,Ada\nbo\nal1,Alan\n", "line 3: al1 has line 1 already"),
        ("al1,Ada\n../x,Bo\n", "line 2: '../x' cannot name a folder"),
        ("al1,Ada\n,Bo\n", "line 2: '' cannot name a folder"),
        ("n" * 129 + ",Ada\n", "is too long"),
        ("", "names nobody"),
    ],
)
def test_a_roster_with_a_fault(tmp_path, text, said):
    (tmp_path / "roster.csv").write_text(text)
    with pytest.raises(UsageError) as error:
        read_roster(tmp_path / "roster.csv")
    assert said in str(error.value)


def test_lines_are_counted_as_an_editor_counts_them(tmp_path):
    (tmp_path / "t.csv").write_text('sep=,\n"a\nb",c\n\nd,"e"\n')
    assert [(line.number, line.cells) for line in read_table(tmp_path / "t.csv", "t.csv").lines] == [
        (2, ("a\nb", "c")),
        (5, ("d", "e")),
    ]
