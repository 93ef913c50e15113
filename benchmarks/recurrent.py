"""The worker: time forward and backward of one recurrent layer at several sizes, in a process of its own.

    python -m benchmarks.recurrent rnnlib LSTM float32 full 35,20,128,256 100,32,128,128

prints, for each size T,B,D,H, the lower quartile of the CPU seconds of one pass, with the gradients of the parameters
and of the input. Instead of ``rnnlib``: ``torch``; ``products``, the LSTM's matrix products and nothing else;
``plain``, an LSTM as one writes it first, gate by gate and step by step. Instead of ``full``: ``lengths``, sequences of
1 to T steps (in torch a packed sequence); ``memory``, the MiB by which the process grows at its peak, not seconds.
"""

import resource
import sys

import numpy as np

from benchmarks.measure import lower_quartile


def rnnlib_pass(kind, x, dh, lengths):
    """One pass of rnnlib's layer, as a function of no arguments."""
    from rnnlib import gru, lstm, rnn

    layer = {"RNN": rnn.RNN, "GRU": gru.GRU, "LSTM": lstm.LSTM}[kind](x.shape[2], dh.shape[2], dtype=x.dtype)

    def run():
        layer.forward(x, lengths=lengths)
        layer.backward(dh)

    return run


def torch_pass(kind, x, dh, lengths):
    """One pass of torch's layer on one thread, as a function of no arguments."""
    import torch
    from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

    torch.set_num_threads(1)
    x, dh = torch.from_numpy(x).requires_grad_(), torch.from_numpy(dh)
    layer = getattr(torch.nn, kind)(x.shape[2], dh.shape[2], dtype=x.dtype)
    counts = None if lengths is None else torch.from_numpy(lengths)

    def run():
        # Gradients are given, not added to those of the pass before: rnnlib does not add either.
        layer.zero_grad(set_to_none=True)
        x.grad = None
        if counts is None:
            h, _ = layer(x)
        else:
            h, _ = layer(pack_padded_sequence(x, counts, enforce_sorted=False))
            h, _ = pad_packed_sequence(h, total_length=len(x))
        h.backward(dh)

    return run


def products_pass(kind, x, dh, lengths):
    """The products of an LSTM's pass, as plain products: what is left when everything else costs nothing."""
    (T, B, D), H = x.shape, dh.shape[2]
    rng = np.random.default_rng(1)
    W_xh, W_hh = (rng.standard_normal((n, 4 * H)).astype(x.dtype) for n in (D, H))
    W_hh_T, dz = np.ascontiguousarray(W_hh.T), rng.standard_normal((T * B, 4 * H)).astype(x.dtype)
    z, back, rows = np.empty((B, 4 * H), x.dtype), np.empty((B, H), x.dtype), x.reshape(T * B, D)

    def run():
        rows @ W_xh
        for h_t, dz_t in zip(dh, dz.reshape(T, B, 4 * H), strict=True):
            np.dot(h_t, W_hh, out=z)
            np.dot(dz_t, W_hh_T, out=back)
        rows.T @ dz
        dh.reshape(T * B, H).T @ dz
        dz @ W_xh.T

    return run


def plain_pass(kind, x, dh, lengths):
    """An LSTM as one writes it first: every gate by itself, at every step, with weights of its own."""
    (T, B, D), H = x.shape, dh.shape[2]
    rng = np.random.default_rng(1)
    W = {gate: (rng.standard_normal((D + H, H)) / np.sqrt(H)).astype(x.dtype) for gate in "ifgo"}

    def sigmoid(a):
        return 1 / (1 + np.exp(-a))

    def run():
        h = c = np.zeros((B, H), x.dtype)
        saved = []
        for x_t in x:
            inputs, c_prev = np.concatenate([x_t, h], axis=1), c
            i, f, o = (sigmoid(inputs @ W[gate]) for gate in "ifo")
            g = np.tanh(inputs @ W["g"])
            c = f * c_prev + i * g
            h = o * np.tanh(c)
            saved.append((inputs, i, f, g, o, c_prev, c))
        dW = {gate: np.zeros_like(W[gate]) for gate in W}
        db = {gate: np.zeros(H, x.dtype) for gate in W}
        dx, dh_next, dc_next = np.zeros_like(x), 0, 0
        for t in reversed(range(T)):
            inputs, i, f, g, o, c_prev, c = saved[t]
            dh_t = dh[t] + dh_next
            dc = dc_next + dh_t * o * (1 - np.tanh(c) ** 2)
            dz = {
                "i": dc * g * i * (1 - i),
                "f": dc * c_prev * f * (1 - f),
                "g": dc * i * (1 - g**2),
                "o": dh_t * np.tanh(c) * o * (1 - o),
            }
            for gate in W:
                dW[gate] += inputs.T @ dz[gate]
                db[gate] += dz[gate].sum(axis=0)
            dinputs = sum(dz[gate] @ W[gate].T for gate in W)
            dx[t], dh_next, dc_next = dinputs[:, :D], dinputs[:, D:], dc * f

    return run


def peak_mib(run):
    """MiB by which two calls of `run` raise the process' largest size."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    run()
    run()
    return (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024


def main(program, kind, dtype, case, *sizes):
    prepare = {"rnnlib": rnnlib_pass, "torch": torch_pass, "products": products_pass, "plain": plain_pass}[program]
    for size in sizes:
        T, B, D, H = map(int, size.split(","))
        rng = np.random.default_rng(0)
        x = rng.standard_normal((T, B, D)).astype(dtype)
        dh = rng.standard_normal((T, B, H)).astype(dtype)
        lengths = rng.integers(1, T + 1, B) if case == "lengths" else None
        run = prepare(kind, x, dh, lengths)
        print(peak_mib(run) if case == "memory" else lower_quartile(run))


if __name__ == "__main__":
    main(*sys.argv[1:])
