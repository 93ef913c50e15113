"""What somebody meets who imports rnnlib: everything, at once, and nothing that is not used."""

import ast
import importlib
import inspect
import re
import subprocess
import sys
import tomllib
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pytest

import rnnlib
import rnnlib.data
import rnnlib.models

ROOT = Path(rnnlib.__file__).parents[1]
NEED_TORCH = ("minimal", "scan")  # left out of __all__, for a star must work without it
PACKAGES = [rnnlib, rnnlib.data, rnnlib.models]
# Without checks.py, which only says where the checks are now.
MODULES = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for path in (ROOT / "rnnlib").rglob("*.py")
    if not any(part.startswith("_") or part == "kernels" for part in path.relative_to(ROOT).with_suffix("").parts)
    and path != ROOT / "rnnlib/checks.py"
)


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.__name__)
def test_all_that_a_package_promises_is_there_and_seen(package):
    assert len(set(package.__all__)) == len(package.__all__)
    for name in package.__all__:
        assert getattr(package, name) is not None and name in dir(package)
    with pytest.raises(AttributeError, match=f"module {package.__name__!r} has no attribute 'Nonsense'"):
        _ = package.Nonsense


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.__name__)
def test_what_type_checkers_see_is_what_there_is(package):
    stub = ast.parse(Path(package.__file__).with_suffix(".pyi").read_text(encoding="utf-8"))
    seen = {}
    for node in stub.body:
        if isinstance(node, ast.ImportFrom):
            seen |= {alias.asname: (node.module, alias.name) for alias in node.names}
        else:
            assert isinstance(node, ast.AnnAssign)
            seen[node.target.id] = None
    assert set(seen) == {*package.__all__, *(NEED_TORCH if package is rnnlib else ())}
    for name, home in seen.items():
        if home is not None and home[0] != package.__name__:
            assert getattr(importlib.import_module(home[0]), home[1]) is getattr(package, name)


def test_every_public_module_is_reachable_and_says_what_is_in_it():
    assert {name.split(".")[1] for name in MODULES} <= {*rnnlib.__all__, *NEED_TORCH}
    assert all(hasattr(rnnlib, name) for name in NEED_TORCH)
    for name in MODULES:
        module = importlib.import_module(name)
        own = {
            key
            for key, thing in vars(module).items()
            if not key.startswith("_")
            and (inspect.isclass(thing) or inspect.isfunction(thing))
            and thing.__module__ == name
        }
        assert own <= set(module.__all__), f"{name}.__all__"
        assert not any(inspect.ismodule(getattr(module, key)) for key in module.__all__)


def run(program):
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, timeout=60)
    assert result.returncode == 0, result.stderr
    return set(result.stdout.split())


def test_an_import_loads_what_is_used_and_no_more():
    shown = ("rnnlib", "numpy", "torch", "matplotlib")
    say = f"import sys; print(*(m for m in sys.modules if m.split('.')[0] in {shown}))"
    assert run(f"import rnnlib; {say}") == {"rnnlib", "rnnlib._lazy"}
    loaded = run(f"import rnnlib; rnnlib.LSTM(3, 5); {say}")
    assert "rnnlib.lstm" in loaded
    for other in ("rnnlib.gru", "rnnlib.optim", "rnnlib.models", "rnnlib.data", "torch", "matplotlib"):
        assert other not in loaded
    assert "torch" not in run(f"from rnnlib import *; {say}")


def test_what_needs_a_package_that_is_missing_is_no_attribute_and_says_which():
    program = """
import inspect, sys
sys.modules["torch"] = None  # as if it were not installed
import rnnlib
assert not hasattr(rnnlib, "minimal") and hasattr(rnnlib, "from_torch")
members = [name for name, _ in inspect.getmembers(rnnlib)]
assert "LSTM" in members and "scan" not in members
try:
    rnnlib.scan
except AttributeError as error:
    assert str(error) == "module 'rnnlib': scan needs torch, which is not installed.", error
try:
    from rnnlib import scan
except ImportError as error:
    assert "torch" in str(error)
else:
    raise AssertionError
"""
    run(program)


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.__name__)
def test_a_package_shows_what_is_meant_for_its_readers(package):
    inside = {path.stem for path in Path(package.__file__).parent.iterdir()}
    shown = {name for name in dir(package) if not name.startswith("_")}
    assert shown <= {*package.__all__, *NEED_TORCH, *inside}


def test_the_version_has_one_source():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["tool"]["setuptools"]["dynamic"]["version"] == {"attr": "rnnlib.__version__"}
    assert rnnlib.__version__ == version("rnnlib")
    cited = re.findall(r"^version: (.+)$", (ROOT / "CITATION.cff").read_text(encoding="utf-8"), re.M)
    assert cited == [rnnlib.__version__]


REPRS = [
    "RNN(D=3, H=5)",
    "LSTM(D=3, H=5)",
    "GRU(D=3, H=5)",
    "RNN(D=3, H=5, activation='relu')",
    "GRU(D=3, H=5, reset_after=False)",
    "Linear(D=3, K=5)",
    "Embedding(V=3, E=5)",
    "Embedding(V=3, E=5, padding=0)",
    "OneHot(V=3)",
    "Dropout(p=0.5)",
    "LayerNorm(D=3)",
    "LayerNorm(D=3, eps=0.1)",
    "FeedForward(D=3, F=5)",
    "MultiHeadAttention(D=4, heads=2)",
    "AdditiveAttention(D_q=3, D_k=4, A=5)",
    "DotProductAttention()",
    "TransformerBlock(D=4, heads=2, F=5, causal=True)",
    "Bidirectional(RNN(D=3, H=5), RNN(D=3, H=5), merge='sum')",
    "Stack([RNN(D=3, H=5), LSTM(D=5, H=4)], dropout=0.5)",
    "Tagger(LSTM(D=3, H=5), Linear(D=5, K=2), embedding=Embedding(V=9, E=3))",
    "SequenceClassifier(RNN(D=3, H=5), Linear(D=5, K=2), pooling='mean')",
    "Forecaster(RNN(D=3, H=5), Linear(D=5, K=2))",
    "LanguageModel(RNN(D=9, H=5), Linear(D=5, K=9))",
]


@pytest.mark.parametrize("text", REPRS)
def test_a_layer_says_what_would_make_it(text):
    assert repr(eval(text, {name: getattr(rnnlib, name) for name in rnnlib.__all__})) == text


def test_widths_are_attributes():
    stack = rnnlib.Stack([rnnlib.Bidirectional(rnnlib.RNN(3, 5), rnnlib.GRU(3, 6)), rnnlib.LSTM(11, 4)])
    assert [(layer.D, layer.H) for layer in (stack.layers[0], stack.layers[1], stack)] == [(3, 11), (11, 4), (3, 4)]
    h, _ = stack.forward(np.ones((7, 2, stack.D), np.float32))
    assert h.shape == (7, 2, stack.H)
