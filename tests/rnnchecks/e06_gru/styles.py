"""Right answers to the problems of 06-gru, as different people write them: each must pass."""

import math

import numpy as np
import torch


def logistic(a):
    return 1.0 / (1.0 + np.exp(-a))


def tensors(*arrays):
    """Turn arrays into float64 tensors that record gradients, as a student who knows torch might."""
    return [torch.tensor(np.ascontiguousarray(a)).double().requires_grad_() for a in arrays]


def step_by_slices(x_t, h_prev, W_xh, W_hh, b_h):
    H = h_prev.shape[1]
    r = logistic(x_t @ W_xh[:, :H] + h_prev @ W_hh[:, :H] + b_h[:H])
    z = logistic(x_t @ W_xh[:, H : 2 * H] + h_prev @ W_hh[:, H : 2 * H] + b_h[H : 2 * H])
    n = np.tanh(x_t @ W_xh[:, 2 * H :] + (r * h_prev) @ W_hh[:, 2 * H :] + b_h[2 * H :])
    return n + z * (h_prev - n)


def step_joined(x_t, h_prev, W_xh, W_hh, b_h):
    H, W = len(W_hh), np.vstack([W_xh, W_hh])
    both = logistic(np.hstack([x_t, h_prev]) @ W[:, : 2 * H] + b_h[: 2 * H])
    r, z = both[:, :H], both[:, H:]
    n = np.tanh(np.hstack([x_t, r * h_prev]) @ W[:, 2 * H :] + b_h[2 * H :])
    return z * h_prev + n - z * n


def step_by_rows(x_t, h_prev, W_xh, W_hh, b_h):
    out = np.zeros(h_prev.shape)
    W_xh, W_hh, b_h = (a.reshape(*a.shape[:-1], 3, -1) for a in (W_xh.copy(), W_hh.copy(), b_h.copy()))
    for i, (x, h) in enumerate(zip(x_t, h_prev, strict=True)):
        r, z = (logistic(x @ W_xh[:, k] + h @ W_hh[:, k] + b_h[k]) for k in (0, 1))
        out[i] = z * h + (1 - z) * np.tanh(x @ W_xh[:, 2] + (h * r) @ W_hh[:, 2] + b_h[2])
    return out


def step_in_torch(*args):
    x_t, h_prev, W_xh, W_hh, b_h = tensors(*args)
    x_r, x_z, x_n = (x_t @ W_xh + b_h).chunk(3, dim=1)
    W_hr, W_hz, W_hn = W_hh.chunk(3, dim=1)
    r, z = torch.sigmoid(x_r + h_prev @ W_hr), torch.sigmoid(x_z + h_prev @ W_hz)
    return torch.lerp(torch.tanh(x_n + (r * h_prev) @ W_hn), h_prev, z)


def step_float32(*args):
    return step_by_slices(*(a.astype(np.float32) for a in args))


def after_by_einsum(x_t, h_prev, W_xh, W_hh, b_h, b_hn):
    H = h_prev.shape[1]
    x = np.einsum("bd,dk->bk", x_t, W_xh) + b_h
    h = np.einsum("bi,ik->bk", h_prev, W_hh)
    r, z = (0.5 * (1 + np.tanh(0.5 * (x + h)[:, k * H : (k + 1) * H])) for k in (0, 1))
    n = np.tanh(x[:, 2 * H :] + r * h[:, 2 * H :] + r * b_hn)
    return n * (1 - z) + h_prev * z


def after_with_a_bias_row(x_t, h_prev, W_xh, W_hh, b_h, b_hn):
    H = len(b_hn)
    inner = h_prev @ W_hh + np.concatenate([np.zeros(2 * H), b_hn])
    outer = x_t @ W_xh + b_h
    gates = logistic(outer[:, : 2 * H] + inner[:, : 2 * H])
    n = np.tanh(outer[:, 2 * H :] + gates[:, :H] * inner[:, 2 * H :])
    return n + gates[:, H:] * (h_prev - n)


def after_by_torch_cell(*args):
    x_t, h_prev, W_xh, W_hh, b_h, b_hn = (torch.tensor(np.ascontiguousarray(a)).double() for a in args)
    cell = torch.nn.GRUCell(*x_t.shape[1:], h_prev.shape[1], dtype=torch.float64)
    inner = torch.cat([torch.zeros(2 * len(b_hn), dtype=torch.float64), b_hn])
    with torch.no_grad():
        for own, ours in zip(cell.parameters(), (W_xh.T, W_hh.T, b_h, inner), strict=True):
            own.copy_(ours)
    return cell(x_t, h_prev)


def after_float32(*args):
    return after_by_einsum(*(a.astype(np.float32) for a in args))


def back_block_by_block(dh, x_t, h_prev, r, z, n, q, W_xh, W_hh):
    W_xr, W_xz, W_xn = np.split(W_xh, 3, axis=1)
    W_hr, W_hz, W_hn = np.split(W_hh, 3, axis=1)
    dn, dz = dh * (1 - z), dh * h_prev - dh * n
    an, az = dn * (1 - n * n), dz * z * (1 - z)
    dr, dq = an * q, an * r
    ar = dr * r * (1 - r)
    dx = ar @ W_xr.T + az @ W_xz.T + an @ W_xn.T
    dh_prev = dh * z + ar @ W_hr.T + az @ W_hz.T + dq @ W_hn.T
    dW_xh = np.hstack([x_t.T @ ar, x_t.T @ az, x_t.T @ an])
    dW_hh = np.hstack([h_prev.T @ ar, h_prev.T @ az, h_prev.T @ dq])
    return dx, dh_prev, dW_xh, dW_hh, np.hstack([ar.sum(0), az.sum(0), an.sum(0)]), dq.sum(0)


def back_by_rows(dh, x_t, h_prev, r, z, n, q, W_xh, W_hh):
    H, dx, dhp = h_prev.shape[1], [], []
    dW_xh, dW_hh, db_h, db_hn = np.zeros(W_xh.shape), np.zeros(W_hh.shape), np.zeros(3 * H), np.zeros(H)
    for b in range(len(dh)):
        an = dh[b] * (1 - z[b]) * (1 - n[b] ** 2)
        az = dh[b] * (h_prev[b] - n[b]) * z[b] * (1 - z[b])
        ar, dq = an * q[b] * r[b] * (1 - r[b]), an * r[b]
        one, two = np.concatenate([ar, az, an]), np.concatenate([ar, az, dq])
        dx.append(W_xh @ one)
        dhp.append(dh[b] * z[b] + W_hh @ two)
        dW_xh += np.outer(x_t[b], one)
        dW_hh += np.outer(h_prev[b], two)
        db_h += one
        db_hn += dq
    return [np.array(dx), np.array(dhp), dW_xh, dW_hh, db_h, db_hn]


def back_by_autograd(dh, x_t, h_prev, r, z, n, q, W_xh, W_hh):
    """The biases are not arguments: they follow from what the gates and q came out as."""
    dh, x_t, h_prev, r, z, n, q, W_xh, W_hh = (a.detach() for a in tensors(dh, x_t, h_prev, r, z, n, q, W_xh, W_hh))
    b_hn = (q - h_prev @ W_hh.chunk(3, 1)[2])[0]
    before = torch.cat([torch.logit(r), torch.logit(z), torch.atanh(n)], dim=1)
    b_h = before - x_t @ W_xh - torch.cat([h_prev @ W for W in W_hh.chunk(3, 1)[:2]] + [r * q], dim=1)
    b_h = b_h.gather(0, before.abs().argmin(0, keepdim=True))[0]  # a gate near its end does not tell exactly
    leaves = [a.requires_grad_() for a in (x_t, h_prev, W_xh, W_hh, b_h, b_hn.clone())]
    x_t, h_prev, W_xh, W_hh, b_h, b_hn = leaves
    x_r, x_z, x_n = (x_t @ W_xh + b_h).chunk(3, 1)
    h_r, h_z, h_n = (h_prev @ W_hh).chunk(3, 1)
    z = torch.sigmoid(x_z + h_z)
    h = (1 - z) * torch.tanh(x_n + torch.sigmoid(x_r + h_r) * (h_n + b_hn)) + z * h_prev
    return torch.autograd.grad((h * dh).sum(), leaves)


def back_float32(*args):
    return back_block_by_block(*(a.astype(np.float32) for a in args))


def convert_by_slices(kernel, recurrent, bias, z_keeps):
    H = recurrent.shape[0]
    order = np.r_[H : 2 * H, 0:H, 2 * H : 3 * H]
    W_xh, W_hh, bias = kernel[:, order], recurrent[:, order], bias[:, order]
    if not z_keeps:
        for array in (W_xh, W_hh, bias):
            array[:, H : 2 * H] *= -1
    b_h = bias.sum(axis=0)
    b_h[2 * H :] = bias[0, 2 * H :]
    return W_xh, W_hh, b_h, bias[1, 2 * H :]


def convert_by_blocks(kernel, recurrent, bias, z_keeps):
    (Kz, Kr, Kn), (Rz, Rr, Rn) = np.hsplit(kernel, 3), np.hsplit(recurrent, 3)
    (bz, br, bn), (cz, cr, cn) = np.split(bias[0], 3), np.split(bias[1], 3)
    if not z_keeps:
        Kz, Rz, bz, cz = -Kz, -Rz, -bz, -cz
    return np.hstack([Kr, Kz, Kn]), np.hstack([Rr, Rz, Rn]), np.hstack([br + cr, bz + cz, bn]), cn


def convert_with_signs(kernel, recurrent, bias, z_keeps):
    H = len(recurrent)
    sign = np.ones(3 * H, np.float32)
    if z_keeps is False:
        sign[:H] = -1.0
    swap = np.concatenate([np.arange(H, 2 * H), np.arange(H), np.arange(2 * H, 3 * H)])
    kernel, recurrent, bias = ((a * sign)[..., swap] for a in (kernel, recurrent, bias))
    inner = bias[1] * (np.arange(3 * H) >= 2 * H)
    return [kernel, recurrent, bias[0] + bias[1] - inner, inner[-H:]]


def convert_in_torch(kernel, recurrent, bias, z_keeps):
    out = []
    for a in tensors(kernel, recurrent, bias):
        z, r, n = a.chunk(3, dim=-1)
        out.append(torch.cat([r, z if z_keeps else -z, n], dim=-1))
    H = len(recurrent)
    return out[0], out[1], torch.cat([out[2].sum(0)[: 2 * H], out[2][0, 2 * H :]]), out[2][1, 2 * H :]


def width_by_counting_up(D, H):
    budget, w = 4 * H * (D + H + 1), 0
    while 3 * (w + 1) * (D + w + 1 + 1) + w + 1 <= budget:
        w += 1
    return w


def width_by_root(D, H):
    budget = 4 * (D * H + H**2 + H)
    p = 3 * D + 4
    return math.floor((-p + math.sqrt(p**2 + 12 * budget)) / 6)


def width_by_search(D, H):
    budget = 4 * (D * H + H * H + H)
    low, high = 0, 4 * H + 4
    while high - low > 1:
        middle = (low + high) // 2
        if 3 * (D * middle + middle**2 + middle) + middle <= budget:
            low = middle
        else:
            high = middle
    return np.int64(low)


def width_from_arrays(D, H):
    widths = np.arange(1, 2 * H + 2)
    sizes = 3 * (D * widths + widths**2 + widths) + widths
    return int(widths[sizes <= 4 * (D * H + H * H + H)].max())


def repaired_by_parts(x_t, h_prev, W, b):
    D, H = x_t.shape[1], h_prev.shape[1]
    return step_by_slices(x_t, h_prev, W[:D], W[D:], b[: 3 * H])


def repaired_by_one_product_first(x_t, h_prev, W, b):
    H = h_prev.shape[1]
    W_n = W[:, 2 * H :]
    combined = np.concatenate((x_t, h_prev), axis=1).dot(W) + b
    r, z = logistic(combined[:, :H]), logistic(combined[:, H : 2 * H])
    hidden = (r * h_prev - h_prev) @ W_n[x_t.shape[1] :]  # put right what the joint product did not reset
    n = np.tanh(combined[:, 2 * H :] + hidden)
    return z * h_prev + (1 - z) * n


def repaired_in_torch(*args):
    x_t, h_prev, W, b = tensors(*args)
    H = h_prev.shape[1]
    r, z = torch.sigmoid(torch.cat([x_t, h_prev], 1) @ W[:, : 2 * H] + b[: 2 * H]).split(H, dim=1)
    n = torch.tanh(torch.cat([x_t, r * h_prev], 1) @ W[:, 2 * H :] + b[2 * H :])
    return ((1 - z) * n + z * h_prev).detach()


STYLES = {
    "gru.gru_step": [step_by_slices, step_joined, step_by_rows, step_in_torch, step_float32],
    "gru.gru_step_after": [after_by_einsum, after_with_a_bias_row, after_by_torch_cell, after_float32],
    "gru.gru_step_backward": [back_block_by_block, back_by_rows, back_by_autograd, back_float32],
    "gru.convert_weights": [convert_by_slices, convert_by_blocks, convert_with_signs, convert_in_torch],
    "gru.equal_width": [width_by_counting_up, width_by_root, width_by_search, width_from_arrays],
    "gru.repaired_gru_cell": [repaired_by_parts, repaired_by_one_product_first, repaired_in_torch],
}
