"""What NumPy's calls cost on arrays so small that the arithmetic is nothing: the bound for small layers.

    python -m benchmarks.calls 2,24

prints, for a batch of B rows of H units, the microseconds of each call that a step of the LSTM makes, how often it
makes it, and what a step costs at least; and, as made 0 times, of two calls that it avoids. Run it with
``OMP_NUM_THREADS=1``, on a machine with nothing else to do.
"""

import sys
import time
import timeit

import numpy as np


def microseconds(call):
    return min(timeit.repeat(call, timer=time.process_time, number=20_000, repeat=9)) / 20_000 * 1e6


def calls(B, H):
    """For every kind of call: how often a step of the LSTM makes it, forward and backward, and the call."""
    rng = np.random.default_rng(0)
    new = lambda *shape: rng.standard_normal(shape).astype(np.float32) * 0.1  # noqa: E731
    h, W_hh, W_hh_T, z, z_2, c, c_2, c_3 = (
        new(*shape) for shape in [(B, H), (H, 4 * H), (4 * H, H), *[(4, B, H)] * 2, *[(B, H)] * 3]
    )
    rows = np.empty((B, 4 * H), np.float32)
    by_gate = rows.reshape(B, 4, H).swapaxes(0, 1)
    stack = np.ascontiguousarray(W_hh.reshape(H, 4, H).swapaxes(0, 1))
    return {
        "h times W_hh": (1, lambda: np.dot(h, W_hh, out=rows)),
        "dz times W_hh.T": (1, lambda: np.dot(rows, W_hh_T, out=c_2)),
        "tanh of four gates": (1, lambda: np.tanh(z, z_2)),
        "tanh of the cell": (1, lambda: np.tanh(c, c_2)),
        "sum or product of four gates": (4, lambda: np.multiply(z, z_2, z_2)),
        "sum or product of two gates": (1, lambda: np.multiply(z[:2], z_2[:2], z_2[2:])),
        "sum or product of one": (6, lambda: np.multiply(c, c_2, c_3)),
        "copy between rows and gates": (2, lambda: np.copyto(z, by_gate)),
        "copy of dc to two gates": (1, lambda: np.copyto(z[1:3], c)),
        "sum of a strided view of four gates": (0, lambda: np.add(by_gate, z, out=by_gate)),
        "a stack of four products, one a gate": (0, lambda: np.matmul(h, stack, out=z)),
    }


def main(size):
    B, H = map(int, size.split(","))
    total = 0.0
    print(f"B, H = {B}, {H}; numpy {np.__version__}\n\n| call | us | times a step |\n| --- | ---: | ---: |")
    for name, (often, call) in calls(B, H).items():
        cost = microseconds(call)
        total += often * cost
        print(f"| {name} | {cost:.2f} | {often} |")
    print(f"\nA step costs at least {total:.1f} us: 300 steps {0.3 * total:.2f} ms.")


if __name__ == "__main__":
    main(sys.argv[1])
