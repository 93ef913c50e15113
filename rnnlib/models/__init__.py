"""Whole models, made of layers: each has ``params`` and ``loss_and_grads`` for `rnnlib.training.train`."""

from typing import TYPE_CHECKING

from rnnlib._lazy import attach

if TYPE_CHECKING:  # for tools that read and do not run; what runs is below
    from rnnlib.models.classifier import SequenceClassifier as SequenceClassifier
    from rnnlib.models.encoder_decoder import EncoderDecoder as EncoderDecoder
    from rnnlib.models.forecaster import Forecaster as Forecaster
    from rnnlib.models.language import LanguageModel as LanguageModel
    from rnnlib.models.tagger import Tagger as Tagger

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
