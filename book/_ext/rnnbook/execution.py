"""Run the pages' code two or more at a time, before Sphinx reads them one by one and finds what they gave in the cache.

MyST-NB runs each notebook when it reads the page. Its cache comes with an executor that uses every core; this puts the
one before the other. A page whose code fails here is run again when it is read, and Sphinx reports it as ever.
"""

from pathlib import Path

from jupyter_cache import get_cache
from jupyter_cache.executors import load_executor
from myst_nb.core.read import is_myst_markdown_notebook

MYST = {"name": "myst_nb_md", "type": "plugin"}


def execute(app, env, names):
    """Run the notebooks among the pages that are about to be read, unless the cache knows their results."""
    pages = [Path(env.doc2path(name)) for name in names]
    notebooks = [str(p) for p in pages if p.suffix == ".md" and is_myst_markdown_notebook(p.read_text("utf-8"))]
    if not notebooks:
        return
    cache = get_cache(app.config.nb_execution_cache_path)
    for notebook in notebooks:
        cache.add_nb_to_project(notebook, read_data=MYST)
    executor = load_executor("local-parallel", cache)
    executor.run_and_cache(filter_uris=notebooks, timeout=app.config.nb_execution_timeout)


def setup(app):
    app.connect("env-before-read-docs", execute)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
