"""What a student's code can write to, see and leave behind, tried for graders that are root and that are not."""

import shutil
import sys
from pathlib import Path

import pytest

from grading.course import Course, UsageError
from grading.run.sheltered import sheltered
from grading.sandbox import bubblewrap, seccomp
from grading.sandbox.box import Box, SandboxMissing
from grading.sandbox.bubblewrap import FOLDERS, exposed
from tests.grading.boxes import ROOT, as_ordinary_user, student

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
@pytest.mark.promise("S4")
def test_nothing_can_be_written_but_the_folders_that_are_emptied(box, tmp_path, user):
    assert both(box, [WRITES], tmp_path, user) == [str(sorted(FOLDERS))]


LEAVES = """
    import ctypes, os, socket
    libc = ctypes.CDLL(None)
    def marked(place):
        folder = os.open(place, os.O_RDONLY)
        for mark in (0x40, 0x80):  # FS_NODUMP_FL, FS_NOATIME_FL
            libc.ioctl(folder, 0x40086602, ctypes.byref(ctypes.c_long(mark)))
        libc.fcntl(folder, 1036, ctypes.byref(ctypes.c_uint64(3)))  # F_SET_RW_HINT
        os.setxattr(place, "system.posix_acl_default", bytes.fromhex("02000000" + "".join(
            f"{tag:02x}000700ffffffff" for tag in (1, 4, 32))))
    def tries(call, *args, **more):
        try:
            call(*args, **more)
        except OSError:
            pass
    for place in ("/tmp", "/dev/shm", "/dev", "/dev/pts", "/", "/box", "/box/lib", "/tmp/matplotlib"):
        tries(lambda: open(place + "/left", "w").write("softmax"))
        tries(os.mkdir, place + "/left-folder")
        tries(os.setxattr, place, "user.left", b"softmax")
        tries(os.chmod, place, 0o700)
        tries(os.utime, place, ns=(4 * 10**18, 10**9))  # read in the future, which no reading sets back
        tries(marked, place)
    for name in os.listdir("/dev"):
        tries(os.utime, "/dev/" + name, ns=(10**9, 10**9))
    server = socket.create_server(("127.0.0.1", 4711))
    client = socket.create_connection(("127.0.0.1", 4711))
    client.send(b"x" * 12345)
    server.accept()[0].recv(1)
    print(os.stat("/dev/null").st_mtime_ns)
"""
LOOKS = """
    import ctypes, os, socket
    libc = ctypes.CDLL(None)
    for place in ("/tmp", "/dev/shm", "/dev", "/dev/pts", "/", "/box", "/box/lib", "/tmp/matplotlib"):
        about = os.stat(place)
        print("found", place) if set(os.listdir(place)) & {"left", "left-folder"} else None
        print("words", place) if "user.left" in os.listxattr(place) else None
        print("mode", place) if about.st_mode & 0o7777 == 0o700 else None
        print("times", place) if {10**9, 4 * 10**18} & {about.st_mtime_ns, about.st_atime_ns} else None
        folder, mark, hint = os.open(place, os.O_RDONLY), ctypes.c_long(), ctypes.c_uint64()
        libc.ioctl(folder, 0x80086601, ctypes.byref(mark)), libc.fcntl(folder, 1035, ctypes.byref(hint))
        print("marks", place, mark.value, hint.value) if mark.value & 0xC0 or hint.value else None
    lines = [line.split() for line in open("/proc/net/dev") if ":" in line]
    print([line[1] for line in lines], open("/proc/net/tcp").read().count("\\n"), os.getpid() < 20)
    socket.create_server(("127.0.0.1", 4711))
    print(os.stat("/dev/null").st_mtime_ns)
"""


@pytest.mark.parametrize("user", ["own", "ordinary"])
@pytest.mark.promise("S4")
def test_nothing_is_left_for_the_next_student(box, tmp_path, user):
    """No file, no mode, no time and no word of a folder, and no count of the network, which is another one then."""
    if user == "ordinary":
        left, _, looked, *_ = as_ordinary_user([[LEAVES], [LOOKS]], tmp_path)
    else:
        with student(box) as cell:
            left = cell(LEAVES)
        with student(box) as cell:
            looked = cell(LOOKS)
    words = looked.splitlines()
    assert words[0] == "['0'] 1 True" and len(words) == 2
    assert int(words[1]) >= int(left)  # of a device that is the machine's, later than the other left it


def test_thousands_of_folders_in_one_another_are_left_behind_in_a_sandbox_that_ends(box):
    """To walk through them would take longer than anybody waits."""
    with student(box, cell=30.0) as cell:
        assert (
            cell("""
            import os
            os.chdir("/tmp")
            for _ in range(5000):
                os.mkdir("left")
                os.chdir("left")
            os.chdir("/tmp")
        """)
            == ""
        )
    assert box.left
    with student(box) as cell:
        assert cell("import os\nprint('left' in os.listdir('/tmp'))") == "False"


def test_nothing_but_its_own_line_is_inherited(box):
    with student(box) as cell:
        said = cell("""
            import os
            there = []
            for fd in range(256):
                try:
                    there.append((fd, os.fstat(fd).st_mode >> 12))
                except OSError:
                    pass
            print(there)
        """)
    kinds = dict(eval(said))
    assert {kinds.pop(fd) for fd in (0, 1, 2)} == {2}  # /dev/null
    assert sorted(kinds.values())[-1:] == [12] and set(sorted(kinds.values())[:-1]) <= {2}  # the socket to the grader


def test_a_course_that_the_sandbox_shows_is_noticed(monkeypatch, tmp_path):
    inner = tmp_path / "python" / "lib" / "course"
    inner.mkdir(parents=True)
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "python"))
    (tmp_path / "other").symlink_to(inner)
    outside = [tmp_path, tmp_path / "python", tmp_path / "python" / "share", Path("/usr/local/share/x"), Path("/srv")]
    inside = [inner, tmp_path / "other", Path("/usr/lib/x")]
    assert exposed([*outside, *inside]) == inside


@pytest.mark.promise("S6")
def test_an_old_bubblewrap_is_refused(monkeypatch):
    monkeypatch.setattr(bubblewrap, "options", lambda path: "--perms --seccomp --info-fd --remount-ro")
    with pytest.raises(SandboxMissing, match="--size: it is too old"):
        Box()


@pytest.mark.promise("S6")
def test_a_machine_whose_calls_are_not_known_is_refused(monkeypatch):
    monkeypatch.setattr(seccomp.platform, "machine", lambda: "riscv64")
    with pytest.raises(SandboxMissing, match="riscv64"):
        Box()


@pytest.mark.promise("S6")
def test_a_filter_that_the_kernel_does_not_take_starts_nothing(monkeypatch):
    monkeypatch.setattr(seccomp, "here", lambda: b"\xff" * 16)
    with pytest.raises(SandboxMissing, match="seccomp|filter|Invalid"):
        Box()


def answered(machine, number, *arguments):
    """What a filter answers to a call: it is run here as the kernel would."""
    words = {0: number, 4: seccomp.MACHINES[machine][1]}
    for place, value in enumerate(arguments):
        words |= {16 + 8 * place: value & 0xFFFFFFFF, 20 + 8 * place: value >> 32}
    steps = list(seccomp.struct.iter_unpack("=HBBI", seccomp.program(machine)))
    at = held = 0
    while True:
        code, yes, no, value = steps[at]
        at += 1
        if code == seccomp.RETURN:
            return value
        if code == seccomp.LOAD:
            held = words.get(value, 0)
        else:
            so = {seccomp.EQUAL: held == value, seccomp.AT_LEAST: held >= value}.get(code, bool(held & value))
            at += yes if so else no


@pytest.mark.parametrize("machine", seccomp.MACHINES)
def test_each_call_is_answered_as_the_tables_say(machine):
    """Also for the machine that this one is not."""
    column = seccomp.MACHINES[machine][0]
    for numbers in seccomp.REFUSED.values():
        if numbers[column] is not None:
            assert answered(machine, numbers[column]) == seccomp.NOT_PERMITTED
    for numbers in seccomp.SOCKETS.values():
        passed = [family for family in range(50) if answered(machine, numbers[column], family) == seccomp.ALLOW]
        assert passed == list(seccomp.FAMILIES)
        assert answered(machine, numbers[column], 40) == seccomp.NO_SUCH_FAMILY
    for numbers in seccomp.OF_OTHERS.values():
        own, others = (answered(machine, numbers[column], pid) for pid in (0, 1))
        assert (own, others) == (seccomp.ALLOW, seccomp.NOT_PERMITTED)
    fcntl = seccomp.FCNTL[column]
    assert answered(machine, fcntl, 3, 6) == answered(machine, seccomp.FLOCK[column], 3, 2) == seccomp.GRANTED
    assert {answered(machine, fcntl, 3, notice) for notice in seccomp.NOTICES} == {seccomp.NOT_PERMITTED}
    ioctl = seccomp.IOCTL[column]
    assert {answered(machine, ioctl, 3, mark) for mark in seccomp.MARKS} == {seccomp.NOT_PERMITTED}
    assert answered(machine, fcntl, 3, 1) == answered(machine, ioctl, 3, 0x5401) == seccomp.ALLOW
    clone = seccomp.CLONE[column]
    assert answered(machine, clone, 0x10000000) == seccomp.NOT_PERMITTED
    assert answered(machine, clone, 17) == answered(machine, 63, 0) == seccomp.ALLOW
    assert answered(machine, seccomp.CLONE3) == seccomp.NO_SUCH_CALL


def test_a_course_that_students_could_look_into_is_not_marked(monkeypatch, tmp_path):
    root = tmp_path / "python" / "lib" / "course"
    root.mkdir(parents=True)
    shutil.copy(ROOT / "nbgrader_config.py", root)
    sheltered(Course(root))
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "python"))
    with pytest.raises(UsageError, match="course lies in a folder that the sandbox shows"):
        sheltered(Course(root))
    sheltered(Course(root), sandboxed=False)
