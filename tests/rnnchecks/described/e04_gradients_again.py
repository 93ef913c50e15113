"""More wrong answers to the problems of 04-gradients, of a second draw."""

import numpy as np

from tests.rnnchecks.described import meant


@meant("gradients.step_jacobian", "no-slope")
def weights_alone(h, W_hh):
    return W_hh.T.copy()


@meant("gradients.jacobian_product", "product-transposed")
def transposed_at_the_end(h, W_hh, k, t):
    P = np.eye(len(W_hh))
    for j in range(k + 1, t + 1):
        P = (np.diag(1 - h[j] ** 2) @ W_hh.T) @ P
    return P.T


def norms(d, h, back):
    out = [np.linalg.norm(d, axis=1)]
    for t in range(len(h) - 1, 0, -1):
        d = back(d, h[t])
        out.append(np.linalg.norm(d, axis=1))
    return np.stack(out)


@meant("gradients.lag_norms", "no-slope")
def no_slopes(d, h, W_hh):
    return norms(d, h, lambda d, h_t: d @ W_hh.T)


@meant("gradients.lag_norms", "no-transpose")
def forward_weights(d, h, W_hh):
    return norms(d, h, lambda d, h_t: (d * (1 - h_t**2)) @ W_hh)


@meant("gradients.clip_by_norm", "clips-the-short-ones")
def the_wrong_way_round(dW_xh, dW_hh, db_h, max_norm):
    norm = np.sqrt(sum((g.astype(np.float64) ** 2).sum() for g in (dW_xh, dW_hh, db_h)))
    if norm < max_norm:
        f = max_norm / norm
        return dW_xh * f, dW_hh * f, db_h * f, norm
    return dW_xh, dW_hh, db_h, norm


@meant("gradients.orthogonal_init", "columns-only-scaled")
def scaled_columns(A, gain):
    if A.shape[0] < A.shape[1]:
        return scaled_columns(A.T, gain).T
    return gain * A / np.linalg.norm(A, axis=0)


def rules(losses, norms, flat, finite, dead_first=True):
    reach = norms[-1] / norms[0]
    last = losses[-max(1, len(losses) // 10) :].mean()
    if finite and last < losses[0] / 2:
        return 0
    if dead_first and flat > 0.99:
        return 1
    if flat > 0.6:
        return 2
    if flat > 0.99:
        return 1
    if reach > 100:
        return 3
    if reach < 0.001:
        return 4
    return 5 if not finite or last > 1.2 * losses[0] else 6


@meant("gradients.diagnose", "nan-overlooked")
def never_asks_for_nan(losses, norms, flat):
    return rules(losses, norms, flat, True)


@meant("gradients.diagnose", "saturated-before-dead")
def saturated_first(losses, norms, flat):
    return rules(losses, norms, flat, np.isfinite(losses).all(), dead_first=False)
