"""Attempts to speak in the worker's place: frames, noise and nonsense on the line to the grader."""

from tests.grading.adversarial.paper import ALL, add, collector, everywhere, points, released, write

SPEAKING, hand_in = collector(released)
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
                if getattr(module, "__name__", "").split(".")[0] in ("grading", "init", "wire", "__main__", "boxed"):
                    if hasattr(module, name):
                        setattr(module, name, forged)
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


@hand_in("a forged answer whose keys all collide, so that reading it takes for ever", **ANY)
def colliding_keys(nb):
    add(nb, WIRE)
    write(nb, "one_hot", """
        def one_hot(ids, V):
            answer(both({"$": "dict", "of": [[i * (2**61 - 1), 0] for i in range(50_000)]}))
        """)  # fmt: skip


@hand_in("a forged answer that names one large array a hundred thousand times", **ANY)
def one_array_many_times(nb):
    add(nb, WIRE)
    write(nb, "one_hot", """
        def one_hot(ids, V):
            array = {"$": "array", "dtype": "<f8", "shape": [1_000_000], "at": 0}
            answer(both([array] * 20_000), [bytes(8_000_000)])
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
