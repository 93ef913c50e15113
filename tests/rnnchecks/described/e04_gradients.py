"""Wrong answers to the problems of 04-gradients, written from descriptions."""

import numpy as np

from tests.rnnchecks.described import meant


@meant("gradients.step_jacobian", "h-not-squared")
def slope_one_minus_h(h, W_hh):
    return np.diag(1 - h) @ W_hh.T


@meant("gradients.step_jacobian", "slope-on-the-columns")
def slopes_across(h, W_hh):
    return W_hh.T * (1 - h**2)


@meant("gradients.jacobian_product", "last-factor-missing")
def range_ends_early(h, W_hh, k, t):
    P = np.eye(len(W_hh))
    for j in range(k + 1, t):
        P = np.diag(1 - h[j] ** 2) @ W_hh.T @ P
    return P


@meant("gradients.jacobian_product", "entry-by-entry-from-the-identity")
def diagonal_jacobians(h, W_hh, k, t):
    P = np.eye(len(W_hh))
    for j in range(k + 1, t + 1):
        P = np.diag((1 - h[j] ** 2) * np.diag(W_hh)) @ P
    return P


@meant("gradients.lag_norms", "norm-over-the-batch")
def norms_of_columns(d, h, W_hh):
    T = len(h)
    norms = [np.sqrt((d**2).sum(axis=0))]
    for lag in range(1, T):
        d = (d * (1 - h[T - lag] ** 2)) @ W_hh.T
        norms.append(np.sqrt((d**2).sum(axis=0)))
    return np.array(norms)


@meant("gradients.lag_norms", "slope-after-the-weights")
def weights_first(d, h, W_hh):
    T = len(h)
    norms = [np.linalg.norm(d, axis=1)]
    for lag in range(1, T):
        d = (d @ W_hh.T) * (1 - h[T - lag] ** 2)
        norms.append(np.linalg.norm(d, axis=1))
    return np.array(norms)


@meant("gradients.clip_by_norm", "overflows-in-float32")
def in_the_dtype_of_the_gradients(dW_xh, dW_hh, db_h, max_norm):
    norm = np.sqrt((dW_xh**2).sum() + (dW_hh**2).sum() + (db_h**2).sum())
    if norm > max_norm:
        scale = max_norm / norm
        return dW_xh * scale, dW_hh * scale, db_h * scale, norm
    return dW_xh, dW_hh, db_h, norm


@meant("gradients.orthogonal_init", "signs-not-moved")
def signs_as_they_come(A, gain):
    if A.shape[0] < A.shape[1]:
        return gain * np.linalg.qr(A.T)[0].T
    return gain * np.linalg.qr(A)[0]


@meant("gradients.orthogonal_init", "wide-not-turned-back")
def left_on_its_side(A, gain):
    wide = A.shape[0] < A.shape[1]
    Q, R = np.linalg.qr(A.T if wide else A)
    return gain * Q * np.sign(np.diag(R))


@meant("gradients.diagnose", "reach-upside-down")
def last_over_first(losses, norms, flat):
    reach = norms[0] / norms[-1]
    last = np.mean(losses[-max(1, len(losses) // 10) :])
    finite = np.all(np.isfinite(losses))
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
    if not finite or last > 1.2 * losses[0]:
        return 5
    return 6
