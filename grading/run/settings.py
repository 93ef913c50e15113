"""What an instructor decides about the marking, read from nbgrader_config.py."""

from dataclasses import dataclass, field

from grading.course import Course, UsageError
from grading.sandbox.box import Limits

NO_SECRET = (
    "No secret word is set, so anybody can compute the hidden cases of this course. To set one, whose cases are then "
    'drawn and judged anew: export RNNLIB_HIDDEN_SEED="a word that only you know".'
)


@dataclass(frozen=True)
class Settings:
    """What an instructor decides about the marking.

    Attributes:
        limits: what one submission may use.
        seed: makes the hidden cases the course's own.
        sandboxed: whether students' code runs in a sandbox.
    """

    limits: Limits = field(default_factory=Limits)
    seed: str = ""
    sandboxed: bool = True

    @property
    def warning(self) -> str:
        """What whoever marks has to know of them; nothing where all is well."""
        return "" if self.seed else NO_SECRET

    @property
    def most(self) -> int:
        """Bytes of a submission to read: the judge refuses what is longer than its limit, so one more will do."""
        return int(self.limits.submission) + 1


def settings_of(course: Course, sandboxed: bool = True) -> Settings:
    """The course's own limits and seed, from nbgrader_config.py.

    Raises:
        UsageError: when there is no such limit.
    """
    try:
        limits = Limits(**course.settings.get("limits", {}))
    except (TypeError, ValueError) as error:
        raise UsageError(f"nbgrader_config.py, c.Grading.limits: {error}.") from error
    return Settings(limits, str(course.settings.get("seed", "")), sandboxed)
