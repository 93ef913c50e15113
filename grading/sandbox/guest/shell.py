"""A notebook's IPython inside the sandbox: its cells run as Jupyter's kernel runs them, as far as walls allow.

What a kernel has and this place has not does nothing, where that can be: no window is opened, nothing is installed, no
drive is mounted. What did nothing is remembered for the grader to say.
"""

import ast
import contextlib
import functools
import re
import subprocess
import sys
import types
import warnings
from typing import Any

import missing_modules
import shared
from IPython.core.async_helpers import get_asyncio_loop
from IPython.core.compilerop import CachingCompiler
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from IPython.core.magic import Magics, line_cell_magic, magics_class
from traitlets import Type, Unicode
from traitlets.config import Config

INSTALLS = re.compile(
    r"^\s*(sudo\s+)?((\S*python[\d.]*\s+-m\s+)?(pip[\d.]*|uv|conda|mamba|micromamba)|apt(-get)?|brew)\s"
)
INSTALLERS = ("pip", "uv", "conda", "mamba", "micromamba")
NEEDS_LOOP = ("create_task", "ensure_future", "get_running_loop")  # calls that a kernel's own loop makes possible
MOST = 20  # remarks of a cell


class Compiler(CachingCompiler):
    """Give the code of each cell the label that the grader gave the cell: its lines are told by it."""

    label = "<cell 0>"

    def get_code_name(self, raw_code: str, transformed_code: str, number: int) -> str:
        """The label of the cell that runs."""
        return self.label


class Publisher(DisplayPublisher):
    """Show what `display` is given as text, and clear no screen."""

    def clear_output(self, wait: bool = False) -> None:
        """There is no screen."""


class Shell(InteractiveShell):
    """IPython without a screen, a history file, a profile and windows."""

    compiler_class = Type(Compiler)
    display_pub_class = Type(Publisher)
    ipython_dir = Unicode("")
    fault: BaseException | None
    remarks: list[list[str]]  # pairs of kind and name: what did nothing
    running: bool
    translates: list[list[Any]] | None = None  # the steps by which cells are translated, before anybody's cell

    def init_ipython_dir(self, ipython_dir: str) -> None:
        """None: nothing of whoever marks is read, and nothing is left there."""

    init_profile_dir = init_ipython_dir

    def init_magics(self) -> None:
        """Add this place's own."""
        super().init_magics()
        self.register_magics(Ours)

    def run(self, source: str, label: str) -> None:
        """Run a cell; raise what stopped it.

        Args:
            source: its text.
            label: the grader's name of it, ``<cell N>``: N steps of the notebook stand above it.
        """
        self.compile.label, self.fault, self.remarks, self.running = label, None, [], True
        self.execution_count = int(re.sub(r"\D", "", label) or 0) + 1  # as if the steps above had all been run here
        for past in (self.history_manager.input_hist_parsed, self.history_manager.input_hist_raw):
            past[:] = [*past, *[""] * self.execution_count][: self.execution_count]
        no_windows()
        try:
            if any(word in source for word in NEEDS_LOOP):
                cell = self.run_cell_async(source, store_history=True, transformed_cell=self.transform_cell(source))
                result = get_asyncio_loop().run_until_complete(cell)
            else:
                result = self.run_cell(source, store_history=True)
        finally:
            self.running = False
        fault = result.error_before_exec or result.error_in_exec or self.fault
        if fault is not None:
            raise fault

    def transform_ast(self, node: ast.AST) -> ast.AST:
        """Change a cell's tree as IPython does; where nothing would be changed, no line is looked for anew."""
        ours = [type(one) for one in self.ast_transformers] == [missing_modules.Guard]
        if ours and not any(isinstance(line, ast.Import | ast.ImportFrom) for line in getattr(node, "body", ())):
            return node
        return super().transform_ast(node)

    def transform_cell(self, raw_cell: str) -> str:
        """Translate a cell, and leave its lines where they are: IPython takes empty ones at its head away."""
        if self.as_made() and shared.is_plain(raw_cell):  # IPython would look at each word of it
            return raw_cell if raw_cell.endswith("\n") else f"{raw_cell}\n"
        empty: Any = re.match(r"(?:[ \t]*\n)*", raw_cell)  # matches always
        return "\n" * empty[0].count("\n") + super().transform_cell(raw_cell)

    def as_made(self) -> bool:
        """Say whether nobody has changed how cells are translated."""
        manager = self.input_transformer_manager
        steps = (manager.cleanup_transforms, manager.line_transforms, manager.token_transformers)
        now = [list(step) for step in (*steps, self.input_transformers_post)]
        self.translates = self.translates or now
        return now == self.translates

    def remark(self, kind: str, name: str) -> None:
        """Remember what did nothing."""
        if [kind, name] not in self.remarks[:MOST]:
            self.remarks = [*self.remarks, [kind, name]][:MOST]

    def showtraceback(self, *args: Any, **kwargs: Any) -> None:
        """Keep what stopped a cell, or a file that it ran; the grader shows it."""
        self.fault = self.fault or sys.exc_info()[1]

    showsyntaxerror = showindentationerror = showtraceback

    def ask_exit(self) -> None:
        """`exit()` in a cell ends the cell."""
        raise SystemExit

    def enable_gui(self, gui: str | None = None) -> None:
        """There is nothing to look at a window with."""

    def enable_matplotlib(self, gui: str | None = None) -> tuple[None, str]:
        """Draw without a window, whatever was asked for."""
        import matplotlib.pyplot  # noqa: F401

        return None, "agg"

    def run_line_magic(self, magic_name: str, line: str, _stack_depth: int = 1) -> Any:
        """Run a magic; where it is of an extension that is not here, it does nothing."""
        if self._unknown(magic_name, line):
            return None
        return super().run_line_magic(magic_name, line, _stack_depth + 1)

    def run_cell_magic(self, magic_name: str, line: str, cell: str) -> Any:
        """Run a magic over a cell; where it is not known here, the cell runs without it, if it is Python."""
        if not self._unknown(magic_name, line):
            # A line more, for the line of the magic: the numbers of the others stay what they are.
            return super().run_cell_magic(magic_name, line, f"\n{cell}" if magic_name == "capture" else cell)
        with contextlib.suppress(SyntaxError):
            ast.parse(self.transform_cell(cell))
            self.nested(f"\n{cell}")
        return None

    def nested(self, source: str) -> None:
        """Run a cell within a cell."""
        self.run_cell(source, store_history=False)

    def _unknown(self, name: str, line: str) -> bool:
        """Say whether a magic can do nothing here, and remember it."""
        line = line.strip()
        if name in INSTALLERS:
            self.remark("install", name)
        elif name in ("load_ext", "reload_ext") and not any(
            map(missing_modules.there, (line, f"IPython.extensions.{line}"))
        ):
            self.remark("module", line)
        elif not any(self.find_magic(name, one) for one in ("line", "cell")):
            self.remark("magic", name)
        else:
            return False
        return True

    def system_piped(self, cmd: str) -> None:
        """Run a shell line; show what it prints."""
        sys.stdout.write(self._ran(self.var_expand(cmd, depth=1)))

    system = system_raw = system_piped

    def getoutput(self, cmd: str, split: bool = True, depth: int = 0) -> Any:
        """Run a shell line; give what it prints."""
        from IPython.utils.text import SList

        said = self._ran(self.var_expand(cmd, depth=depth + 1)).rstrip("\n")
        return SList(said.splitlines()) if split else said

    def _ran(self, line: str) -> str:
        if match := INSTALLS.match(line):
            self.remark("install", match[0].split()[-1])
            return ""
        done = subprocess.run(line, shell=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        self.user_ns["_exit_code"] = done.returncode
        return done.stdout.decode(errors="replace")


@magics_class
class Ours(Magics):
    """Magics in place of IPython's."""

    @line_cell_magic
    def time(self, line: str, cell: str | None = None) -> None:
        """Run a line, or a cell, as without the magic."""
        self.shell.nested(line if cell is None else f"\n{cell}")


@functools.cache
def made() -> Shell:
    """Make the one shell, before anybody's cells: it takes a third of a second."""
    config = Config()
    config.HistoryManager.enabled, config.HistoryManager.hist_file = False, ":memory:"
    config.InteractiveShell.colors = "nocolor"
    config.InteractiveShell.separate_in = ""
    shell = Shell.instance(config=config)
    warnings.filterwarnings("ignore", message="To exit: use")
    shell.remarks, shell.running = [], False
    shell.db = {}
    shell.displayhook.write_output_prompt = lambda: None
    shell.ast_transformers.append(missing_modules.Guard(shell))
    shell.run("None", "<cell 0>")  # the first run loads what every run needs
    for formatter in shell.display_formatter.formatters.values():  # made when a style of figures first asks for them
        formatter.type_printers, formatter.deferred_printers  # noqa: B018
    return shell


def no_windows() -> None:
    """Where a window cannot be opened, and here none can, draw into files."""
    loaded = sys.modules.get("matplotlib.pyplot")
    if not isinstance(loaded, types.ModuleType):
        return
    pyplot: Any = loaded
    if hasattr(pyplot.switch_backend, "without_windows"):
        return
    real = pyplot.switch_backend

    def switch_backend(newbackend: str) -> None:
        """Switch as matplotlib does, to the one without a window where it cannot."""
        try:
            real(newbackend)
        except ImportError:
            real("agg")

    pyplot.switch_backend = switch_backend
    pyplot.switch_backend.without_windows = True
