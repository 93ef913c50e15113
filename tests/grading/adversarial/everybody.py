"""The whole class, by kind."""

from tests.grading.adversarial.as_in_jupyter import BEYOND, JUPYTER
from tests.grading.adversarial.dying import DYING
from tests.grading.adversarial.file_bytes import BYTES
from tests.grading.adversarial.file_cells import CELLS
from tests.grading.adversarial.flooding import FLOODING
from tests.grading.adversarial.holding import HOLDING
from tests.grading.adversarial.noisy import NOISY
from tests.grading.adversarial.outside import OUTSIDE
from tests.grading.adversarial.own_names import OWN_NAMES
from tests.grading.adversarial.patching import PATCHING
from tests.grading.adversarial.reaching import REACHING
from tests.grading.adversarial.speaking import SPEAKING
from tests.grading.adversarial.stealing import STEALING
from tests.grading.adversarial.telling import TELLING
from tests.grading.adversarial.unusual import UNUSUAL
from tests.grading.adversarial.whispering import WHISPERING

CLASS = {
    "honest": NOISY + UNUSUAL + JUPYTER + BEYOND + OWN_NAMES,
    "crashing": DYING + FLOODING + HOLDING,
    "file": BYTES + CELLS,
    "forging": PATCHING + STEALING + TELLING + SPEAKING + REACHING + OUTSIDE + WHISPERING,
}
