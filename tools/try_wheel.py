"""Try the wheel in a folder: what is in it, that its version is the library's, and that it works without the sources.

There it has the packages that pyproject.toml names and what these need, and no other, PyTorch or whatever is installed
here: a layer learns, and a check answers.

python tools/try_wheel.py dist
"""

import re
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WANTED = (
    "rnnlib/lstm.py",
    "rnnlib/py.typed",
    "rnnlib/__init__.pyi",
    "rnnlib/data/sonnets.txt",
    "rnnlib/data/PROVENANCE.md",
    "rnnchecks/e05_lstm/lstm_step.py",
)
UNWANTED = re.compile(
    r"^(grading|digests|tests|book|solutions|exercises|experiments|tools|benchmarks|hub)/|\.ipynb$|__pycache__"
)
PROGRAM = """
import sys
sys.path.insert(0, sys.argv[1])
ALLOWED = {*sys.stdlib_module_names, "rnnlib", "rnnchecks", *sys.argv[3].split()}


class Only:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] not in ALLOWED and not name.startswith("_sysconfigdata"):
            raise ModuleNotFoundError(f"No module named {name!r}: the wheel does not ask for it", name=name)


sys.meta_path.insert(0, Only())
import numpy as np
import rnnlib
import rnnchecks
from rnnlib import LSTM
from rnnlib.data import sonnets

for package in (rnnlib, rnnchecks):
    assert package.__file__.startswith(sys.argv[1]), package.__file__
assert rnnlib.__version__ == sys.argv[2], rnnlib.__version__
assert len(sonnets()) > 90_000
layer = LSTM(3, 5, rng=np.random.default_rng(0))
h, state = layer.forward(np.ones((4, 2, 3), np.float32))
assert layer.backward(np.ones_like(h))[0].shape == (4, 2, 3)
assert rnnlib.optim.Adam(layer.params).lr == 1e-3
assert not hasattr(rnnlib, "minimal") and rnnlib.plotting
try:
    import torch
except ModuleNotFoundError:
    pass
else:
    raise AssertionError("torch can be imported")
rnnchecks.requires("0.1")
rnnchecks.check("forward.count_parameters", lambda D, H, K: D * H + H * H + H + H * K + K)
try:
    rnnchecks.check("forward.count_parameters", lambda D, H, K: D * H)
except rnnchecks.CheckFailed:
    pass
else:
    raise AssertionError("a wrong answer passes")
"""


def version() -> str:
    """The version that the library's source says."""
    (found,) = re.findall(r'^__version__ = "(.+)"$', (ROOT / "rnnlib/__init__.py").read_text(encoding="utf-8"), re.M)
    return found


def modules_it_may_import() -> set[str]:
    """The modules at the top of the distributions that the wheel asks for, and of those that these ask for."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    name_of = re.compile(r"[\w.-]+")
    wanted, seen = [name_of.match(line)[0] for line in project["project"]["dependencies"]], set()
    while wanted:
        name = re.sub(r"[-_.]+", "-", wanted.pop()).lower()
        try:
            lines = metadata.requires(name) or []
        except metadata.PackageNotFoundError:  # for another system
            continue
        if name not in seen:
            seen.add(name)
            wanted += [name_of.match(line)[0] for line in lines if "extra ==" not in line]
    here = metadata.packages_distributions().items()
    return {top for top, names in here if {re.sub(r"[-_.]+", "-", name).lower() for name in names} & seen}


def faults(wheel: Path) -> list[str]:
    """What is wrong with the wheel's name and contents."""
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names if ".dist-info/" not in name}
    found = [f"{name} should not be at the top" for name in sorted(tops - {"rnnlib", "rnnchecks"})]
    found += [f"{name} is missing" for name in WANTED if name not in names]
    found += [f"{name} should not be there" for name in names if UNWANTED.search(name)]
    start = f"rnnlib-{version()}-"
    return found + ([] if wheel.name.startswith(start) else [f"{wheel.name} does not start with {start}"])


def main(arguments: list[str]) -> int:
    """Try the one wheel in the folder; return 0 where all is well."""
    (wheel,) = Path(arguments[0]).glob("*.whl")
    found = faults(wheel)
    with tempfile.TemporaryDirectory() as folder:
        pip = [sys.executable, "-m", "pip", "install", "-qq", "--no-deps", "--no-index", "--target", folder, str(wheel)]
        subprocess.run(pip, check=True)
        python = [sys.executable, "-I", "-c", PROGRAM, folder, version(), " ".join(modules_it_may_import())]
        tried = subprocess.run(python, cwd=folder, capture_output=True, text=True)
    found += [tried.stderr] if tried.returncode else []
    print("\n".join(found) or f"{wheel.name}: {len(zipfile.ZipFile(wheel).namelist())} files, and it works")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
