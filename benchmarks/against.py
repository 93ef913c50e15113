"""How long the recurrent layers take, as a part of what they took at another commit.

    python -m benchmarks.against 8b1be82

Both versions run in processes of their own, in turn, on the sizes of ``python -m benchmarks`` and on random ones. A
time is the lower quartile of the CPU times of many passes; a ratio is taken for every pair of processes, and a table
shows the median and the range of the ratios.
"""

import argparse
import subprocess
import tempfile

import numpy as np

from benchmarks.__main__ import SIZES, cpu
from benchmarks.measure import ROOT, geometric_mean, numbers, random_sizes

MEAN, SINGLE = 1.03, 1.10  # the largest geometric mean and the largest single ratio that are no loss


def checked_out(commit, folder):
    """Put the files of a commit that a benchmark needs into a folder."""
    archive = subprocess.run(
        ["git", "archive", commit, "rnnlib", "benchmarks"], cwd=ROOT, stdout=subprocess.PIPE, check=True
    )
    subprocess.run(["tar", "-x", "-C", folder], input=archive.stdout, check=True)


def compare(kind, dtype, sizes, rounds, folder):
    """Print the table of one layer; return the median ratios."""
    work = ("recurrent", "rnnlib", kind, dtype, "full", *sizes)
    ratios, times = [], []
    for turn in range(rounds):
        sides = {}
        for root in (ROOT, folder) if turn % 2 else (folder, ROOT):  # who is first may matter
            sides[root] = numbers(*work, root=root)
        ratios.append(sides[ROOT] / sides[folder])
        times.append(sides[ROOT])
    medians = np.median(ratios, axis=0)
    print(f"\n{kind}, {dtype}\n\n| T, B, D, H         |    new ms | new/old | range       |")
    print("| ------------------ | --------- | ------- | ----------- |")
    for k, size in enumerate(sizes):
        spread = f"{np.min(ratios, axis=0)[k]:.2f}-{np.max(ratios, axis=0)[k]:.2f}"
        now = 1e3 * np.median(times, axis=0)[k]
        print(f"| {size.replace(',', ', '):<18} | {now:>9.3f} | {medians[k]:>7.2f} | {spread:<11} |", flush=True)
    mean, worst = geometric_mean(medians), medians.max()
    verdict = "no loss" if mean <= MEAN and worst <= SINGLE else "a loss"
    print(f"\ngeometric mean {mean:.3f} (at most {MEAN}), largest {worst:.2f} (at most {SINGLE}): {verdict}")


def main():
    parser = argparse.ArgumentParser(prog="python -m benchmarks.against", description=__doc__.split("\n")[0])
    parser.add_argument("commit", help="the version to compare with")
    parser.add_argument("--rounds", type=int, default=5, help="pairs of processes per table (default: 5)")
    parser.add_argument("--random", type=int, default=12, help="sizes that are drawn at random (default: 12)")
    parser.add_argument("--seed", type=int, help="seed of the random sizes; default: a new one, which is printed")
    parser.add_argument("--layers", nargs="+", default=["RNN", "LSTM", "GRU"], help="default: all three")
    parser.add_argument("--dtypes", nargs="+", default=["float32"], help="default: float32")
    arguments = parser.parse_args()
    seed = np.random.SeedSequence().entropy % 10**6 if arguments.seed is None else arguments.seed
    print(f"{cpu()}; numpy {np.__version__}; against {arguments.commit}; {arguments.rounds} rounds; seed {seed}")
    with tempfile.TemporaryDirectory() as folder:
        checked_out(arguments.commit, folder)
        for kind in arguments.layers:
            for dtype in arguments.dtypes:
                sizes = SIZES + random_sizes(arguments.random, seed)
                compare(kind, dtype, sizes, arguments.rounds, folder)


if __name__ == "__main__":
    main()
