"""What a student's code can use up, and what is said when it ends."""

import time

import pytest

from grading.sandbox import box as sandbox
from grading.sandbox.box import Limits
from grading.sandbox.remote import Gone, StudentProcess
from tests.grading.boxes import student


def test_limits_bite(box):
    with student(box, memory=2**28, file=2**20, processes=8) as cell:
        assert cell("x = bytearray(2**29)") == "MemoryError"
        assert cell("open('/tmp/big', 'wb').write(bytes(2**21))") == "OSError"
        assert cell("import resource; resource.setrlimit(resource.RLIMIT_AS, (2**40, 2**40))") == "ValueError"
        assert cell("""
            import os, signal, time
            made = []
            try:
                for _ in range(50):
                    made.append(os.fork())
                    if made[-1] == 0:
                        time.sleep(100)
            except BlockingIOError:
                print(len(made) < 10)
            for pid in made:
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
        """) == "True"  # fmt: skip
        assert cell("files = [open('/dev/null') for _ in range(1000)]") == "OSError"
    with student(box, output=100) as cell:
        assert "and 900 characters more" in cell("print('x' * 999)")
        assert len(cell("for _ in range(100_000): print('x' * 1000)")) < 200


def test_space_on_disk_is_bounded(box):
    with student(box) as cell:
        assert (
            cell("""
            for i in range(1000):
                with open(f"/tmp/{i}", "wb") as file:
                    file.write(bytes(2**24))
        """)
            == "OSError"
        )


def test_clocks(box):
    with student(box, cell=0.5) as cell:
        assert cell("while True: pass") == "TooLong"
        assert cell("import time\nwhile True: time.sleep(100)") == "TooLong"
        assert cell("import os\nos.read(os.pipe()[0], 1)") == "TooLong"
        assert cell("print('well')") == "well"
        with pytest.raises(Gone):
            cell("import signal\nfor n in (14, 26, 27): signal.signal(n, signal.SIG_IGN)\nwhile True: pass")
    assert box.end() in ("", sandbox.TOO_LONG)


def test_how_it_ended(box):
    for source, words in (
        ("import os; os._exit(3)", "exit code 3"),
        ("import ctypes; ctypes.string_at(0)", "SIGSEGV"),
        ("import os; os.kill(os.getpid(), 9)", "killed"),
        ("import os; os.kill(os.getpid(), 40)", "signal 40"),
    ):
        process = StudentProcess(box.start(Limits()), time.monotonic() + 60, 5.0)
        with pytest.raises(Gone):
            process.cell(source, "<cell 0>", 5.0)
        assert process.fault == "died" and words in box.end()
        process.sock.close()


def test_nobody_sits_at_the_keyboard(box):
    with student(box) as cell:
        assert cell("input('name? ')") == "RuntimeError"
        assert cell("import sys; print(repr(sys.stdin.read()))") == "''"
