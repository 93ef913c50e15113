"""Attempts to find the answers, the hidden cases or their seed, and to carry them to the next attempt."""

import base64
import pickle

import numpy as np

from rnnlib.checks.api import find
from tests.grading.adversarial.paper import ALL, add, cell, collector, everywhere, points, released, solutions, write

STEALING, hand_in = collector(released)
NOTHING = {"lost": ALL}
ANY = {"lost": ALL, "status": ("graded", "died", "timed out")}


@hand_in("the catalogue's own answers, imported", **NOTHING)
def catalogue_imported(nb):
    everywhere(nb, "from rnnlib.checks.api import find\nreturn find('forward.' + name).solve(*args)")


@hand_in("the catalogue's own answers, from sources or compiled files, wherever they lie", **ANY)
def catalogue_from_disk(nb):
    add(nb, """
        import importlib.util, marshal, os, sys
        answers, places = {}, {"/", *sys.path}
        for folder in list(sys.path):  # where an editable installation says that the sources are
            for name in os.listdir(folder) if os.path.isdir(folder) else ():
                if "rnnlib" in name and name.endswith((".py", ".pth")):
                    words = open(os.path.join(folder, name)).read().replace('"', "'").split("'")
                    places |= {word for word in words if word.startswith("/")}
        for place in places:
            for folder, folders, names in os.walk(place):
                folders[:] = [f for f in folders if f not in ("proc", "sys", "usr", "dev", "site-packages", "share")]
                for name in names if folder.endswith(("rnnlib/checks", "checks/forward", "checks/__pycache__")) else ():
                    with open(os.path.join(folder, name), "rb") as file:
                        text = file.read()
                    print("reached", folder, name)
                    try:
                        exec(marshal.loads(text[16:]) if name.endswith(".pyc") else text, answers)
                    except Exception:
                        pass
        """)  # fmt: skip
    everywhere(nb, "return answers[name](*args)")


@hand_in("the solutions, read from any notebook, archive or text on the disk that has them", **ANY)
def solutions_from_disk(nb):
    add(nb, """
        import json, os
        answers = {}
        for folder, folders, names in os.walk("/"):
            folders[:] = [f for f in folders if f not in ("proc", "sys", "usr", "dev", "site-packages")]
            for name in names:
                if not name.endswith((".ipynb", ".json", ".db", ".py", ".md")):
                    continue
                try:
                    text = open(os.path.join(folder, name), encoding="utf-8", errors="ignore").read(5_000_000)
                except OSError:
                    continue
                if "BEGIN SOLUTION" in text and name.endswith(".ipynb"):
                    for cell in json.loads(text)["cells"]:
                        try:
                            exec("".join(cell["source"]), {"np": np}, answers)
                        except Exception:
                            pass
        """)  # fmt: skip
    everywhere(nb, "globals().update(answers)\nreturn answers[name](*args)")


@hand_in("the hidden cases' seed, wherever a process keeps it: environment, command lines, memory of others", **NOTHING)
def seed_from_processes(nb):
    add(nb, """
        import glob, os
        print(dict(os.environ))
        for path in glob.glob("/proc/*/environ") + glob.glob("/proc/*/cmdline") + glob.glob("/proc/*/task/*/environ"):
            try:
                print(open(path, "rb").read())
            except OSError:
                pass
        for process in [p for p in os.listdir("/proc") if p.isdigit() and int(p) != os.getpid()]:
            try:
                maps = open(f"/proc/{process}/maps").read().splitlines()
                with open(f"/proc/{process}/mem", "rb", 0) as memory:
                    for line in maps:
                        start, end = (int(n, 16) for n in line.split()[0].split("-"))
                        if " rw" in line and end - start < 50_000_000:
                            memory.seek(start)
                            found = memory.read(end - start)
                            if b"only-the-instructor" in found:
                                print(found[found.index(b"only-the-instructor") - 40:][:100])
            except (OSError, ValueError):
                pass
        """)  # fmt: skip


@hand_in("the right answers, from the frames that called it and from the garbage collector", **NOTHING)
def expected_from_memory(nb):
    add(nb, """
        import gc, sys
        def expected():
            frame = sys._getframe()
            while frame is not None:
                if isinstance(frame.f_locals.get("expected"), list):
                    return frame.f_locals["expected"][0]
                for value in [*frame.f_locals.values(), *frame.f_globals.values()]:
                    for name in ("right", "known", "solve"):
                        if hasattr(value, name):
                            return getattr(value, name)
                frame = frame.f_back
            for value in gc.get_objects():
                if type(value).__name__ in ("Known", "Problem"):
                    return value.right[0][0]
        """)  # fmt: skip
    everywhere(nb, "return expected()")


@hand_in("the problems of the checks, from what the garbage collector knows", **NOTHING)
def problems_from_memory(nb):
    everywhere(nb, """
import gc
for thing in gc.get_objects():
    if type(thing).__name__ == "Problem" and thing.function_name == name:
        return thing.solve(*args)
""")  # fmt: skip


def table():
    """What the visible cases ask, and the right answers: as a text that a notebook can hold."""
    known = {}
    for name in points():
        problem = find(f"forward.{name}")
        for case in problem.cases("visible"):
            key = repr([np.shape(a) if not isinstance(a, dict | int) else a for a in case.args])[:200]
            known[name, key] = np.asarray(problem.solve(*case.args))
    return base64.b64encode(pickle.dumps(known)).decode()


@hand_in("a table of the visible cases: right where the notebook shows it, wrong everywhere else", **NOTHING)
def visible_cases_only(nb):
    add(nb, f"import base64, pickle\nknown = pickle.loads(base64.b64decode({table()!r}))")
    everywhere(nb, """
key = repr([np.shape(a) if not isinstance(a, (dict, int)) else a for a in args])[:200]
return known[name, key]
""")  # fmt: skip


@hand_in("right for the first calls, which are the visible ones, and wrong afterwards", **NOTHING)
def right_at_first(nb):
    add(nb, """
        def spoiled(function):
            calls = []
            def called(*args):
                calls.append(1)
                return function(*args) + (len(calls) > SEEN[function.__name__])
            return called
        """)  # fmt: skip
    seen = {name: len(find(f"forward.{name}").cases("visible")) for name in points()}
    add(nb, f"SEEN = {seen}", "seen")
    for name, text in solutions().items():
        write(nb, name, f"{text}\n\n\nright = {name}\n{name} = spoiled(right)")
    write(nb, "rnn_forward", """
        def rnn_forward(x, h0, W_xh, W_hh, b_h):
            h = []
            for x_t in x:
                h0 = np.tanh(x_t @ W_xh + h0 @ W_hh + b_h)
                h.append(h0)
            return np.stack(h)
        forward = rnn_forward
        rnn_forward = spoiled(forward)
        """)  # fmt: skip
    for name in ("many-to-many", "encoder_decoder"):
        cell(nb, name)["source"] = cell(nb, name)["source"].replace("rnn_forward(", "forward(")


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
