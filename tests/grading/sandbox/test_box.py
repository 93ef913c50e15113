"""What a student's code can reach, use up and leave behind: nothing, little, nothing."""

import os
import shutil
import time
from pathlib import Path

import pytest

from grading.sandbox import box as sandbox
from grading.sandbox import bubblewrap, program, seccomp
from grading.sandbox.box import Box, Limits, SandboxMissing
from grading.sandbox.remote import StudentProcess
from tests.grading.boxes import as_ordinary_user, running, student

ROOT = Path(__file__).resolve().parents[3]
NIGHT = 20_000 + os.getpid()  # seconds to sleep, as nobody else on this machine does: a run that was killed leaves some


@pytest.mark.promise("S2")
def test_the_course_is_out_of_sight(box):
    """Neither by its path nor anywhere else is there a reference, a solution or a hidden test."""
    with student(box) as cell:
        seen = cell(f"""
            import os
            for path in ("solutions", "exercises", "rnnlib", "rnnchecks", "grading", "tests", "nbgrader_config.py"):
                if os.path.exists(os.path.join({str(ROOT)!r}, path)):
                    print("there is", path)
            for folder, folders, files in os.walk("/"):
                folders[:] = [f for f in folders if f not in ("proc", "usr", "site-packages", "lib-dynload")]
                for name in files:
                    if name.endswith((".ipynb", ".db")):
                        print("there is", folder, name)
            print([name for name in os.environ if "SEED" in name or "GRAD" in name])
        """)
        assert seen == "[]"


def test_nothing_can_be_written_but_the_folders_that_are_emptied(box):
    with student(box) as cell:
        seen = cell("""
            import os
            places = {line.split()[4] for line in open("/proc/self/mountinfo")}
            places |= {"/", "/box", "/etc", os.path.dirname(os.__file__)}
            for place in sorted(places):
                try:
                    open(os.path.join(place, "mine"), "w")
                except OSError:
                    continue
                print(place)
        """)
        assert seen.split() == sorted(sandbox.FOLDERS)


@pytest.mark.promise("S3")
def test_there_is_no_network(box):
    with student(box) as cell:
        assert cell("print(open('/proc/net/route').read().count('\\n'))") == "1"  # the line above the table
        assert cell("import socket; socket.create_connection(('192.0.2.1', 80), 1)") == "OSError"
        assert cell("import socket; socket.getaddrinfo('example.org', 80)") == "gaierror"


def test_rights_are_gone(box):
    with student(box) as cell:
        assert cell("import os; print(0 in (os.getuid(), os.geteuid(), os.getgid()), os.getgroups())").startswith(
            "False"
        )
        status = cell("print(open('/proc/self/status').read())").splitlines()
        fields = {line.split(":")[0]: line.split()[-1] for line in status if ":" in line}
        assert all(int(fields[name], 16) == 0 for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"))
        assert fields["NoNewPrivs"] == "1"
        assert cell("import os; os.setuid(0)") == "PermissionError"


REACH = """
import ctypes, os, platform, resource, signal
libc = ctypes.CDLL(None, use_errno=True)
column = 0 if platform.machine() == "x86_64" else 1
def refused(name, *args):
    ctypes.set_errno(0)
    number = {numbers}[name][column]
    return libc.syscall(number, *args) == -1 and ctypes.get_errno() in (1, 38)
""".replace("{numbers}", repr({**seccomp.REFUSED, **seccomp.OF_OTHERS}))


@pytest.mark.promise("S3")
def test_the_first_process_is_out_of_reach(box):
    with student(box) as cell:
        assert cell(REACH) == ""
        for number in ("9", "15", "19", "2", "6"):
            cell(f"os.kill(1, {number})")
        for reach in ("open('/proc/1/environ')", "open('/proc/1/mem')", "open('/proc/1/maps').read()"):
            assert cell(reach) == "PermissionError"
        for reach in ("os.listdir('/proc/1/fd')", "os.readlink('/proc/1/root')", "os.listdir('/proc/1/cwd/')"):
            assert cell(reach) == "PermissionError"
        assert cell("print(refused('ptrace', 16, 1, 0, 0))") == "True"
        assert cell("print(refused('process_vm_readv', 1, 0, 0, 0, 0, 0))") == "True"
        assert cell("resource.prlimit(1, resource.RLIMIT_NOFILE, (3, 3))") == "PermissionError"
        assert cell("os.setpriority(os.PRIO_PROCESS, 1, 19)") == "PermissionError"
        assert cell("os.sched_setaffinity(1, {0})") == "PermissionError"
    with student(box) as cell:  # it serves the next one
        assert cell("print('well')") == "well"


@pytest.mark.skipif(seccomp.platform.machine() not in seccomp.MACHINES, reason="the filter knows two machines")
def test_calls_that_leave_something_behind_are_refused(box):
    with student(box) as cell:
        cell(REACH)
        for call in ("'shmget', 7, 4096, 0o1666", "'semget', 7, 1, 0o1666", "'msgget', 7, 0o1666", "'keyctl', 0, -4, 1",
                     "'unshare', 0x10000000", "'io_uring_setup', 1, 0"):  # fmt: skip
            assert cell(f"print(refused({call}))") == "True"
        assert cell("import subprocess; print(subprocess.call(['true']))") == "0"
        assert cell("import threading; t = threading.Thread(target=print, args=(1,)); t.start(); t.join()") == "1"


def test_every_step_of_the_filter_leads_somewhere():
    for machine in seccomp.MACHINES:
        text = seccomp.program(machine)
        steps = list(seccomp.struct.iter_unpack("=HBBI", text))
        for place, (code, yes, no, _) in enumerate(steps):
            if code in (seccomp.EQUAL, seccomp.AT_LEAST, seccomp.ANY_BIT):
                assert place + 1 + max(yes, no) < len(steps)
        assert steps[-1] == (seccomp.RETURN, 0, 0, seccomp.ALLOW)
    with pytest.raises(ValueError, match="vax"):
        seccomp.program("vax")


def test_a_folder_and_a_file_of_python_below_tmp_stay_for_the_next_student(tmp_path, monkeypatch):
    """An environment in a clone below /tmp, of which folders and one file are mounted."""
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib/module.py").touch()
    (tmp_path / "pyvenv.cfg").write_text("here")
    usual = bubblewrap.bound()
    monkeypatch.setattr(bubblewrap, "bound", lambda: sorted([*usual, tmp_path / "lib", tmp_path / "pyvenv.cfg"]))
    below = Box()
    try:
        for _ in range(2):
            with student(below) as cell:
                assert cell(f"print(open({str(tmp_path / 'pyvenv.cfg')!r}).read())") == "here"
                assert cell(f"import os; print(os.listdir({str(tmp_path / 'lib')!r}))") == "['module.py']"
    finally:
        below.close()


def test_nothing_is_left_for_the_next_student(box):
    look = "import os; print(sorted(os.listdir('/tmp')), os.listdir('/dev/shm'))"
    with student(box) as cell:
        before = cell(look)  # matplotlib's list of fonts; and Python, where it lies below /tmp
        cell("""
            import os, subprocess, time
            for place in ("/tmp", "/dev/shm"):
                open(place + "/.hidden", "w").write("softmax")
                os.makedirs(place + "/locked/deep/deeper")
                open(place + "/locked/deep/file", "w")
                os.symlink("/proc/1/root", place + "/link")
                os.mkfifo(place + "/pipe")
                os.chmod(place + "/locked/deep", 0)
                os.chmod(place + "/locked", 0)
            if os.fork() == 0:
                os.setsid()
                if os.fork() == 0:
                    while True:
                        time.sleep(1)
                os._exit(0)
            import rnnlib
            rnnlib.left = 1
        """)
    with student(box) as cell:
        assert cell(look) == before
        assert cell("print(sum(name.isdigit() for name in os.listdir('/proc')))") == "2"
        assert cell("import rnnlib; print(hasattr(rnnlib, 'left'))") == "False"


def test_the_box_dies_with_everything_in_it():
    other = Box()
    process = StudentProcess(other.start(Limits()), time.monotonic() + 60, 5.0)
    process.cell(f"import subprocess; subprocess.Popen(['sleep', '{NIGHT}'])", "<cell 0>", 5.0)
    assert comes_true(lambda: running(f"sleep\x00{NIGHT}"))
    folder = Path(other.folder.name)
    other.close()
    assert comes_true(lambda: not running(f"sleep\x00{NIGHT}")) and not folder.exists()


def comes_true(condition):
    """Say whether a condition holds within twenty seconds: the machine takes its time to start and end processes."""
    deadline = time.monotonic() + 20
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.05)
    return condition()


@pytest.fixture
def no_other(monkeypatch):
    """No bubblewrap comes with the packages, and which one was chosen before, whose path this is, is forgotten."""
    path = program.sandbox_program().path
    monkeypatch.setattr(program, "packaged", lambda: None)
    program.sandbox_program.cache_clear()
    yield path
    program.sandbox_program.cache_clear()


@pytest.mark.promise("S7")
def test_without_bubblewrap_it_says_what_to_do(monkeypatch, no_other):
    real = shutil.which
    monkeypatch.setattr(shutil, "which", lambda name, **where: None if name == "bwrap" else real(name, **where))
    with pytest.raises(SandboxMissing, match="apt install bubblewrap"):
        Box()


def test_where_bubblewrap_may_not_it_says_so(tmp_path, monkeypatch, no_other):
    fake = tmp_path / "bwrap"
    refuses = "echo 'bwrap: No permissions to create new namespace' >&2\nexit 1"
    fake.write_text(f'#!/bin/sh\n[ "$1" = --help ] && exec {no_other} --help\n{refuses}\n')
    fake.chmod(0o755)
    real = shutil.which
    monkeypatch.setattr(shutil, "which", lambda name, **where: str(fake) if name == "bwrap" else real(name, **where))
    with pytest.raises(SandboxMissing, match="No permissions to create new namespace"):
        Box()


def test_without_walls_it_works_and_ends_what_it_started():
    bare = Box(sandboxed=False)
    try:
        process = StudentProcess(bare.start(Limits()), time.monotonic() + 60, 5.0)
        source = f"import subprocess; p = subprocess.Popen(['sleep', '{NIGHT}'])\nprint(1)"
        assert process.cell(source, "<cell 0>", 5.0)[0] == "1\n"
        assert bare.end() == "it was killed"
        assert not running(f"sleep\x00{NIGHT}")
    finally:
        bare.close()


@pytest.mark.promise("S7")
def test_it_works_for_an_ordinary_user(tmp_path):
    cells = (
        f"import os; print(os.getuid(), os.path.exists({str(ROOT / 'solutions')!r}))",
        "open('/proc/1/environ')",
        "import socket; socket.create_connection(('192.0.2.1', 80), 1)",
        "import ctypes; print(ctypes.CDLL(None).unshare(0x10000000))",
    )
    assert as_ordinary_user(cells, tmp_path) == ["65534 False", "PermissionError", "OSError", "-1"]
