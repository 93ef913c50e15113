"""Right answers to the problems of 09-classification, as different people write them: each must pass."""

import hashlib
import re

import numpy as np
import torch


def split_apart_loop(texts, share):
    seen, parts = set(), ([], [])
    for i in range(len(texts)):
        key = re.sub(r"\s+", " ", texts[i]).strip().lower()
        if key in seen:
            continue
        seen.add(key)
        u = int(hashlib.sha256(key.encode("utf-8")).hexdigest()[:16], 16) / 2**64
        parts[0 if u >= share else 1].append(i)
    return np.array(parts[0]), np.array(parts[1])


def split_apart_arrays(texts, share):
    keys = np.array([" ".join(text.lower().split()) for text in texts])
    _, rows = np.unique(keys, return_index=True)
    rows = np.sort(rows)
    digests = b"".join(hashlib.sha256(str(keys[i]).encode()).digest()[:8] for i in rows)
    u = np.frombuffer(digests, dtype=">u8") / 2.0**64
    return rows[u >= share], rows[u < share]


def padded_batch_columns(reviews, number, longest):
    lengths = np.minimum([len(review) for review in reviews], longest)
    columns = []
    for review, n in zip(reviews, lengths):
        ids = [number[word] if word in number else 1 for word in review[:n]]
        columns.append(np.array(ids + [0] * (max(lengths) - n)))
    return np.column_stack(columns), lengths


def padded_batch_torch(reviews, number, longest):
    rows = [torch.tensor([number.get(word, 1) for word in review])[:longest] for review in reviews]
    return torch.nn.utils.rnn.pad_sequence(rows), torch.tensor([len(row) for row in rows])


def summaries_loop(h, lengths):
    rows = [h[:n, b] for b, n in enumerate(lengths)]
    return np.stack([row[-1] for row in rows]), np.stack([row.mean(axis=0) for row in rows])


def summaries_torch(h, lengths):
    h, lengths = torch.as_tensor(np.ascontiguousarray(h)), torch.as_tensor(lengths)
    last = h.gather(0, (lengths - 1)[None, :, None].expand(1, -1, h.shape[2]))[0]
    mask = (torch.arange(len(h))[:, None] < lengths).to(h.dtype)
    return last, torch.einsum("tbh,tb->bh", h, mask) / lengths[:, None]


def summaries_cumulative(h, lengths):
    rows = np.arange(h.shape[1])
    return h[lengths - 1, rows], np.cumsum(h, axis=0)[lengths - 1, rows] / lengths.reshape(-1, 1)


def windows_apart_loop(values, T, horizon, cut):
    mean, scale = np.mean(values[:cut]), np.std(values[:cut])
    z = [(v - mean) / scale for v in values]
    parts = {True: ([], []), False: ([], [])}
    for start in range(len(z) - T - horizon + 1):
        target = start + T - 1 + horizon
        x, y = parts[target < cut]
        x.append(z[start : start + T])
        y.append(z[target])
    (x, y), (new, later) = parts[True], parts[False]
    return np.array(x).T, np.array(y), np.array(new).T, np.array(later)


def windows_apart_views(values, T, horizon, cut):
    past = values[:cut]
    z = (values - past.mean()) / np.sqrt(((past - past.mean()) ** 2).mean())
    view = np.lib.stride_tricks.sliding_window_view(z, T)[: len(z) - T - horizon + 1].T
    y = z[T + horizon - 1 :]
    M = cut - T - horizon + 1
    return view[:, :M], y[:M], view[:, M:], y[M:]


def windows_apart_torch(values, T, horizon, cut):
    v = torch.as_tensor(values)
    z = (v - v[:cut].mean()) / v[:cut].std(correction=0)
    x = z[: len(z) - horizon].unfold(0, T, 1).t()
    M = cut - T - horizon + 1
    y = z[T + horizon - 1 :]
    return x[:, :M], y[:M], x[:, M:], y[M:]


def baseline_errors_loop(values, cut, horizon, season):
    squares = np.zeros(3)
    for t in range(cut, len(values)):
        now, same, then = values[t - horizon], values[t - season], values[t - season - horizon]
        for k, forecast in enumerate((now, same, now + same - then)):
            squares[k] += (forecast - values[t]) ** 2
    return tuple((squares / (len(values) - cut)) ** 0.5)


def baseline_errors_slices(values, cut, horizon, season):
    N, y = len(values), values[cut:]

    def before(n):
        return values[cut - n : N - n]

    last, same = before(horizon), before(season)
    change = same - before(season + horizon)
    return [float(np.linalg.norm(f - y) / np.sqrt(len(y))) for f in (last, same, last + change)]


STYLES = {
    "classification.split_apart": [split_apart_loop, split_apart_arrays],
    "classification.padded_batch": [padded_batch_columns, padded_batch_torch],
    "classification.summaries": [summaries_loop, summaries_torch, summaries_cumulative],
    "classification.windows_apart": [windows_apart_loop, windows_apart_views, windows_apart_torch],
    "classification.baseline_errors": [baseline_errors_loop, baseline_errors_slices],
}
