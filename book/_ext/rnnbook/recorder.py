"""Runs inside a page's kernel: notes what the page rests on, from before its first cell to after its last.

`install` is called before the first cell, `report` after the last one. Nothing here may change what a page computes,
and nothing is put among the page's names. The rest of the extension is not importable there, so this file stands alone.
"""

import json
import os
import sys

LISTS = {"os.listdir", "os.scandir"}
STARTS = {"subprocess.Popen", "os.posix_spawn", "os.fork", "os.exec", "os.system", "pty.spawn"}
NO_SOURCE = ("/.venv/", "/_build/", "/.git/", "/__pycache__/", "/.ipynb_checkpoints/")


class Recorder:
    """What a kernel opened, listed and started below the project's folder.

    Attributes:
        root: the project's folder.
        opened: files that were read.
        listed: folders whose contents were asked for.
        others: whether another process was started that may have loaded anything.
    """

    def __init__(self, root):
        self.root = os.path.join(os.path.realpath(root), "")
        self.opened, self.listed, self.others = set(), set(), False
        sys.addaudithook(self.hear)

    def hear(self, event, args):
        """Take note of one event; called by Python for all that it does."""
        if event == "open" or event in LISTS:
            # Python's own import opens and lists, too; what it finds counts as a module. Whoever else opens a source
            # may show its text. A package that lists the working folder looks for other packages.
            asks = sys._getframe(1).f_code.co_filename
            if asks.startswith("<frozen importlib") or self.names():
                return
            if event in LISTS:
                if "importlib" not in asks and "site-packages" not in asks:
                    self.note(self.listed, args[0] if args and args[0] is not None else ".")
            elif not self.writes(*args[1:3]):
                self.note(self.opened, args[0])
        elif event in STARTS:
            program = os.fsdecode(args[0]) if args and isinstance(args[0], str | bytes) else "python"
            self.others = self.others or "python" in os.path.basename(program)

    def names(self):
        """Whether a file is read only to be named by what it means (`digests`); nothing of it is shown."""
        frame = sys._getframe(2)
        while frame is not None and str(frame.f_globals.get("__name__")).partition(".")[0] != "digests":
            frame = frame.f_back
        return frame is not None

    def writes(self, mode, flags):
        """Whether a file is opened to be written."""
        return bool(flags & (os.O_WRONLY | os.O_RDWR)) if mode is None else bool(set(mode) & set("wax+"))

    def note(self, kept, path):
        """Keep a path, if it is one and lies among the project's sources."""
        if isinstance(path, str | bytes | os.PathLike):
            path = os.path.realpath(os.fsdecode(path))
            if path.startswith(self.root) and not any(part in f"{path}/" for part in NO_SOURCE):
                kept.add(path[len(self.root) :])

    def report(self):
        """What the page rests on, as JSON: lists of paths below the project's folder, and of packages' names."""
        modules, packages = set(), set()
        for name, module in list(sys.modules.items()):
            file = getattr(module, "__file__", None)
            if not isinstance(file, str) or not os.path.isabs(file):  # some packages name files that are not there
                continue
            file = os.path.realpath(file)
            if not file.startswith(self.root) or "/site-packages/" in file:
                packages.add(name.partition(".")[0])
            elif file.endswith(".py"):
                modules.add(file[len(self.root) :])
        # Results of experiments that another page computed: the programs behind them were perhaps never loaded here.
        modules.update(getattr(sys.modules.get("experiments.results"), "USED", ()))
        told = {
            "modules": sorted(modules),
            "opened": sorted(self.opened),
            "listed": sorted(self.listed),
            "packages": sorted(packages - set(sys.stdlib_module_names)),
            "others": self.others,
        }
        return json.dumps(told)
