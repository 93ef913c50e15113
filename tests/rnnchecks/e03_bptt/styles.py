"""Right answers to the problems of 03-bptt, as different people write them: each must pass."""

import numpy as np
import torch


def cross_entropy_backward_loops(logits, targets):
    T, B, V = logits.shape
    out = np.zeros((T, B, V))
    for t in range(T):
        for b in range(B):
            e = np.exp(logits[t, b] - max(logits[t, b]))
            out[t, b] = e / sum(e)
            out[t, b, targets[t, b]] -= 1
    return out / T / B


def cross_entropy_backward_flat(logits, targets):
    z = logits.reshape(-1, logits.shape[-1])
    z = z - z.max(axis=1, keepdims=True)
    logp = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    p = np.exp(logp)
    p[np.arange(len(p)), targets.ravel()] -= 1.0
    p /= len(p)
    return p.reshape(logits.shape)


def cross_entropy_backward_autograd(logits, targets):
    y = torch.tensor(np.ascontiguousarray(logits), requires_grad=True)
    torch.nn.functional.cross_entropy(y.flatten(0, 1), torch.tensor(targets).flatten()).backward()
    return y.grad


def cross_entropy_backward_float32(logits, targets):
    z = logits.astype(np.float32)
    e = np.exp(z - z.max(-1)[..., None])
    p = e / e.sum(-1)[..., None]
    return (p - (np.arange(z.shape[-1]) == targets[..., None])) / np.prod(targets.shape)


def rnn_step_backward_einsum(dh, x_t, h_prev, h, W_xh, W_hh):
    dz = dh - dh * h * h
    return (
        np.einsum("bh,dh->bd", dz, W_xh),
        np.einsum("bh,kh->bk", dz, W_hh),
        np.einsum("bd,bh->dh", x_t, dz),
        np.einsum("bk,bh->kh", h_prev, dz),
        np.einsum("bh->h", dz),
    )


def rnn_step_backward_rows(dh, x_t, h_prev, h, W_xh, W_hh):
    dx_t, dh_prev, dW_xh, dW_hh, db_h = [], [], 0, 0, 0
    for b in range(len(dh)):
        dz = dh[b] / np.cosh(np.arctanh(h[b])) ** 2
        dx_t.append(W_xh @ dz)
        dh_prev.append(W_hh @ dz)
        dW_xh = dW_xh + np.outer(x_t[b], dz)
        dW_hh = dW_hh + np.outer(h_prev[b], dz)
        db_h = db_h + dz
    return np.array(dx_t), np.array(dh_prev), dW_xh, dW_hh, db_h


def rnn_step_backward_torch(dh, x_t, h_prev, h, W_xh, W_hh):
    dh, x_t, h_prev, h, W_xh, W_hh = (torch.tensor(np.ascontiguousarray(a)) for a in (dh, x_t, h_prev, h, W_xh, W_hh))
    dz = dh * (1 - h**2)
    return [dz @ W_xh.T, dz @ W_hh.T, x_t.T @ dz, h_prev.T @ dz, dz.sum(0)]


def rnn_backward_stacked(dh, x, h0, h, W_xh, W_hh):
    dx, dzs, dh_next = [], [], 0
    for t in range(len(x) - 1, -1, -1):
        dz = (1 - h[t] * h[t]) * (dh_next + dh[t])
        dzs.insert(0, dz)
        dx.insert(0, dz @ W_xh.T)
        dh_next = dz.dot(W_hh.T)
    dz = np.stack(dzs)
    h_prev = np.vstack([h0[np.newaxis], h])[:-1]
    dW_xh = np.einsum("tbi,tbj->ij", x, dz)
    dW_hh = np.tensordot(h_prev, dz, axes=([0, 1], [0, 1]))
    return np.stack(dx), dh_next, dW_xh, dW_hh, dz.sum((0, 1))


def rnn_backward_by_steps(dh, x, h0, h, W_xh, W_hh):
    states = [h0, *h]
    dx, total, d = [None] * len(x), None, np.zeros(h0.shape)
    for t in range(len(x), 0, -1):
        d = d + dh[t - 1]
        dx[t - 1], d, *weights = rnn_step_backward_einsum(d, x[t - 1], states[t - 1], states[t], W_xh, W_hh)
        total = weights if total is None else [a + b for a, b in zip(total, weights, strict=True)]
    return np.array(dx), d, *total


def rnn_backward_float32(dh, x, h0, h, W_xh, W_hh):
    return [a.astype(np.float32) for a in rnn_backward_stacked(*(a.astype("f4") for a in (dh, x, h0, h, W_xh, W_hh)))]


def rnn_backward_double_sum(dh, x, h0, h, W_xh, W_hh):
    dz = np.zeros(h.shape)
    for t in range(len(x)):
        row = dh[t]
        for k in range(t, -1, -1):
            row = row * (1 - h[k] ** 2)
            dz[k] += row
            row = row @ W_hh.T
    h_prev = np.concatenate([h0[None], h[:-1]])
    dW_xh = sum(x[t].T @ dz[t] for t in range(len(x)))
    dW_hh = sum(h_prev[t].T @ dz[t] for t in range(len(x)))
    return dz @ W_xh.T, dz[0] @ W_hh.T, dW_xh, dW_hh, dz.sum(axis=0).sum(axis=0)


def rnn_backward_autograd(dh, x, h0, h, W_xh, W_hh):
    dh, x, h0, h, W_xh, W_hh = (torch.tensor(np.ascontiguousarray(a)).double() for a in (dh, x, h0, h, W_xh, W_hh))
    # The bias is not an argument; the sums follow from the states.
    b_h = (torch.atanh(h[0]) - x[0] @ W_xh - h0 @ W_hh)[0]
    leaves = [a.requires_grad_() for a in (x, h0, W_xh, W_hh, b_h)]
    state, loss = h0, 0
    for t in range(len(dh)):
        state = torch.tanh(x[t] @ W_xh + state @ W_hh + b_h)
        loss = loss + (state * dh[t]).sum()
    return torch.autograd.grad(loss, leaves)


def truncated_backward_one_loop(dh, x, h0, h, W_xh, W_hh, tau):
    dW_xh, dW_hh, db_h, dh_next = 0, 0, 0, 0
    for t in range(len(x) - 1, -1, -1):
        if (t + 1) % tau == 0:
            dh_next = 0
        dz = (dh[t] + dh_next) * (1 - h[t] ** 2)
        dW_xh = dW_xh + x[t].T @ dz
        dW_hh = dW_hh + (h0 if t == 0 else h[t - 1]).T @ dz
        db_h = db_h + dz.sum(0)
        dh_next = dz @ W_hh.T
    return dW_xh, dW_hh, db_h


def truncated_backward_pieces(dh, x, h0, h, W_xh, W_hh, tau):
    total, start = [0, 0, 0], 0
    while start < len(x):
        stop = min(start + tau, len(x))
        state = h0 if start == 0 else h[start - 1]
        found = rnn_backward_stacked(dh[start:stop], x[start:stop], state, h[start:stop], W_xh, W_hh)[2:]
        total = [a + b for a, b in zip(total, found, strict=True)]
        start = stop
    return tuple(total)


def truncated_backward_recursive(dh, x, h0, h, W_xh, W_hh, tau):
    here = rnn_backward_by_steps(dh[:tau], x[:tau], h0, h[:tau], W_xh, W_hh)[2:]
    if len(x) <= tau:
        return here
    rest = truncated_backward_recursive(dh[tau:], x[tau:], h[tau - 1], h[tau:], W_xh, W_hh, tau)
    return tuple(a + b for a, b in zip(here, rest, strict=True))


def numeric_gradient_unit_vectors(f, x, eps):
    units = np.eye(x.size).reshape(x.size, *x.shape)
    return np.array([(f(x + eps * e) - f(x - eps * e)) / (2 * eps) for e in units]).reshape(x.shape)


def numeric_gradient_fresh_copies(f, x, eps):
    g = np.empty(x.shape)
    for index, value in np.ndenumerate(x):
        up, down = np.array(x, dtype=float), np.array(x, dtype=float)
        up[index] = value + eps
        down[index] = value - eps
        g[index] = 0.5 * (f(up) - f(down)) / eps
    return g


def numeric_gradient_nditer(f, x, eps):
    x = x.astype("float64")
    grad = np.zeros_like(x)
    it = np.nditer(x, flags=["multi_index"])
    while not it.finished:
        ix = it.multi_index
        old = x[ix]
        x[ix] = old + eps
        fxph = f(x)
        x[ix] = old - eps
        fxmh = f(x)
        x[ix] = old
        grad[ix] = (fxph - fxmh) / (2 * eps)
        it.iternext()
    return grad


def numeric_gradient_there_and_back(f, x, eps):
    moved = x + 0.0
    moved = moved.astype(float)
    out = []
    for ix in np.ndindex(*x.shape):
        moved[ix] += eps
        plus = f(moved)
        moved[ix] -= 2 * eps
        out.append((plus - f(moved)) / 2 / eps)
        moved[ix] += eps
    return np.reshape(out, x.shape)


def adam_step_paper(theta, g, m, v, i, eta, beta1, beta2, eps):
    m = m + (1 - beta1) * (g - m)
    v = v + (1 - beta2) * (g * g - v)
    eta_i = eta * np.sqrt(1 - beta2**i) / (1 - beta1**i)
    return theta - eta_i * m / (np.sqrt(v) + eps * np.sqrt(1 - beta2**i)), m, v


def adam_step_copies(theta, g, m, v, i, eta, beta1, beta2, eps):
    theta, m, v = theta.copy(), m.copy(), v.copy()
    m *= beta1
    m += (1 - beta1) * g
    v *= beta2
    v += (1 - beta2) * np.square(g)
    theta -= eta * (m / (1 - pow(beta1, i))) / ((v / (1 - pow(beta2, i))) ** 0.5 + eps)
    return [theta, m, v]


def adam_step_elementwise(theta, g, m, v, i, eta, beta1, beta2, eps):
    out = [np.zeros(theta.shape, np.float32) for _ in range(3)]
    for k in np.ndindex(theta.shape):
        out[1][k] = beta1 * m[k] + (1 - beta1) * g[k]
        out[2][k] = beta2 * v[k] + (1 - beta2) * g[k] ** 2
        root = (out[2][k] / (1 - beta2**i)) ** 0.5
        out[0][k] = theta[k] - eta * out[1][k] / (1 - beta1**i) / (root + eps)
    return tuple(out)


def adam_step_torch(theta, g, m, v, i, eta, beta1, beta2, eps):
    weight = torch.nn.Parameter(torch.tensor(np.ascontiguousarray(theta)).double())
    weight.grad = torch.tensor(np.ascontiguousarray(g)).double()
    optimiser = torch.optim.Adam([weight], lr=eta, betas=(beta1, beta2), eps=eps)
    optimiser.state[weight] = {
        "step": torch.tensor(float(i - 1)),
        "exp_avg": torch.tensor(np.ascontiguousarray(m)).double(),
        "exp_avg_sq": torch.tensor(np.ascontiguousarray(v)).double(),
    }
    optimiser.step()
    return weight, optimiser.state[weight]["exp_avg"], optimiser.state[weight]["exp_avg_sq"]


STYLES = {
    "bptt.cross_entropy_backward": [
        cross_entropy_backward_loops,
        cross_entropy_backward_flat,
        cross_entropy_backward_autograd,
        cross_entropy_backward_float32,
    ],
    "bptt.rnn_step_backward": [rnn_step_backward_einsum, rnn_step_backward_rows, rnn_step_backward_torch],
    "bptt.rnn_backward": [
        rnn_backward_stacked,
        rnn_backward_by_steps,
        rnn_backward_float32,
        rnn_backward_double_sum,
        rnn_backward_autograd,
    ],
    "bptt.truncated_backward": [
        truncated_backward_one_loop,
        truncated_backward_pieces,
        truncated_backward_recursive,
    ],
    "bptt.numeric_gradient": [
        numeric_gradient_unit_vectors,
        numeric_gradient_fresh_copies,
        numeric_gradient_nditer,
        numeric_gradient_there_and_back,
    ],
    "bptt.adam_step": [adam_step_paper, adam_step_copies, adam_step_elementwise, adam_step_torch],
}
