"""Answers that flood, return what cannot be judged, or break their own process."""

from tests.grading.adversarial.paper import add, cell, collector, instead, points, solutions, solved, write

FLOODING, hand_in = collector(solved)
DIED, HUNG = {"status": ("died",)}, {"status": ("timed out",)}
ANY = {"status": ("graded", "died", "timed out")}


@hand_in("prints a hundred megabytes in a cell")
def floods_in_a_cell(nb):
    add(nb, "for _ in range(100):\n    print('x' * 1_000_000)")


@hand_in("six hundred cells, each of which prints as much as one may, and asks for twenty magics that nobody knows",
         cause="E")  # fmt: skip
def floods_in_all_cells(nb):
    for number in range(600):
        magics = "".join(f"\n%m{number}x{place}" for place in range(20 * (number < 20)))
        add(nb, f"print('x' * 30_000){magics}", f"prints-{number}", after=None)


@hand_in("prints ten megabytes in each call, past Python's own stream")
def floods_in_a_call(nb):
    body = solutions()["softmax"].splitlines()
    body[2:2] = ["    import os", "    print('x' * 5_000_000)", "    os.write(1, b'y' * 5_000_000)"]
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


NEED_NUMPY = tuple(name for name in points() if name != "count_parameters")


@hand_in("the first import asks for what its module has not, so that nothing of the imports is there", lost=NEED_NUMPY)
def no_imports(nb):
    write(nb, "imports", "from numpy import numbers_of_all_kinds\n" + cell(nb, "imports")["source"])
