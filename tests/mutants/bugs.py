"""All bugs, by kind."""

from functools import cache

from tests.mutants.bug import Bug
from tests.mutants.generic import generic
from tests.mutants.layers import layers
from tests.mutants.written import written

KINDS = {"layer": layers, "written": written, "generic": generic}


@cache
def all_of(kind: str) -> list[Bug]:
    """The bugs of a kind, in an order that stays."""
    return KINDS[kind]()
