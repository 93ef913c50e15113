"""What a student's code can write to, see and leave behind, tried for graders that are root and that are not."""

import pytest

from grading.sandbox.bubblewrap import FOLDERS
from tests.grading.boxes import as_ordinary_user, student

WRITES = """
    import os, stat
    def tries(place):
        def create():
            open(os.path.join(place, ".mine"), "w").close()
            os.unlink(os.path.join(place, ".mine"))
        yield "files", create
        yield "mode", lambda: os.chmod(place, os.stat(place).st_mode & 0o7777)
        def times(**to):
            before = os.stat(place).st_mtime_ns
            os.utime(place, **to)
            if os.stat(place).st_mtime_ns == before:
                raise OSError
        yield "times", lambda: times(ns=(1, 1))
        if not stat.S_ISCHR(os.stat(place).st_mode):  # of the machine's own devices: see below
            yield "now", times
        yield "words", lambda: os.setxattr(place, "user.mine", b"x")
        yield "owner", lambda: os.chown(place, os.getuid(), os.getgid())
    places = {line.split()[4] for line in open("/proc/self/mountinfo")} | {"/"}
    for folder, folders, files in os.walk("/"):
        depth = folder.count("/")
        folders[:] = [f for f in folders if os.path.join(folder, f) not in ("/proc", "/usr") and depth < 6]
        places |= {folder} | {os.path.join(folder, name) for name in files[:20]}
    found = set()
    for place in places:
        if place.startswith(("/tmp/", "/dev/shm/", "/proc/")) or place == "/proc" or not os.path.exists(place):
            continue
        for what, attempt in tries(place):
            try:
                attempt()
            except OSError:
                continue
            found.add((place, what))
    print(sorted({place for place, what in found}))
"""


def both(box, cells, tmp_path, user):
    """Run cells as one student of a grader that is root, or that is an ordinary user."""
    if user == "ordinary":
        return as_ordinary_user(cells, tmp_path)
    with student(box, cell=30.0) as cell:
        return [cell(source) for source in cells]


@pytest.mark.parametrize("user", ["own", "ordinary"])
def test_nothing_can_be_written_but_the_folders_that_are_emptied(box, tmp_path, user):
    assert both(box, [WRITES], tmp_path, user) == [str(sorted(FOLDERS))]
