"""Weights on disk, as an ``.npz`` file: a zip of plain arrays that NumPy reads back without running any code in it.

Taught in: nowhere; for nets of your own, which took long to train.
"""

import os
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from rnnlib._types import Params

__all__ = ["load", "save"]


def save(path: str | Path, params: Params) -> None:
    """Write the parameters of a model to a file.

    Args:
        path: the file, written under exactly this name. If it is there, it is replaced, and only once the new one is
            complete.
        params: dict of arrays, such as ``model.params``.

    Example:
        >>> import tempfile
        >>> from rnnlib import RNN
        >>> layer = RNN(D=3, H=5)
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     save(f"{folder}/weights.npz", layer.params)
        ...     load(f"{folder}/weights.npz", RNN(D=3, H=5).params)
    """
    path = Path(path)
    unfinished = path.with_name(path.name + ".unfinished")
    try:
        with open(unfinished, "wb") as file:
            arrays: dict[str, Any] = {name: np.asarray(p) for name, p in params.items()}
            np.savez(file, **arrays)
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)


def load(path: str | Path, params: Params) -> None:
    """Read a file written by `save` into the parameters of a model of the same kind and size, in place.

    Args:
        path: the file.
        params: dict of arrays, such as ``model.params``; changed only when the whole file fits.

    Raises:
        FileNotFoundError: when there is no such file.
        ValueError: when the file is no ``.npz`` of plain arrays, or its names or shapes are not those of `params`.

    Notes:
        Numbers are converted to the dtype of `params`: float64 weights become float32 in a float32 model.
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"path: expected a file written by save, found none at {path}.")
    try:
        if not zipfile.is_zipfile(path):
            raise ValueError("it is no zip archive")
        with np.load(path, allow_pickle=False) as archive:
            loaded = {name: archive[name] for name in archive.files}
        if not all(isinstance(a, np.ndarray) and a.dtype.kind in "fc" for a in loaded.values()):
            raise ValueError("it holds something else than arrays of floating-point numbers")
    except (ValueError, OSError, EOFError, zipfile.BadZipFile) as error:
        raise ValueError(f"path: expected an .npz file written by save, got {path}: {error}.") from None
    if loaded.keys() != params.keys():
        missing, unknown = sorted(params.keys() - loaded.keys()), sorted(loaded.keys() - params.keys())
        raise ValueError(
            f"path: expected the parameters of this model; missing {missing or 'none'}, unknown {unknown or 'none'}. "
            "Make the model as it was when it was saved."
        )
    for name, p in params.items():
        if loaded[name].shape != p.shape:
            raise ValueError(f"path: expected {name} of shape {p.shape}, got {loaded[name].shape} in {path}.")
    for name, p in params.items():
        p[...] = loaded[name]
