"""Cells that show what a student's functions can do, before all of them are written."""

import contextlib
from collections.abc import Iterator


@contextlib.contextmanager
def when_written() -> Iterator[None]:
    """Run a block that calls the student's functions; where one is still a stub, say so instead of stopping there.

    Example:
        >>> def rnn_step(x_t, h_prev):
        ...     raise NotImplementedError("02-forward: rnn_step")
        >>> with when_written():
        ...     print(rnn_step(1, 2))
        Not written yet: 02-forward: rnn_step. Once it is, run this cell again.
    """
    try:
        yield
    except NotImplementedError as stub:
        print(f"Not written yet: {stub}. Once it is, run this cell again.")
