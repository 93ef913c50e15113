"""States of any layer: an array (B, H), or a tuple of such states."""

from collections.abc import Callable

from rnnlib._types import Array, State


def tree_map(f: Callable[..., Array], *states: State) -> State:
    """Apply `f` to the arrays of one state, or to the matching arrays of several, and keep the nesting.

    Example:
        >>> tree_map(lambda a, b: a + b, (1, (2, 3)), (10, (20, 30)))
        (11, (22, 33))
    """
    if isinstance(states[0], tuple):
        return tuple(tree_map(f, *parts) for parts in zip(*states, strict=True))
    return f(*states)
