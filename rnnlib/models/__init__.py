"""Whole models, made of layers: each has ``params`` and ``loss_and_grads`` for `rnnlib.training.train`."""

from rnnlib.layers import one_hot
from rnnlib.models.classifier import SequenceClassifier
from rnnlib.models.encoder_decoder import EncoderDecoder
from rnnlib.models.forecaster import Forecaster
from rnnlib.models.language import LanguageModel
from rnnlib.models.tagger import Tagger

__all__ = ["EncoderDecoder", "Forecaster", "LanguageModel", "SequenceClassifier", "Tagger", "one_hot"]
