"""Attempts to find the answers, the hidden cases or their seed."""

import base64
import pickle

import numpy as np

from rnnchecks import find
from tests.grading.adversarial.paper import ALL, add, cell, collector, everywhere, points, released, solutions, write

STEALING, hand_in = collector(released)
NOTHING = {"lost": ALL}
ANY = {"lost": ALL, "status": ("graded", "died", "timed out")}


@hand_in("the catalogue's own answers, imported", **NOTHING)
def catalogue_imported(nb):
    everywhere(nb, "from rnnchecks.catalogue import find\nreturn find('forward.' + name).solve(*args)")


@hand_in("the catalogue's own answers, imported from where they were before", **NOTHING)
def catalogue_of_before_imported(nb):
    everywhere(nb, "from rnnlib.checks.api import find\nreturn find('forward.' + name).solve(*args)")


@hand_in("the catalogue's own answers, from sources or compiled files, wherever they lie", **ANY)
def catalogue_from_disk(nb):
    add(nb, """
        import importlib.util, marshal, os, sys
        answers, places = {}, {"/", *sys.path}
        for folder in list(sys.path):  # where an editable installation says that the sources are
            for name in os.listdir(folder) if os.path.isdir(folder) else ():
                if ("rnnlib" in name or "rnnchecks" in name) and name.endswith((".py", ".pth")):
                    words = open(os.path.join(folder, name)).read().replace('"', "'").split("'")
                    places |= {word for word in words if word.startswith("/")}
        for place in places:
            for folder, folders, names in os.walk(place):
                folders[:] = [f for f in folders if f not in ("proc", "sys", "usr", "dev", "site-packages", "share")]
                for name in names if any(part in folder for part in ("/rnnchecks", "/rnnlib/checks")) else ():
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


@hand_in("right for the first calls of a process, whichever cases it meets there, and wrong afterwards", **NOTHING)
def right_at_first(nb):
    add(nb, """
        def spoiled(function):
            calls = []
            def called(*args):
                calls.append(1)
                return function(*args) + (len(calls) > 2)
            return called
        """)  # fmt: skip
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
