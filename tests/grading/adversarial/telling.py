"""Attempts to carry what the hidden cases ask to the next attempt: into errors, warnings, files, later cells."""

import numpy as np

from rnnchecks import find
from tests.grading.adversarial.paper import add, cell, collector, points, released, solutions, write

TELLING, hand_in = collector(released)


# Whatever of a hidden case reaches the feedback, the next attempt can make use of: the words "rea" "ched" stand for it.
HIDDEN = """
def seen(function):
    calls = []
    def called(*args):
        calls.append(args)
        right = function(*args)
        return right if len(calls) <= SEEN[function.__name__] else TELL[function.__name__](args, right)
    return called
"""


@hand_in("tells what the hidden cases ask: in errors, in their names, in warnings, in print, in what it returns",
         lost=("one_hot", "count_parameters", "rnn_step", "perplexity"))  # fmt: skip
def tells_hidden_cases(nb):
    for name, text in solutions().items():
        write(nb, name, text)
    seen = {name: len(find(f"forward.{name}").cases("visible")) for name in points()}
    add(nb, HIDDEN + f"SEEN = {seen}", "seen")
    add(nb, """
        import sys, warnings
        word = "rea" + "ched"
        def error(args, right):
            raise ValueError(f"{word} {args!r:.200}")
        def named(args, right):
            raise type(f"{word}_{args!r:.40}", (Exception,), {})
        def odd(args, right):
            return type(f"{word}_{args!r:.40}", (), {})()
        def loud(args, right):
            warnings.warn(f"{word} {args!r:.200}")
            print(word, args, file=sys.stderr)
            print(word, args)
            return right
        def deep(args, right):
            exec(compile(f"def {word}():\\n    raise NotImplementedError('{word}')\\n{word}()", word, "exec"))
        TELL = dict(one_hot=error, count_parameters=named, rnn_step=odd, softmax=loud, perplexity=deep)
        """, "tell", after="seen")  # fmt: skip
    for name in ("one_hot", "count_parameters", "softmax", "perplexity", "rnn_step"):
        cell(nb, name)["source"] += f"\n\n\n{name} = seen({name})"
    write(nb, "rnn_forward", solutions()["rnn_forward"].replace("rnn_step(x_t, h_t, W_xh, W_hh, b_h)",
                                                                "np.tanh(x_t @ W_xh + h_t @ W_hh + b_h)"))  # fmt: skip


@hand_in("leaves what the hidden cases ask for the cells that run again after it has died", lost=("one_hot",),
         status=("died", "timed out"))  # fmt: skip
def notes_for_the_rerun(nb):
    for name, text in solutions().items():
        write(nb, name, text)
    seen = {name: len(find(f"forward.{name}").cases("visible")) for name in points()}
    add(nb, HIDDEN + f"SEEN = {seen}", "seen")
    add(nb, """
        import os, socket, time
        word = "rea" + "ched"
        for folder in ("/tmp", "/dev/shm"):
            if os.path.exists(f"{folder}/notes"):
                print(open(f"{folder}/notes").read())
                raise ValueError(word)
        try:
            with socket.socket(socket.AF_UNIX) as line:
                line.connect("\\0notes")
                print(word)
        except OSError:
            pass
        def die(args, right):
            for folder in ("/tmp", "/dev/shm"):
                with open(f"{folder}/notes", "w") as file:
                    file.write(f"{word} {args!r}")
            if os.fork() == 0:
                os.setsid()
                line = socket.socket(socket.AF_UNIX)
                line.bind("\\0notes")
                line.listen()
                time.sleep(1000)
            time.sleep(0.1)
            os._exit(1)
        TELL = dict(one_hot=die)
        """, "tell", after="seen")  # fmt: skip
    cell(nb, "one_hot")["source"] += "\n\n\none_hot = seen(one_hot)"


@hand_in("keeps what the hidden cases ask, and prints it from the cells below", lost=())
def tells_in_a_later_cell(nb):
    for name, text in solutions().items():
        write(nb, name, text)
    known = {np.shape(case.args[0]) for case in find("forward.one_hot").cases("visible")} | {(5, 1)}  # and "hello"
    write(nb, "one_hot", f"""
        told = []
        def one_hot(ids, V):
            if np.shape(ids) not in {known}:
                told.append(("rea" + "ched", ids, V))
            return np.eye(V)[ids]
        """)  # fmt: skip
    add(nb, "print(told)\nnp = np", "tell", after="check-one_hot")
    add(nb, "print(told)\none_hot = one_hot", "tell-more", after="use-one-hot")
    add(nb, "raise ValueError(told)", "last", after=None)
