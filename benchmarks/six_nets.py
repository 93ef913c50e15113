"""Six nets of the same size on the same text for the same time: the run behind chapter 13's figure.

The nets and their training are the page's own: its cell with the tag `six-nets` is executed here.
"""

import argparse
import csv
import sys
import time
from math import log
from pathlib import Path

import jupytext
import numpy as np
import torch
from torch import nn

from rnnlib.data import Vocabulary, sonnets
from rnnlib.minimal import MinGRU
from rnnlib.positions import position_codes

T, B, RATES = 64, 16, (0.002, 0.005, 0.01)


def page_cell(page):
    """What the page's cell defines."""
    cells = [cell for cell in jupytext.read(page).cells if "six-nets" in cell.metadata.get("tags", [])]
    names = {"nn": nn, "torch": torch, "time": time, "MinGRU": MinGRU, "position_codes": position_codes}
    exec(compile("\n".join(cell.source for cell in cells), str(page), "exec"), names)
    return names


def text():
    """The sonnets in lower case as ids: eight parts to train on, one to choose with, one to judge with."""
    vocabulary = Vocabulary(sonnets().lower())
    ids = torch.from_numpy(np.array(vocabulary.encode(sonnets().lower()), dtype=np.int64))
    tenth = len(ids) // 10
    return len(vocabulary), ids[: 8 * tenth], ids[8 * tenth : 9 * tenth], ids[9 * tenth :]


def pieces(ids, V):
    """Cut a text into pieces of T letters, each with the letters that follow: (T, n, V) and (T, n)."""
    n = (len(ids) - 1) // T
    x, y = (ids[k : n * T + k].reshape(n, T).T for k in (0, 1))
    return nn.functional.one_hot(x, V).float(), y


def run(page, kind, seed, lr, seconds, every, known, other, V, budget):
    """Train one net; return it and what was noted."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    how = {"blocks": 2, "heads": 4} if kind == "Transformer" else {}
    model = page["build"](kind, V, V, budget, **how)
    x_other, y_other = pieces(other, V)

    def draw(B):
        at = rng.integers(len(known) - T, size=B)
        piece = torch.stack([known[a : a + T + 1] for a in at], dim=1)
        return nn.functional.one_hot(piece[:-1], V).float(), piece[1:]

    def bits(model):
        logits = model(x_other)
        return nn.functional.cross_entropy(logits.flatten(0, 1), y_other.flatten()).item() / log(2)

    return model, page["learn"](model, draw, lr=lr, seconds=seconds, every=every, measure=bits, B=B)


def main():
    parser = argparse.ArgumentParser(prog="python -m benchmarks.six_nets", description=__doc__)
    parser.add_argument("--seconds", type=float, default=25, help="CPU seconds of training for each net (default: 25)")
    parser.add_argument("--seeds", type=int, default=3, help="runs of each net (default: 3)")
    parser.add_argument("--budget", type=int, default=30_000, help="parameters of each net (default: 30,000)")
    parser.add_argument("--page", type=Path, default=Path("book/13-transformer.md"), help="where the nets are")
    options = parser.parse_args()
    torch.set_num_threads(1)
    page = page_cell(options.page)
    V, known, choose, judge = text()
    table = csv.writer(sys.stdout)
    table.writerow(["net", "seed", "rate", "width", "parameters", "seconds", "steps", "bits"])
    for kind in page["BODIES"]:
        # The rate is chosen on a part of the text, and with a seed, that nothing below uses.
        tries = {}
        for lr in RATES:
            quarter = options.seconds / 4
            _, notes = run(page, kind, 99, lr, quarter, quarter, known, choose, V, options.budget)
            tries[lr] = notes[-1][2]
        lr = min(tries, key=tries.get)
        for seed in range(options.seeds):
            model, notes = run(
                page, kind, seed, lr, options.seconds, options.seconds / 20, known, judge, V, options.budget
            )
            for seconds, steps, bits in notes:
                width, n = model[0].out_features, page["size"](model)
                table.writerow([kind, seed, lr, width, n, f"{seconds:.2f}", steps, f"{bits:.4f}"])
            sys.stdout.flush()


if __name__ == "__main__":
    main()
