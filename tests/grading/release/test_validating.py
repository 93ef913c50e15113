"""`nbgrader validate` with a student's own kernel, and with a notebook of which it would say Success."""

import json
import shutil
import subprocess
import sys

import pytest

from tests.grading.adversarial.paper import released, solved, write
from tests.grading.conftest import ROOT


@pytest.fixture
def validated(tmp_path):
    shutil.copy(ROOT / "nbgrader_config.py", tmp_path)

    def validate(nb):
        path = tmp_path / "mine.ipynb"
        path.write_text(json.dumps(nb))
        command = [sys.executable, "-m", "nbgrader", "validate", str(path)]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
        return done.returncode, done.stdout + done.stderr

    return validate


def short(nb):
    """The cells up to the first check: to run the others only takes time."""
    last = next(i for i, cell in enumerate(nb["cells"]) if cell["id"] == "check-one_hot")
    del nb["cells"][last + 1 :]
    return nb


def test_the_kernel_is_the_courses(validated):
    nb = short(solved())
    nb["metadata"]["kernelspec"] = {"name": "conda-env-rnn-py", "display_name": "Python [conda]", "language": "python"}
    code, said = validated(nb)
    assert code == 0 and "Success" in said and "NoSuchKernel" not in said


@pytest.mark.parametrize("lost", ["all", "one", "the checks themselves"])
def test_no_success_where_names_are_lost(validated, lost):
    nb = short(released())
    write(nb, "one_hot", "def one_hot(ids, V):\n    return 0")
    if lost == "all":
        for cell in nb["cells"]:
            cell["metadata"] = {}
    elif lost == "one":
        nb["cells"][-1]["metadata"] = {}
    else:
        del nb["cells"][-1]
    code, said = validated(nb)
    assert code == 1 and "Success" not in said and "python -m rnnchecks" in said and "Traceback" not in said
