"""Whole models, made of layers: each has ``params`` and ``loss_and_grads`` for `rnnlib.training.train`."""

from rnnlib._lazy import attach as _attach

_HOMES = {
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

__getattr__, __dir__ = _attach(__name__, _HOMES)
