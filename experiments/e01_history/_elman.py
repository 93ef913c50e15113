"""Elman's net of 1990 on temporal XOR, many nets side by side."""

import numpy as np

from rnnlib.activations import sigmoid

BATCH, PASSES, EVERY, LR = 50, 600, 10, 0.05


def temporal_xor(bits):
    """Pairs of bits (n, 2) -> the stream (3 n,), each pair followed by its exclusive-or."""
    return np.column_stack([bits, bits[:, 0] ^ bits[:, 1]]).ravel()


def gradients(x, h, W_xh, W_hh, b_h, W_hy, b_y):
    """Gradients of half the squared error, over the steps of a piece.

    Args:
        x: bits, ``(tau + 1, ..., B, 1)``; the last is a target only.
        h: context before the first step, ``(..., B, H)``, which is taken as given.
        W_xh: weights; all five may have a leading axis, one net for each of its entries.
        W_hh: see above.
        b_h: see above.
        W_hy: see above.
        b_y: see above.

    Returns:
        The five gradients, the state at the end, and the errors ``(tau, ..., B, 1)``.
    """
    tape, T = [], lambda a: np.swapaxes(a, -1, -2)
    for x_t, target in zip(x[:-1], x[1:], strict=True):
        h_prev, h = h, sigmoid(x_t @ W_xh + h @ W_hh + b_h)
        y = sigmoid(h @ W_hy + b_y)
        tape.append((x_t, h_prev, h, y - target, (y - target) * y * (1 - y)))
    grads, future = [0] * 5, 0
    for x_t, h_prev, h_t, _, da in reversed(tape):
        dz = (da @ T(W_hy) + future) * h_t * (1 - h_t)
        future = dz @ T(W_hh) if len(tape) > 1 else 0  # for the step before; in a piece of one step nobody gets it
        shares = T(x_t) @ dz, T(h_prev) @ dz, dz.sum(-2, keepdims=True), T(h_t) @ da, da.sum(-2, keepdims=True)
        grads = [g + share for g, share in zip(grads, shares, strict=True)]
    return grads, h, np.array([step[3] for step in tape])


def train(seeds, H, tau):
    """Train a net for each seed, with the error sent back over pieces of tau steps.

    Returns:
        Root-mean-square errors by place in every tenth pass, ``(passes / 10, 3, nets)``, and the five weights, each
        ``(nets, ., .)``.
    """
    rngs = [np.random.default_rng(seed) for seed in seeds]
    x = np.stack([temporal_xor(rng.integers(2, size=(1000, 2))).reshape(BATCH, -1) for rng in rngs])
    x = np.moveaxis(x, 2, 0)[..., None].astype(np.float32)  # (nets, 50, 60) -> (60, nets, 50, 1)
    shapes = ((1, H), (H, H), (1, H), (H, 1), (1, 1))
    w = [np.stack([rng.uniform(-1, 1, shape) for rng in rngs]).astype(np.float32) for shape in shapes]
    squares = np.zeros((PASSES // EVERY, 3, len(rngs)))
    for k in range(PASSES):
        h = np.full((len(rngs), BATCH, H), 0.5, np.float32)
        for start in range(0, len(x) - 1, tau):
            grads, h, errors = gradients(x[start : start + tau + 1], h, *w)
            w = [a - LR * g for a, g in zip(w, grads, strict=True)]
            for t, error in enumerate(errors if k % EVERY == 0 else (), start + 1):
                squares[k // EVERY, t % 3] += (error**2).mean(axis=(1, 2)) / len(x[1 + (t - 1) % 3 :: 3])
    return np.sqrt(squares), w


def on_new_bits(w, seed, places=3):
    """Root-mean-square errors on bits never seen, (places, nets), and how often each net says the exclusive-or of the
    last two bits, wherever it stands, (nets,)."""
    x = temporal_xor(np.random.default_rng([seed, 1990]).integers(2, size=(2000, 2))).astype(float)
    h, y = np.full((len(w[0]), 1, w[1].shape[-1]), 0.5), []
    for bit in x[:-1]:
        h = sigmoid(bit * w[0] + h @ w[1] + w[2])
        y.append(sigmoid(h @ w[3] + w[4])[:, 0, 0])
    t = np.arange(12, len(x))  # the first twelve bits are for settling in
    y = np.array(y)[t - 1]  # y[t - 1] is what was said about x[t]
    errors, rule = (y - x[t, None]) ** 2, x[t - 1] != x[t - 2]
    rms = np.array([np.sqrt(errors[t % places == k].mean(axis=0)) for k in range(places)])
    return rms, ((y > 0.5) == rule[:, None]).mean(axis=0)
