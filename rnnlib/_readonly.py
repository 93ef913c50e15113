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
    """`a` itself where neither it nor what it is a view of can be written to; otherwise a copy."""
    owner: object = a
    while isinstance(owner, np.ndarray):
        if owner.flags.writeable:
            return read_only(a.copy())
        owner = owner.base
    return a
