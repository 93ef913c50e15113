"""What `_validate` does for arrays, for PyTorch's tensors."""

from typing import Any

import torch

from rnnlib._types import ExpectedShape
from rnnlib._validate import require_shape


def describe(value: Any) -> str:
    """Describe a value in a few words for an error message: ``torch.float32 tensor of shape (5, 3)``."""
    if torch.is_tensor(value):
        return f"{value.dtype} tensor of shape {tuple(value.shape)}"
    return f"{type(value).__name__} {value!r:.60}"


def require_tensor(
    name: str, value: Any, shape: ExpectedShape, dtype: torch.dtype | None = None, finite: bool = False
) -> torch.Tensor:
    """Check that `value` is a floating-point tensor of the given shape, and return it.

    Args:
        name: how the caller knows the argument, for the message.
        value: what the caller passed.
        shape: tuple with a number for each fixed axis and a symbol for each free one, such as ``("T", "B", 4)``.
        dtype: the dtype that the value must have, or None for any floating dtype.
        finite: whether NaN and infinity are refused as well.

    Raises:
        ValueError: with the argument's name, what was expected and what came.
    """
    if not torch.is_tensor(value) or not value.is_floating_point():
        raise ValueError(
            f"{name}: expected a floating-point tensor, got {describe(value)}. "
            f"Convert it with torch.as_tensor({name}, dtype=torch.float32)."
        )
    require_shape(name, tuple(value.shape), shape)
    if dtype is not None and value.dtype != dtype:
        raise ValueError(f"{name}: expected {dtype}, got {value.dtype}. Convert it with {name}.to({dtype}).")
    if finite and not value.isfinite().all():
        bad = tuple((~value.isfinite()).nonzero()[0].tolist())
        raise ValueError(f"{name}: expected finite numbers, got {value[bad].item()} at index {bad}.")
    return value
