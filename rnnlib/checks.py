"""Where the exercises' checks were before they became a package of their own; a notebook of then is told so."""


def __getattr__(name: str) -> object:
    if name not in ("check", "when_written"):  # what notebooks took from here
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    raise ImportError(
        "the checks have moved to a package of their own. Write `from rnnchecks import check, when_written` in place "
        "of `from rnnlib.checks import ...`; all else in the notebook stays as it is."
    )
