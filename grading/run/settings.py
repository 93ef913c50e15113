"""What an instructor decides about the marking, read from nbgrader_config.py."""

from dataclasses import dataclass, field

from grading.course import Course, UsageError
from grading.sandbox.box import Limits


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
