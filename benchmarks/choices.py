"""What each choice in rnnlib's kernels is worth: how much longer the other way takes.

    python -m benchmarks.choices

prints medians of ratios, the other way's CPU time to that of the kernels' way, both timed in turn in one process. Run
it with ``OMP_NUM_THREADS=1``.
"""

import time

import numpy as np

from rnnlib import LSTM
from rnnlib.kernels import products, workspace

NEVER = 10**15


def ratio(other, ours, number, rounds=25):
    """Quartiles of the ratios of the CPU times of `number` calls."""

    def seconds(call):
        start = time.process_time()
        for _ in range(number):
            call()
        return time.process_time() - start

    seconds(other), seconds(ours)
    return np.quantile([seconds(other) / seconds(ours) for _ in range(rounds)], [0.25, 0.5, 0.75])


def calls(B, H):
    """For every choice that is made call by call: the other way, and that of the kernels."""
    rng = np.random.default_rng(0)
    new = lambda *shape: rng.standard_normal(shape).astype(np.float32) * 0.1  # noqa: E731
    h, W_hh, dz, z, z_2 = new(B, H), new(H, 4 * H), new(B, 4 * H), new(4, B, H), new(4, B, H)
    rows, out = np.empty((B, 4 * H), np.float32), np.empty((B, H), np.float32)
    by_gate, copy_of_T = rows.reshape(B, 4, H).swapaxes(0, 1), np.ascontiguousarray(W_hh.T)
    stack = np.ascontiguousarray(W_hh.reshape(H, 4, H).swapaxes(0, 1))

    def one_product():
        np.dot(h, W_hh, out=rows)
        z[:] = by_gate

    return {
        "np.matmul, not np.dot": (lambda: np.matmul(h, W_hh, out=rows), lambda: np.dot(h, W_hh, out=rows)),
        "W_hh.T as a view, not a copy": (lambda: np.dot(dz, W_hh.T, out=out), lambda: np.dot(dz, copy_of_T, out=out)),
        "a stack of four products, not one and a copy": (lambda: np.matmul(h, stack, out=z), one_product),
        "sum of a strided view, not a contiguous one": (
            lambda: np.add(by_gate, z_2, out=by_gate),
            lambda: np.add(z, z_2, out=z),
        ),
        "a view made at every step, with its sum": (
            lambda: np.add(z[:2], z_2[:2], out=z[:2]),
            lambda a=z[:2], b=z_2[:2]: np.add(a, b, out=a),
        ),
    }


# Each way that a whole pass shows, the setting that turns it off, and the sizes T, B, D, H at which it is looked at.
SETTINGS = {
    "all gates in one product up to any width, not one each": (
        (products, "FEW", NEVER),
        [(100, 2, 24, 36), (100, 2, 24, 48), (100, 4, 24, 32), (100, 4, 24, 40), (50, 32, 32, 64)],
    ),
    "a product for each gate at any width, not one": ((products, "FEW", 0), [(100, 2, 12, 24), (100, 2, 24, 32)]),
    "two, three, five or seven rows together, not one by one": (
        (products, "APART", ()),
        [(30, 2, 20, 100), (30, 3, 20, 100), (30, 3, 20, 313), (30, 5, 20, 313), (30, 7, 20, 313)],
    ),
    "the inputs of a few rows step by step, not at once": (
        (products, "JOINED", 0),
        [(30, 3, 20, 64), (30, 3, 300, 313), (30, 8, 128, 128), (30, 16, 128, 128)],
    ),
    "wide products whole, not in blocks": (
        (products, "SMALL_PRODUCT", NEVER),
        [(35, 20, 128, 256), (50, 64, 64, 128), (50, 64, 64, 256), (20, 64, 512, 512)],
    ),
    "the sequence whole, not in chunks": (
        (workspace, "CACHED", NEVER),
        [(100, 32, 128, 128), (35, 20, 128, 256), (200, 64, 64, 256)],
    ),
    "new memory in every pass": (None, [(100, 2, 12, 24), (50, 32, 64, 64), (100, 32, 128, 128), (200, 64, 64, 256)]),
}


def passes(setting, T, B, D, H):
    """A pass of an LSTM the other way, and the kernels'."""
    rng = np.random.default_rng(0)
    layer, x, dh = LSTM(D, H), *(rng.standard_normal((T, B, width)).astype(np.float32) for width in (D, H))

    def ours():
        layer.forward(x)
        layer.backward(dh)

    other_layer = LSTM(D, H)

    def other():
        if setting is None:
            other_layer._workspace = workspace.Workspace()
        else:
            module, name, value = setting
            usual = getattr(module, name)
            setattr(module, name, value)
        other_layer.forward(x)
        other_layer.backward(dh)
        if setting is not None:
            setattr(module, name, usual)

    return other, ours


def row(name, size, quartiles):
    low, median, high = quartiles
    print(f"| {name} | {', '.join(map(str, size))} | {median:.2f} | {low:.2f}-{high:.2f} |", flush=True)


def main():
    print("| a call | B, H | ratio | quartiles |\n| --- | --- | ---: | --- |")
    for B, H in [(2, 24), (32, 64), (20, 256)]:
        for name, (other, ours) in calls(B, H).items():
            row(name, (B, H), ratio(other, ours, max(20, 40_000 // (B * H))))
    print("\n| a pass of the LSTM | T, B, D, H | ratio | quartiles |\n| --- | --- | ---: | --- |")
    for name, (setting, sizes) in SETTINGS.items():
        for size in sizes:
            T, B, _, H = size
            row(
                name,
                size,
                ratio(*passes(setting, *size), max(1, 30_000 // (T * B * H)), 7 if T * B * H > 10**6 else 25),
            )


if __name__ == "__main__":
    main()
