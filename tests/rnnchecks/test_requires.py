"""A notebook that needs newer checks than are installed hears which, in one line."""

import pytest

import rnnchecks
import rnnlib
from rnnchecks.api import TooOld

ENOUGH = [("0.1.0", "0.1"), ("0.1.0", "0.1.0"), ("0.10.0", "0.9"), ("1.0", "0.12.3")]
ENOUGH += [("0.2.0.0", "0.2"), ("0.2", "0.2.0"), ("0.2rc1", "0.2rc1"), ("0.2", "0.2rc1"), ("0.2rc2", "0.2b3")]
OLDER = [("0.1.0", "0.2"), ("0.1.0", "0.1.1"), ("0.9", "0.10"), ("0.1.0", "1")]
OLDER += [("0.2rc1", "0.2"), ("0.2.0.1", "0.2.0.2"), ("0.2rc1", "0.2rc2"), ("0.1", "0.2rc1"), ("0.2a2", "0.2b1")]


@pytest.mark.parametrize("here, needed", ENOUGH)
def test_what_is_new_enough_passes_in_silence(here, needed, monkeypatch, capsys):
    monkeypatch.setattr(rnnlib, "__version__", here)
    rnnchecks.requires(needed)
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("here, needed", OLDER)
def test_what_is_too_old_is_named_in_one_line(here, needed, monkeypatch):
    monkeypatch.setattr(rnnlib, "__version__", here)
    with pytest.raises(TooOld) as refused:
        rnnchecks.requires(needed)
    (line,) = refused.value._render_traceback_()
    assert "\n" not in line
    assert f"needs rnnchecks {needed} or later; {here} is installed: pip install -U rnnlib, which brings" in line


@pytest.mark.parametrize("version", ["", "latest", ">=0.2", "0.", "0.2rc", "0.2-1"])
def test_a_version_that_is_none_is_refused(version):
    with pytest.raises(ValueError, match="version: expected numbers with dots between"):
        rnnchecks.requires(version)
