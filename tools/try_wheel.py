"""Try the wheel in a folder: what is in it, that its version is the project's, and that it works away from the sources.

python tools/try_wheel.py dist
"""

import re
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WANTED = ("rnnlib/lstm.py", "rnnlib/data/sonnets.txt", "rnnlib/data/PROVENANCE.md")
UNWANTED = re.compile(r"^(tests|book|solutions|exercises|experiments|tools|benchmarks|hub)/|\.ipynb$|__pycache__")
PROGRAM = """
import sys
sys.path.insert(0, sys.argv[1])
import numpy as np
import rnnlib
from rnnlib import LSTM
from rnnlib.data import sonnets

assert rnnlib.__file__.startswith(sys.argv[1]), rnnlib.__file__
assert len(sonnets()) > 90_000
layer = LSTM(3, 5, rng=np.random.default_rng(0))
h, state = layer.forward(np.ones((4, 2, 3), np.float32))
assert layer.backward(np.ones_like(h))[0].shape == (4, 2, 3)
"""


def faults(wheel: Path) -> list[str]:
    """What is wrong with the wheel's name and contents."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = zipfile.ZipFile(wheel).namelist()
    found = [f"{name} is missing" for name in WANTED if name not in names]
    found += [f"{name} should not be there" for name in names if UNWANTED.search(name)]
    start = f"{project['name']}-{project['version']}-"
    return found + ([] if wheel.name.startswith(start) else [f"{wheel.name} does not start with {start}"])


def main(arguments: list[str]) -> int:
    """Try the one wheel in the folder; return 0 where all is well."""
    (wheel,) = Path(arguments[0]).glob("*.whl")
    found = faults(wheel)
    with tempfile.TemporaryDirectory() as folder:
        pip = [sys.executable, "-m", "pip", "install", "-qq", "--no-deps", "--no-index", "--target", folder, str(wheel)]
        subprocess.run(pip, check=True)
        tried = subprocess.run(
            [sys.executable, "-I", "-c", PROGRAM, folder], cwd=folder, capture_output=True, text=True
        )
    found += [tried.stderr] if tried.returncode else []
    print("\n".join(found) or f"{wheel.name}: {len(zipfile.ZipFile(wheel).namelist())} files, and it works")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
