"""How long minGRU takes with each of its three scans, and torch.nn.GRU for contrast, as sequences get longer."""

import argparse
import platform
import statistics
import sys
import time
from importlib.metadata import version

import torch

from rnnlib.minimal import MinGRU

B, D, H = 16, 128, 128
LAYERS = {
    "loop": lambda: MinGRU(D, H, scan="loop"),
    "parallel": lambda: MinGRU(D, H, scan="parallel"),
    "log": lambda: MinGRU(D, H, scan="log"),
    "torch GRU": lambda: torch.nn.GRU(D, H),
}


def one_pass(layer, x, dh):
    """Forward and backward, with the gradient of the input."""
    layer.zero_grad(set_to_none=True)
    x.grad = None
    h, _ = layer(x)
    h.backward(dh)


def seconds(device, layer, x, dh):
    """CPU seconds of one pass, or on a device, where the processor only waits, seconds of the clock."""
    if device == "cpu":
        start = time.process_time()
        one_pass(layer, x, dh)
        return time.process_time() - start
    torch.accelerator.synchronize()
    start = time.perf_counter()
    one_pass(layer, x, dh)
    torch.accelerator.synchronize()
    return time.perf_counter() - start


def row(*cells):
    print("| {:>5} | {:>9} | {:>11} | {:>9} | {:>9} | {:>15} | {:>10} |".format(*cells), flush=True)


def main():
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.scan",
        description=__doc__,
        epilog=f"Forward and backward of a layer with B={B}, D=H={H}, gradient of the input included, float32, one "
        "thread. The four take turns, round after round. A time is the median over the rounds; a ratio is taken "
        "within each round, and the table shows the median.",
    )
    parser.add_argument("--rounds", type=int, default=7, help="passes of each layer per length (default: 7)")
    parser.add_argument("--longest", type=int, default=4096, help="largest number of steps (default: 4096)")
    parser.add_argument("--device", default="cpu", help="where to run: cpu (default), cuda, ...")
    options = parser.parse_args()
    if options.rounds < 1 or options.longest < 64:
        parser.error("expected at least 1 round and at least 64 steps")
    device = options.device
    if device != "cpu" and not torch.accelerator.is_available():
        sys.exit(f"--device {device}: this PyTorch sees no device. Leave the option out to run on the CPU.")

    torch.set_num_threads(1)
    torch.manual_seed(0)
    where = torch.cuda.get_device_name() if device.startswith("cuda") else device
    print(f"{where}; Python {platform.python_version()}, torch {version('torch')}; {options.rounds} rounds\n")
    row("T", *(f"{name} ms" if name != "torch GRU" else "GRU ms" for name in LAYERS), "parallel / loop", "log / loop")
    row(*("-" * width for width in (5, 9, 11, 9, 9, 15, 10)))
    T = 64
    while T <= options.longest:
        x = torch.randn(T, B, D, device=device, requires_grad=True)
        dh = torch.randn(T, B, H, device=device)
        layers = {name: make().to(device) for name, make in LAYERS.items()}
        for layer in layers.values():
            one_pass(layer, x, dh)  # warm-up
        times = {name: [] for name in layers}
        for _ in range(options.rounds):
            for name, layer in layers.items():
                times[name].append(seconds(device, layer, x, dh))
        medians = [f"{1e3 * statistics.median(values):.2f}" for values in times.values()]
        ratios = [
            statistics.median(ours / loop for ours, loop in zip(times[name], times["loop"], strict=True))
            for name in ("parallel", "log")
        ]
        row(T, *medians, *(f"{ratio:.2f}" for ratio in ratios))
        T *= 4


if __name__ == "__main__":
    main()
