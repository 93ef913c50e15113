"""Attempts to tell a number of a hidden case by how a function fails (cause F): not in words, but by a choice."""

from rnnchecks import find
from tests.grading.adversarial.paper import add, collector, solutions, solved, write

WHISPERING, hand_in = collector(solved, cause="F")
EIGHT = 8  # the number is one of so many
ENDED = {"status": ("died",)}


def number(function, seed):
    """What is told: a number that the first hidden case of a function, for a course's seed, has in its arguments."""
    return told(find(f"forward.{function}").cases("hidden", seed)[0].args[0])


def told(array):
    """Make one of eight numbers of an array; the notebooks do the same."""
    return int(999 * abs(array.sum())) % EIGHT


def tells(nb, function, right, body):
    """Have a function that is right call ``tell(n, right, *args)`` in a hidden case: n is `number`, or its first."""
    seen = len(find(f"forward.{function}").cases("visible"))
    add(nb, f"import os, signal, sys, time\n{body}", "tell")
    write(nb, function, f"""
calls, kept = [], []
def {function}(*args):
    calls.append(1)
    right = {right}
    if len(calls) <= {seen}:
        return right
    n = int(999 * abs(args[0].sum())) % {EIGHT}
    kept.append(n)
    return tell(kept[0], right, *args)
""")  # fmt: skip
    step = "rnn_step(x_t, h_t, W_xh, W_hh, b_h)"  # called by another function, it would tell before its own turn
    write(nb, "rnn_forward", solutions()["rnn_forward"].replace(step, "np.tanh(x_t @ W_xh + h_t @ W_hh + b_h)"))


ONE_HOT = "one_hot", "np.eye(args[1])[args[0]]"
STEP = "rnn_step", "np.tanh(args[0] @ args[2] + args[1] @ args[3] + args[4])"


@hand_in("tells a number of a hidden case as the name of a stub", lost=("one_hot",))
def in_the_name_of_a_stub(nb):
    tells(nb, *ONE_HOT, """
def tell(n, right, *args):
    raise NotImplementedError("02-forward: " + "rea" + f"ched_{n}")
""")  # fmt: skip


@hand_in("tells a number of a hidden case by the name of a stub that there is", lost=("one_hot",))
def by_the_choice_of_a_stub(nb):
    tells(nb, *ONE_HOT, """
NAMES = ["softmax", "rnn_step", "rnn_forward", "perplexity", "cross_entropy", "one_to_many", "many_to_one"]
def tell(n, right, *args):
    raise NotImplementedError("02-forward: " + (NAMES + ["count_parameters"])[n])
""")  # fmt: skip


@hand_in("tells a number of a hidden case as the exit code of its process", lost=("one_hot",), **ENDED)
def as_an_exit_code(nb):
    tells(nb, *ONE_HOT, """
def tell(n, right, *args):
    os._exit(100 + n)
""")  # fmt: skip


@hand_in("tells a number of a hidden case as the signal that ends its process", lost=("one_hot",), **ENDED)
def as_a_signal(nb):
    tells(nb, *ONE_HOT, """
def tell(n, right, *args):
    os.kill(os.getpid(), 40 + n)
    time.sleep(5)
""")  # fmt: skip


@hand_in("tells a number of a hidden case as the line of its own that an error came through", lost=("one_hot",))
def as_a_line(nb):
    lines = "\n".join(f"    if n == {n}: raise ValueError" for n in range(EIGHT))
    tells(nb, *ONE_HOT, f"def tell(n, right, *args):\n{lines}")


@hand_in("tells a number of a hidden case as the count of the cases that fail", lost=("one_hot",))
def as_a_count(nb):
    tells(nb, *ONE_HOT, """
failed = []
def tell(n, right, *args):
    failed.append(1)
    return right if len(failed) > n % 4 + 1 else 0 * right
""")  # fmt: skip


@hand_in("tells a number of a hidden case as the choice of arguments that are changed", lost=())
def as_changed_arguments(nb):
    tells(nb, *STEP, """
def tell(n, right, *args):
    for bit in range(3):
        if n + 8 & 1 << bit + 1:
            args[bit][...] = 7
    return right
""")  # fmt: skip


@hand_in("tells a number of a hidden case as the seconds after which it was stopped", lost=("one_hot",))
def as_seconds(nb):
    tells(nb, *ONE_HOT, """
def tell(n, right, *args):
    time.sleep(n % 4 / 2)
    frame = sys._getframe()
    while "TooLong" not in frame.f_globals:
        frame = frame.f_back
    raise frame.f_globals["TooLong"]("too long")
""")  # fmt: skip


@hand_in("tells a number of a hidden case by the changed question to which it gives the answer", lost=("rnn_step",))
def as_another_question(nb):
    tells(nb, *STEP, """
def tell(n, right, x, h, W, R, b):
    return np.tanh(x @ W + h @ R - b) if n % 2 else np.tanh(h @ R + b - x @ W)
""")  # fmt: skip


@hand_in("tells a number of a hidden case by what is defined any more when it is called again", lost=("one_hot",))
def as_a_missing_name(nb):
    tells(nb, *ONE_HOT, """
def tell(n, right, *args):
    global one_hot
    if n % 2:
        del one_hot
    raise ValueError
""")  # fmt: skip
