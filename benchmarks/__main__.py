"""How long rnnlib's recurrent layers take, as a part of what torch's take for the same."""

import argparse
import platform
from importlib.metadata import version
from pathlib import Path

import numpy as np

from benchmarks.measure import geometric_mean, numbers, pairs, random_sizes

# T,B,D,H
SIZES = """25,1,64,100 35,20,128,256 100,32,128,128 200,64,64,256 50,64,512,512 30,1,16,32 20,8,8,32 100,8,10,50
25,16,32,64 50,32,32,64 25,16,65,128 50,32,64,128""".split()
WIDE = [size for size in SIZES if int(size.split(",")[1]) >= 20 and int(size.split(",")[3]) >= 128]
GROWTH = {"50,32,64,128": "T, B, D, H", "100,32,64,128": "2T", "50,64,64,128": "2B", "50,32,64,256": "2H"}
MODELS = ["50,32,65,32", "50,32,65,64", "50,32,65,128", "25,16,65,128", "25,1,65,100"]  # T,B,V,H

# Layer, dtype, sequences; the largest geometric mean and the largest single ratio that meet the goal.
COMPARED = [
    ("RNN", "float32", "full", 0.33, 1.0),
    ("GRU", "float32", "full", 0.40, 1.0),
    ("LSTM", "float32", "full", 1.00, 1.5),
    ("LSTM", "float64", "full", 0.85, None),
    ("RNN", "float32", "lengths", 0.8, None),
    ("GRU", "float32", "lengths", 0.8, None),
    ("LSTM", "float32", "lengths", 0.8, None),
]


# On sizes that nobody chose: layer, largest geometric mean and largest single ratio.
RANDOM = [("RNN", 0.33, 1.5), ("GRU", 0.40, 1.5), ("LSTM", 1.05, 1.5)]


def cpu():
    """The processor's model as Linux knows it, or else what the platform says."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())


def row(*cells):
    print("| {:<18} | {:>9} | {:>9} | {:>6} | {:<11} | {:>5} | {:<6} |".format(*cells), flush=True)


def judged(ratio, goal):
    """The last cells of a row: a goal and whether it is met."""
    return ("", "") if goal is None else (f"{goal:.2f}", "met" if ratio <= goal else "missed")


def compare(title, sizes, axes, rounds, ours, theirs, mean_goal, single_goal):
    """Print the table of one comparison: the median of each size's ratios, their range, and the goals."""
    print(f"\n{title}\n")
    row(axes, "rnnlib ms", "torch ms", "ratio", "range", "goal", "")
    row("-" * 18, "-" * 9, "-" * 9, "-" * 6, "-" * 11, "-" * 5, "-" * 6)
    our_times, their_times = pairs(rounds, (*ours, *sizes), (*theirs, *sizes))
    ratios = our_times / their_times
    medians = np.median(ratios, axis=0)
    for k, size in enumerate(sizes):
        times = (f"{1e3 * np.median(side[:, k]):.3f}" for side in (our_times, their_times))
        spread = f"{ratios[:, k].min():.2f}-{ratios[:, k].max():.2f}"
        row(size.replace(",", ", "), *times, f"{medians[k]:.2f}", spread, *judged(medians[k], single_goal))
    mean = geometric_mean(medians)
    row("geometric mean", "", "", f"{mean:.2f}", "", *judged(mean, mean_goal))


def lstm(program, case, sizes):
    return numbers("recurrent", program, "LSTM", "float32", case, *sizes)


def shares():
    """Print what the LSTM's time is made of, beside a plain loop, its memory, and how it grows."""
    products, ours, plain = (lstm(program, "full", WIDE) for program in ("products", "rnnlib", "plain"))
    print(
        "\nLSTM, float32: its bare matrix products as a part of its time (goal 0.70), and a plain loop gate by gate\n"
    )
    print("| T, B, D, H         | share |        | plain loop / rnnlib |")
    print("| ------------------ | ----- | ------ | ------------------- |")
    for size, share, slower in zip(WIDE, products / ours, plain / ours, strict=True):
        print(f"| {size.replace(',', ', '):<18} | {share:>5.2f} | {judged(-share, -0.70)[1]:<6} | {slower:>19.1f} |")

    print("\nLSTM, float32: MiB that forward and backward add to the process at its peak\n")
    for size in ("35,20,128,256", "200,64,64,256"):  # a process for each: a peak does not come down again
        ours, theirs = (lstm(program, "memory", [size])[0] for program in ("rnnlib", "torch"))
        print(f"- {size.replace(',', ', ')}: rnnlib {ours:.0f}, torch {theirs:.0f}")

    print("\nLSTM, float32: growth of the time\n")
    times = lstm("rnnlib", "full", GROWTH)
    for (size, what), seconds in zip(GROWTH.items(), times, strict=True):
        print(f"- {what:<10} = {size.replace(',', ', ')}: {1e3 * seconds:.2f} ms, times {seconds / times[0]:.2f}")


def main():
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description=__doc__,
        epilog="Forward and backward, gradient of the input included, one thread, each library in processes of its "
        "own, in turn. A time is the lower quartile of the CPU times of many passes; a ratio is taken for every pair "
        "of processes, and a table shows the median and the range of the ratios.",
    )
    parser.add_argument("--rounds", type=int, default=3, help="pairs of processes per table (default: 3)")
    parser.add_argument("--random", type=int, default=24, help="sizes that are drawn at random (default: 24)")
    parser.add_argument("--seed", type=int, help="seed of the random sizes; default: a new one, which is printed")
    parser.add_argument("--only-random", action="store_true", help="compare on the random sizes and stop")
    arguments = parser.parse_args()
    rounds, n = arguments.rounds, arguments.random
    if rounds < 1 or n < 1:
        parser.error(f"--rounds, --random: expected at least 1, got {rounds} and {n}")
    seed = np.random.SeedSequence().entropy % 10**6 if arguments.seed is None else arguments.seed

    versions = ", ".join(f"{name} {version(name)}" for name in ("numpy", "torch"))
    print(f"{cpu()}; Python {platform.python_version()}, {versions}; {rounds} rounds")
    print(f"random sizes: {n}, seed {seed}")
    for kind, mean_goal, single_goal in RANDOM:
        ours, theirs = (("recurrent", library, kind, "float32", "full") for library in ("rnnlib", "torch"))
        title = f"{kind}, float32, random sizes"
        compare(title, random_sizes(n, seed), "T, B, D, H", rounds, ours, theirs, mean_goal, single_goal)
    if arguments.only_random:
        return
    for kind, dtype, case, mean_goal, single_goal in COMPARED:
        title = f"{kind}, {dtype}" + (", sequences of 1 to T steps; torch's are packed" if case == "lengths" else "")
        ours, theirs = (("recurrent", library, kind, dtype, case) for library in ("rnnlib", "torch"))
        compare(title, SIZES, "T, B, D, H", rounds, ours, theirs, mean_goal, single_goal)
    ours, theirs = (("language_model", library) for library in ("rnnlib", "torch"))
    compare("A character model's training step", MODELS, "T, B, V, H", rounds, ours, theirs, 0.85, 0.85)
    shares()


if __name__ == "__main__":
    main()
