"""A hub on a machine of its own, and whoever logs in to it."""

import os
import shutil

import pytest

from tests.grading.conftest import environment, make_course  # noqa: F401  a fixture
from tests.hub.machine import Machine, lacks
from tests.site.conftest import ROOT, browser  # noqa: F401  a fixture


@pytest.fixture(scope="session")
def hub(tmp_path_factory):
    """Start the hub. What it lacks skips on a desk and fails in CI."""
    lacking = lacks()
    if lacking:
        pytest.fail(lacking) if os.environ.get("CI") == "true" else pytest.skip(lacking)
    folder = tmp_path_factory.mktemp("hub")
    make_course(folder / "course", short=True)
    for package in ("grading", "rnnlib", "rnnchecks", "digests"):
        shutil.copytree(ROOT / package, folder / "course" / package, ignore=shutil.ignore_patterns("__pycache__"))
    machine = Machine(folder, folder / "course", students=["ada", "emmy"], instructors=["grace"])
    try:
        machine.wait()
        yield machine
    finally:
        machine.stop()
