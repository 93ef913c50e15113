"""Follow the page of the students' zip on this machine: install it, check a notebook, and say what it took.

python tools/try_for_students.py course-for-students.zip
"""

import json
import platform
import subprocess
import sys
import tempfile
import time
import venv
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TRIED = "03-bptt"


def main(arguments: list[str]) -> int:
    """Try it; return 0 where all goes as the page says."""
    with tempfile.TemporaryDirectory() as folder:
        with zipfile.ZipFile(arguments[0]) as packed:
            packed.extractall(folder)
        (top,) = Path(folder).iterdir()
        (wheel,) = top.glob("*.whl")
        began = time.monotonic()
        venv.create(top / ".venv", with_pip=True)
        python = top / ".venv" / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
        subprocess.run([python, "-m", "pip", "install", "-q", wheel.name, "jupyterlab"], cwd=top, check=True)
        passed = time.monotonic() - began
        size = sum(
            path.stat().st_size for path in (top / ".venv").rglob("*") if path.is_file() and not path.is_symlink()
        )
        print(f"{platform.system()} {platform.machine()}, Python {platform.python_version()}: {passed:.0f} s, "
              f"{size / 1e6:.0f} MB")  # fmt: skip
        subprocess.run([python, "-m", "jupyter", "lab", "--version"], cwd=top, check=True)
        given = top / "exercises" / TRIED / f"{TRIED}.ipynb"
        solved = top / "solved.ipynb"
        solved.write_bytes((ROOT / "solutions" / TRIED / f"{TRIED}.ipynb").read_bytes())
        codes = [
            subprocess.run([python, "-m", "rnnchecks", TRIED, str(path)], cwd=top).returncode
            for path in (given, solved)
        ]
        for path in (top / "exercises").glob("*/*.ipynb"):
            said = "".join("".join(cell["source"]) for cell in json.loads(path.read_text(encoding="utf-8"))["cells"])
            assert "](../" not in said, f"{path.name} links out of the zip"
    print("the exercise as it is handed out:", codes[0], "and solved:", codes[1])
    return int(codes != [1, 0])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
