"""Right answers to the problems of 04-gradients, as different people write them: each must pass."""

import math

import numpy as np
import torch


def step_jacobian_diag(h, W_hh):
    return np.diag(1 - h * h) @ W_hh.T


def step_jacobian_loops(h, W_hh):
    H = len(h)
    J = np.zeros((H, H))
    for i in range(H):
        for j in range(H):
            J[i, j] = (1 - h[i] ** 2) * W_hh[j, i]
    return J


def step_jacobian_transposed_twice(h, W_hh):
    return (W_hh * (1 - h**2)).T


def step_jacobian_autograd(h, W_hh):
    h, W = torch.tensor(np.ascontiguousarray(h)).double(), torch.tensor(np.ascontiguousarray(W_hh)).double()
    z = torch.atanh(h)
    before = torch.zeros(len(h), dtype=torch.float64)
    return torch.autograd.functional.jacobian(lambda state: torch.tanh(z + state @ W), before)


def jacobian_product_back(h, W_hh, k, t):
    P = np.identity(W_hh.shape[0])
    while t > k:
        P = P @ np.diag(1 - h[t] ** 2) @ W_hh.T
        t -= 1
    return P


def jacobian_product_multi_dot(h, W_hh, k, t):
    factors = [np.diag(1 - h[j] ** 2).dot(W_hh.T) for j in range(t, k, -1)]
    if len(factors) < 2:
        return factors[0] if factors else np.eye(len(W_hh))
    return np.linalg.multi_dot(factors)


def jacobian_product_rows(h, W_hh, k, t):
    rows = np.eye(len(W_hh), dtype=np.float32)
    for j in reversed(range(k + 1, t + 1)):
        rows = (rows * (1 - h[j] ** 2)) @ W_hh.T
    return rows


def jacobian_product_recursive(h, W_hh, k, t):
    if t == k:
        return torch.eye(len(W_hh), dtype=torch.float64)
    J = torch.tensor(np.ascontiguousarray(W_hh.T * (1 - h[t] ** 2)[:, None])).double()
    return J @ jacobian_product_recursive(h, W_hh, k, t - 1)


def lag_norms_list(d, h, W_hh):
    out = [np.sqrt((d**2).sum(-1))]
    for t in range(len(h) - 1, 0, -1):
        d = np.einsum("bi,bi,ji->bj", d, 1 - h[t] ** 2, W_hh)
        out.append(np.sqrt((d**2).sum(-1)))
    return np.stack(out)


def lag_norms_by_products(d, h, W_hh):
    T, B, _ = h.shape
    norms = np.empty((T, B))
    for b in range(B):
        for lag in range(T):
            norms[lag, b] = np.linalg.norm(d[b] @ jacobian_product_back(h[:, b], W_hh, T - 1 - lag, T - 1))
    return norms


def lag_norms_torch(d, h, W_hh):
    d, h, W = (torch.tensor(np.ascontiguousarray(a)).double() for a in (d, h, W_hh))
    norms = torch.zeros(h.shape[:2], dtype=torch.float64)
    for lag in range(len(h)):
        norms[lag] = d.norm(dim=1)
        d = d * (1 - h[-1 - lag] ** 2) @ W.T
    return norms


def lag_norms_float32(d, h, W_hh):
    d, h, W = (a.astype(np.float32) for a in (d, h, W_hh))
    rows = [d]
    for state in h[:0:-1]:
        rows.append((rows[-1] * (1 - state * state)).dot(W.T))
    return np.array([[math.hypot(*row) for row in batch] for batch in rows])


def clip_by_norm_flat(dW_xh, dW_hh, db_h, max_norm):
    flat = np.concatenate([g.ravel().astype(float) for g in (dW_xh, dW_hh, db_h)])
    norm = np.linalg.norm(flat)
    if norm <= max_norm:
        return dW_xh, dW_hh, db_h, norm
    return [g / norm * max_norm for g in (dW_xh, dW_hh, db_h)] + [norm]


def clip_by_norm_of_norms(dW_xh, dW_hh, db_h, max_norm):
    norm = np.hypot(np.hypot(np.linalg.norm(dW_xh.astype("f8")), np.linalg.norm(dW_hh.astype("f8"))),
                    np.linalg.norm(db_h.astype("f8")))  # fmt: skip
    scale = min(1.0, max_norm / (norm + 1e-12))
    return dW_xh * scale, dW_hh * scale, db_h * scale, float(norm)


def clip_by_norm_loops(dW_xh, dW_hh, db_h, max_norm):
    total = 0.0
    for g in (dW_xh, dW_hh, db_h):
        for number in g.ravel():
            total += float(number) ** 2
    norm = math.sqrt(total)
    clipped = []
    for g in (dW_xh, dW_hh, db_h):
        g = g.copy()
        if norm > max_norm:
            g *= max_norm / norm
        clipped.append(g)
    return *clipped, norm


def clip_by_norm_torch(dW_xh, dW_hh, db_h, max_norm):
    weights = [torch.nn.Parameter(torch.zeros(g.shape, dtype=torch.float64)) for g in (dW_xh, dW_hh, db_h)]
    for p, g in zip(weights, (dW_xh, dW_hh, db_h), strict=True):
        p.grad = torch.tensor(np.ascontiguousarray(g)).double()
    norm = torch.nn.utils.clip_grad_norm_(weights, max_norm)
    return *(p.grad for p in weights), norm


def orthogonal_init_two_cases(A, gain):
    if A.shape[0] < A.shape[1]:
        return orthogonal_init_two_cases(A.T, gain).T
    Q, R = np.linalg.qr(A)
    for column in range(A.shape[1]):
        if R[column, column] < 0:
            Q[:, column] *= -1
    return Q * gain


def orthogonal_init_gram_schmidt(A, gain):
    rows = A.T if A.shape[0] >= A.shape[1] else A  # what must become orthonormal, one vector a row
    done = []
    for row in rows:
        for _ in range(2):  # twice, against rounding
            for other in done:
                row = row - (row @ other) * other
        done.append(row / np.linalg.norm(row))
    W = gain * np.array(done)
    return W.T if A.shape[0] >= A.shape[1] else W


def orthogonal_init_torch(A, gain):
    A = torch.tensor(np.ascontiguousarray(A)).double()
    wide = A.shape[0] < A.shape[1]
    Q, R = torch.linalg.qr(A.T if wide else A)
    Q = Q @ torch.diag(torch.sign(torch.diagonal(R)))
    return gain * (Q.T if wide else Q)


def orthogonal_init_cholesky(A, gain):
    A = A.astype(np.float64)
    wide = A.shape[0] < A.shape[1]
    tall = A.T if wide else A
    Q = tall @ np.linalg.inv(np.linalg.cholesky(tall.T @ tall)).T
    return gain * (Q.T if wide else Q)


def diagnose_elif(losses, norms, flat):
    n = max(len(losses) // 10, 1)
    end, begin, reach = np.mean(losses[-n:]), losses[0], norms[-1] / norms[0]
    broken = bool(np.any(~np.isfinite(losses)))
    if not broken and end < 0.5 * begin:
        code = 0
    elif flat > 0.99:
        code = 1
    elif flat > 0.6:
        code = 2
    elif reach > 100:
        code = 3
    elif reach < 1e-3:
        code = 4
    elif broken or end > 1.2 * begin:
        code = 5
    else:
        code = 6
    return code


def diagnose_table(losses, norms, flat):
    count = len(losses) // 10 or 1
    tail = sum(losses[len(losses) - count :]) / count
    finite = all(math.isfinite(loss) for loss in losses)
    rules = [
        finite and 2 * tail < losses[0],
        flat > 0.99,
        flat > 0.6,
        norms[-1] > 100 * norms[0],
        norms[-1] / norms[0] < 0.001,
        not finite or tail > 1.2 * losses[0],
        True,
    ]
    return rules.index(True)


def diagnose_argmax(losses, norms, flat):
    tail = losses[-max(1, len(losses) // 10) :].mean() / losses[0]
    reach, good = norms[-1] / norms[0], np.isfinite(losses).all()
    return np.argmax(
        [good and tail < 0.5, flat > 0.99, flat > 0.6, reach > 100, reach < 0.001, not good or tail > 1.2, True]
    )


STYLES = {
    "gradients.step_jacobian": [
        step_jacobian_diag,
        step_jacobian_loops,
        step_jacobian_transposed_twice,
        step_jacobian_autograd,
    ],
    "gradients.jacobian_product": [
        jacobian_product_back,
        jacobian_product_multi_dot,
        jacobian_product_rows,
        jacobian_product_recursive,
    ],
    "gradients.lag_norms": [lag_norms_list, lag_norms_by_products, lag_norms_torch, lag_norms_float32],
    "gradients.clip_by_norm": [clip_by_norm_flat, clip_by_norm_of_norms, clip_by_norm_loops, clip_by_norm_torch],
    "gradients.orthogonal_init": [
        orthogonal_init_two_cases,
        orthogonal_init_gram_schmidt,
        orthogonal_init_torch,
        orthogonal_init_cholesky,
    ],
    "gradients.diagnose": [diagnose_elif, diagnose_table, diagnose_argmax],
}
