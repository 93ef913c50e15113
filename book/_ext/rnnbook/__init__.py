"""The book's own Sphinx extension: what it needs beyond _config.yml, one file a job."""

from hashlib import sha256
from importlib import import_module
from pathlib import Path

JOBS = (
    "citations",
    "claims",
    "execution",
    "figures",
    "folds",
    "glossary",
    "head",
    "icons",
    "interactive",
    "launch",
    "mathematics",
    "numbering",
    "places",
    "reference",
    "search",
    "styles",
    "syllabus",
    "tables",
    "tidy",
    "tips",
    "typography",
)


def setup(app):
    """Set up every job. When one of them changes, every page is written again, though none is run."""
    programs = b"".join(path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.[pj][ys]")))
    app.add_config_value("rnnbook_programs", sha256(programs).hexdigest(), "html")
    for job in JOBS:
        import_module(f"rnnbook.{job}").setup(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
