"""The wheel holds what a student imports and no more, and works without the sources and without PyTorch."""

import importlib.util
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SPEC = importlib.util.spec_from_file_location("try_wheel", ROOT / "tools/try_wheel.py")
SPEC.loader.exec_module(try_wheel := importlib.util.module_from_spec(SPEC))


@pytest.fixture(scope="module")
def dist(tmp_path_factory):
    """A folder with the wheel, built from a copy, since a build leaves folders beside the sources."""
    folder = tmp_path_factory.mktemp("wheel")
    for name in ("rnnlib", "rnnchecks", "grading", "digests", "experiments"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "setup.py", "README.md", "LICENSE", "LICENSE-text"):
        shutil.copy(ROOT / name, folder)
    pip = [sys.executable, "-m", "pip", "wheel", "-qq", "--no-deps", "--no-index", "--no-build-isolation"]
    subprocess.run([*pip, "--wheel-dir", folder / "dist", folder], check=True)
    return folder / "dist"


def test_it_works_away_from_the_sources_and_without_torch(dist, capsys):
    status = try_wheel.main([str(dist)])
    assert status == 0, capsys.readouterr().out


def test_it_holds_two_packages(dist):
    (wheel,) = dist.glob("*.whl")
    assert try_wheel.faults(wheel) == []


def test_a_wheel_with_the_grader_is_found_faulty(dist, tmp_path):
    (wheel,) = dist.glob("*.whl")
    shutil.copy(wheel, tmp_path)
    (copy,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(copy, "a") as archive:
        archive.writestr("grading/__init__.py", "")
    assert try_wheel.faults(copy) == [
        "grading should not be at the top",
        "grading/__init__.py should not be there",
    ]


def test_a_wheel_with_a_third_package_is_found_faulty(dist, tmp_path):
    (wheel,) = dist.glob("*.whl")
    shutil.copy(wheel, tmp_path)
    (copy,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(copy, "a") as archive:
        archive.writestr("helpers.py", "")
    assert try_wheel.faults(copy) == ["helpers.py should not be at the top"]


def test_it_may_import_what_it_asks_for_and_no_more():
    allowed = try_wheel.modules_it_may_import()
    assert {"numpy", "matplotlib", "tqdm", "PIL"} <= allowed
    assert not allowed & {"torch", "pytest", "IPython", "jupyter"}
