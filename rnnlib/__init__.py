"""The library of the course: recurrent networks in NumPy, written to be read.

Arrays are time-major, ``(T, B, D)``: steps, batch, features. A layer has ``forward(x, state, lengths)``,
``backward(dh, dstate)``, ``params`` and ``grads``; its file holds its equations. Start with `rnnlib.rnn`.
"""

from rnnlib.layers import Linear
from rnnlib.models import LanguageModel
from rnnlib.rnn import RNN

__all__ = ["RNN", "LanguageModel", "Linear"]
