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
@pytest.mark.promise("S12")
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


@pytest.mark.promise("S12")
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


@pytest.mark.promise("S12")
@pytest.mark.skipif(not door.STEPWISE, reason="folders that are opened one from the other")
def test_a_link_that_is_put_there_meanwhile_leads_nowhere(folder, tmp_path, monkeypatch):
    """At each step of the way, between two looks: what the file was when somebody asked is not what it is now."""
    secret = tmp_path / "02-forward"
    secret.mkdir()
    (secret / "02-forward.ipynb").write_text("the solution")
    submitted, opened = folder.parents[1], os.open
    for number in range(1, 5):
        (tmp_path / "ada").unlink(missing_ok=True)
        steps = []

        def swapping(path, flags, *rest, number=number, steps=steps, **more):
            steps.append(path)
            if len(steps) == number and not (submitted / "ada").is_symlink():
                os.rename(submitted / "ada", tmp_path / "moved")
                os.symlink(tmp_path, submitted / "ada")
            return opened(path, flags, *rest, **more)

        monkeypatch.setattr(os, "open", swapping)
        try:
            data = door.read(folder / "02-forward.ipynb", submitted, 100)
        except (door.NoFile, FileNotFoundError):
            data = b""
        monkeypatch.undo()
        assert data in (b"", b"{}") and len(steps) > 0
        if (submitted / "ada").is_symlink():
            os.unlink(submitted / "ada")
            os.rename(tmp_path / "moved", submitted / "ada")


@pytest.mark.skipif(sys.platform != "linux", reason="pipes, sockets, devices")
def test_what_is_no_plain_file_is_neither_opened_nor_waited_for(folder):
    os.mkfifo(folder / "pipe.ipynb")
    (folder / "folder.ipynb").mkdir()
    (folder / "zero.ipynb").symlink_to("/dev/zero")
    for name in ("pipe", "folder", "zero"):
        with pytest.raises(door.NoFile):
            door.read(folder / f"{name}.ipynb", folder.parents[1], 10)
        assert door.small(folder, folder.parents[1], f"{name}.ipynb") is None
        assert not door.is_there(folder / f"{name}.ipynb", folder.parents[1])
    with pytest.raises(OSError):
        door.plain_file("/dev/zero", 10)


def test_a_folder_is_listed_as_far_as_it_goes(folder):
    for number in range(5):
        (folder / f"f{number}").write_text("")
    assert door.entries(folder, folder.parents[1], most=5) is None
    assert [one.name for one in door.entries(folder, folder.parents[1])] == [
        "02-forward.ipynb",
        *(f"f{n}" for n in range(5)),
    ]
    assert ((), "full") in list(door.walk(folder, most=5))
    deep = folder.joinpath(*"d" * (door.DEEPEST_OF_ALL + 3))
    deep.mkdir(parents=True)
    (deep / "x").write_text("")
    assert [kind for parts, kind in door.walk(folder) if len(parts) > door.DEEPEST_OF_ALL] == ["deep"]


def test_folders_without_end_beside_a_notebook_are_not_all_looked_into(tmp_path, monkeypatch):
    for number in range(60):
        (tmp_path / "ada" / f"{number:02}" / "inner").mkdir(parents=True)
        (tmp_path / "ada" / f"{number:02}" / "inner" / "a.txt").write_text("x")
    monkeypatch.setattr(door, "MOST_FOLDERS", 20)
    listed, entries = [], door.entries
    monkeypatch.setattr(door, "entries", lambda *args: listed.append(args) or entries(*args))
    door.beside(tmp_path / "ada" / "x.ipynb", tmp_path)
    assert len(listed) <= 21
