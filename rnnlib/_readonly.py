"""Arrays that cannot change between `forward` and `backward`.

`backward` reads again what `forward` was given and what it returned. If somebody wrote into such an array in between,
the gradients would be those of no function, and nothing would say so. So what a layer returns and reads again is made
read-only, and NumPy refuses the write; what it is given is copied, unless nobody can write to it.
"""

import numpy as np

from rnnlib._types import Array


def read_only(a: Array) -> Array:
    """Forbid writing to `a`, an array with memory of its own, and return it."""
    a.setflags(write=False)
    return a


def copied_unless_frozen(a: Array) -> Array:
    """`a` itself where nobody can write to it: neither to it nor to any array down to the one that has the memory.

    Otherwise a copy, as well where the memory is of something that is no array, for that may change.
    """
    owner: object = a
    while isinstance(owner, np.ndarray) and not owner.flags.writeable:
        if owner.base is None:
            return a
        owner = owner.base
    return read_only(a.copy())
