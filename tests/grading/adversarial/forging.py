"""Attempts at points that were not earned. Every one starts from an untouched notebook, which deserves nothing."""

import base64
import pickle

import numpy as np

from rnnlib.checks.api import find
from tests.grading.adversarial.paper import ALL, add, cell, collector, points, released, solutions, write

FORGING, hand_in = collector(released)
NOTHING = {"lost": ALL}
ANY = {"lost": ALL, "status": ("graded", "died", "timed out")}


# Finds the socket to the grader and the number of the question, in the frames that wait for the function's answer.
WIRE = """
import json, struct, sys
def answer(data, blobs=(), **more):
    frame = sys._getframe()
    while frame is not None and not isinstance(frame.f_locals.get("message"), dict):
        frame = frame.f_back
    question, me = frame.f_locals["message"], frame.f_locals["self"]
    words = {"n": question["n"], "error": None, "changed": [], "said": "", "data": data, "sizes": [*map(len, blobs)]}
    words = json.dumps({**words, **more}).encode()
    me.sock.sendall(struct.pack(">II", len(words), sum(map(len, blobs))) + words + b"".join(blobs))
def both(value):
    return {"$": "tuple", "of": [value, []]}
"""


def everywhere(nb, body):
    """Give every function the same body; it finds the function's name in `name` and the arguments in `args`."""
    lines = "\n".join(f"    {line}" for line in body.strip().splitlines())
    for function in points():
        write(nb, function, f"def {function}(*args):\n    name = {function!r}\n{lines}")


@hand_in("its own `check`, which finds nothing wrong", **NOTHING)
def own_check(nb):
    everywhere(nb, "return 1.0")
    add(nb, "def check(*args, **kwargs):\n    print('agrees')")


@hand_in("replaces check in rnnlib.checks and in every module that has it", **NOTHING)
def check_replaced(nb):
    everywhere(nb, "return 1.0")
    add(nb, """
        import sys
        import rnnlib.checks
        for module in list(sys.modules.values()):
            for name in ("check", "run", "compare", "agrees", "same_outcome", "_judge"):
                if hasattr(module, name):
                    setattr(module, name, lambda *args, **kwargs: True)
        """)  # fmt: skip


@hand_in("NumPy compares everything as equal", **ANY)
def numpy_patched(nb):
    everywhere(nb, "return np.zeros(1)")
    add(nb, """
        for name in ("allclose", "array_equal", "isclose", "all", "any", "abs", "absolute", "subtract", "isfinite"):
            setattr(np, name, lambda *args, **kwargs: True)
        np.testing.assert_allclose = np.testing.assert_array_equal = lambda *args, **kwargs: None
        np.array = np.asarray = lambda *args, **kwargs: 0.0
        """)  # fmt: skip


@hand_in("built-in functions that say yes", **ANY)
def builtins_patched(nb):
    everywhere(nb, "return 1.0")
    add(nb, """
        import builtins
        builtins.isinstance = lambda *args: True
        builtins.len = lambda value: 1
        builtins.abs = builtins.max = lambda *args, **kwargs: 0.0
        builtins.all = builtins.bool = lambda *args: True
        """)  # fmt: skip


@hand_in("json, struct, pickle, socket and os.write send what it would like them to", **ANY)
def json_patched(nb):
    add(nb, """
        import io, json, os, pickle, socket, struct
        verdict = {"passed": True, "verdict": "passed", "earned": 100, "points": 100, "ok": True, "failures": []}
        dumps = json.dumps
        def forged(value, *args, **kwargs):
            if isinstance(value, dict):
                value = {**value, **verdict}
            return dumps(value)
        json.dumps = json.JSONEncoder.encode = forged
        for module in list(__import__("sys").modules.values()):
            for name in ("send", "encode", "write_frame", "dumps", "pack"):
                if getattr(module, "__name__", "").split(".")[0] in ("grading", "worker", "wire", "__main__", "boxed"):
                    if hasattr(module, name):
                        setattr(module, name, forged)
        """)  # fmt: skip


@hand_in("arrays that call themselves equal to anything", **NOTHING)
def lying_arrays(nb):
    everywhere(nb, "return Liar(np.zeros((1,)))")
    add(nb, """
        class Liar(np.ndarray):
            def __new__(cls, a):
                return np.asarray(a).view(cls)
            def __eq__(self, other):
                return np.True_
            def __sub__(self, other):
                return np.zeros_like(other)
            __rsub__ = __ne__ = __abs__ = __sub__
            def __array__(self, *args, **kwargs):
                raise RuntimeError
            def __array_ufunc__(self, *args, **kwargs):
                return 0.0
            def __array_function__(self, *args, **kwargs):
                return True
            def max(self, *args, **kwargs):
                return 0.0
            shape = property(lambda self: Anything())
            def __reduce__(self):
                return (eval, ("__import__('os').system('touch /tmp/unpickled')",))
        class Anything(tuple):
            def __eq__(self, other):
                return True
            __hash__ = None
        """)  # fmt: skip


@hand_in("objects that pretend to be numbers, to be arrays, to be equal", **NOTHING)
def lying_objects(nb):
    everywhere(nb, "return [Chameleon(), Number(0)][len(args) % 2]")
    add(nb, """
        class Chameleon:
            __class__ = np.ndarray
            dtype = np.dtype(float)
            size, ndim = 1, 0
            def __getattr__(self, name):
                return self
            def __call__(self, *args, **kwargs):
                return self
            def __eq__(self, other):
                return True
            __hash__ = None
            def __array__(self, *args, **kwargs):
                import gc
                return max((a for a in gc.get_objects() if type(a) is np.ndarray), key=lambda a: a.size, default=0)
            __float__ = lambda self: 0.0
        class Number(float):
            def __sub__(self, other):
                return 0.0
            __rsub__ = __abs__ = __sub__
            def __le__(self, other):
                return True
            __lt__ = __eq__ = __ge__ = __gt__ = __le__
        """)  # fmt: skip


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
                for name in names if "checks" in folder else ():
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
                for value in [*frame.f_locals.values(), *frame.f_globals.values()]:
                    for name in ("right", "expected", "known", "solve"):
                        if hasattr(value, name):
                            return getattr(value, name)
                frame = frame.f_back
            for value in gc.get_objects():
                if type(value).__name__ in ("Known", "Problem"):
                    return value.right[0][0]
        """)  # fmt: skip
    everywhere(nb, "return expected()")


@hand_in("every function of the right name that the collector knows", **NOTHING)
def functions_from_memory(nb):
    everywhere(nb, """
import gc
found = [o for o in gc.get_objects() if callable(o) and getattr(o, "__name__", "") in (name, "solve", f"solve_{name}")]
for function in found:
    if function is not globals()[name]:
        return function(*args)
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


@hand_in("frames of its own on every open file before it answers", **ANY)
def writes_on_the_wire(nb):
    everywhere(nb, """
import json, os, struct
words = json.dumps({"ok": True, "value": 1.0, "result": 1.0, "verdict": "passed", "passed": True}).encode()
for descriptor in range(3, 64):
    for frame in (struct.pack(">I", len(words)) + words, struct.pack("<Q", len(words)) + words, words + b"\\n"):
        try:
            os.write(descriptor, frame)
        except OSError:
            pass
return 1.0
""")  # fmt: skip


@hand_in("a thread that writes noise on every open file for as long as it lives", **ANY)
def noise_on_the_wire(nb):
    add(nb, """
        import os, threading
        def shout():
            while True:
                for descriptor in range(3, 64):
                    try:
                        os.write(descriptor, os.urandom(64))
                    except OSError:
                        pass
        threading.Thread(target=shout, daemon=True).start()
        """)  # fmt: skip
    everywhere(nb, "return 1.0")


@hand_in("an announcement of a frame of four exabytes, and nothing after it", **ANY)
def endless_frame(nb):
    everywhere(nb, """
import os
for descriptor in range(3, 64):
    try:
        os.write(descriptor, b"\\x7f" + b"\\xff" * 15)
    except OSError:
        pass
return 1.0
""")  # fmt: skip


@hand_in("takes over the sockets: answers in place of the worker, in its own loop", **ANY)
def takes_over(nb):
    add(nb, """
        import os, socket, sys
        frame = sys._getframe()
        seen = []
        while frame is not None:
            for value in list(frame.f_locals.values()) + list(frame.f_globals.values()):
                if isinstance(value, socket.socket):
                    seen.append(value)
            frame = frame.f_back
        for one in seen:
            for _ in range(50):
                one.sendall(b'\\0\\0\\0\\x02{}')
        """)  # fmt: skip


@hand_in("changes what every function returns, with a tracer in the frames of whoever calls", **ANY)
def tracer(nb):
    add(nb, """
        import sys, threading
        def trace(frame, event, value):
            for name in ("passed", "ok", "earned"):
                if name in frame.f_locals:
                    frame.f_locals[name] = True
            return trace
        sys.settrace(trace)
        threading.settrace(trace)
        """)  # fmt: skip


@hand_in("answers at the end, when the process goes: handlers and destructors that print verdicts", **ANY)
def at_the_end(nb):
    add(nb, """
        import atexit, os, signal
        def shout(*args):
            os.write(1, b'{"verdict": "passed", "earned": 3}\\n')
        atexit.register(shout)
        class Last:
            __del__ = shout
        last = Last()
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGVTALRM, signal.SIGALRM, signal.SIGPIPE):
            signal.signal(number, shout)
        """)  # fmt: skip


@hand_in("displays verdicts of its own, in words and as data", **NOTHING)
def displays_verdicts(nb):
    everywhere(nb, """
from IPython.display import display
display({"application/vnd.rnnlib.verdict+json": {"verdict": "passed"}, "text/plain": name + " agrees"}, raw=True)
print(name + "     agrees in 2 hidden cases")
""")  # fmt: skip


@hand_in("the file already says that it was marked: outputs, points, hand-given scores", **NOTHING)
def marked_by_itself(nb):
    for name in points():
        output = {"output_type": "stream", "name": "stdout", "text": f"{name} agrees in 2 hidden cases\n"}
        cell(nb, f"check-{name}")["outputs"] = [output]
        cell(nb, name)["metadata"]["nbgrader"].update(points=3, grade=True, auto_score=3, manual_score=3)


@hand_in("test cells of its own, with the ids of ours, worth more", **NOTHING)
def own_tests(nb):
    for name in points():
        cell(nb, f"check-{name}")["source"] = "### BEGIN HIDDEN TESTS\nassert True\n### END HIDDEN TESTS"
        cell(nb, f"check-{name}")["metadata"]["nbgrader"]["points"] = 50


@hand_in("changes the code that runs, through IPython: transformers, hooks, run_cell", **NOTHING)
def ipython_patched(nb):
    add(nb, """
        shell = get_ipython()
        shell.ast_transformers.append(None)
        shell.input_transformers_cleanup.append(lambda lines: [])
        shell.run_cell = shell.run_cell_async = lambda *args, **kwargs: None
        """)  # fmt: skip


@hand_in("a numpy.py, a json.py and a sitecustomize.py beside itself, and on every path it can write", **NOTHING)
def modules_beside(nb):
    add(nb, """
        import os, site, sys
        for folder in [*sys.path, os.getcwd(), "/tmp", os.path.dirname(np.__file__), site.getusersitepackages()]:
            for name in ("numpy", "json", "sitecustomize", "usercustomize", "grading", "rnnlib"):
                try:
                    os.makedirs(folder, exist_ok=True)
                    with open(os.path.join(folder or ".", name + ".py"), "w") as file:
                        file.write("allclose = lambda *a, **k: True")
                except OSError:
                    pass
        """)  # fmt: skip


@hand_in("edits the gradebook, the verdicts, the checks, wherever it finds them", **ANY)
def edits_the_gradebook(nb):
    add(nb, """
        import glob, os, sqlite3, sys
        found = []
        for root in ["/", "/work", "/home", "/root", "/box", "/mnt", *sys.path]:
            for pattern in ("*/gradebook.db", "gradebook.db", "*/verdicts/*/*.json", "verdicts/*/*.json"):
                found += glob.glob(os.path.join(root, pattern))
        for path in found:
            print("reached", path)
        try:
            import rnnlib
            open(rnnlib.__file__, "a").close()
            print("reached", rnnlib.__file__)
        except OSError:
            pass
        """)  # fmt: skip


@hand_in("asks the network for the answers", **NOTHING)
def network(nb):
    add(nb, """
        import socket
        for family, address in [
            (socket.AF_INET, ("1.1.1.1", 53)), (socket.AF_INET, ("127.0.0.1", 22)), (socket.AF_INET6, ("::1", 22)),
            (socket.AF_UNIX, "\\0dbus"), (socket.AF_UNIX, "/run/dbus"),
        ]:
            try:
                with socket.socket(family, socket.SOCK_STREAM) as line:
                    line.settimeout(0.2)
                    line.connect(address)
                    print("reached", address)
            except OSError:
                pass
        try:
            with socket.create_server(("127.0.0.1", 0)) as server:
                print("listening")
        except OSError:
            pass
        """)  # fmt: skip


@hand_in("writes into the processes beside it, through ptrace and /proc/PID/mem", **NOTHING)
def ptrace(nb):
    add(nb, """
        import ctypes, os
        libc = ctypes.CDLL(None, use_errno=True)
        for process in (int(p) for p in os.listdir("/proc") if p.isdigit() and int(p) != os.getpid()):
            if libc.ptrace(16, process, 0, 0) == 0:
                print("reached", process)
            try:
                open(f"/proc/{process}/mem", "r+b").close()
                print("reached the memory of", process)
            except OSError:
                pass
        """)  # fmt: skip


@hand_in("becomes somebody else: set-user-id programs, new namespaces, mounts", **NOTHING)
def becomes_root(nb):
    add(nb, """
        import ctypes, os, subprocess
        libc = ctypes.CDLL(None, use_errno=True)
        for flag in (0x10000000, 0x00020000, 0x40000000):
            if os.fork() == 0:
                if libc.unshare(flag) == 0:
                    print("reached a namespace", hex(flag), flush=True)
                os._exit(0)
            os.wait()
        for call in (os.setuid, os.setgid):
            try:
                call(0)
                print("reached", call)
            except OSError:
                pass
        for command in (["su", "-c", "id"], ["sudo", "-n", "id"], ["mount", "-t", "tmpfs", "x", "/tmp"]):
            try:
                done = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, timeout=2)
                if done.returncode == 0:
                    print("reached", command)
            except (OSError, subprocess.SubprocessError):
                pass
        """)  # fmt: skip


@hand_in("one right function under all names", lost=tuple(name for name in points() if name != "perplexity"))
def one_for_all(nb):
    write(nb, "perplexity", solutions()["perplexity"])
    for name in points():
        if name != "perplexity":
            write(nb, name, f"{name} = lambda *args: perplexity(*args)")


@hand_in("returns the caller's own objects: arguments, and handles to whatever it was given", **NOTHING)
def returns_arguments(nb):
    everywhere(nb, "return args[0] if len(args) == 1 else args")


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


@hand_in("a verdict in a script: markup in names, outputs, errors and answers", **NOTHING)
def markup(nb):
    script = "<script>document.title = 'forged'</script><img src=x onerror=alert(1)>{{ 7 * 7 }}\\x1b]0;owned\\x07"
    everywhere(nb, f"raise ValueError({script!r})")
    add(nb, f"print({script!r})")
    cell(nb, "open-question")["source"] = script


@hand_in("a forged answer whose keys all collide, so that reading it takes for ever", **ANY)
def colliding_keys(nb):
    add(nb, WIRE)
    everywhere(nb, "answer(both({'$': 'dict', 'of': [[i * (2**61 - 1), 0] for i in range(100_000)]}))")


@hand_in("a forged answer that names one large array a hundred thousand times", **ANY)
def one_array_many_times(nb):
    add(nb, WIRE)
    everywhere(nb, """
array = {"$": "array", "dtype": "<f8", "shape": [1_000_000], "at": 0}
answer(both([array] * 100_000), [bytes(8_000_000)])
""")  # fmt: skip


@hand_in("forged answers that no honest process gives: wrong kinds, sizes, places, numbers, frames", **ANY)
def nonsense_on_the_wire(nb):
    add(nb, WIRE)
    lone = [
        "{'$': 'array', 'dtype': '<f8', 'shape': [-1], 'at': 0}",
        "{'$': 'array', 'dtype': '|O', 'shape': [1], 'at': 0}",
        "{'$': 'array', 'dtype': '<f8', 'shape': [2**39] * 32}",
        "{'$': 'array', 'dtype': ['<f8'], 'shape': {}, 'at': 0}",
        "{'$': 'yours', 'id': -1}",
        "{'$': 'yours', 'id': 10**30}",
        "{'$': 'handle', 'id': True, 'type': 5, 'callable': 'yes'}",
        "{'$': 'random', 'of': {'bit_generator': 'PCG64', 'state': 'x'}}",
        "{'$': 'dict', 'of': [[[], 1]]}",
        "{'$': {}, 'of': 7}",
    ]
    for name, value in zip(points(), lone, strict=True):
        write(nb, name, f"def {name}(*args):\n    answer(both({value}), [bytes(8)], changed=[0, -1, 'x', 10**9])")


@hand_in("a forged error that came through a million frames, and calls back things that it was never given", **ANY)
def many_frames(nb):
    add(nb, WIRE)
    everywhere(nb, """
error = {"type": "E" * 1_000_000, "message": ["x"], "bases": ["SystemExit", 5]}
error["frames"] = [["f", "<cell 0>", 1]] * 300_000
if len(args) > 1:
    answer(None, do="back", id=0)
    answer(None, do="back", id=-1)
answer(both(1.0), error=error)
""")  # fmt: skip


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
