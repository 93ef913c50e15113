"""The words of a refusal: what is not covered beside the functions that refuse."""

import numpy as np
import pytest

from rnnlib._validate import require_array


@pytest.mark.parametrize(
    ("shape", "wanted", "mend"),
    [
        ((5, 4), ("T", "B", 4), "Add the batch axis with x[:, None], or the time axis with x[None]."),
        ((5,), ("N", 1), "Add the last axis with x[..., None]."),
        ((5,), ("B", 5), "Add the batch axis with x[None]."),
        ((2, 7, 3), ("T", "B", 4), "if yours is batch-first, use x.swapaxes(0, 1)."),
    ],
)
def test_a_wrong_shape_comes_with_what_would_mend_it(shape, wanted, mend):
    with pytest.raises(ValueError) as refused:
        require_array("x", np.zeros(shape), wanted)
    assert str(refused.value).endswith(mend)
