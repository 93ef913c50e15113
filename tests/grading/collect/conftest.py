"""A course of names alone, and downloads for it."""

import io
import zipfile

import pytest

from grading.course import Course

NAME = "02-forward"


@pytest.fixture
def course(tmp_path):
    """A course with two exercises, of which only the names matter here."""
    root = tmp_path / "course"
    for name in (NAME, "03-bptt"):
        (root / "solutions" / name).mkdir(parents=True)
        (root / "solutions" / name / f"{name}.ipynb").write_text("{}")
    (root / "nbgrader_config.py").write_text('c = get_config()\nc.CourseDirectory.source_directory = "solutions"\n')
    return Course(root)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "downloads").mkdir()
    return tmp_path / "downloads"


def put(path, data=""):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data if isinstance(data, bytes) else data.encode())


def zipped(members):
    """A zip with members: dict from name to text."""
    with zipfile.ZipFile(file := io.BytesIO(), "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return file.getvalue()


def zipped_in(encoding, names, data="x"):
    """A zip with names in an encoding that it does not tell, as old programs make it."""
    stand_ins = {}
    for number, name in enumerate(names):
        raw = name.encode(encoding)
        stand_ins[b"@%03d" % number + b"@" * (len(raw) - 4)] = raw
    packed = zipped({stand_in.decode(): data for stand_in in stand_ins})
    for stand_in, raw in stand_ins.items():
        packed = packed.replace(stand_in, raw)
    return packed


def submitted(course):
    """What lies in submitted/: dict from student to text."""
    return {path.parts[-3]: path.read_text() for path in course.root.glob(f"submitted/*/{NAME}/{NAME}.ipynb")}
