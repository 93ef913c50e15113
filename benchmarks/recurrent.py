"""The worker: time forward and backward of one library's recurrent layer, in a process of its own.

    python -m benchmarks.recurrent rnnlib 35 20 128 256

prints the lower quartile of the CPU seconds of one pass, with the gradients of the parameters and of the input.
"""

import sys
import time

import numpy as np

WARM_UP = 5
SECONDS = 1.5  # of CPU time, and at least LEAST passes
LEAST = 15


def rnnlib_pass(T, B, D, H, x, dh):
    """One pass of `rnnlib.RNN`, as a function of no arguments."""
    from rnnlib import RNN

    layer = RNN(D, H)

    def run():
        layer.forward(x)
        layer.backward(dh)

    return run


def torch_pass(T, B, D, H, x, dh):
    """One pass of `torch.nn.RNN` on one thread, as a function of no arguments."""
    import torch

    torch.set_num_threads(1)
    layer = torch.nn.RNN(D, H)
    x, dh = torch.from_numpy(x).requires_grad_(), torch.from_numpy(dh)

    def run():
        # Gradients are given, not added to those of the pass before: rnnlib does not add either.
        layer.zero_grad(set_to_none=True)
        x.grad = None
        h, _ = layer(x)
        h.backward(dh)

    return run


def lower_quartile(run):
    """Lower quartile of the CPU seconds of many calls of `run`: what it costs when nothing disturbs it."""
    for _ in range(WARM_UP):
        run()
    times = []
    while sum(times) < SECONDS or len(times) < LEAST:
        start = time.process_time()
        run()
        times.append(time.process_time() - start)
    return float(np.quantile(times, 0.25))


def main(library, *size):
    T, B, D, H = map(int, size)
    rng = np.random.default_rng(0)
    x = rng.standard_normal((T, B, D), dtype=np.float32)
    dh = rng.standard_normal((T, B, H), dtype=np.float32)
    prepare = {"rnnlib": rnnlib_pass, "torch": torch_pass}[library]
    print(lower_quartile(prepare(T, B, D, H, x, dh)))


if __name__ == "__main__":
    main(*sys.argv[1:])
