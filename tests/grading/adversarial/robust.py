"""Answers that crash, hang, flood or exhaust: they cost what they cost, and nothing else."""

from tests.grading.adversarial.paper import ALL, add, cell, collector, points, solutions, solved, write

ROBUST, hand_in = collector(solved)
DIED, HUNG = {"status": ("died",)}, {"status": ("timed out",)}
EITHER = {"status": ("died", "timed out")}
ANY = {"status": ("graded", "died", "timed out")}


def instead(nb, name, body):
    """Give a function another body; `body` may use its arguments."""
    head = solutions()[name].split('"""')[0].rstrip()
    lines = [f"    {line}" for line in body.strip().splitlines()]
    write(nb, name, "\n".join([head, *lines]))


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


@hand_in("a call that sleeps for ever", lost=("softmax",), **HUNG)
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


@hand_in("makes a hundred thousand small files")
def many_files(nb):
    add(nb, "for i in range(100_000):\n    open(f'/tmp/{i}', 'w').close()")


@hand_in("opens files until there are no more, and keeps them")
def many_open_files(nb):
    add(nb, "kept = []\ntry:\n    while True:\n        kept.append(open('/dev/null'))\nexcept OSError:\n    pass")


@hand_in("prints a hundred megabytes in a cell")
def floods_in_a_cell(nb):
    add(nb, "for _ in range(100):\n    print('x' * 1_000_000)")


@hand_in("prints a hundred megabytes in each call, past Python's own stream")
def floods_in_a_call(nb):
    body = solutions()["softmax"].splitlines()
    body[2:2] = ["    import os", "    print('x' * 50_000_000)", "    os.write(1, b'y' * 50_000_000)"]
    write(nb, "softmax", "\n".join(body))


@hand_in("an error whose message is a hundred megabytes long", lost=("softmax",))
def floods_in_an_error(nb):
    instead(nb, "softmax", "raise ValueError('x' * 100_000_000)")
    add(nb, "raise ValueError('y' * 100_000_000)")


@hand_in("returns an array of eighty million numbers", lost=("softmax",), **ANY)
def huge_array(nb):
    instead(nb, "softmax", "return np.zeros(80_000_000)")


@hand_in("returns an array that claims a million terabytes and holds one number", lost=("softmax",), **ANY)
def huge_view(nb):
    instead(nb, "softmax", "return np.broadcast_to(np.float64(1), (10**6, 10**6, 10**5))")


@hand_in("returns a list of ten million numbers, a long text, and a number of a million digits",
         lost=("softmax", "perplexity", "count_parameters"), **ANY)  # fmt: skip
def huge_others(nb):
    instead(nb, "softmax", "return [0.5] * 10_000_000")
    instead(nb, "perplexity", "return 'x' * 500_000_000")
    instead(nb, "count_parameters", "return 10**1_000_000")


@hand_in("calls itself for ever", lost=("softmax",))
def recursion(nb):
    instead(nb, "softmax", "return softmax(logits)")


@hand_in("calls itself for ever, after lifting the limit", lost=("softmax",), **ANY)
def recursion_without_limit(nb):
    instead(nb, "softmax", "import sys\nsys.setrecursionlimit(2**31 - 1)\nreturn max([logits], key=softmax)")


@hand_in("returns a list in a list in a list, a hundred thousand deep", lost=("softmax",), **ANY)
def deep_result(nb):
    instead(nb, "softmax", "deep = []\nfor _ in range(100_000):\n    deep = [deep]\nreturn deep")


@hand_in("returns a list that holds itself, and a dict that does", lost=("softmax", "perplexity"))
def cyclic_result(nb):
    instead(nb, "softmax", "ring = []\nring.append(ring)\nreturn ring")
    instead(nb, "perplexity", "ring = {}\nring['again'] = ring\nreturn ring")


@hand_in("returns half a character", lost=("softmax",))
def half_characters(nb):
    instead(nb, "softmax", "print('\\ud800')\nreturn '\\udc00'")
    add(nb, "print('half: \\ud83d')\nraise ValueError('\\ud800')")


@hand_in("an error that cannot be printed, one that lies about its kind, one that hangs when it is printed",
         lost=("softmax", "perplexity", "count_parameters"), **ANY)  # fmt: skip
def errors_that_misbehave(nb):
    add(nb, """
        class Unprintable(Exception):
            def __str__(self):
                raise RuntimeError
            __repr__ = __str__
        class Liar(BaseException):
            __class__ = property(lambda self: 1 / 0)
        class Endless(Exception):
            def __str__(self):
                while True:
                    pass
        """)  # fmt: skip
    instead(nb, "softmax", "raise Unprintable")
    instead(nb, "perplexity", "raise Liar")
    instead(nb, "count_parameters", "raise Endless")


@hand_in("closes what it can: streams, and every file that it finds open", lost=("softmax",), **DIED)
def closes_everything(nb):
    add(nb, "import sys\nsys.stdout = None\nsys.stderr = open('/dev/null')\nsys.stdin = None")
    instead(nb, "softmax", "import os\nos.closerange(0, 4096)\nreturn logits")


@hand_in("forgets all modules and its built-in functions", lost=("softmax",), **ANY)
def forgets_modules(nb):
    instead(nb, "softmax", "import builtins, sys\nsys.modules.clear()\nbuiltins.__dict__.clear()\nreturn logits")


@hand_in("asks a person: input(), getpass, a debugger", lost=("softmax",))
def asks_a_person(nb):
    add(nb, "name = input('Your name? ')")
    add(nb, "import getpass\ngetpass.getpass()", "second")
    instead(nb, "softmax", "breakpoint()\nreturn input('the answer? ')")


@hand_in("sets a tracer that stops every line, and a handler that prints at the end")
def traces(nb):
    add(nb, """
        import atexit, signal, sys
        atexit.register(print, "so long")
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        sys.settrace(lambda *about: None)
        sys.setprofile(lambda *about: None)
        """)  # fmt: skip


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


@hand_in("returns a generator, a function, a module, a type, a file, and an object with nothing in it",
         lost=("softmax", "one_hot", "perplexity", "count_parameters", "cross_entropy", "rnn_step", "rnn_forward",
               "many_to_one", "one_to_many", "encoder_decoder"))  # fmt: skip
def odd_results(nb):
    for name, value in {
        "softmax": "(i for i in range(3))",
        "one_hot": "lambda: 1",
        "perplexity": "np",
        "count_parameters": "int",
        "cross_entropy": "open('/dev/null')",
        "rnn_step": "object()",
        "rnn_forward": "np.array([object()], dtype=object)",
        "many_to_one": "np.ma.masked_array([1.0], [True])",
        "one_to_many": "np.zeros(3, dtype='f8,i4')",
        "encoder_decoder": "memoryview(b'123')",
    }.items():
        instead(nb, name, f"return {value}")


@hand_in("numbers that are no numbers: NaN, infinity, dates, text, complex",
         lost=("softmax", "one_hot", "perplexity", "count_parameters", "cross_entropy"))  # fmt: skip
def odd_numbers(nb):
    instead(nb, "softmax", "return logits * np.nan")
    instead(nb, "one_hot", "return np.full((*ids.shape, V), 'x')")
    instead(nb, "perplexity", "return complex(1, 1)")
    instead(nb, "count_parameters", "return float('inf')")
    instead(nb, "cross_entropy", "return np.datetime64('2026-01-01')")


@hand_in("changes its arguments in place", lost=("softmax",), verdicts={"softmax": ("failed", "changed")})
def changes_arguments(nb):
    text = solutions()["softmax"].splitlines()
    write(nb, "softmax", "\n".join([*text[:2], "    logits -= logits.max(axis=-1, keepdims=True)", *text[2:]]))


@hand_in("thirty cells, each just within its own limit", status=("timed out",), lost=ALL)
def many_slow_cells(nb):
    for number in range(30):
        add(nb, "import time\ntime.sleep(0.8)", f"slow-{number}")


NEED_NUMPY = tuple(name for name in points() if name != "count_parameters")


@hand_in("the first import is misspelt, so that nothing of the imports is there", lost=NEED_NUMPY)
def no_imports(nb):
    write(nb, "imports", "import nunpy as np\n" + cell(nb, "imports")["source"])
