"""Settings every test shares."""

import os
import re

import pytest

# Before numpy is imported anywhere: one thread per process, as the Makefile sets it for everything else.
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")


# ---- The promises of book/grading.md ------------------------------------------------------------------------------

MARK = re.compile(r"^@pytest\.mark\.promise\((.*)\)$", re.MULTILINE)


def pytest_addoption(parser):
    """For a run of whole folders: each promise that a test in them carries must have been tried, and kept."""
    words = "fail when a promise of book/grading.md was not tried that a test in the given folders carries"
    parser.addoption("--promises", action="store_true", help=words)


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
    untried = _promised(config) - kept if config.getoption("--promises") else set()
    if not untried and not any(tried.values()):
        return
    terminalreporter.section("promises of book/grading.md")
    terminalreporter.line(f"tried in this run, and kept: {_listed(kept)}")
    for words, names in {"broken": tried["failed"], "left out here": tried["skipped"] - kept - tried["failed"]}.items():
        if names:
            terminalreporter.line(f"{words}: {_listed(names)}")
    if untried:
        terminalreporter.line(f"not tried, or not kept: {_listed(untried)}")


def pytest_sessionfinish(session):
    """Fail a run of whole folders in which a promise was not tried, or not kept."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter and session.config.getoption("--promises"):
        kept = _promises(reporter, "passed") - _promises(reporter, "failed")
        if _promised(session.config) - kept:
            session.exitstatus = session.exitstatus or 1


def _promises(reporter, outcome):
    reports = reporter.stats.get(outcome, [])
    return {value for report in reports for name, value in report.user_properties if name == "promise"}


def _promised(config):
    """The promises that tests carry in the files and folders of this run, whether they were chosen or not."""
    places = [config.invocation_params.dir / argument.partition("::")[0] for argument in config.args]
    files = {file for place in places for file in ([place] if place.is_file() else place.rglob("test_*.py"))}
    marks = [mark for file in files for mark in MARK.findall(file.read_text(encoding="utf-8"))]
    return {name for mark in marks for name in re.findall(r"\w+", mark)}


def _listed(names):
    return ", ".join(sorted(names, key=lambda name: (name[0], int(name[1:])))) or "none"
