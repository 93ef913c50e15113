"""The library of the course: recurrent networks in NumPy, written to be read.

Arrays are time-major, ``(T, B, D)``: steps, batch, features. A layer has ``forward(x, state, lengths)``,
``backward(dh, dstate)``, ``params`` and ``grads``; its file holds its equations. Start with `rnnlib.rnn`.

All of it is reachable from here, ``rnnlib.LSTM`` or ``rnnlib.optim.Adam``, and loaded when it is asked for.
`rnnlib.scan`, `rnnlib.minimal` and `rnnlib.convert` need PyTorch; nothing else does.
"""

from typing import TYPE_CHECKING

from rnnlib._lazy import attach

if TYPE_CHECKING:  # for tools that read and do not run; what runs is below
    from rnnlib.attention import AdditiveAttention as AdditiveAttention
    from rnnlib.attention import DotProductAttention as DotProductAttention
    from rnnlib.bidirectional import Bidirectional as Bidirectional
    from rnnlib.convert import from_torch as from_torch
    from rnnlib.convert import to_torch as to_torch
    from rnnlib.decoding import beam_search as beam_search
    from rnnlib.decoding import generate as generate
    from rnnlib.decoding import greedy as greedy
    from rnnlib.decoding import sample as sample
    from rnnlib.gru import GRU as GRU
    from rnnlib.layers import Dropout as Dropout
    from rnnlib.layers import Embedding as Embedding
    from rnnlib.layers import Linear as Linear
    from rnnlib.layers import OneHot as OneHot
    from rnnlib.losses import softmax_cross_entropy as softmax_cross_entropy
    from rnnlib.losses import squared_error as squared_error
    from rnnlib.lstm import LSTM as LSTM
    from rnnlib.models import EncoderDecoder as EncoderDecoder
    from rnnlib.models import Forecaster as Forecaster
    from rnnlib.models import LanguageModel as LanguageModel
    from rnnlib.models import SequenceClassifier as SequenceClassifier
    from rnnlib.models import Tagger as Tagger
    from rnnlib.multihead import MultiHeadAttention as MultiHeadAttention
    from rnnlib.optim import SGD as SGD
    from rnnlib.optim import Adam as Adam
    from rnnlib.optim import RMSProp as RMSProp
    from rnnlib.rnn import RNN as RNN
    from rnnlib.saving import load as load
    from rnnlib.saving import save as save
    from rnnlib.stack import Stack as Stack
    from rnnlib.training import History as History
    from rnnlib.training import train as train
    from rnnlib.transformer import FeedForward as FeedForward
    from rnnlib.transformer import LayerNorm as LayerNorm
    from rnnlib.transformer import TransformerBlock as TransformerBlock

__version__ = "0.1.0"

HOMES = {
    "attention": ["AdditiveAttention", "DotProductAttention"],
    "bidirectional": ["Bidirectional"],
    "convert": ["from_torch", "to_torch"],
    "decoding": ["beam_search", "generate", "greedy", "sample"],
    "gru": ["GRU"],
    "layers": ["Dropout", "Embedding", "Linear", "OneHot"],
    "losses": ["softmax_cross_entropy", "squared_error"],
    "lstm": ["LSTM"],
    "models": ["EncoderDecoder", "Forecaster", "LanguageModel", "SequenceClassifier", "Tagger"],
    "multihead": ["MultiHeadAttention"],
    "optim": ["Adam", "RMSProp", "SGD"],
    "rnn": ["RNN"],
    "saving": ["load", "save"],
    "stack": ["Stack"],
    "training": ["History", "train"],
    "transformer": ["FeedForward", "LayerNorm", "TransformerBlock"],
}

MODULES = [
    "activations",
    "attention",
    "bidirectional",
    "cell_diagrams",
    "convert",
    "data",
    "decoding",
    "diagrams",
    "gradcheck",
    "gru",
    "init",
    "intervals",
    "layers",
    "losses",
    "lstm",
    "masking",
    "metrics",
    "minimal",
    "models",
    "multihead",
    "optim",
    "plotting",
    "positions",
    "rnn",
    "saving",
    "scan",
    "schedules",
    "stack",
    "training",
    "transformer",
]

__all__ = [
    "GRU",
    "LSTM",
    "RNN",
    "SGD",
    "Adam",
    "AdditiveAttention",
    "Bidirectional",
    "DotProductAttention",
    "Dropout",
    "Embedding",
    "EncoderDecoder",
    "FeedForward",
    "Forecaster",
    "History",
    "LanguageModel",
    "LayerNorm",
    "Linear",
    "MultiHeadAttention",
    "OneHot",
    "RMSProp",
    "SequenceClassifier",
    "Stack",
    "Tagger",
    "TransformerBlock",
    "__version__",
    "activations",
    "attention",
    "beam_search",
    "bidirectional",
    "cell_diagrams",
    "convert",
    "data",
    "decoding",
    "diagrams",
    "from_torch",
    "generate",
    "gradcheck",
    "greedy",
    "gru",
    "init",
    "intervals",
    "layers",
    "load",
    "losses",
    "lstm",
    "masking",
    "metrics",
    "minimal",
    "models",
    "multihead",
    "optim",
    "plotting",
    "positions",
    "rnn",
    "sample",
    "save",
    "saving",
    "scan",
    "schedules",
    "softmax_cross_entropy",
    "squared_error",
    "stack",
    "to_torch",
    "train",
    "training",
    "transformer",
]

__getattr__, __dir__ = attach(__name__, HOMES, MODULES)
