"""Read cells that only IPython understands, as far as it matters here which names they use and give.

They are run as they are, by the IPython in the sandbox; and what did nothing there is said here in words.
"""

import ast
import functools
import re
from typing import Any

LONGEST, MOST = 20_000, 40  # characters and magics of a cell that is worth translating, which takes long for more
CELL = re.compile(r"\s*%%(\w{1,40})[^\n]*\n?")
TIMED = re.compile(r"^([ \t]*)%(?:time|prun)[ \t]+", re.M)
CALLS = re.compile(r"get_ipython\(\)\.run_line_magic\('(\w+)'")
MARKS = re.compile(r"^[ \t]*[%!?,;/]|[%!?][ \t]*$|=[ \t]*[%!]", re.M)
# Cell magics that run what stands below them, and those that do something else with it.
RUNS = ("time", "timeit", "capture", "prun", "memit", "mprun", "skip")
READS = ("writefile", "file", "bash", "sh", "script", "system", "sx", "html", "HTML", "markdown", "latex", "javascript",
         "js", "svg", "SVG", "perl", "ruby")  # fmt: skip
# Line magics that give the notebook no names, and change what no name stands for.
QUIET = frozenset(
    "matplotlib config env set_env cd pwd ls mkdir timeit time prun pip conda who whos who_ls precision "
    "pinfo pinfo2 psource history lsmagic xmode colors gui load_ext autoreload memit cat system sx "
    "tensorboard writefile autosave".split()
)
# What did nothing in the sandbox: kinds of remarks there, and a note about one.
SAID = {
    "install": "Cell {cell}: {name} installs nothing here; notebooks are marked without a network.",
    "module": "Cell {cell}: the module {name} is not there where notebooks are marked; what the cell asks of it does "
    "nothing.",
    "magic": "Cell {cell}: the magic %{name} is not known where notebooks are marked, and does nothing.",
}
NAME = re.compile(r"\.*[A-Za-z_][\w.]{0,80}")


@functools.lru_cache(maxsize=512)
def python(source: str) -> str | None:
    """Give Python with the names that a cell uses and gives; None where that cannot be known, as of ``%run``.

    A cell that is wrong in both languages stays as it is: it does nothing but fail.
    """
    magic = CELL.match(source)
    if magic is not None and magic[1] in READS:
        return ""
    if _sound(source):
        return source
    if len(source) > LONGEST or len(MARKS.findall(source)) > MOST:
        return None
    if magic is not None:
        return python("\n" + source[magic.end() :]) if magic[1] in RUNS else None
    from IPython.core.inputtransformer2 import TransformerManager  # which few notebooks need

    try:
        code = TransformerManager().transform_cell(TIMED.sub(r"\1", source))
    except Exception:  # it is no IPython either
        return source
    if not _sound(code):
        return source
    return code if set(CALLS.findall(code)) <= QUIET else None


def notes(cell: str, remarks: Any) -> list[str]:
    """Say what did nothing when a cell was run; the sandbox says only which, and may say anything."""
    pairs = [pair for pair in remarks if isinstance(pair, list) and len(pair) == 2] if isinstance(remarks, list) else []
    known = [(kind, name) for kind, name in pairs[:20] if isinstance(kind, str) and isinstance(name, str)]
    return [SAID[kind].format(cell=cell, name=name) for kind, name in known if kind in SAID and NAME.fullmatch(name)]


def _sound(source: str) -> bool:
    """Say whether Python can read a cell."""
    try:
        ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True
