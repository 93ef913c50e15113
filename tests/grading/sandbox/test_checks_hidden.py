"""Where a student's code runs there is no right answer: only stand-ins for rnnchecks, and for where it was before."""

import json
import shutil
import sys
import uuid
from pathlib import Path
from textwrap import dedent

import pytest

import rnnchecks
from grading.judge.judge import Limits, grade
from grading.sandbox.box import Box
from grading.sandbox.bubblewrap import answer_folders
from tests.grading.adversarial.paper import EXERCISE, as_bytes, solved
from tests.grading.adversarial.paper import source as course_notebook
from tests.grading.boxes import student

HERE = Path(rnnchecks.__file__).parent

IMPORTED = """
    import importlib, importlib.util, sys
    for package in ("rnnchecks", "rnnlib.checks"):
        for name in ("api", "catalogue", "engine", "engine.problem", "e02_forward", "forward", "e02_forward.softmax"):
            for take in (importlib.import_module, importlib.util.find_spec):
                try:
                    found = take(package + "." + name)
                except (ImportError, ValueError):
                    continue
                print("found", package, name, found)
    stands = [name for name in sys.modules if "rnnchecks" in name or name.startswith("rnnlib.checks")]
    print(sorted(stands))
    for name in stands:
        print(sorted(key for key in vars(sys.modules[name]) if not key.startswith("__")))
"""
STAND_INS = (
    "['rnnchecks', 'rnnlib.checks']\n['check', 'requires', 'when_written']\n['check', 'requires', 'when_written']"
)
ON_DISK = """
    import os
    for folder, folders, files in os.walk("/"):
        folders[:] = [f for f in folders if os.path.join(folder, f) not in ("/proc", "/sys")]
        if "/rnnchecks" in folder or "/rnnlib/checks" in folder:
            print(*(os.path.join(folder, name) for name in files), sep="\\n")
        for name in files:
            if "rnnchecks" in name or "rnnlib" in name and name.endswith((".zip", ".whl", ".egg")):
                print(os.path.join(folder, name))
"""
METADATA = """
    import importlib.metadata, json, os, re
    places = set()
    for one in importlib.metadata.distributions():
        files = [str(one.locate_file(file)) for file in one.files or []]
        texts = [one.read_text(name) or "" for name in ("RECORD", "direct_url.json", "top_level.txt", "SOURCES.txt")]
        for path in files:
            if "__editable__" in path and os.path.exists(path):
                texts.append(open(path, errors="replace").read())
        if "rnn" in (one.name or "") or any("rnnchecks" in text for text in texts):
            places |= set(files) | set(re.findall(r"/[^'\\",:]+", " ".join(texts)))
    for path in places:
        if "rnnchecks" in path and os.path.exists(path) and (os.path.isfile(path) or os.listdir(path)):
            print(path)
        elif os.path.exists(os.path.join(path, "rnnchecks")) and os.listdir(os.path.join(path, "rnnchecks")):
            print(path)
"""
IN_MEMORY = """
    import gc, os, re, types
    for thing in gc.get_objects():
        if type(thing).__module__.startswith("rnnchecks") or type(thing).__name__ in ("Problem", "Misconception"):
            print("object", type(thing))
        if isinstance(thing, types.FunctionType) and "rnnchecks" in thing.__code__.co_filename:
            print("function", thing.__code__.co_filename)
    for process in filter(str.isdigit, os.listdir("/proc")):
        for name in ("maps", "environ", "cmdline"):
            try:
                text = open(f"/proc/{process}/{name}", "rb").read()
            except OSError:
                continue
            if b"rnnchecks/" in text:
                print("process", process, name)
        try:
            for number in os.listdir(f"/proc/{process}/fd"):
                path = os.readlink(f"/proc/{process}/fd/{number}")
                if "rnnchecks" in path:
                    print("open file", path)
        except OSError:
            pass
"""


def test_what_is_imported_is_a_stand_in(box):
    with student(box) as cell:
        assert cell(IMPORTED) == STAND_INS
        for package in ("rnnchecks", "rnnlib.checks"):
            assert cell(f"from {package} import check, when_written\ncheck('forward.rnn_step', None)") == ""
            assert cell(f"from {package} import find") == "ImportError"


@pytest.mark.parametrize("look", [ON_DISK, METADATA, IN_MEMORY], ids=["disk", "metadata", "memory"])
def test_no_file_and_no_object_of_the_package_is_there(box, look):
    with student(box, cell=60.0) as cell:
        assert cell(look) == ""


def test_a_package_that_is_installed_into_python_is_not_seen(monkeypatch):
    """A copy in a folder that has to be mounted, because Python lies there; and one of before, inside an rnnlib."""
    place = Path(sys.prefix) / "lib" / f"answers-{uuid.uuid4().hex}"
    try:
        shutil.copytree(HERE, place / "rnnchecks", ignore=shutil.ignore_patterns("e0[3-9]*", "e1*"))
        shutil.copytree(HERE / "engine", place / "rnnlib/checks")
        monkeypatch.syspath_prepend(str(place))
        with_copy = Box()
        with_copy.load(frozenset({"numpy"}))
        try:
            with student(with_copy, cell=60.0) as cell:
                assert cell(f"import os; print(sorted(os.listdir({str(place)!r})))") == "['rnnchecks', 'rnnlib']"
                assert cell(f"print(list(os.walk({str(place / 'rnnchecks')!r}))[0][1:])") == "([], [])"
                assert cell(ON_DISK) == ""
                assert cell(f"import sys\nsys.path.insert(0, {str(place)!r})\n{dedent(IMPORTED)}") == STAND_INS
        finally:
            with_copy.close()
    finally:
        shutil.rmtree(place, ignore_errors=True)


@pytest.mark.parametrize("where", [
    "lib/python3/dist-packages", "lib/python3.11/site-packages", "lib64/python3.13/site-packages",
    "local/lib/python3.12/dist-packages",
])  # fmt: skip
def test_it_is_looked_for_in_the_packages_of_every_python(tmp_path, where):
    for name in ("rnnchecks", "rnnlib/checks", "rnnlib/data"):
        (tmp_path / "usr" / where / name).mkdir(parents=True)
    found = [str(tmp_path / "usr" / where / name) for name in ("rnnchecks", "rnnlib/checks")]
    assert [path for path in answer_folders([str(tmp_path / "usr")]) if path.startswith(str(tmp_path))] == found


def test_each_path_under_which_it_is_mounted_is_covered(tmp_path):
    real = tmp_path / "real"
    (real / "lib/python3.11/site-packages/rnnchecks").mkdir(parents=True)
    (tmp_path / "link").symlink_to(real)
    roots = [str(tmp_path / "link"), str(real)]
    assert answer_folders(roots) == [f"{root}/lib/python3.11/site-packages/rnnchecks" for root in roots]


def test_a_link_to_what_is_not_mounted_needs_no_cover(tmp_path):
    (tmp_path / "course/rnnchecks").mkdir(parents=True)
    (tmp_path / "usr/lib/python3/dist-packages").mkdir(parents=True)
    (tmp_path / "usr/lib/python3/dist-packages/rnnchecks").symlink_to(tmp_path / "course/rnnchecks")
    assert answer_folders([str(tmp_path / "usr")]) == []


@pytest.mark.parametrize("package", ["rnnchecks", "rnnlib.checks"])
def test_a_notebook_of_before_and_one_of_today_get_the_same_marks(package):
    nb = solved()
    line = f"from {package} import check, when_written"
    text = as_bytes(nb).decode().replace("from rnnchecks import check, requires, when_written", line)
    changed = json.loads(text.replace('requires(\\"0.1\\")', ""))  # which those of before do not ask
    assert line in json.dumps(changed)
    verdict = grade(
        json.dumps(changed).encode(), course_notebook(), EXERCISE, Limits(call=1.0, cell=2.0, notebook=30.0)
    )
    assert verdict.status == "graded"
    assert not [cell for cell in verdict.cells if cell.error]
    assert verdict.earned == 20.0
