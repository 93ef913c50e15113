"""A server for bugs; --all-mutants tries every fault that can be made, which takes hours."""

import pytest

from tests.mutants.server import Server


def pytest_addoption(parser):
    parser.addoption("--all-mutants", action="store_true", help="try every fault of the library's source, not a sample")


@pytest.fixture(scope="session")
def server():
    """A process that puts bugs into rnnlib."""
    server = Server()
    yield server
    server.close()
