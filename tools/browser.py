"""Find the browser that the site's tests use: a Chromium or Chrome of this machine, else one that Playwright fetched.

    python tools/browser.py

says which one it is, and fetches one where there is none and a network is. Without a browser its tests are left out.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FETCHED = ROOT / "_build" / "browsers"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge")
APPLICATIONS = (  # macOS keeps them off the path
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)
# What Playwright calls the programs that it fetches, by system.
IN_FETCHED = (
    "chrome-linux*/headless_shell",
    "chrome-*/headless_shell",
    "chrome-*/chrome-headless-shell",
    "chrome-*/chrome",
)
MISSING = (
    "there is no Chromium or Chrome, and Playwright could fetch none; on Debian and Ubuntu: apt install chromium, "
    "elsewhere: .venv/bin/python -m playwright install chromium"
)
SECONDS = 300  # for fetching some 100 MB


def find(fetched: Path = FETCHED) -> str | None:
    """The path of a browser; None where there is none."""
    found = [*map(shutil.which, NAMES), *(path for path in APPLICATIONS if os.access(path, os.X_OK))]
    found += [str(path) for pattern in IN_FETCHED for path in sorted(fetched.glob(f"*/{pattern}"))]
    return next(filter(None, found), None)


def fetch(fetched: Path = FETCHED) -> bool:
    """Let Playwright fetch a browser into the build folder; say whether it could."""
    command = [sys.executable, "-m", "playwright", "install", "--only-shell", "chromium"]
    environment = os.environ | {"PLAYWRIGHT_BROWSERS_PATH": str(fetched)}
    try:
        return subprocess.run(command, env=environment, timeout=SECONDS).returncode == 0
    except (OSError, subprocess.TimeoutExpired) as error:
        print(error)
        return False


def main() -> int:
    """Say which browser there is. That there is none is no failure: the tests that need one are left out."""
    if find() is None:
        print("There is no Chromium or Chrome here; Playwright may fetch one.", flush=True)
        fetch()
    print(find() or MISSING)
    return 0


if __name__ == "__main__":
    sys.exit(main())
