"""Wrong answers to the problems of 04-gradients, of a third draw."""

import numpy as np

from tests.rnnchecks.described import meant


@meant("gradients.step_jacobian", "diagonal-only")
def diagonal(h, W_hh):
    return np.diag((1 - h**2) * np.diag(W_hh))


@meant("gradients.jacobian_product", "earliest-on-the-left")
def wrong_side(h, W_hh, k, t):
    P = np.eye(len(W_hh))
    for j in range(k + 1, t + 1):
        P = P @ (np.diag(1 - h[j] ** 2) @ W_hh.T)
    return P


@meant("gradients.lag_norms", "one-lag-too-many")
def back_to_h0(d, h, W_hh):
    out = [np.linalg.norm(d, axis=1)]
    for t in range(len(h) - 1, -1, -1):
        d = (d * (1 - h[t] ** 2)) @ W_hh.T
        out.append(np.linalg.norm(d, axis=1))
    return np.stack(out)


def length(*gs):
    return np.sqrt(sum((g.astype(np.float64) ** 2).sum() for g in gs))


@meant("gradients.clip_by_norm", "by-value")
def each_number(dW_xh, dW_hh, db_h, max_norm):
    clipped = (np.clip(g, -max_norm, max_norm) for g in (dW_xh, dW_hh, db_h))
    return *clipped, length(dW_xh, dW_hh, db_h)


@meant("gradients.clip_by_norm", "always-rescaled-but-zero")
def always(dW_xh, dW_hh, db_h, max_norm):
    norm = length(dW_xh, dW_hh, db_h)
    f = max_norm / norm if norm > 0 else 1
    return dW_xh * f, dW_hh * f, db_h * f, norm


@meant("gradients.orthogonal_init", "only-the-gain")
def scaled(A, gain):
    return gain * A


@meant("gradients.diagnose", "tenth-rounded-up")
def minus_first(losses, norms, flat):
    reach = norms[-1] / norms[0]
    last = losses[-len(losses) // 10 :].mean()
    finite = np.isfinite(losses).all()
    if finite and last < losses[0] / 2:
        return 0
    if flat > 0.99:
        return 1
    if flat > 0.6:
        return 2
    if reach > 100:
        return 3
    if reach < 0.001:
        return 4
    return 5 if not finite or last > 1.2 * losses[0] else 6
