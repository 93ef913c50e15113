"""Problems of exercise 04-gradients, in the order of its notebook."""

from rnnlib.checks.gradients.clipping import clip
from rnnlib.checks.gradients.diagnosis import diagnosis
from rnnlib.checks.gradients.jacobians import step
from rnnlib.checks.gradients.lags import norms
from rnnlib.checks.gradients.products import product
from rnnlib.checks.gradients.start import start

PROBLEMS = (step, product, norms, clip, start, diagnosis)
