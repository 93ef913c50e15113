"""The record of the claims on seeds that nobody chose: ``book/_data/claims.json``, written by ``make claims``.

For each experiment it holds the digest of its code, predicates and sentences, when it was run with which versions,
and for each repetition the seeds, which claims held and how large their effects were. Repetitions are only ever
added, until the digest changes: then the record of this experiment begins anew.

The digest names the files of ``experiments/`` that an experiment rests on, but not those of `rnnlib`: layers and losses
are held to PyTorch by tests of their own, and a better error message in one of them takes back no finding. The state of
the library is in the record, for whoever looks for a cause.
"""

import json
import platform
import re
import secrets
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

import digests
import rnnlib
from experiments.claims import STRENGTHS, Claim, modules, name_of, strength
from experiments.results import ROOT, plain, programs, write
from rnnlib.intervals import mean_interval

__all__ = [
    "PATH",
    "REPETITIONS",
    "add",
    "digest",
    "load",
    "must_say",
    "outcome",
    "repeat",
    "save",
    "speaks",
    "standing",
]

PATH = ROOT / "book/_data/claims.json"
REPETITIONS = 10
SEED_BITS = 32
WEAKER = re.compile(r"\b(?:usually|in this run),? ", re.I)  # words that follow the record


def load(path: Path = PATH) -> dict[str, Any]:
    """Read the record; empty where there is none yet."""
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def current(path: Path = PATH) -> dict[str, Any]:
    """The part of the record that belongs to the experiments as they are now."""
    found = modules()
    return {
        name: entry for name, entry in load(path).items() if name in found and entry["digest"] == digest(found[name])
    }


def save(record: dict[str, Any], path: Path = PATH) -> None:
    """Write the record, experiments in the order of their names."""
    write(path, json.dumps(dict(sorted(record.items())), indent=1, allow_nan=False) + "\n")


def digest(experiment: ModuleType) -> str:
    """Name what an experiment does and says: its code and what it uses of its chapter, predicates, sentences.

    "Usually" and "in this run" do not count: they follow the record, and a weaker word needs no new run.
    """
    folder = Path(str(experiment.__file__)).resolve().parent
    names = ""
    for path in programs(experiment):
        if path.parent == folder:
            names += f"{path.name} {digests.of_source(WEAKER.sub('', path.read_text(encoding='utf-8')))}\n"
    return digests.of_bytes(names.encode())[:24]


def outcome(experiment: ModuleType, seeds: Sequence[int]) -> dict[str, Any]:
    """Repeat an experiment, whole, and say which of its claims held and how large their effects were."""
    result = plain(experiment.run(list(seeds)))
    held = {claim.name: bool(claim.holds(result)) for claim in experiment.CLAIMS}
    effects = {claim.name: float(claim.effect(result)) for claim in experiment.CLAIMS if claim.effect}
    finite = {name: value if np.isfinite(value) else None for name, value in effects.items()}
    return {"seeds": list(seeds), "held": held, "effect": finite}


def repeat(name: str) -> tuple[str, dict[str, Any]]:
    """Repeat an experiment with seeds from the system; give its name and the outcome."""
    experiment = modules()[name]
    return name, outcome(experiment, [secrets.randbits(SEED_BITS) for _ in range(experiment.SEEDS)])


def add(record: dict[str, Any], experiment: ModuleType, run: dict[str, Any]) -> None:
    """Put a repetition into the record; drop those that were made by another program or for other sentences."""
    name, now = name_of(experiment), digest(experiment)
    if record.get(name, {}).get("digest") != now:
        record[name] = {"digest": now, "runs": []}
    entry = record[name]
    entry["runs"].append(run)
    entry["date"] = datetime.now(UTC).date().isoformat()
    entry["versions"] = {"python": platform.python_version(), "numpy": np.__version__, "rnnlib": rnnlib.__version__}
    entry["library"] = library_digest()
    entry["command"] = "make claims"
    entry["claims"] = {claim.name: summary(entry["runs"], claim) for claim in experiment.CLAIMS}


def retell(record: dict[str, Any]) -> None:
    """Sum up the repetitions again, for sentences whose words have followed the record."""
    for name, entry in record.items():
        if name in modules() and entry["digest"] == digest(modules()[name]):
            entry["claims"] = {claim.name: summary(entry["runs"], claim) for claim in modules()[name].CLAIMS}


def library_digest() -> str:
    """Name the state of the modules of rnnlib that this process has loaded."""
    files = {m.__file__ for n, m in sys.modules.items() if n.partition(".")[0] == "rnnlib" and m.__file__}
    return digests.of_bytes("".join(digests.of_file(Path(file)) for file in sorted(files)).encode())[:24]


def summary(runs: list[dict[str, Any]], claim: Claim) -> dict[str, Any]:
    """How often a claim held, and its effect with a 95 % interval over the repetitions."""
    said: dict[str, Any] = {"sentence": claim.sentence}
    said |= {"held": sum(run["held"][claim.name] for run in runs), "of": len(runs)}
    values = [run["effect"][claim.name] for run in runs if run["effect"].get(claim.name) is not None]
    if claim.effect and len(values) > 1:
        mean, low, high = mean_interval(values)
        said["effect"] = {"mean": mean, "low": low, "high": high, "unit": claim.unit}
    return said


def standing(record: dict[str, Any], name: str) -> dict[str, Any] | None:
    """What the record says of a claim; None where it has not been tried."""
    return record.get(name.rpartition(".")[0], {}).get("claims", {}).get(name)


def must_say(held: int, of: int) -> str:
    """How strongly a claim with this record may speak: "flatly", "usually" or "in this run"."""
    if held == of:
        return "flatly"
    return "usually" if held >= 0.8 * of else "in this run"


def speaks(sentence: str, said: dict[str, Any]) -> bool:
    """Whether a sentence speaks no more strongly than its record allows."""
    allowed = must_say(said["held"], said["of"]) if said["of"] else "in this run"
    return STRENGTHS.index(strength(sentence)) >= STRENGTHS.index(allowed)
