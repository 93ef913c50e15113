"""Problems of exercise 09-classification, in the order of its notebook; one file for each function."""

from rnnlib.checks.classification.baselines import baselines
from rnnlib.checks.classification.batching import batching
from rnnlib.checks.classification.splitting import splitting
from rnnlib.checks.classification.summarising import summarising
from rnnlib.checks.classification.training import training
from rnnlib.checks.classification.windowing import windowing

PROBLEMS = (splitting, batching, summarising, training, windowing, baselines)
