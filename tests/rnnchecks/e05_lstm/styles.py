"""Right answers to the problems of 05-lstm, as different people write them: each must pass."""

import numpy as np
import torch


def expit(z):
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-z))


def as_tensors(*arrays):
    return [torch.tensor(np.ascontiguousarray(a)).double() for a in arrays]


def lstm_step_slices(x_t, h_prev, c_prev, W_xh, W_hh, b_h):
    H = h_prev.shape[1]
    z = np.dot(x_t, W_xh) + np.dot(h_prev, W_hh) + b_h
    i = expit(z[:, :H])
    f = expit(z[:, H : 2 * H])
    g = np.tanh(z[:, 2 * H : 3 * H])
    o = expit(z[:, 3 * H :])
    c = f * c_prev + i * g
    h = o * np.tanh(c)
    return h, c


def lstm_step_one_matrix(x_t, h_prev, c_prev, W_xh, W_hh, b_h):
    B, H = h_prev.shape
    z = np.hstack([x_t, h_prev]) @ np.vstack([W_xh, W_hh]) + b_h
    i, f, g, o = z.reshape(B, 4, H).transpose(1, 0, 2)
    i, f, o = (0.5 + 0.5 * np.tanh(gate / 2) for gate in (i, f, o))
    c = np.tanh(g) * i + c_prev * f
    return [np.tanh(c) * o, c]


def lstm_step_torch(x_t, h_prev, c_prev, W_xh, W_hh, b_h):
    x_t, h_prev, c_prev, W_xh, W_hh, b_h = as_tensors(x_t, h_prev, c_prev, W_xh, W_hh, b_h)
    cell = torch.nn.LSTMCell(x_t.shape[1], h_prev.shape[1], dtype=torch.float64)
    for parameter, value in zip(cell.parameters(), (W_xh.T, W_hh.T, b_h, 0 * b_h), strict=True):
        parameter.data = value.clone()
    return tuple(state.detach() for state in cell(x_t, (h_prev, c_prev)))


def lstm_step_float32_by_unit(x_t, h_prev, c_prev, W_xh, W_hh, b_h):
    B, H = h_prev.shape
    h, c = np.zeros((B, H), "f4"), np.zeros((B, H), "f4")
    for b in range(B):
        for k in range(H):
            i, f, g, o = (
                x_t[b] @ W_xh[:, j * H + k] + h_prev[b] @ W_hh[:, j * H + k] + b_h[j * H + k] for j in range(4)
            )
            c[b, k] = expit(f) * c_prev[b, k] + expit(i) * np.tanh(g)
            h[b, k] = expit(o) * np.tanh(c[b, k])
    return h, c


def forget_bias_init_logit(H, tau):
    f = 1 - 1 / (np.zeros(H) + tau)
    return np.concatenate([np.zeros(H), np.log(f / (1 - f)), np.zeros(2 * H)])


def forget_bias_init_rows(H, tau):
    b = np.zeros((4, H), dtype=np.float32)
    b[1] = np.log1p(np.asarray(tau, float) - 2)
    return b.ravel()


def forget_bias_init_list(H, tau):
    tau = [tau] * H if np.isscalar(tau) else list(tau)
    return np.array([0.0] * H + [float(np.log(t - 1)) for t in tau] + [0.0] * 2 * H)


def lstm_step_backward_einsum(dh, dc, x_t, h_prev, c_prev, c, gates, W_xh, W_hh):
    i, f, g, o = gates[0], gates[1], gates[2], gates[3]
    tc = np.tanh(c)
    dct = dc + o * dh * (1 - tc * tc)
    dz = np.empty((*dh.shape, 4)).transpose(2, 0, 1)
    dz[3] = tc * dh * (o - o**2)
    dz[1] = c_prev * dct * (f - f**2)
    dz[0] = g * dct * (i - i**2)
    dz[2] = i * dct * (1 - g * g)
    H = dh.shape[1]
    W_x, W_h = W_xh.reshape(-1, 4, H), W_hh.reshape(-1, 4, H)
    return (
        np.einsum("kbh,dkh->bd", dz, W_x),
        np.einsum("kbh,jkh->bj", dz, W_h),
        f * dct,
        np.einsum("bd,kbh->dkh", x_t, dz).reshape(W_xh.shape),
        np.einsum("bj,kbh->jkh", h_prev, dz).reshape(W_hh.shape),
        np.einsum("kbh->kh", dz).ravel(),
    )


def lstm_step_backward_rows(dh, dc, x_t, h_prev, c_prev, c, gates, W_xh, W_hh):
    dx, dh_prev, dc_prev, dW_xh, dW_hh, db = [], [], [], 0, 0, 0
    for b in range(len(dh)):
        i, f, g, o = gates[:, b]
        total = dc[b] + dh[b] * o / np.cosh(c[b]) ** 2
        parts = [
            total * g * i * (1 - i),
            total * c_prev[b] * f * (1 - f),
            total * i * (1 - g) * (1 + g),
            dh[b] * np.tanh(c[b]) * o * (1 - o),
        ]
        dz = np.concatenate(parts)
        dx.append(W_xh @ dz)
        dh_prev.append(W_hh @ dz)
        dc_prev.append(total * f)
        dW_xh, dW_hh, db = dW_xh + np.outer(x_t[b], dz), dW_hh + np.outer(h_prev[b], dz), db + dz
    return np.array(dx), np.array(dh_prev), np.array(dc_prev), dW_xh, dW_hh, db


def lstm_step_backward_autograd(dh, dc, x_t, h_prev, c_prev, c, gates, W_xh, W_hh):
    dh, dc, x_t, h_prev, c_prev, gates, W_xh, W_hh = as_tensors(dh, dc, x_t, h_prev, c_prev, gates, W_xh, W_hh)
    # The bias is not an argument; it follows from the gates.
    z = torch.cat([torch.logit(gates[0]), torch.logit(gates[1]), torch.atanh(gates[2]), torch.logit(gates[3])], dim=1)
    b_h = (z - x_t @ W_xh - h_prev @ W_hh)[0]
    leaves = [a.requires_grad_() for a in (x_t, h_prev, c_prev, W_xh, W_hh, b_h)]
    i, f, g, o = (x_t @ W_xh + h_prev @ W_hh + b_h).chunk(4, dim=1)
    new = torch.sigmoid(f) * c_prev + torch.sigmoid(i) * torch.tanh(g)
    h = torch.sigmoid(o) * torch.tanh(new)
    return torch.autograd.grad((h * dh).sum() + (new * dc).sum(), leaves)


def lstm_backward_bulk(dh, x, h0, c0, h, c, gates, W_xh, W_hh):
    T, B, H = h.shape
    h_prev, c_prev = np.concatenate([h0[None], h[:-1]]), np.concatenate([c0[None], c[:-1]])
    i, f, g, o = gates.transpose(1, 0, 2, 3)
    tc = np.tanh(c)
    dzs, dh_next, dc_next = np.zeros((T, B, 4 * H)), 0, 0
    for t in range(T - 1, -1, -1):
        d = dh[t] + dh_next
        dc = dc_next + d * o[t] * (1 - tc[t] ** 2)
        dzs[t, :, :H] = dc * g[t] * i[t] * (1 - i[t])
        dzs[t, :, H : 2 * H] = dc * c_prev[t] * f[t] * (1 - f[t])
        dzs[t, :, 2 * H : 3 * H] = dc * i[t] * (1 - g[t] ** 2)
        dzs[t, :, 3 * H :] = d * tc[t] * o[t] * (1 - o[t])
        dh_next, dc_next = dzs[t] @ W_hh.T, dc * f[t]
    dW_xh, dW_hh = np.tensordot(x, dzs, ([0, 1], [0, 1])), np.tensordot(h_prev, dzs, ([0, 1], [0, 1]))
    return dzs @ W_xh.T, dh_next, dc_next, dW_xh, dW_hh, dzs.sum((0, 1))


def lstm_backward_by_steps(dh, x, h0, c0, h, c, gates, W_xh, W_hh):
    states, cells = [h0, *h], [c0, *c]
    dx, total, d, dc = [None] * len(x), None, np.zeros(h0.shape), np.zeros(c0.shape)
    for t in range(len(x), 0, -1):
        kept = x[t - 1], states[t - 1], cells[t - 1], cells[t], gates[t - 1]
        dx[t - 1], d, dc, *weights = lstm_step_backward_einsum(d + dh[t - 1], dc, *kept, W_xh, W_hh)
        total = weights if total is None else [a + b for a, b in zip(total, weights, strict=True)]
    return np.array(dx), d, dc, *total


def lstm_backward_float32(dh, x, h0, c0, h, c, gates, W_xh, W_hh):
    return lstm_backward_bulk(*(a.astype("f4") for a in (dh, x, h0, c0, h, c, gates, W_xh, W_hh)))


def lstm_backward_autograd(dh, x, h0, c0, h, c, gates, W_xh, W_hh):
    dh, x, h0, c0, gates, W_xh, W_hh = as_tensors(dh, x, h0, c0, gates, W_xh, W_hh)
    i, f, g, o = gates[0]
    z = torch.cat([torch.logit(i), torch.logit(f), torch.atanh(g), torch.logit(o)], dim=1)
    b_h = (z - x[0] @ W_xh - h0 @ W_hh)[0]
    leaves = [a.requires_grad_() for a in (x, h0, c0, W_xh, W_hh, b_h)]
    state, cell, loss = h0, c0, 0
    for t in range(len(x)):
        i, f, g, o = (x[t] @ W_xh + state @ W_hh + b_h).chunk(4, dim=1)
        cell = torch.sigmoid(f) * cell + torch.sigmoid(i) * torch.tanh(g)
        state = torch.sigmoid(o) * torch.tanh(cell)
        loss = loss + (state * dh[t]).sum()
    return torch.autograd.grad(loss, leaves)


def peephole_step_slices(x_t, h_prev, c_prev, W_xh, W_hh, b_h, p):
    H = h_prev.shape[1]
    z = x_t @ W_xh + h_prev @ W_hh + b_h
    z[:, : 2 * H] += np.tile(c_prev, 2) * p[:2].ravel()
    i, f = np.split(expit(z[:, : 2 * H]), 2, axis=1)
    c = f * c_prev + i * np.tanh(z[:, 2 * H : 3 * H])
    o = expit(z[:, 3 * H :] + c * p[2])
    return o * np.tanh(c), c


def peephole_step_diagonal(x_t, h_prev, c_prev, W_xh, W_hh, b_h, p):
    i, f, g, o = np.array_split(x_t @ W_xh + h_prev @ W_hh + b_h, 4, axis=-1)
    c = expit(f + c_prev @ np.diag(p[1])) * c_prev + expit(i + c_prev @ np.diag(p[0])) * np.tanh(g)
    return expit(o + c @ np.diag(p[2])) * np.tanh(c), c


def peephole_step_torch(x_t, h_prev, c_prev, W_xh, W_hh, b_h, p):
    x_t, h_prev, c_prev, W_xh, W_hh, b_h, p = as_tensors(x_t, h_prev, c_prev, W_xh, W_hh, b_h, p)
    i, f, g, o = (x_t @ W_xh + h_prev @ W_hh + b_h).chunk(4, 1)
    c = torch.sigmoid(f + p[1] * c_prev).mul(c_prev) + torch.sigmoid(i + p[0] * c_prev).mul(g.tanh())
    return (o + p[2] * c).sigmoid() * c.tanh(), c


def repaired_lstm_by_steps(x, noise_W, noise_b):
    T, B, D = x.shape
    H = noise_b.size // 4
    W = noise_W * H**-0.5
    b = np.concatenate([np.zeros(H), np.ones(H), np.zeros(2 * H)])
    states, cells = [np.zeros((B, H))], [np.zeros((B, H))]
    for t in range(T):
        h, c = lstm_step_slices(x[t], states[-1], cells[-1], W[:D], W[D:], b)
        states.append(h)
        cells.append(c)
    return np.stack(states[1:]), np.stack(cells[1:])


def repaired_lstm_torch(x, noise_W, noise_b):
    x, W, b = as_tensors(x, noise_W, noise_b)
    D, H = x.shape[2], len(b) // 4
    W = W / H**0.5
    net = torch.nn.LSTM(D, H, dtype=torch.float64)
    bias = torch.zeros(4 * H, dtype=torch.float64)
    bias[H : 2 * H] = 1
    for parameter, value in zip(net.parameters(), (W[:D].T, W[D:].T, bias, 0 * bias), strict=True):
        parameter.data = value.clone()
    h, c, state = [], [], None
    for x_t in x:
        h_t, state = net(x_t[None], state)
        h.append(h_t[0].detach())
        c.append(state[1][0].detach())
    return torch.stack(h), torch.stack(c)


STYLES = {
    "lstm.lstm_step": [lstm_step_slices, lstm_step_one_matrix, lstm_step_torch, lstm_step_float32_by_unit],
    "lstm.forget_bias_init": [forget_bias_init_logit, forget_bias_init_rows, forget_bias_init_list],
    "lstm.lstm_step_backward": [lstm_step_backward_einsum, lstm_step_backward_rows, lstm_step_backward_autograd],
    "lstm.lstm_backward": [
        lstm_backward_bulk,
        lstm_backward_by_steps,
        lstm_backward_float32,
        lstm_backward_autograd,
    ],
    "lstm.peephole_step": [peephole_step_slices, peephole_step_diagonal, peephole_step_torch],
    "lstm.repaired_lstm": [repaired_lstm_by_steps, repaired_lstm_torch],
}
