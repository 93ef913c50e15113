"""--all-seeds tries the checks on fifty seeds in place of five, which takes minutes more."""

import pytest


def pytest_addoption(parser):
    parser.addoption("--all-seeds", action="store_true", help="try the checks on fifty seeds, not on five")


@pytest.fixture(scope="session")
def seeds(request):
    """Seeds of the cases on which a check has to give the same answers."""
    return range(50 if request.config.getoption("--all-seeds", default=False) else 5)
