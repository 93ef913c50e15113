"""Which pages' code has to run, and runs it: two or more at a time, before Sphinx reads the pages one by one.

MyST-NB finds the results in its cache when it reads a page. A page runs again when its own code has changed, or when
something that its last result rests on has changed what it means (`rnnbook.results`). A page whose code fails here is
run once more when it is read, and Sphinx reports it as ever.
"""

import ast
import asyncio
import json
import os
import signal
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from time import monotonic

from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from jupyter_client.manager import AsyncKernelManager
from myst_nb.core.read import is_myst_markdown_notebook
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from sphinx.util import logging
from sphinx.util.display import status_iterator

from rnnbook import results

MYST = {"name": "myst_nb_md", "type": "plugin"}
RECORDER = Path(__file__).with_name("recorder.py")
KEPT = 200  # results: those of pages as they were before are still there when a change is taken back
SECONDS_TO_START = 120  # of a kernel, on a machine with much else to do
logger = logging.getLogger(__name__)


def set_cache(app, config):
    """Say where the results lie."""
    config.nb_execution_cache_path = str(Path(app.outdir).parent / "cache" / "pages")


def outdated(app, env, added, changed, removed):
    """Name the pages that Sphinx would take as read, but whose results no longer hold."""
    cache, found = get_cache(app.config.nb_execution_cache_path), []
    records = {record.hashkey: record for record in cache.list_cache_records()}
    for name, (key, code) in getattr(env, "rnnbook_results", {}).items():
        if name in env.found_docs and name not in added | changed:
            record = records.get(key)
            why = results.changed((record.data or {}).get("rests_on"), code, results.project(app)) if record else ["-"]
            if why:
                found.append(name)
    return found


def execute(app, env, names):
    """Run the notebooks among the pages that are about to be read, unless their results still hold."""
    cache = get_cache(app.config.nb_execution_cache_path)
    cache.change_cache_limit(KEPT)
    known = env.rnnbook_results = getattr(env, "rnnbook_results", {})
    pages = {}
    for name in names:
        path = Path(env.doc2path(name))
        if path.suffix == ".md" and is_myst_markdown_notebook(path.read_text("utf-8")):
            record = cache.add_nb_to_project(str(path), read_data=MYST)
            pages[name] = cache.get_project_notebook(record.pk).nb
    stale = {name: nb for name, nb in pages.items() if not holds(app, cache, name, nb)}
    threads, alive = ThreadPoolExecutor(os.cpu_count() or 1), set()
    seconds = costs(cache)
    # The longest first, where an earlier build knows: so no core waits for a long page at the end.
    order = sorted(stale, key=lambda name: -seconds.get(env.doc2path(name), 0))
    running = {threads.submit(run, app, Path(env.doc2path(name)), stale[name], alive): name for name in order}
    ended = as_completed(running)
    try:
        for done in status_iterator(ended, "running pages... ", "brown", len(running), stringify_func=running.get):
            if result := done.result():
                keep(app, cache, env.doc2path(running[done]), stale[running[done]], *result)
    except BaseException:  # such as an interrupt from the keyboard, which does not reach the kernels
        threads.shutdown(wait=False, cancel_futures=True)
        for kernel in list(alive):
            os.kill(kernel, signal.SIGKILL)
        raise
    for name, nb in pages.items():
        known[name] = (cache.create_hashed_notebook(nb)[1], code_of(nb))


def keep(app, cache, path, nb, report, seconds):
    """Put the result of a page into the cache, with the list of what it rests on."""
    data = {"execution_seconds": seconds, "rests_on": results.rests_on(report, code_of(nb), results.project(app))}
    cache.cache_notebook_bundle(CacheBundleIn(nb, path, data=data), check_validity=False, overwrite=True)


def holds(app, cache, name, nb):
    """Say whether the cache has a result for a page that still holds, and forget one that does not."""
    try:
        record = cache.match_cache_notebook(nb)
    except KeyError:
        return False
    why = results.changed((record.data or {}).get("rests_on"), code_of(nb), results.project(app))
    if why:
        logger.info("%s runs again, because of %s", name, ", ".join(why[:5]) + (" ..." if len(why) > 5 else ""))
        cache.remove_cache(record.pk)
    return not why


def code_of(nb):
    """All code of a notebook."""
    return "\n".join(cell.source for cell in nb.cells if cell.cell_type == "code")


def costs(cache):
    """Seconds that each page took when it last ran, by its path."""
    records = sorted(cache.list_cache_records(), key=lambda record: record.created)
    return {record.uri: (record.data or {}).get("execution_seconds", 0) for record in records}


def run(app, path, nb, alive):
    """Run a page's code in a kernel of its own, in place.

    Args:
        app: Sphinx.
        path: of the page.
        nb: its notebook, which gets the outputs.
        alive: set of the numbers of kernels' processes, to which this one's belongs while it lives.

    Returns:
        What the recorder in the kernel told, and the seconds that the page took; None where its code failed.
    """
    start = monotonic()
    try:
        report = asyncio.run(_run(app, path, nb, alive))
    except (CellExecutionError, CellTimeoutError, DeadKernelError):
        return None
    return report, monotonic() - start


async def _run(app, path, nb, alive):
    """Run a page's code; give what the recorder told."""
    kernel = AsyncKernelManager(kernel_name=nb.metadata.get("kernelspec", {}).get("name", "python3"))
    await kernel.start_kernel(cwd=str(path.parent))
    alive.add(pid := kernel.provisioner.pid)
    client = kernel.client()
    try:
        client.start_channels()
        await client.wait_for_ready(timeout=SECONDS_TO_START)
        client.allow_stdin = False
        await ask(client, f"exec({program(results.project(app))!r}, {{}})")
        runner = NotebookClient(
            nb,
            km=kernel,
            timeout=app.config.nb_execution_timeout,
            allow_errors=app.config.nb_execution_allow_errors,
            record_timing=False,  # times in a cell's metadata would make it another cell to the cache
        )
        runner.kc = client
        await runner.async_execute()
        return json.loads(await ask(client, "", "__import__('sys')._rnnbook_recorder.report()"))
    finally:
        client.stop_channels()
        await kernel.shutdown_kernel(now=True)
        alive.discard(pid)


def program(root):
    """What a kernel runs before a page's first cell."""
    return RECORDER.read_text("utf-8") + f"\nsys._rnnbook_recorder = Recorder({str(root)!r})\n"


async def ask(client, code, expression="None"):
    """Run code in a kernel beside the page's cells, which stay numbered as they are; give what an expression is."""
    asked = {"asked": expression}
    message = client.execute(code, silent=True, store_history=False, user_expressions=asked, reply=True)
    reply = (await asyncio.wait_for(message, SECONDS_TO_START))["content"]
    answer = reply.get("user_expressions", {}).get("asked", {})
    if answer.get("status") != "ok":
        raise RuntimeError(f"The recorder in a page's kernel failed: {reply}")
    return ast.literal_eval(answer["data"]["text/plain"])


def setup(app):
    app.connect("config-inited", set_cache)
    app.connect("env-get-outdated", outdated)
    app.connect("env-before-read-docs", execute)
