"""Right answers to the problems of 07-bidirectional, as different people write them: each must pass."""

import numpy as np
import torch


def reverse_padded_index(x, lengths):
    t, n = np.arange(len(x))[:, None], np.asarray(lengths)
    return x[np.where(t < n, n - 1 - t, t), np.arange(len(n))]


def reverse_padded_steps(x, lengths):
    out = np.array(x)
    for b, n in enumerate(lengths):
        for t in range(n):
            out[t, b] = x[n - 1 - t, b]
    return out


def reverse_padded_joined(x, lengths):
    return np.stack([np.concatenate([x[n - 1 :: -1, b], x[n:, b]]) for b, n in enumerate(lengths)], axis=1)


def reverse_padded_rolled(x, lengths):
    out = np.empty_like(x)
    for b in range(x.shape[1]):
        rolled = np.roll(np.flip(x[:, b], axis=0), int(lengths[b]), axis=0)
        out[:, b] = np.where((np.arange(len(x)) < lengths[b])[:, None], rolled, x[:, b])
    return out


def reverse_padded_torch(x, lengths):
    out = torch.tensor(np.ascontiguousarray(x))
    for b, n in enumerate(lengths.tolist()):
        out[:n, b] = out[:n, b].flip(0)
    return out


def frozen_forward_blended(x, lengths, W_xh, W_hh, b_h):
    T, B, D = x.shape
    h, last = np.zeros((T, B, W_hh.shape[0])), np.zeros((B, W_hh.shape[0]))
    for t in range(T):
        m = (t < lengths).astype(float).reshape(-1, 1)
        new = np.tanh(x[t] @ W_xh + last @ W_hh + b_h)
        last = m * new + (1 - m) * last
        h[t] = m * last
    return h, last


def frozen_forward_row_by_row(x, lengths, W_xh, W_hh, b_h):
    h = np.zeros((*x.shape[:2], len(b_h)))
    last = np.zeros((x.shape[1], len(b_h)))
    for b in range(x.shape[1]):
        for t in range(lengths[b]):
            last[b] = h[t, b] = np.tanh(x[t, b].dot(W_xh) + last[b].dot(W_hh) + b_h)
    return h, last


def frozen_forward_indexed(x, lengths, W_xh, W_hh, b_h):
    h, state = np.zeros((*x.shape[:2], len(b_h))), 0 * (x[0] @ W_xh)
    for t in range(len(x)):
        state = np.tanh(x[t] @ W_xh + state @ W_hh + b_h)
        h[t] = state
    last = h[lengths - 1, np.arange(len(lengths))]
    for b, n in enumerate(lengths):
        h[n:, b] = 0
    return h, last


def frozen_forward_torch(x, lengths, W_xh, W_hh, b_h):
    x, W_xh, W_hh, b_h = (torch.tensor(np.ascontiguousarray(a)) for a in (x, W_xh, W_hh, b_h))
    layer = torch.nn.RNN(*W_xh.shape, dtype=x.dtype)
    layer.load_state_dict(
        {"weight_ih_l0": W_xh.T, "weight_hh_l0": W_hh.T, "bias_ih_l0": b_h, "bias_hh_l0": torch.zeros_like(b_h)}
    )
    packed = torch.nn.utils.rnn.pack_padded_sequence(x, torch.tensor(lengths), enforce_sorted=False)
    h, last = layer(packed)
    return torch.nn.utils.rnn.pad_packed_sequence(h, total_length=len(x))[0], last[0]


def bi_forward_hstacked(x, lengths, read_f, read_b):
    forward, backward = read_f(x), read_b(reverse_padded_index(x, lengths))
    h = np.dstack([forward[0], reverse_padded_index(backward[0], lengths)])
    return h, np.hstack([forward[1], backward[1]])


def bi_forward_filled(x, lengths, read_f, read_b):
    hf, last_f = read_f(x)
    hb, last_b = read_b(reverse_padded_steps(x, lengths))
    T, B, H = hf.shape
    h = np.zeros((T, B, 2 * H))
    h[:, :, :H] = hf
    h[:, :, H:] = reverse_padded_steps(hb, lengths)
    return h, np.c_[last_f, last_b]


def bi_forward_from_h(x, lengths, read_f, read_b):
    hf, _ = read_f(x)
    hb, _ = read_b(reverse_padded_joined(x, lengths))
    hb = reverse_padded_joined(hb, lengths)
    rows = np.arange(len(lengths))
    summary = np.concatenate([hf[lengths - 1, rows], hb[0]], axis=-1)
    return [np.concatenate([hf, hb], axis=-1), summary]


def bi_forward_row_by_row(x, lengths, read_f, read_b):
    (hf, last_f), (hb, last_b) = read_f(x), read_b(reverse_padded_rolled(x, lengths))
    h = np.concatenate([hf, np.zeros_like(hb)], axis=-1)
    for b, n in enumerate(lengths):
        h[:n, b, hf.shape[-1] :] = hb[:n, b][::-1]
    return h, np.append(last_f, last_b, axis=1)


def bi_backward_split(dh, lengths, back_f, back_b):
    dhf, dhb = np.split(dh, 2, axis=-1)
    dx = back_f(dhf).copy()
    dx += reverse_padded_index(back_b(reverse_padded_index(dhb, lengths)), lengths)
    return dx


def bi_backward_rows(dh, lengths, back_f, back_b):
    H = dh.shape[2] // 2
    turned = np.zeros_like(dh[:, :, H:])
    for b, n in enumerate(lengths):
        turned[:n, b] = dh[:n, b, H:][::-1]
    dx, dx_b = np.array(back_f(dh[:, :, :H])), back_b(turned)
    for b, n in enumerate(lengths):
        dx[:n, b] = dx[:n, b] + dx_b[:n, b][::-1]
    return dx


def bi_backward_torch(dh, lengths, back_f, back_b):
    dhf, dhb = torch.tensor(np.ascontiguousarray(dh)).chunk(2, dim=-1)
    dx_b = torch.tensor(back_b(reverse_padded_index(dhb.numpy(), lengths)))
    return torch.tensor(back_f(dhf.numpy())) + reverse_padded_torch(dx_b.numpy(), lengths)


def masked_loss_loops(logits, targets, lengths):
    N, loss, d = sum(lengths), 0, np.zeros(logits.shape)
    for b, n in enumerate(lengths):
        for t in range(n):
            y, c = logits[t, b].astype(float), targets[t, b]
            e = np.exp(y - y.max())
            loss += np.log(e.sum()) + y.max() - y[c]
            d[t, b] = e / e.sum()
            d[t, b, c] -= 1
    return loss / N, d / N


def masked_loss_autograd(logits, targets, lengths):
    y = torch.tensor(np.ascontiguousarray(logits), requires_grad=True)
    mask = torch.arange(len(logits))[:, None] < torch.tensor(lengths)
    loss = torch.nn.functional.cross_entropy(y[mask], torch.tensor(targets)[mask])
    loss.backward()
    return loss, y.grad


def masked_loss_weights(logits, targets, lengths):
    w = np.array([[t < n for n in lengths] for t in range(len(logits))]) / np.sum(lengths)
    z = logits - logits.max(-1)[..., None]
    log_p = z - np.log(np.exp(z).sum(-1))[..., None]
    nll = -np.take_along_axis(log_p, targets[..., None], -1)[..., 0]
    d = np.exp(log_p)
    np.put_along_axis(d, targets[..., None], np.take_along_axis(d, targets[..., None], -1) - 1, -1)
    return np.sum(w * nll), w[..., None] * d


def masked_loss_float32(logits, targets, lengths):
    return [np.float32(a) for a in masked_loss_loops(logits, targets, lengths)]


def stack_forward_filled(x, layers):
    T, B, _ = x.shape
    h = np.zeros((len(layers), T, B, len(layers[0][2])))
    for i, (W_xh, W_hh, b_h) in enumerate(layers):
        for t in range(T):
            below = h[i - 1, t] if i else x[t]
            before = h[i, t - 1] if t else np.zeros_like(h[i, t])
            h[i, t] = np.tanh(below @ W_xh + before @ W_hh + b_h)
    return h


def stack_forward_step_by_step(x, layers):
    states, out = [np.zeros((x.shape[1], len(W_hh))) for _, W_hh, _ in layers], []
    for below in x:
        for i, (W_xh, W_hh, b_h) in enumerate(layers):
            below = states[i] = np.tanh(below @ W_xh + states[i] @ W_hh + b_h)
        out.append(list(states))
    return np.swapaxes(out, 0, 1)


def stack_forward_recursive(x, layers):
    (W_xh, W_hh, b_h), *above = layers
    h = [0 * b_h]
    for a in np.einsum("tbd,dh->tbh", x, W_xh) + b_h:
        h += [np.tanh(a + np.dot(h[-1], W_hh))]
    h = np.array(h[1:])
    return np.concatenate([h[None], stack_forward_recursive(h, above)]) if above else h[None]


def stack_forward_torch(x, layers):
    h, states = torch.tensor(np.ascontiguousarray(x)).double(), []
    for weights in layers:
        W_xh, W_hh, b_h = map(torch.tensor, weights)
        state, out = torch.zeros(h.shape[1], len(b_h), dtype=torch.float64), []
        for z in h @ W_xh + b_h:
            state = torch.tanh(z + state @ W_hh)
            out.append(state)
        h = torch.stack(out)
        states.append(h)
    return torch.stack(states)


STYLES = {
    "bidirectional.reverse_padded": [
        reverse_padded_index,
        reverse_padded_steps,
        reverse_padded_joined,
        reverse_padded_rolled,
        reverse_padded_torch,
    ],
    "bidirectional.frozen_forward": [
        frozen_forward_blended,
        frozen_forward_row_by_row,
        frozen_forward_indexed,
        frozen_forward_torch,
    ],
    "bidirectional.bi_forward": [
        bi_forward_hstacked,
        bi_forward_filled,
        bi_forward_from_h,
        bi_forward_row_by_row,
    ],
    "bidirectional.bi_backward": [bi_backward_split, bi_backward_rows, bi_backward_torch],
    "bidirectional.masked_loss": [
        masked_loss_loops,
        masked_loss_autograd,
        masked_loss_weights,
        masked_loss_float32,
    ],
    "bidirectional.stack_forward": [
        stack_forward_filled,
        stack_forward_step_by_step,
        stack_forward_recursive,
        stack_forward_torch,
    ],
}
