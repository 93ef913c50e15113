"""Put together what a student needs, as one zip: the notebooks, a wheel of rnnlib with rnnchecks, and a page.

python tools/for_students.py FOLDER  writes FOLDER/course-for-students.zip, the same bytes from the same course.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NAME, TOP = "course-for-students.zip", "rnn-course"
# What the wheel is made from.
BUILT = (
    "pyproject.toml",
    "setup.py",
    "README.md",
    "LICENSE",
    "LICENSE-text",
    "rnnlib",
    "rnnchecks",
)
LINK = re.compile(r"\[([^\]\n]+)\]\(\.\./\.\./book/[^)\n]*\)")
WHEN = (2026, 1, 1, 0, 0, 0)  # of every file


def wheel(folder: Path) -> Path:
    """Build the wheel, away from the sources: nothing is left beside them."""
    sources = folder / "sources"
    sources.mkdir()
    for name in BUILT:
        (sources / name).parent.mkdir(parents=True, exist_ok=True)
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, sources / name)
    command = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--wheel-dir", str(folder), str(sources)]
    if subprocess.run([sys.executable, "-c", "import setuptools"], capture_output=True).returncode == 0:
        command.insert(4, "--no-build-isolation")
    subprocess.run(command, check=True, env={**os.environ, "SOURCE_DATE_EPOCH": "1767225600"})
    (made,) = folder.glob("*.whl")
    return made


def notebook(path: Path) -> bytes:
    """Give a notebook whose links do not lead out of the zip: where they would, the chapter is named in words."""
    nb = json.loads(path.read_text(encoding="utf-8"))
    for cell in nb["cells"]:
        if cell["cell_type"] == "markdown":
            cell["source"] = LINK.sub(r"\1", "".join(cell["source"])).splitlines(keepends=True)
    return (json.dumps(nb, indent=1, ensure_ascii=False) + "\n").encode()


def main(arguments: list[str]) -> int:
    """Write the zip."""
    goal = Path(arguments[0]) / NAME
    goal.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        made = wheel(Path(folder))
        page = (ROOT / "tools" / "for-students.md").read_text(encoding="utf-8").replace("WHEEL", made.name)
        files = {"README.md": page.encode(), made.name: made.read_bytes()}
    for path in sorted((ROOT / "exercises").glob("*/*")):
        name = path.relative_to(ROOT).as_posix()
        if path.suffix == ".ipynb" and path.stem == path.parent.name:
            files[name] = notebook(path)
    with zipfile.ZipFile(goal, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files.items():
            entry = zipfile.ZipInfo(f"{TOP}/{name}", WHEN)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            packed.writestr(entry, data)
    print(f"{goal}: {len(files) - 2} notebooks, {goal.stat().st_size / 2**20:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
