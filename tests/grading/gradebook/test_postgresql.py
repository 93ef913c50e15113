"""The gradebook in a real PostgreSQL server, which is started here, as a user who may do nothing else."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
from nbgrader.plugins import CsvExportPlugin

from grading.run import pool
from tests.grading import fakes
from tests.grading.conftest import EXERCISE, run
from tests.grading.run.test_run import full_marks, hand_in, scores

NOBODY = 65534  # the server refuses to run as root


def program(name):
    """Where a program of the server is: Debian keeps them off the path."""
    found = [shutil.which(name), *sorted(map(str, Path("/usr/lib/postgresql").glob(f"*/bin/{name}")))]
    return next(filter(None, found), None)


@pytest.fixture(scope="module")
def url():
    """The URL of an empty database on a server of its own, which listens on no network."""
    if program("initdb") is None:
        pytest.skip("there is no PostgreSQL server; on Debian and Ubuntu: apt install postgresql")
    folder = Path(
        tempfile.mkdtemp(prefix="pg")
    )  # pytest's folders are closed to other users, and too long for a socket
    other = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.getuid() == 0 else {}
    if other:
        os.chown(folder, NOBODY, NOBODY)

    def call(name, *options):
        command = [program(name), *options, "-D", str(folder / "data")]
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
