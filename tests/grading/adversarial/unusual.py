"""Right answers, written in unusual ways and places."""

from tests.grading.adversarial.paper import add, collector, solutions, solved, write

UNUSUAL, hand_in = collector(solved)
PATIENT = {"cell": 30.0, "call": 10.0, "notebook": 120.0, "memory": 2**32}  # for an import of PyTorch
STUB = 'def softmax(logits):\n    raise NotImplementedError("02-forward: softmax")'


@hand_in("an answer written into a new cell below the stub, which stays where it was")
def answered_below(nb):
    write(nb, "softmax", STUB)
    add(nb, solutions()["softmax"], after="softmax")


@hand_in(
    "an answer below the cell that checks it: run from the top, the notebook shows that it fails", lost=("softmax",)
)
def answered_too_late(nb):
    write(nb, "softmax", STUB)
    add(nb, solutions()["softmax"], after="use-softmax")


@hand_in("an answer in the cell of another function, its own cell emptied")
def answered_elsewhere(nb):
    write(nb, "one_hot", solutions()["one_hot"] + "\n\n\n" + solutions()["softmax"])
    write(nb, "softmax", "# see above")


@hand_in("a lambda, a partial, a method and an object instead of functions")
def other_callables(nb):
    write(nb, "count_parameters", "count_parameters = lambda D, H, K: D * H + H * H + H + H * K + K")
    write(
        nb,
        "perplexity",
        """
        from functools import partial
        def general(base, losses, counts):
            return base ** ((losses * counts).sum() / counts.sum())
        perplexity = partial(general, math.e)
        """,
    )
    write(
        nb,
        "one_hot",
        """
        class Encoder:
            def __call__(self, ids, V):
                return np.eye(V)[ids]
            def many(self, x, cell):
                return many_to_many(x, cell)[-1]
        one_hot = Encoder()
        """,
    )
    write(nb, "many_to_one", "many_to_one = Encoder().many")


@hand_in("a decorator of its own, annotations, a docstring with quotes, Greek names")
def decorated(nb):
    add(nb, """
        import functools
        def traced(f):
            @functools.wraps(f)
            def g(*a, **k):
                return f(*a, **k)
            return g
        """)  # fmt: skip
    write(nb, "softmax", """
        @traced
        def softmax(logits: "np.ndarray") -> "np.ndarray":
            'it''s'
            σ = np.exp(logits - logits.max(-1, keepdims=True))
            return σ / σ.sum(-1, keepdims=True)
        """)  # fmt: skip


@hand_in("answers in single precision, in Fortran order, read-only, and as a view")
def other_memory(nb):
    body = solutions()["softmax"].replace("return e", "p = e").rstrip()
    write(nb, "softmax", body + "\n    p = np.asfortranarray(p)\n    p.flags.writeable = False\n    return p[...]")
    write(nb, "one_hot", "def one_hot(ids, V):\n    return np.eye(V, dtype=np.float32)[ids]")
    write(nb, "count_parameters", "def count_parameters(D, H, K):\n    return np.int64(D * H + H * H + H + H * K + K)")


@hand_in("writes into what it was given; the numbers are right")
def writes_into_arguments(nb):
    text = solutions()["softmax"].splitlines()
    write(nb, "softmax", "\n".join([*text[:2], "    logits -= logits.max(axis=-1, keepdims=True)", *text[2:]]))


@hand_in("an answer in PyTorch, which returns a tensor", limits=PATIENT)
def tensors(nb):
    write(nb, "softmax", "import torch\ndef softmax(logits):\n    return torch.softmax(torch.from_numpy(logits), -1)")


@hand_in("changes what it was given nowhere, but sleeps, starts a thread and joins it")
def threads(nb):
    write(
        nb,
        "perplexity",
        """
        import threading, time
        def perplexity(losses, counts):
            found = []
            def work():
                time.sleep(0.01)
                found.append(np.exp((losses * counts).sum() / counts.sum()))
            worker = threading.Thread(target=work)
            worker.start()
            worker.join()
            return found[0]
        """,
    )


@hand_in("an answer that calls check on itself, and prints what it says")
def checks_itself(nb):
    text = "def perplexity(losses, counts):\n    return np.exp((losses * counts).sum() / counts.sum())\n"
    write(nb, "perplexity", text + '\n\nfor _ in range(3):\n    check("forward.perplexity", perplexity)')


@hand_in("answers that keep what they worked out for the next call")
def remembers(nb):
    write(nb, "count_parameters", "import functools\n@functools.lru_cache\n" + solutions()["count_parameters"])
