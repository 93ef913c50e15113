"""One step of the LSTM, backward."""

from rnnchecks.e05_lstm.lstm_step_backward import blocks  # adds its misconceptions
from rnnchecks.e05_lstm.lstm_step_backward.cell import lstm_step_backward, problem

__all__ = ["blocks", "lstm_step_backward", "problem"]
