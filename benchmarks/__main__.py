"""How long rnnlib's recurrent layer takes, as a part of what torch.nn.RNN takes for the same."""

import argparse
import math
import os
import platform
import statistics
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

# (T, B, D, H), and the largest ratio that meets the goal.
SIZES = {
    (25, 1, 64, 100): 0.2,
    (35, 20, 128, 256): 1.0,
    (100, 32, 128, 128): 1.0,
    (200, 64, 64, 256): 1.0,
    (50, 64, 512, 512): 1.0,
}
MEAN_GOAL = 0.6
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


def seconds(library, size):
    """CPU seconds of one pass of `library` at `size`, measured in a process of its own."""
    # In one process the two libraries' thread pools would spin against each other.
    command = [sys.executable, "-m", "benchmarks.recurrent", library, *map(str, size)]
    result = subprocess.run(
        command,
        env=os.environ | ONE_THREAD,
        cwd=Path(__file__).parents[1],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return float(result.stdout)


def cpu():
    """The processor's model as Linux knows it, or else what the platform says."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())


def row(*cells):
    print("| {:<18} | {:>9} | {:>9} | {:>6} | {:<11} | {:>6} | {:<8} |".format(*cells), flush=True)


def main():
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description=__doc__,
        epilog="Forward and backward, gradient of the input included, float32, one thread, each library in processes "
        "of its own, in turn. A time is the lower quartile of the CPU times of many passes; a ratio is taken for every "
        "pair of processes, and the table shows the median and the range of the ratios.",
    )
    parser.add_argument("--rounds", type=int, default=5, help="pairs of processes per size (default: 5)")
    rounds = parser.parse_args().rounds
    if rounds < 1:
        parser.error(f"--rounds: expected at least 1, got {rounds}")

    versions = ", ".join(f"{name} {version(name)}" for name in ("numpy", "torch"))
    print(f"{cpu()}; Python {platform.python_version()}, {versions}; {rounds} rounds\n")
    row("T, B, D, H", "rnnlib ms", "torch ms", "ratio", "range", "goal", "")
    row("-" * 18, "-" * 9, "-" * 9, "-" * 6, "-" * 11, "-" * 6, "-" * 8)
    medians = []
    for size, goal in SIZES.items():
        pairs = [(seconds("rnnlib", size), seconds("torch", size)) for _ in range(rounds)]
        ratios = sorted(ours / theirs for ours, theirs in pairs)
        medians.append(statistics.median(ratios))
        ours, theirs = (1e3 * statistics.median(times) for times in zip(*pairs, strict=True))
        spread = f"{ratios[0]:.2f}-{ratios[-1]:.2f}"
        row(", ".join(map(str, size)), f"{ours:.3f}", f"{theirs:.3f}", *judged(medians[-1], spread, goal))
    row("geometric mean", "", "", *judged(math.exp(statistics.fmean(map(math.log, medians))), "", MEAN_GOAL))


def judged(ratio, spread, goal):
    """The cells of a row from the ratio on."""
    return f"{ratio:.2f}", spread, f"{goal:.1f}", "met" if ratio <= goal else "missed"


if __name__ == "__main__":
    main()
