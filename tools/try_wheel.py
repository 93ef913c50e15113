"""Try the wheel in a folder: what is in it, that its version is the library's, and that it works without the sources.

There it has numpy, matplotlib and tqdm, and no PyTorch: a layer learns, and a check answers.

python tools/try_wheel.py dist
"""

import re
import subprocess
import sys
import tempfile
import zipfile
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
sys.modules["torch"] = None  # whoever imports it fails
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


def faults(wheel: Path) -> list[str]:
    """What is wrong with the wheel's name and contents."""
    names = zipfile.ZipFile(wheel).namelist()
    found = [f"{name} is missing" for name in WANTED if name not in names]
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
        tried = subprocess.run(
            [sys.executable, "-I", "-c", PROGRAM, folder, version()], cwd=folder, capture_output=True, text=True
        )
    found += [tried.stderr] if tried.returncode else []
    print("\n".join(found) or f"{wheel.name}: {len(zipfile.ZipFile(wheel).namelist())} files, and it works")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
