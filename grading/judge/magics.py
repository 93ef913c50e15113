"""Turn what only IPython understands into Python: magics and shell lines, which do nothing in a marking."""

import ast
import re

LONGEST, MOST = 20_000, 40  # characters and magics of a cell that is worth translating, which takes long for more
CELL = re.compile(r"\s*%%(\w{1,40})[^\n]*\n?")
TIMED = re.compile(r"^([ \t]*)%time[ \t]+", re.M)
CALLS = re.compile(r"get_ipython\(\)\.(run_line_magic\('(\w+)'|system|getoutput)")
MARKS = re.compile(r"^[ \t]*[%!?,;/]|[%!?][ \t]*$|=[ \t]*[%!]", re.M)
TRANSPARENT = ("time", "capture", "prun")  # the cell below these does what it would without


def python(source: str) -> tuple[str, list[str]]:
    """Translate a cell.

    Returns:
        The cell in Python; and the magics in it, which will do nothing. A cell that is wrong in both languages stays
        as it is: running it says what is wrong.
    """
    if len(source) > LONGEST or len(MARKS.findall(source)) > MOST or _sound(source):
        return source, []
    magic = CELL.match(source)
    if magic is not None:
        rest, dropped = source[magic.end() :], [f"%%{magic[1]}"]
        if magic[1] not in TRANSPARENT:
            return "", dropped
        code, more = python(rest)
        return "\n" + code, dropped + more
    from IPython.core.inputtransformer2 import TransformerManager  # which few notebooks need

    try:
        code = TransformerManager().transform_cell(TIMED.sub(r"\1", source))
    except Exception:  # it is no IPython either
        return source, []
    if not _sound(code):
        return source, []
    return code, [f"%{name}" if name else "!" for _, name in CALLS.findall(code)]


def _sound(source: str) -> bool:
    """Say whether Python can read a cell."""
    try:
        ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True
