"""Settings every test shares."""

import os
import re
from pathlib import Path

import pytest

# Before numpy is imported anywhere: one thread per process, as the Makefile sets it for everything else.
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")


# ---- The promises of book/grading.md ------------------------------------------------------------------------------


def pytest_addoption(parser):
    """For a run of the whole: each promise must have been tried in it."""
    parser.addoption("--promises", action="store_true", help="fail when a promise of book/grading.md was not tried")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Note in a test's report which promises it stands behind."""
    report = yield
    if report.when == "call" or report.outcome == "skipped":
        names = [name for mark in item.iter_markers("promise") for name in mark.args]
        report.user_properties += [("promise", name) for name in names]
    return report


def pytest_terminal_summary(terminalreporter, config):
    """Say which promises were tried in this run, and which were not."""
    tried = {outcome: _promises(terminalreporter, outcome) for outcome in ("passed", "failed", "skipped")}
    kept = tried["passed"] - tried["failed"]
    if not any(tried.values()):
        return
    terminalreporter.section("promises of book/grading.md")
    terminalreporter.line(f"tried in this run, and kept: {_listed(kept)}")
    for words, names in {"broken": tried["failed"], "left out here": tried["skipped"] - kept - tried["failed"]}.items():
        if names:
            terminalreporter.line(f"{words}: {_listed(names)}")
    if config.getoption("--promises") and (untried := _promised() - kept):
        terminalreporter.line(f"not tried, or not kept: {_listed(untried)}")


def pytest_sessionfinish(session):
    """Fail a run of the whole in which a promise was not tried."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter and session.config.getoption("--promises") and _promised() - _promises(reporter, "passed"):
        session.exitstatus = session.exitstatus or 1


def _promises(reporter, outcome):
    reports = reporter.stats.get(outcome, [])
    return {value for report in reports for name, value in report.user_properties if name == "promise"}


def _promised():
    page = (Path(__file__).resolve().parents[1] / "book" / "grading.md").read_text(encoding="utf-8")
    return set(re.findall(r"^- \*\*([A-Z]\d+)\*\* ", page.partition("## The promises")[2], re.MULTILINE))


def _listed(names):
    return ", ".join(sorted(names, key=lambda name: (name[0], int(name[1:])))) or "none"
