"""How a pass is timed, and how two programs are compared that must not share a process."""

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
WARM_UP = 4
SECONDS = 0.25  # of CPU time, and at least LEAST passes
LEAST = 8
ENOUGH = 8.0  # seconds of CPU time after which fewer passes must do
ROOT = Path(__file__).parents[1]


def lower_quartile(run):
    """Lower quartile of the CPU seconds of many calls of `run`: what it costs when nothing disturbs it."""
    start = time.process_time()
    for _ in range(WARM_UP):
        run()
        if time.process_time() - start > ENOUGH / 4:
            break
    times = []
    while sum(times) < SECONDS or (len(times) < LEAST and sum(times) < ENOUGH):
        start = time.process_time()
        run()
        times.append(time.process_time() - start)
    return float(np.quantile(times, 0.25))


def random_sizes(n, seed):
    """Sizes T,B,D,H that nobody chose: log-uniform, T from 5 to 400, B from 1 to 128, D and H from 8 to 512."""
    low, high = np.log([5, 1, 8, 8]), np.log([401, 129, 513, 513])
    drawn = np.exp(np.random.default_rng(seed).uniform(low, high, (n, 4))).astype(int)
    return [",".join(map(str, size)) for size in drawn.tolist()]


def numbers(worker, *arguments, root=ROOT):
    """What ``python -m benchmarks.<worker> <arguments>`` prints, as an array: one number a line; `root` holds both."""
    # In one process the two libraries' thread pools would spin against each other.
    result = subprocess.run(
        [sys.executable, "-m", f"benchmarks.{worker}", *map(str, arguments)],
        env=os.environ | ONE_THREAD,
        cwd=root,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return np.array(result.stdout.split(), float)


def pairs(rounds, ours, theirs):
    """Run two workers in turn, `rounds` times each: arrays (rounds, sizes) of what they print."""
    both = [(numbers(*ours), numbers(*theirs)) for _ in range(rounds)]
    return tuple(np.array(side) for side in zip(*both, strict=True))


def geometric_mean(ratios):
    return statistics.geometric_mean(float(ratio) for ratio in ratios)
