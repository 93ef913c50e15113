"""One bound for all that a submission holds: control groups of both kinds, or a process that adds it up."""

import contextlib
import os
import time
from pathlib import Path

import pytest

from grading.sandbox import box as sandbox
from grading.sandbox import cgroup
from grading.sandbox.box import Box, Limits
from grading.sandbox.guest import watch
from grading.sandbox.remote import Gone, StudentProcess
from tests.grading.adversarial.holding import TOGETHER
from tests.grading.boxes import as_ordinary_user, student

GROUPS = {
    1: "9:name=systemd:/user\n8:pids:/user/ada\n4:memory:/user/ada\n0::/\n",
    2: "0::/user.slice/app.slice/grader.scope\n",
}


def tree(root, version, passed="cpu memory pids"):
    """Write what the kernel would show of control groups: the folder for processes, and the one for a new group."""
    here = root / "proc/self"
    here.mkdir(parents=True)
    (here / "cgroup").write_text(GROUPS[version])
    if version == 1:
        homes = [root / "memory/user/ada", root / "pids/user/ada"]
        lines = [f"35 31 0:32 / {root}/{name} rw - cgroup cgroup rw,{name}" for name in ("memory", "pids")]
    else:
        homes = [root / "unified/user.slice/app.slice"]
        (homes[0] / "grader.scope").mkdir(parents=True)
        (homes[0] / "grader.scope/cgroup.subtree_control").write_text("\n")
        lines = [f"41 31 0:38 / {root}/unified rw - cgroup2 cgroup2 rw"]
    for home in homes:
        home.mkdir(parents=True, exist_ok=True)
        (home / "cgroup.subtree_control").write_text(f"{passed}\n")
        (home / "cgroup.procs").touch()
    (here / "mountinfo").write_text("\n".join(["22 1 8:1 / / rw - ext4 /dev/x rw", *lines]) + "\n")
    return root / "proc", homes


@pytest.fixture
def as_kernel(monkeypatch):
    """Folders of groups come with their files, as the kernel makes them."""
    real = Path.mkdir

    def mkdir(self, *args, **kwargs):
        real(self, *args, **kwargs)
        if self.name.startswith(cgroup.NAME):
            for name, text in {"cgroup.procs": "", "memory.oom_control": "oom_kill_disable 0\noom_kill 0\n",
                               "memory.events": "low 0\noom 0\noom_kill 0\n"}.items():  # fmt: skip
                (self / name).write_text(text)

    monkeypatch.setattr(Path, "mkdir", mkdir)


@pytest.mark.parametrize("version", [1, 2])
def test_a_group_is_made_beside_the_grader_and_bounds_memory_swap_and_processes(tmp_path, version, as_kernel):
    """The second version cannot be tried on every machine: here against folders like the kernel's."""
    processes, homes = tree(tmp_path, version)
    group = cgroup.make(processes)
    assert group.version == version and [folder.parent for folder in group.folders] == homes
    group.bound(2**26, 7)
    said = {path.name: path.read_text().strip() for folder in group.folders for path in folder.iterdir()}
    names = {1: ["memory.limit_in_bytes"], 2: ["memory.max"]}[version]
    assert all(said[name] == str(2**26) for name in names) and said["pids.max"] == "7"
    assert version == 1 or said["memory.swap.max"] == "0"
    for door in group.doors():
        os.write(door, b"4711")
        os.close(door)
    assert all((folder / "cgroup.procs").read_text() == "4711" for folder in group.folders)
    words = {1: "memory.oom_control", 2: "memory.events"}[version]
    (group.memory / words).write_text("oom 9\noom_kill 3\n")
    assert group.ended() == 3


def test_where_memory_is_not_passed_on_there_is_no_group(tmp_path, as_kernel):
    processes, _ = tree(tmp_path, 2, passed="cpu")
    assert cgroup.make(processes) is None
    assert cgroup.make(tmp_path / "nothing") is None


def test_groups_of_graders_that_were_killed_are_removed(tmp_path, as_kernel):
    processes, homes = tree(tmp_path, 1)
    for home in homes:
        for pid in (4711, 4712):
            os.mkdir(home / f"{cgroup.NAME}{pid}-x")
    (processes / "4712").mkdir()
    cgroup.make(processes)
    assert [(home / f"{cgroup.NAME}{pid}-x").exists() for home in homes for pid in (4711, 4712)] == [False, True] * 2


@pytest.fixture(scope="module", params=["group", "watched"])
def bounded(request):
    """A sandbox with a group where this machine has one, and one without."""
    patch = pytest.MonkeyPatch()
    if request.param == "watched":
        patch.setattr(cgroup, "make", lambda: None)
    made = Box()
    patch.undo()
    if request.param == "group" and made.group is None:
        made.close()
        pytest.skip("no control group may be made here")
    yield made
    made.close()


HOLDS = {
    "children": "b = bytearray(40 * 2**20); return b, len(b)",
    "shared": "b = mmap.mmap(-1, 40 << 20); [b.write(bytes(2**20)) for _ in range(40)]; b.madvise(4); return b, 2**25",
    "files": "n = 2**24; p = '/tmp/%d' % os.getpid(); open(p, 'wb').write(bytes(n)); return p, n",
    "sockets": "k = [socket.socketpair() for _ in range(60)]; return k, sum(a.send(bytes(2**17)) for a, b in k)",
}


@pytest.mark.parametrize("what", HOLDS)
@pytest.mark.promise("S5")
def test_all_that_a_submission_holds_counts_together(bounded, what):
    body = HOLDS[what].replace("; ", "\n    ")
    with student(bounded, memory=2**26, cell=20.0) as cell:
        said = _said(cell, f"{TOGETHER}\ndef hold():\n    {body}\ntogether(hold, seconds=3)\n")
    assert "reached" not in said and bounded.over
    with student(bounded) as cell:  # the next one has all of it again
        assert cell("x = bytearray(2**28); print(len(x))") == str(2**28) and not bounded.over


def _said(cell, source):
    """What a cell says; nothing where its process is ended."""
    with contextlib.suppress(Gone):
        return cell(source)
    return ""


@pytest.mark.promise("S5")
def test_what_died_of_the_bound_is_told_as_such(bounded):
    """One process alone mostly hears of it as a MemoryError; here its children hold the rest."""
    source = f"{TOGETHER}\nkept = bytearray(50 * 2**20)\ntogether(lambda: (bytearray(10 * 2**20), 0), 8, 3)"
    process = StudentProcess(bounded.start(Limits(memory=2**26)), time.monotonic() + 60, 20.0)
    ended = ""
    with contextlib.suppress(Gone):
        process.cell(source, "<cell 0>", 20.0)
    process.sock.close()
    ended = bounded.end()
    assert bounded.over and (
        ended == "it used more than the 64 MiB of memory that a submission may use" or bounded.group
    )


def test_pools_and_asyncio_work_under_the_bound(bounded):
    with student(bounded, memory=2**28, cell=30.0) as cell:
        assert cell("""
            import asyncio, multiprocessing
            from concurrent.futures import ProcessPoolExecutor
            def square(n):
                return n * n
            async def program():
                return await (await asyncio.create_subprocess_exec("true")).wait()
            with ProcessPoolExecutor(2) as pool:
                print(list(pool.map(square, range(4))), asyncio.new_event_loop().run_until_complete(program()))
            with multiprocessing.Pool(2) as pool:
                print(pool.map(square, [3]))
        """) == "[0, 1, 4, 9] 0\n[9]"  # fmt: skip


def test_an_ordinary_user_is_told_what_bounds_it(tmp_path):
    told = as_ordinary_user([["print(1)"]], tmp_path)
    assert told[-1] in (sandbox.WATCHED, *(sandbox.GROUP.format(version=n) for n in (1, 2)))


def test_the_watch_takes_off_what_was_loaded_before(tmp_path):
    """What children share with the first process is no student's; what they hold beyond it is, all together."""
    status = "Name:\tpython\nVmSize:\t{} kB\nRssAnon:\t{} kB\nRssShmem:\t0 kB\nVmSwap:\t0 kB\n"
    for number, (space, held) in {"self": (9000, 5000), "7": (9000, 5900), "8": (9000, 5900)}.items():
        (tmp_path / number / "net").mkdir(parents=True)
        (tmp_path / number / "status").write_text(status.format(space, held))
    (tmp_path / "self/net/sockstat").write_text("sockets: used 0\nTCP: inuse 0 orphan 0\n")
    assert not watch.Watch(2000 * 1024, [], tmp_path).over()
    assert watch.Watch(1700 * 1024, [], tmp_path).over()
    (tmp_path / "8/status").write_text(status.format(9000 + 8001, 5000))
    assert watch.Watch(2000 * 1024, [], tmp_path).over()
