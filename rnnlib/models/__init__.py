"""Whole models, made of layers: each has ``params`` and ``loss_and_grads`` for `rnnlib.training.train`."""

from rnnlib._lazy import attach

HOMES = {
    "classifier": ["SequenceClassifier"],
    "encoder_decoder": ["EncoderDecoder"],
    "forecaster": ["Forecaster"],
    "language": ["LanguageModel"],
    "tagger": ["Tagger"],
}


__all__ = [
    "EncoderDecoder",
    "Forecaster",
    "LanguageModel",
    "SequenceClassifier",
    "Tagger",
]

__getattr__, __dir__ = attach(__name__, HOMES)
