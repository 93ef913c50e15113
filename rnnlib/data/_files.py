"""Read what is committed beside this file."""

import gzip
from importlib.resources import files


def read(name: str) -> str:
    """Text of a committed file, unpacked when its name ends in ``.gz``."""
    content = files("rnnlib.data").joinpath(name).read_bytes()
    return (gzip.decompress(content) if name.endswith(".gz") else content).decode("utf-8")


def rows(name: str, separator: str = "\t") -> list[list[str]]:
    """The fields of every line of a committed file; lines that start with ``#`` are comments."""
    return [line.split(separator) for line in read(name).splitlines() if not line.startswith("#")]
