"""The library of the course: recurrent networks in NumPy, written to be read.

Arrays are time-major, ``(T, B, D)``: steps, batch, features. A layer has ``forward(x, state, lengths)``,
``backward(dh, dstate)``, ``params`` and ``grads``; its file holds its equations. Start with `rnnlib.rnn`.

`rnnlib.scan` and `rnnlib.minimal` need PyTorch and are imported by name; nothing else does.
"""

from rnnlib.attention import AdditiveAttention, DotProductAttention
from rnnlib.bidirectional import Bidirectional
from rnnlib.gru import GRU
from rnnlib.layers import Dropout, Embedding, Linear
from rnnlib.lstm import LSTM
from rnnlib.models import EncoderDecoder, Forecaster, LanguageModel, SequenceClassifier, Tagger
from rnnlib.multihead import MultiHeadAttention
from rnnlib.rnn import RNN
from rnnlib.stack import Stack
from rnnlib.transformer import TransformerBlock

__all__ = [
    "GRU",
    "LSTM",
    "RNN",
    "AdditiveAttention",
    "Bidirectional",
    "DotProductAttention",
    "Dropout",
    "Embedding",
    "EncoderDecoder",
    "Forecaster",
    "LanguageModel",
    "Linear",
    "MultiHeadAttention",
    "SequenceClassifier",
    "Stack",
    "Tagger",
    "TransformerBlock",
]
