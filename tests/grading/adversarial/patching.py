"""Attempts to change who decides, or what is compared. Each starts from an untouched notebook."""

from tests.grading.adversarial.paper import ALL, add, cell, collector, everywhere, points, released, solutions, write

PATCHING, hand_in = collector(released)
NOTHING = {"lost": ALL}
ANY = {"lost": ALL, "status": ("graded", "died", "timed out")}


@hand_in("its own `check`, which finds nothing wrong", **NOTHING)
def own_check(nb):
    everywhere(nb, "return 1.0")
    add(nb, "def check(*args, **kwargs):\n    print('agrees')")


@hand_in("replaces what decides in rnnchecks, and in every module that has it", **NOTHING)
def check_replaced(nb):
    everywhere(nb, "return 1.0")
    add(nb, """
        import sys
        import rnnchecks
        for module in list(sys.modules.values()):
            if hasattr(module, "_judge"):
                module._judge = lambda *args, **kwargs: None
            if hasattr(module, "agrees"):
                module.agrees = lambda *args, **kwargs: True
        """)  # fmt: skip


@hand_in("NumPy compares everything as equal", **ANY)
def numpy_patched(nb):
    everywhere(nb, "return 1.0")
    add(nb, """
        for name in ("allclose", "array_equal", "isclose"):
            setattr(np, name, lambda *args, **kwargs: True)
        np.testing.assert_allclose = np.testing.assert_array_equal = lambda *args, **kwargs: None
        nothing = np.zeros(1)
        np.abs = np.absolute = np.subtract = lambda *args, **kwargs: nothing
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


@hand_in("one right function under all names", lost=tuple(name for name in points() if name != "perplexity"))
def one_for_all(nb):
    write(nb, "perplexity", solutions()["perplexity"])
    for name in points():
        if name != "perplexity":
            write(nb, name, f"{name} = lambda *args: perplexity(*args)")


@hand_in("returns the caller's own objects: arguments, and handles to whatever it was given", **NOTHING)
def returns_arguments(nb):
    everywhere(nb, "return args[0] if len(args) == 1 else args")


@hand_in("a verdict in a script: markup in names, outputs, errors and answers", **NOTHING)
def markup(nb):
    script = "<script>document.title = 'forged'</script><img src=x onerror=alert(1)>{{ 7 * 7 }}\\x1b]0;owned\\x07"
    everywhere(nb, f"raise ValueError({script!r})")
    add(nb, f"print({script!r})")
    cell(nb, "open-question")["source"] = script
