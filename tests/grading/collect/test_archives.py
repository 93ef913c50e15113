"""A student's archive costs that student only, whatever it is, in one line; and little memory."""

import tracemalloc
import zipfile

import pytest

from grading.collect import archives
from grading.collect.downloads import bring_in
from grading.collect.encodings import decoded
from grading.collect.titles import as_folder
from tests.grading.collect.conftest import NAME, put, submitted, zipped, zipped_in


def altered(data, position, value):
    """A zip with one byte of its list of names changed."""
    at = data.index(b"PK\x01\x02") + position
    return data[:at] + bytes([value]) + data[at + 1 :]


def broken():
    """Archives that cannot be read, and what is said of them."""
    good = zipped({f"{NAME}.ipynb": "x" * 5000})
    deep = zipped({"two.zip": zipped({"three.zip": zipped({f"{NAME}.ipynb": "deep"})})})
    damaged = bytearray(good)
    damaged[50:60] = b"\xff" * 10
    name = good.replace(NAME.encode(), b"\xff" * len(NAME))
    return {
        "a later version": (altered(good, 6, 99), "packed in a way"),
        "another method": (altered(good, 10, 77), "packed in a way"),
        "a password": (altered(good, 8, 1), "it needs a password"),
        "no UTF-8, though it says so": (altered(name, 9, 8), "damaged"),
        "cut off": (good[:-30], "only a part"),
        "nothing": (b"", "only a part"),
        "no zip": (b"Rar!\x1a\x07" * 100, "only a part"),
        "damaged": (bytes(damaged), "damaged"),
        "too deep": (deep, "a zip in a zip in a zip"),
        "leads out": (zipped({f"../../{NAME}.ipynb": "x"}), "leads out"),
        "many files": (zipped({f"{i}.txt": "" for i in range(archives.MOST_FILES + 1)}), "more than 50,000 files"),
        "many zips": (zipped({f"{i}.zip": "" for i in range(30)}), "more than 20 zips"),
    }


@pytest.mark.parametrize("as_zip", [False, True])
@pytest.mark.promise("V3")
def test_what_is_broken_costs_one_line(course, folder, as_zip):
    faults = broken()
    for number, (data, _) in enumerate(faults.values()):
        put(folder / f"Student {number}_{number + 10}_assignsubmission_file_" / "work.zip", data)
    put(folder / f"zoe_9_assignsubmission_file_/{NAME}.ipynb", "right")
    if as_zip:
        with zipfile.ZipFile(folder.parent / "class.zip", "w") as archive:
            for path in sorted(folder.rglob("*.*")):
                archive.write(path, path.relative_to(folder))
        folder = folder.parent / "class.zip"
    _, refused = bring_in(course, folder, NAME)
    assert submitted(course) == {"zoe": "right"}
    said = {origin.partition("_")[0]: reason for origin, reason in refused}
    assert len(refused) == len(said) == len(faults)
    for number, (what, (_, words)) in enumerate(faults.items()):
        assert words in said[f"Student {number}"], what


@pytest.mark.promise("S9")
def test_too_much_costs_whoever_sends_it(course, folder, monkeypatch):
    monkeypatch.setattr(archives, "MOST_BYTES", 1000)
    monkeypatch.setattr(archives, "MOST_UNPACKED", 2000)
    put(folder / "ada.zip", zipped({f"{NAME}.ipynb": "0" * 10_000}))
    put(folder / f"bob/{NAME}.ipynb", "0" * 10_000)
    inner = zipped({"a.txt": bytes(range(256)) * 3})
    put(folder / "carol.zip", zipped({f"{i}.zip": inner for i in range(9)} | {f"{NAME}.ipynb": "fine"}))
    put(folder / "zoe.zip", zipped({f"{NAME}.ipynb": "fine"}))
    _, refused = bring_in(course, folder, NAME)
    assert submitted(course) == {"zoe": "fine"}
    reasons = [reason for _, reason in refused]
    assert reasons.count("it is larger than 1,000 bytes") == 2
    assert "it unpacks to too much" in reasons


def test_all_together_is_bounded(course, folder, monkeypatch):
    monkeypatch.setattr(archives, "MOST_UNPACKED_BY_ALL", 25)
    for student in ("ada", "emmy", "eve"):
        put(folder / f"{student}.zip", zipped({f"{NAME}.ipynb": "0" * 10}))
    _, refused = bring_in(course, folder, NAME)
    assert set(submitted(course)) == {"ada", "emmy"} and "bring them in in parts" in refused[0][1]


def test_one_student_at_a_time_is_in_memory(course, folder):
    big = "0" * 8_000_000
    put(folder / "class.zip", zipped({f"{i}/{NAME} ({n}).ipynb": big + str(n) for i in range(5) for n in (1, 2)}))
    tracemalloc.start()
    try:
        brought, _ = bring_in(course, folder / "class.zip", NAME)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert len(brought) == 5 and {each.note for each in brought} == {"the latest of 2"}
    assert peak < 4 * len(big)


def test_other_files_beside_the_notebook_are_one_line(course, folder):
    names = [f"{i}.txt" for i in range(300)]
    put(folder / "ada.zip", zipped({name: "" for name in names} | {f"{NAME}.ipynb": "x"}))
    put(folder / "bob" / f"{NAME}.ipynb")
    _, refused = bring_in(course, folder, NAME)
    assert refused == [("ada.zip: 0.txt and 299 more", "it is no notebook")]


CLASSES = {
    "utf-8": ["José Núñez", "Zoë Brown"],
    "cp437": ["José Núñez", "Jürgen Groß"],
    "cp850": ["João Conceição", "Søren Ærø"],
    "cp1252": ["José Núñez", "João Conceição", "Jürgen Groß"],
    "cp932": ["田中太郎", "さくら"],
    "cp936": ["张伟", "王芳"],
    "cp1251": ["Иванов", "Ольга"],
}


@pytest.mark.parametrize("encoding", CLASSES)
@pytest.mark.parametrize("separator", ["/", "\\"])
def test_names_in_an_encoding_that_nobody_tells(course, folder, encoding, separator):
    names = CLASSES[encoding]
    paths = [f"{name}_{n + 10}_assignsubmission_file_{separator}{NAME}.ipynb" for n, name in enumerate(names)]
    put(folder / "class.zip", zipped_in(encoding, paths))
    bring_in(course, folder / "class.zip", NAME)
    assert set(submitted(course)) == {as_folder(name) for name in names}


def test_names_that_macos_takes_apart_are_put_together(course, folder):
    decomposed = "Jose\u0301"
    put(folder / "class.zip", zipped({f"{decomposed}/{NAME}.ipynb": "x", f"__MACOSX/{decomposed}/._{NAME}.ipynb": "",
                                      f"ada/{NAME}.ipynb": "x", f"ada/._{NAME}.ipynb": ""}))  # fmt: skip
    _, refused = bring_in(course, folder / "class.zip", NAME)
    assert set(submitted(course)) == {"Jos\N{LATIN SMALL LETTER E WITH ACUTE}", "ada"} and not refused


@pytest.mark.parametrize(
    "encoding", ["cp437", "cp850", "cp1252", "cp1250", "cp1251", "cp866", "cp932", "cp936", "cp949"]
)
def test_a_reading_that_is_called_certain_is_right(encoding):
    """Of all names that an encoding can write, none is read wrongly and called certain."""
    for name in {name for names in CLASSES.values() for name in names} | {"Dvořák", "Łukasz Żak", "김철수", "Ægir Þór"}:
        try:
            raw = name.encode(encoding)
        except UnicodeEncodeError:
            continue
        (text,), _, certain = decoded([raw])
        assert text == name or not certain


@pytest.mark.timeout(120)
@pytest.mark.parametrize("name", ["{}.ipynb", "02-forward-{}a.ipynb"])
def test_a_zip_full_of_notebooks_is_not_unpacked_to_choose_among_them(course, folder, name):
    put(folder / "mallory.zip", zipped({name.format(i): str(i) for i in range(30_000)}))
    put(folder / "zoe.zip", zipped({f"{NAME}.ipynb": "fine"}))
    _, refused = bring_in(course, folder, NAME)
    assert submitted(course) == {"zoe": "fine"} and len(refused) == 1
