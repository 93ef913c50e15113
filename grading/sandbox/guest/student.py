"""A student's process: it runs their cells, and answers calls of their functions. It is inside the sandbox."""

import builtins
import contextlib
import os
import socket
import sys
import threading
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import shared
import shell
import values
import wire
from limits import Sink, attempt, limit

LAST = {"TooLong", "NotImplementedError"}  # after an error of these, no more cases are asked for


def run(sock: socket.socket, order: dict[str, Any], inside: bool) -> None:
    """Run a student's cells and answer calls of their functions, until the grader hangs up.

    Args:
        sock: socket to the grader.
        order: what the grader said: limits, and the folder to work in.
        inside: whether all processes of this user are the student's.
    """
    try:
        limit(order["limits"], inside)
        quiet()
        os.makedirs(order["folder"], exist_ok=True)
        os.chdir(order["folder"])
        sys.path.insert(0, "")  # as in a notebook, whose folder's files can be imported
        Student(sock, order["limits"]["output"]).serve()
    finally:
        os._exit(1)  # the ordinary way out is in `serve`


def quiet() -> None:
    """Nothing comes from a keyboard, and nothing goes to the grader's screen."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1, 2):
        os.dup2(nothing, fd)
    sys.stdin = open(os.devnull, encoding="utf-8")
    builtins.input = no_input
    warnings.filterwarnings("ignore", message=".*non-interactive, and thus cannot be shown")


def no_input(prompt: object = "") -> str:
    """Stand for `input`: nobody sits at the keyboard."""
    raise RuntimeError("input() waits for a person, and nobody is there while a notebook is marked")


class Student:
    """One student's notebook at work."""

    def __init__(self, sock: socket.socket, output: int):
        self.sock, self.output = sock, output
        self.values = values.Values(self.back, layout=True)
        self.pid, self.turn = os.getpid(), threading.RLock()
        self.shell = shell.made()
        self.names = self.shell.user_ns

    def serve(self) -> None:
        """Answer one message after another."""
        main = sys.modules["__main__"]
        while True:
            # Where what the notebook defines is looked for, by pickle too; IPython puts a module of its own there.
            sys.modules["__main__"] = main
            try:
                self.answer(*wire.receive(self.sock))
            except wire.Lost:
                os._exit(0)

    def answer(self, message: dict[str, Any], blobs: list[bytes]) -> None:
        """Do what a message asks, and say what came of it."""
        if message["do"] == "cell":
            self.reply(message, self.cell(message["source"], message["label"], message["seconds"]))
        elif message["do"] == "kinds":
            found = {name: self.names.get(name, builtins.__dict__.get(name, self)) for name in message["names"]}
            kinds = {n: "none" if v is self else "call" if callable(v) else "value" for n, v in found.items()}
            self.reply(message, {"kinds": kinds})
        elif message["do"] == "get":
            self.reply(message, {"error": None, "changed": []}, (self.names.get(message["name"]), []))
        elif message["do"] == "put":
            self.reply(message, {"error": attempt(lambda: self.put(message, blobs), 10.0)[1]})
        elif message["do"] == "calls":
            self.calls(message, blobs)
        else:
            self.reply(message, *self.called(message, blobs))

    def calls(self, message: dict[str, Any], blobs: list[bytes]) -> None:
        """Call a function of the student's several times; each call has its own arguments, bounds and reply.

        After one that ran for too long, or met a stub, nobody asks for the others, so they are skipped.
        """
        main, blobs, skipped = sys.modules["__main__"], blobs[::-1], False
        for place, (tree, count) in enumerate(zip(message["data"], message["counts"])):
            own = [blobs.pop() for _ in range(count)]
            one = {**message, "n": message["n"] + place, "data": tree}
            if skipped:
                self.reply(one, {"skipped": True})
                continue
            sys.modules["__main__"] = main  # as before each message
            reply, value = self.called(one, own)
            self.reply(one, reply, value)
            skipped = bool(reply["error"]) and not LAST.isdisjoint(reply["error"]["bases"])

    def reply(self, message: dict[str, Any], reply: dict[str, Any], value: Any = None) -> None:
        """Send a reply; where the value cannot cross, say that."""
        if os.getpid() != self.pid:  # a copy of this process, which the student's code has made
            os._exit(0)
        try:
            try:
                tree, blobs = self.values.encode(value)
                wire.send(self.sock, {**reply, "n": message["n"], "data": tree}, blobs)
                return
            except (values.NotSendable, wire.MessageTooLarge) as error:
                words = f"{error} came back."
            except wire.Lost:
                os._exit(0)
            except Exception as error:  # an object whose own methods fail
                words = f"an object came back that cannot be read: {type(error).__name__}."
            fault = {"type": "ValueError", "bases": ["ValueError"], "message": words, "frames": []}
            wire.send(self.sock, {**reply, "n": message["n"], "data": None, "changed": [], "error": fault}, [])
        except wire.Lost:
            os._exit(0)

    def cell(self, source: str, label: str, seconds: float) -> dict[str, Any]:
        """Run a cell as a notebook would: what its last expression gives is shown."""
        sink = Sink(self.output)
        with contextlib.redirect_stdout(sink), contextlib.redirect_stderr(sink):
            error = attempt(lambda: self.shell.run(source, label), seconds)[1]
            pyplot = sys.modules.get("matplotlib.pyplot")
            if pyplot is not None:
                attempt(lambda: pyplot.close("all"), 1)
        return {"output": sink.text(), "error": error, "remarks": self.shell.remarks}

    def put(self, message: dict[str, Any], blobs: list[bytes]) -> None:
        """Write files that were handed in beside the notebook."""
        for name, data in zip(message["names"], self.values.decode(message["data"], blobs)):
            path = Path(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)

    def called(self, message: dict[str, Any], blobs: list[bytes]) -> tuple[dict[str, Any], Any]:
        """Call a function of the student's; give the reply, and what it returned with the arguments it changed."""
        args, kwargs = self.values.decode(message["data"], blobs)
        function: Any = self.values.lent[message["id"]] if "id" in message else self.names.get(message["name"])
        sink, printed = Sink(self.output), Sink(self.output)
        with (
            warnings.catch_warnings(record=True) as caught,
            contextlib.redirect_stdout(printed),
            contextlib.redirect_stderr(sink),
            np.errstate(**shared.ERRORS),
        ):
            warnings.simplefilter("always")
            value, error = attempt(lambda: function(*args, **kwargs), message["seconds"])
        heard = [f"{warning.category.__name__}: {warning.message}" for warning in caught[:20]]
        changed = self.changed(args, message["data"], blobs)
        reply = {"said": "\n".join(filter(None, [sink.text(), *heard])), "error": error, "changed": changed}
        return reply, (value, [args[place] for place in changed])

    def changed(self, args: tuple[Any, ...], tree: Any, blobs: list[bytes]) -> list[int]:
        """List the places of the arguments that are others than they were when they came.

        Args:
            args: the arguments now.
            tree, blobs: the message of which they were made.
        """
        now, parts = self.values.encode(args)
        if now == tree["of"][0] and parts == blobs[: len(parts)]:
            return []  # as almost always; else it is looked for which
        before = self.values.decode(tree, blobs)[0]
        pairs = [(self.values.encode(value), self.values.encode(was)) for value, was in zip(args, before)]
        # To draw from a generator is what it is for.
        kept = [callable(value) or isinstance(value, np.random.Generator) for value in args]
        return [place for place, (value, was) in enumerate(pairs) if value != was and not kept[place]]

    def back(self, number: int, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Call something of the grader's that was passed as an argument.

        Threads take turns; a process that the student's code has made has no line of its own.
        """
        if os.getpid() != self.pid:
            raise RuntimeError("a function that came as an argument can be called in the notebook's own process only")
        with self.turn:
            tree, blobs = self.values.encode((args, kwargs))
            wire.send(self.sock, {"do": "back", "id": number, "data": tree}, blobs)
            while True:
                message, blobs = wire.receive(self.sock)
                if message["do"] != "answer":
                    self.answer(message, blobs)
                elif message["error"]:
                    error = message["error"]
                    raise shared.exception(error["type"], error["bases"], error["message"])
                else:
                    return self.values.decode(message["data"], blobs)
