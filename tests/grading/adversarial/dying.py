"""Answers that hang, crash or exhaust the machine: they cost what they cost, and nothing else."""

from tests.grading.adversarial.paper import ALL, add, collector, instead, solutions, solved, write

DYING, hand_in = collector(solved)
DIED, HUNG = {"status": ("died",)}, {"status": ("timed out",)}
EITHER = {"status": ("died", "timed out")}
ANY = {"status": ("graded", "died", "timed out")}


@hand_in("a call that never ends", lost=("softmax",), verdicts={"softmax": ("stopped", "timed out")}, **ANY)
def endless_call(nb):
    instead(nb, "softmax", "while True:\n    pass")


@hand_in("a call that never ends and catches whatever should end it", lost=("softmax",), **HUNG)
def endless_and_deaf(nb):
    instead(nb, "softmax", """
while True:
    try:
        while True:
            pass
    except BaseException:
        pass
""")  # fmt: skip


@hand_in("a call that sleeps for ever", lost=("softmax",), **ANY)
def sleeping_call(nb):
    instead(nb, "softmax", "import time\nwhile True:\n    time.sleep(1000)")


@hand_in("a cell that never ends, before the function is defined", lost=("perplexity",), **HUNG)
def endless_cell(nb):
    write(nb, "perplexity", "while True:\n    pass\n" + solutions()["perplexity"])


@hand_in("a cell that never ends and ignores every signal that can be ignored", lost=("perplexity",), **HUNG)
def endless_cell_and_deaf(nb):
    write(nb, "perplexity", """
        import signal
        for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
            signal.signal(number, signal.SIG_IGN)
        while True:
            try:
                while True:
                    pass
            except BaseException:
                pass
        """)  # fmt: skip


@hand_in("os._exit in a cell that also holds an answer", lost=("perplexity",), **DIED)
def exits_in_a_cell(nb):
    write(nb, "perplexity", "import os\nos._exit(0)")


@hand_in("os._exit in a call", lost=("softmax",), verdicts={"softmax": ("died",)}, **DIED)
def exits_in_a_call(nb):
    instead(nb, "softmax", "import os\nos._exit(0)")


@hand_in("quit(), sys.exit and a raised SystemExit in cells and in a call", lost=("softmax",))
def quits(nb):
    add(nb, "quit()")
    add(nb, "import sys\nsys.exit('done')", "second")
    add(nb, "raise SystemExit(0)", "third")
    instead(nb, "softmax", "quit()")


@hand_in("a KeyboardInterrupt in a cell, and one in a call", lost=("softmax",))
def interrupts(nb):
    add(nb, "raise KeyboardInterrupt")
    instead(nb, "softmax", "raise KeyboardInterrupt")


@hand_in("kills itself", lost=("softmax",), **DIED)
def kills_itself(nb):
    instead(nb, "softmax", "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)")


@hand_in("kills its parent, its group and every process it may", lost=("softmax",), **DIED)
def kills_everybody(nb):
    instead(nb, "softmax", """
import os, signal
for target in (os.getppid(), 1, 0, -1):
    try:
        os.kill(target, signal.SIGKILL)
    except OSError:
        pass
os.killpg(0, signal.SIGKILL)
""")  # fmt: skip


@hand_in("stops its parent and itself, as if asleep", lost=("softmax",), **ANY)
def stops_everybody(nb):
    instead(nb, "softmax", "import os, signal\nos.kill(-1, signal.SIGSTOP)\nos.kill(os.getpid(), signal.SIGSTOP)")


@hand_in("reads where nothing is: a segmentation fault", lost=("softmax",), **DIED)
def crashes(nb):
    instead(nb, "softmax", "import ctypes\nctypes.string_at(0)")


@hand_in("asks for far more memory than there is", lost=("softmax",), **ANY)
def asks_for_memory(nb):
    instead(nb, "softmax", "blocks = []\nwhile True:\n    blocks.append(np.ones(50_000_000))")


@hand_in("fills memory in small pieces", lost=("softmax",), **ANY)
def fills_memory(nb):
    instead(nb, "softmax", "blocks = []\nwhile True:\n    blocks.append(bytes(1_000_000))")


@hand_in("a fork bomb", lost=("perplexity",), **EITHER)
def forks(nb):
    write(nb, "perplexity", "import os\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n        pass")


@hand_in("starts threads until there are no more, and never ends them", lost=("perplexity",), **ANY)
def many_threads(nb):
    write(nb, "perplexity", """
        import threading, time
        while True:
            threading.Thread(target=time.sleep, args=(1000,)).start()
        """)  # fmt: skip


@hand_in("leaves a thread that spins, and one that sleeps for ever")
def leaves_threads(nb):
    add(nb, """
        import threading, time
        def spin():
            while True:
                time.sleep(0.001)
        threading.Thread(target=spin).start()
        threading.Thread(target=time.sleep, args=(10_000,)).start()
        """)  # fmt: skip


@hand_in("leaves a process that holds on to everything it inherited")
def leaves_a_process(nb):
    add(nb, """
        import os, time
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                time.sleep(10_000)
            os._exit(0)
        """)  # fmt: skip


@hand_in("a child of a fork goes on with the notebook, too")
def two_of_it(nb):
    add(nb, "import os\nos.fork()")


@hand_in("fills the disk", lost=("perplexity",), **ANY)
def fills_the_disk(nb):
    write(nb, "perplexity", """
        number = 0
        while True:
            with open(f"/tmp/{number}", "wb") as file:
                number += 1
                while True:
                    file.write(bytes(10_000_000))
                    file.flush()
        """)  # fmt: skip


@hand_in("makes twenty thousand small files")
def many_files(nb):
    add(nb, "for i in range(20_000):\n    open(f'/tmp/{i}', 'w').close()")


@hand_in("opens files until there are no more, and keeps them")
def many_open_files(nb):
    add(nb, "kept = []\ntry:\n    while True:\n        kept.append(open('/dev/null'))\nexcept OSError:\n    pass")


@hand_in("an alarm clock of its own, which kills it later", lost=("perplexity",), **DIED)
def alarm(nb):
    write(nb, "perplexity", """
        import signal, time
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, 0.05)
        time.sleep(1)
        """)  # fmt: skip


@hand_in("lowers its own limits to nothing", lost=("perplexity",), **EITHER)
def limits_itself(nb):
    write(nb, "perplexity", "import resource\nresource.setrlimit(resource.RLIMIT_CPU, (1, 1))\nwhile True:\n    pass")


@hand_in("thirty cells, each just within its own limit", limits={"notebook": 5.0}, status=("timed out",), lost=ALL)
def many_slow_cells(nb):
    for number in range(30):
        add(nb, "import time\ntime.sleep(0.8)", f"slow-{number}")


@hand_in("thousands of magics and questions, which take long to translate, and cell magics under one another",
         status=("graded", "timed out"))  # fmt: skip
def many_magics(nb):
    add(nb, "a?\n" * 6000)
    add(nb, "x = !l\n" * 2500, "shell")
    add(nb, "%%time\n" * 2500, "cell-magics")
