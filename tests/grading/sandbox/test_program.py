"""Which bubblewrap is taken: of programs that say what they are told to."""

import shutil

import pytest

from grading.sandbox import program


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """Put programs on a made-up machine: a function of their versions, and of which may make name spaces."""

    def make(system=None, packaged=None, able=("system", "packaged")):
        paths = {}
        for name, version in {"system": system, "packaged": packaged}.items():
            if version:
                path = tmp_path / name
                status = 0 if name in able else 1
                path.write_text(f'#!/bin/sh\n[ "$1" = --version ] && echo "bubblewrap {version}" || exit {status}\n')
                path.chmod(0o755)
                paths[name] = str(path)
        real = shutil.which
        monkeypatch.setattr(shutil, "which", lambda name: paths.get("system") if name == "bwrap" else real(name))
        monkeypatch.setattr(program, "packaged", lambda: paths.get("packaged"))
        program.sandbox_program.cache_clear()
        return program.sandbox_program()

    yield make
    program.sandbox_program.cache_clear()


@pytest.mark.parametrize(
    "found, said",
    [
        ({"system": "0.8.0", "packaged": "0.11.0"}, "bubblewrap 0.11.0, from the Python packages"),
        ({"system": "0.12.1", "packaged": "0.11.0"}, "bubblewrap 0.12.1, the system's own"),
        ({"system": "0.11.0", "packaged": "0.11.0"}, "bubblewrap 0.11.0, the system's own"),
        ({"system": "0.8.0"}, "bubblewrap 0.8.0, the system's own"),
        ({"packaged": "0.11.0"}, "bubblewrap 0.11.0, from the Python packages"),
        ({"system": "0.8.0", "packaged": "0.11.0", "able": ["system"]}, "bubblewrap 0.8.0, the system's own"),
        (
            {"system": "0.12.0", "packaged": "0.11.0", "able": ["packaged"]},
            "bubblewrap 0.11.0, from the Python packages",
        ),
        # None may: the newest one's words explain it.
        ({"system": "0.8.0", "packaged": "0.11.0", "able": []}, "bubblewrap 0.11.0, from the Python packages"),
        ({"system": "of today"}, "bubblewrap of an unknown version, the system's own"),
    ],
)
def test_the_newest_that_may_is_taken(machine, found, said):
    assert str(machine(**found)) == said


def test_where_there_is_none_there_is_none(machine):
    assert machine() is None
