"""Change an argument as a function in another process changed its copy of it."""

from typing import Any

import numpy as np


def change(ours: Any, new: Any) -> None:
    """Change an argument as the student's function changed its copy of it."""
    if isinstance(ours, np.ndarray) and isinstance(new, np.ndarray):
        if ours.shape != new.shape and ours.size == new.size:
            ours.shape = new.shape
        ours[...] = new
    elif isinstance(ours, dict) and isinstance(new, dict):
        for key in [key for key in ours if key not in new]:
            del ours[key]
        for key, value in new.items():
            _put(ours, key, value)
    elif isinstance(ours, list) and isinstance(new, list):
        ours[len(new) :] = []
        for i, value in enumerate(new):
            if i < len(ours):
                _put(ours, i, value)
            else:
                ours.append(value)
    elif isinstance(ours, tuple) and isinstance(new, tuple):
        for one, other in zip(ours, new):
            change(one, other)


def _put(ours: Any, key: Any, new: Any) -> None:
    """Change what a container holds: an array in place, because somebody else may hold it, too."""
    old = ours.get(key) if isinstance(ours, dict) else ours[key]
    if isinstance(old, np.ndarray) and isinstance(new, np.ndarray) and (old.shape, old.dtype) == (new.shape, new.dtype):
        old[...] = new
    else:
        ours[key] = new
