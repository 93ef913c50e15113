# What tools see that read and do not run; what runs is beside it in __init__.py.

from rnnlib.models.classifier import SequenceClassifier as SequenceClassifier
from rnnlib.models.encoder_decoder import EncoderDecoder as EncoderDecoder
from rnnlib.models.forecaster import Forecaster as Forecaster
from rnnlib.models.language import LanguageModel as LanguageModel
from rnnlib.models.tagger import Tagger as Tagger
