"""The book's own Sphinx extension: what it needs beyond _config.yml, one file a job."""

from importlib import import_module

JOBS = (
    "citations",
    "claims",
    "execution",
    "glossary",
    "interactive",
    "launch",
    "numbering",
    "offline",
    "reference",
    "syllabus",
    "tidy",
)


def setup(app):
    """Set up every job."""
    for job in JOBS:
        import_module(f"rnnbook.{job}").setup(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
