"""What both sides of the wall do alike. Here are no secrets: this file, too, is mounted inside the sandbox."""

import builtins
import re
from collections.abc import Iterable
from typing import Any

# As the checks set them in a notebook: an answer must not depend on what a notebook has set.
ERRORS: dict[str, Any] = dict(divide="warn", over="warn", under="ignore", invalid="warn")

# What IPython may read in another way than Python: lines that begin or end with its signs, or have a prompt; lines of
# spaces alone; a first line that is indented; letters of which some end a line.
OF_IPYTHON = re.compile(
    r"^[ \t]*(?:[%!?,;/]|>>>|\.\.\.|In ?\[|\[(?:ins|nav)\])|[?!%\\][ \t]*$|=[ \t]*[%!]|^[ \t]+$|\A\n*[ \t]|[^\t\n -~]",
    re.M,
)


def is_plain(source: str) -> bool:
    """Say whether IPython gives a cell to Python as it is; of one of a single line nobody can say."""
    return "\n" in source.strip() and not OF_IPYTHON.search(source)


def text(value: Any) -> str:
    """Return a text that any file can hold: half a surrogate pair is legal in JSON, and in no file of text."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else ""


def exception(name: str, bases: Iterable[str], message: str, **attributes: Any) -> Exception:
    """Make an exception of what the other side said of one.

    Args:
        name: of its type.
        bases: names of the types that it is one of; the first builtin exception among them is what is made.
        message: its words.
        **attributes: what else it has.
    """
    found = (getattr(builtins, base, None) for base in bases)
    kinds = (kind for kind in found if isinstance(kind, type) and issubclass(kind, Exception))
    # A group of exceptions cannot be made without them.
    base = next((kind for kind in kinds if not issubclass(kind, BaseExceptionGroup)), Exception)
    own: dict[str, Any] = {"__str__": lambda self: message, "__init__": lambda self: None, **attributes}
    made: Exception = type(name, (base,), own)()
    return made
