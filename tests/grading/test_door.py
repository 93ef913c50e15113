"""What lies beside a notebook: plain files of a bounded size come in, and everything else is told of."""

import os
import sys

import pytest

from grading import door


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "submitted" / "ada" / "02-forward"
    path.mkdir(parents=True)
    (path / "02-forward.ipynb").write_text("{}")
    return path


def beside(folder):
    return door.beside(folder / "02-forward.ipynb", folder.parents[1])


def test_files_and_folders_come_in(folder):
    (folder / "helper.py").write_text("x = 1")
    (folder / "pack").mkdir()
    (folder / "pack" / "deep.py").write_text("y = 2")
    for name in (
        "timestamp.txt",
        "submission_secret.txt",
        ".hidden",
        "__pycache__/x.pyc",
        ".ipynb_checkpoints/a.ipynb",
    ):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("left out")
    found = beside(folder)
    assert found.files == {"helper.py": b"x = 1", "pack/deep.py": b"y = 2"}
    assert found.notes == ["Beside the notebook lay, and was there when it ran: helper.py, pack/deep.py."]


@pytest.mark.skipif(sys.platform == "win32", reason="pipes and links")
def test_nothing_leads_elsewhere(folder, tmp_path):
    (tmp_path / "solution.py").write_text("secret")
    (folder / "link.py").symlink_to(tmp_path / "solution.py")
    (folder / "way").symlink_to(tmp_path, target_is_directory=True)
    os.mkfifo(folder / "pipe")
    found = beside(folder)
    assert found.files == {} and len(found.notes) == 3
    assert "link.py" in found.notes[0] and "is a link" in found.notes[0]
    assert "pipe" in found.notes[1] and "no plain file" in found.notes[1]
    linked = tmp_path / "submitted" / "eve"
    linked.symlink_to(folder.parent, target_is_directory=True)
    (folder / "helper.py").write_text("x = 1")
    assert door.beside(linked / "02-forward" / "02-forward.ipynb", tmp_path / "submitted") == door.Beside()


def test_sizes_and_counts_are_bounded(folder, monkeypatch):
    monkeypatch.setattr(door, "LARGEST", 100)
    monkeypatch.setattr(door, "TOGETHER", 150)
    for name, size in (("a", 90), ("b", 101), ("c", 70), ("d", 60)):
        (folder / name).write_bytes(b"x" * size)
    assert list(beside(folder).files) == ["a", "d"]
    monkeypatch.setattr(door, "MOST", 2)
    for name in "efgh":
        (folder / name).write_bytes(b"")
    found = beside(folder)
    assert (
        list(found.files) == ["a", "d"] and found.notes[-1] == "Beside the notebook lie 3 more that were not looked at."
    )


@pytest.mark.skipif(sys.platform != "linux", reason="names of any bytes")
def test_a_name_that_no_page_can_show(folder):
    with open(os.fsencode(folder) + b"/\xff\n.py", "w"):
        pass
    found = beside(folder)
    assert found.files == {} and found.notes[0].isprintable() and ".py" in found.notes[0]
