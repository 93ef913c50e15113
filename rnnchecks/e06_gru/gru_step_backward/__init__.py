"""One step of the GRU with the reset after the product, backward."""

from rnnchecks.e06_gru.gru_step_backward import weights  # adds its misconceptions
from rnnchecks.e06_gru.gru_step_backward.state import problem

__all__ = ["problem", "weights"]
