"""The zip that students get holds all that its page names, and no link leads out of it."""

import importlib.util
import json
import re
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SPEC = importlib.util.spec_from_file_location("for_students", ROOT / "tools" / "for_students.py")
SPEC.loader.exec_module(for_students := importlib.util.module_from_spec(SPEC))


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("zip")
    assert for_students.main([str(folder)]) == 0
    with zipfile.ZipFile(folder / for_students.NAME) as packed:
        return {name.partition("/")[2]: packed.read(name) for name in packed.namelist()}


def test_the_notebooks_the_wheel_and_the_page_are_there(files):
    exercises = {f"exercises/{path.name}/{path.name}.ipynb" for path in (ROOT / "exercises").iterdir() if path.is_dir()}
    (wheel,) = [name for name in files if name.endswith(".whl")]
    assert set(files) == exercises | {wheel, "README.md"}
    page = files["README.md"].decode()
    assert "WHEEL" not in page and page.count(wheel) == 3


def test_links_name_the_chapter_and_lead_nowhere_outside(files):
    for name, data in files.items():
        if name.endswith(".ipynb"):
            said = "\n".join("".join(cell["source"]) for cell in json.loads(data)["cells"])
            assert "](../" not in said
            assert re.search(rf"chapter {int(name[10:12])}, \*[A-Z]", said), f"{name} does not name its chapter"


def test_nothing_was_left_beside_the_sources(files):
    assert not (ROOT / "build").exists()
