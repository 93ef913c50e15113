"""Attempts to hold more than one submission may, and to keep the judge busy (cause E: limits that did not bound)."""

from tests.grading.adversarial.paper import add, collector, solved, write

HOLDING, hand_in = collector(solved, cause="E")
ANY = {"status": ("graded", "died", "timed out")}
SMALL = {"limits": {"memory": 2**27, "cell": 10.0}, **ANY}  # 128 MiB; what holds twice as much has reached something

# Twelve children hold what a function gives, all at once, and say how many bytes it is.
TOGETHER = """
import mmap, os, socket, time
def together(hold, children=12, seconds=1.0):
    told, tells = os.pipe()
    for _ in range(children):
        try:
            if os.fork() == 0:
                try:
                    kept, size = hold()
                    os.write(tells, b"%d\\n" % size)
                    time.sleep(seconds)
                finally:
                    os._exit(0)
        except OSError:
            pass
    os.close(tells)
    sizes = []
    with open(told) as lines:
        sizes = [int(line) for line in lines]
    if sum(sizes) > 2 * 2**27:
        print("reached", sum(sizes) >> 20, "MiB at once")
"""


def holds(nb, text):
    """Add a cell that fills memory in children of its own."""
    add(nb, f"{TOGETHER}\n{text}", after=None)


@hand_in("memory in twelve children, each of which keeps to the limit", **SMALL)
def in_children(nb):
    holds(nb, """
def hold():
    block = bytearray(40 * 2**20)
    return block, len(block)
together(hold)
""")  # fmt: skip


@hand_in("memory in memory files, which no process is seen to hold", **SMALL)
def in_memory_files(nb):
    holds(nb, """
def hold():
    kept = [os.memfd_create("x") for _ in range(3)]
    size = sum(os.write(fd, bytes(2**24)) for fd in kept)
    return kept, size
together(hold)
""")  # fmt: skip


@hand_in("memory that waits in sockets to be read", **SMALL)
def in_sockets(nb):
    holds(nb, """
def hold():
    kept, size = [], 0
    try:
        while True:
            pair = socket.socketpair()
            kept.append(pair)
            pair[0].setblocking(False)
            try:
                while True:
                    size += pair[0].send(bytes(2**16))
            except BlockingIOError:
                pass
    except OSError:
        return kept, size
together(hold)
""")  # fmt: skip


@hand_in("shared memory of no file, that is given up and yet kept", **SMALL)
def in_shared_memory(nb):
    holds(nb, """
def hold():
    block = mmap.mmap(-1, 40 * 2**20)
    block.write(bytes(len(block)))
    block.madvise(mmap.MADV_DONTNEED)
    return block, len(block)
together(hold)
""")  # fmt: skip


@hand_in("memory that waits in sockets of TCP, on the way to itself", **SMALL)
def in_tcp(nb):
    holds(nb, """
def hold():
    server = socket.create_server(("127.0.0.1", 0))
    kept, size = [server], 0
    try:
        while True:
            client = socket.create_connection(server.getsockname())
            kept += [client, server.accept()[0]]
            client.setblocking(False)
            try:
                while True:
                    size += client.send(bytes(2**20))
            except BlockingIOError:
                pass
    except OSError:
        return kept, size
together(hold)
""")  # fmt: skip


@hand_in("wants others to be ended first where the machine's memory runs out")
def not_first(nb):
    add(nb, """
        said = open("/proc/self/oom_score_adj").read().strip()
        if said != "1000":
            print("reached a better place in the row:", said)
        try:
            open("/proc/self/oom_score_adj", "w").write("-1000")
            print("reached the first place in it")
        except OSError:
            pass
        """)  # fmt: skip


@hand_in("a cell of two thousand functions in one another")
def nested_functions(nb):
    add(nb, "f = " + "lambda: " * 2000 + "1")


@hand_in("generators in generators, and conditions in conditions, each as deep as Python reads them")
def nested_otherwise(nb):
    add(nb, "x = " + "(i for i in " * 150 + "[]" + ")" * 150)
    add(nb, "x = " + "lambda a=(" * 900 + "1" + "): 1" * 900, "more")
    add(nb, "x = " + "1 if (" * 90 + "1" + ") else 1" * 90, "most")


@hand_in("thousands of lines that IPython would make calls of", **ANY)
def call_lines(nb):
    for number in range(6):
        add(nb, ",a b\n" * 3900, f"auto-{number}")


@hand_in("a hundred different cells of nine thousand characters, each of which takes a name from the next")
def long_chain(nb):
    for number in range(100):
        line = f"x{number} = lambda: x{number + 1}\n"
        add(nb, line + "a = [b for b in 'c']\n" * 440, f"chain-{number}")


@hand_in("a name of twenty thousand accents upon one letter, which Python puts in order before it reads the cell")
def piled_accents_in_a_name(nb):
    add(nb, "x" + "\u0315" * 10_000 + "\u0300" * 10_000 + " = 1")


@hand_in("a line of words in a code cell, and sixty thousand empty lines below it")
def empty_lines(nb):
    add(nb, "I think that the net has learned quite a lot of words" + "\n" * 59_000 + "x")


@hand_in("two hundred thousand brackets that open and never close, in the answer to the open question")
def open_brackets(nb):
    write(nb, "open-question", "[" * 200_000)


@hand_in(
    "returns sixty thousand functions, so that reading them is stopped in a line of the judge's", lost=("softmax",)
)
def many_functions(nb):
    write(nb, "softmax", "def softmax(logits):\n    return [lambda: 1] * 60_000")
