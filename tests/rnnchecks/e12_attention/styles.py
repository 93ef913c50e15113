"""Right answers to the problems of 12-attention, as different people write them: each must pass."""

import functools
import heapq

import numpy as np
import torch


def attention_step_row_by_row(q, k, v, W_q, W_k, w, lengths):
    S, B, _ = k.shape
    context, alpha = np.zeros((B, v.shape[2])), np.zeros((S, B))
    for b in range(B):
        n = lengths[b]
        e = np.array([w @ np.tanh(W_q.T @ q[b] + W_k.T @ k[s, b]) for s in range(n)])
        e = np.exp(e - max(e))
        alpha[:n, b] = e / e.sum()
        for s in range(n):
            context[b] += alpha[s, b] * v[s, b]
    return context, alpha


def attention_step_einsum(q, k, v, W_q, W_k, w, lengths):
    u = np.tanh(np.einsum("bd,da->ba", q, W_q)[None] + np.einsum("sbk,ka->sba", k, W_k))
    e = np.einsum("sba,a->sb", u, w)
    hidden = np.arange(len(e)).reshape(-1, 1) >= lengths
    e[hidden] = -1e30
    e = np.exp(e - e.max(axis=0, keepdims=True))
    e[hidden] = 0
    alpha = e / np.sum(e, axis=0, keepdims=True)
    return np.einsum("sb,sbe->be", alpha, v), alpha


def attention_step_torch(q, k, v, W_q, W_k, w, lengths):
    q, k, v, W_q, W_k, w = (torch.tensor(np.ascontiguousarray(a)) for a in (q, k, v, W_q, W_k, w))
    e = torch.tanh(q @ W_q + k @ W_k) @ w
    e = e.masked_fill(torch.arange(len(k))[:, None] >= torch.tensor(lengths), -torch.inf)
    alpha = torch.softmax(e, dim=0)
    return (alpha.unsqueeze(-1) * v).sum(0), alpha


def attention_step_renormalised(q, k, v, W_q, W_k, w, lengths):
    e = np.tanh(np.dot(q, W_q) + np.dot(k, W_k)).dot(w)
    mask = np.array([[s < n for n in lengths] for s in range(len(k))]).astype(float)
    e = np.where(mask > 0, e, e.min())
    p = np.exp(e - e.max(0)) * mask
    p /= p.sum(0)
    return sum(p[s][:, None] * v[s] for s in range(len(k))), p


def attention_step_backward_row_by_row(dc, q, k, v, W_q, W_k, w, alpha, u):
    d = [np.zeros(a.shape) for a in (q, k, v, W_q, W_k, w)]
    dq, dk, dv, dW_q, dW_k, dw = d
    S, B, _ = k.shape
    for b in range(B):
        dalpha = [dc[b] @ v[s, b] for s in range(S)]
        mean = sum(alpha[s, b] * dalpha[s] for s in range(S))
        for s in range(S):
            de = alpha[s, b] * (dalpha[s] - mean)
            dz = de * w * (1 - u[s, b] * u[s, b])
            dv[s, b] = alpha[s, b] * dc[b]
            dw += de * u[s, b]
            dq[b] += W_q @ dz
            dk[s, b] = W_k @ dz
            dW_q += np.outer(q[b], dz)
            dW_k += np.outer(k[s, b], dz)
    return d


def attention_step_backward_jacobian(dc, q, k, v, W_q, W_k, w, alpha, u):
    dalpha = np.einsum("be,sbe->sb", dc, v)
    J = np.einsum("sb,sj->bsj", alpha, np.eye(len(k))) - np.einsum("sb,jb->bsj", alpha, alpha)
    de = np.einsum("bsj,jb->sb", J, dalpha)
    dz = np.einsum("sb,a,sba->sba", de, w, 1 - u**2)
    dz_q = dz.sum(0)
    A = dz.shape[-1]
    dW_k = k.reshape(-1, k.shape[-1]).T @ dz.reshape(-1, A)
    return dz_q @ W_q.T, dz @ W_k.T, alpha[:, :, None] * dc[None], q.T @ dz_q, dW_k, de.ravel() @ u.reshape(-1, A)


def attention_step_backward_autograd(dc, q, k, v, W_q, W_k, w, alpha, u):
    leaves = [torch.tensor(np.ascontiguousarray(a), requires_grad=True) for a in (q, k, v, W_q, W_k, w)]
    q, k, v, W_q, W_k, w = leaves
    e = torch.tanh(q @ W_q + k @ W_k) @ w
    e = e.masked_fill(torch.tensor(np.ascontiguousarray(alpha)) == 0, -torch.inf)
    c = (torch.softmax(e, dim=0)[..., None] * v).sum(0)
    c.backward(torch.tensor(np.ascontiguousarray(dc)))
    return [leaf.grad for leaf in leaves]


def edit_distance_recursive(a, b):
    @functools.cache
    def distance(i, j):
        if i == 0 or j == 0:
            return i + j
        if a[i - 1] == b[j - 1]:
            return distance(i - 1, j - 1)
        return 1 + min(distance(i - 1, j), distance(i, j - 1), distance(i - 1, j - 1))

    return distance(len(a), len(b))


def edit_distance_two_rows(a, b):
    above = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        row = [i]
        for j, y in enumerate(b, 1):
            row.append(min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (0 if x == y else 1)))
        above = row
    return above[-1]


def edit_distance_dict(a, b):
    D = {(i, 0): i for i in range(len(a) + 1)} | {(0, j): j for j in range(len(b) + 1)}
    for i in range(len(a)):
        for j in range(len(b)):
            D[i + 1, j + 1] = min(D[i, j + 1] + 1, D[i + 1, j] + 1, D[i, j] + int(a[i] != b[j]))
    return float(D[len(a), len(b)])


def edit_distance_search(a, b):
    queue, seen = [(0, 0, 0)], set()
    while queue:
        cost, i, j = heapq.heappop(queue)
        if (i, j) == (len(a), len(b)):
            return cost
        if (i, j) in seen:
            continue
        seen.add((i, j))
        if i < len(a):
            heapq.heappush(queue, (cost + 1, i + 1, j))
        if j < len(b):
            heapq.heappush(queue, (cost + 1, i, j + 1))
        if i < len(a) and j < len(b):
            heapq.heappush(queue, (cost + (a[i] != b[j]), i + 1, j + 1))


def phone_error_rate_loop(said, right):
    edits = phones = 0
    for n in range(len(right)):
        edits += edit_distance_recursive(tuple(said[n]), tuple(right[n]))
        phones += len(right[n])
    return edits / phones


def phone_error_rate_numpy(said, right):
    edits = np.array(list(map(edit_distance_two_rows, said, right)))
    return np.float32(edits.sum() / np.sum([len(word) for word in right]))


def phone_error_rate_weighted(said, right):
    n = np.array([len(word) for word in right])
    rates = np.array([edit_distance_dict(a, b) for a, b in zip(said, right)]) / n
    return np.average(rates, weights=n)


def greedy_decode_while(step, state, start, end, longest):
    ids = [start]
    while len(ids) <= longest:
        log_p, state = step(ids[-1], state)
        best = max(range(len(log_p)), key=lambda i: log_p[i])
        if best == end:
            return np.array(ids[1:])
        ids.append(best)
    return np.array(ids[1:])


def greedy_decode_filled(step, state, start, end, longest):
    written, n, symbol = np.zeros(longest, dtype=int), 0, start
    while n < longest:
        log_p, state = step(symbol, state)
        symbol = np.argmax(log_p)
        if symbol == end:
            break
        written[n] = symbol
        n += 1
    return written[:n]


def greedy_decode_recursive(step, state, start, end, longest):
    if longest == 0:
        return np.array([], dtype=int)
    log_p, state = step(start, state)
    symbol = int(torch.tensor(log_p).argmax())
    if symbol == end:
        return np.array([])
    return np.concatenate([[symbol], greedy_decode_recursive(step, state, symbol, end, longest - 1)])


def beam_search_arrays(step, state, start, end, longest, width):
    open_, done = [([], 0.0, start, state)], []
    for _ in range(longest):
        room = width - len(done)
        if not open_:
            break
        results = [step(symbol, state) for _, _, symbol, state in open_]
        joint = np.array([[one[1]] for one in open_]) + np.array([log_p for log_p, _ in results])
        V = joint.shape[1]
        chosen = np.argsort(-joint, axis=None)[:room]
        new = []
        for flat in chosen:
            row, symbol = flat // V, flat % V
            if symbol == end:
                done.append((open_[row][0], joint[row, symbol]))
            else:
                new.append(([*open_[row][0], symbol], joint[row, symbol], symbol, results[row][1]))
        open_ = new
    found = done + [(ids, p) for ids, p, _, _ in open_]
    found.sort(key=lambda pair: pair[1], reverse=True)
    return np.array(found[0][0], dtype=int), np.array([p for _, p in found])


def beam_search_together(step, state, start, end, longest, width):
    """Finished ones stay in the list as they are, and are not continued."""
    beam = [(0.0, (start,), state)]
    for _ in range(longest):
        finished = [one for one in beam if one[1][-1] == end]
        grown = []
        for p, ids, state in beam:
            if ids[-1] != end:
                log_p, after = step(ids[-1], state)
                for i in range(len(log_p)):
                    grown.append((p + log_p[i], ids + (i,), after))
        beam = finished + heapq.nlargest(width - len(finished), grown, key=lambda one: one[0])
    beam = sorted(beam, key=lambda one: one[0])[::-1]
    ids = [i for i in beam[0][1] if i not in (start, end)]
    return np.array(ids), np.float32([one[0] for one in beam])


def beam_search_dicts(step, state, start, end, longest, width):
    live = [{"ids": [], "p": 0.0, "state": state}]
    finished = []
    t = 0
    while live and t < longest:
        candidates = []
        for h in live:
            last = h["ids"][-1] if h["ids"] else start
            log_p, new = step(last, h["state"])
            top = np.argsort(log_p)[::-1][:width]
            candidates.extend({"ids": h["ids"] + [int(i)], "p": h["p"] + log_p[i], "state": new} for i in top)
        candidates.sort(key=lambda h: h["p"], reverse=True)
        live = []
        for h in candidates[: width - len(finished)]:
            live.append(h)
        finished += [h for h in live if h["ids"][-1] == end]
        live = [h for h in live if h["ids"][-1] != end]
        t += 1
    every = sorted(finished + live, key=lambda h: -h["p"])
    best = every[0]["ids"]
    if best[-1] == end:
        best = best[:-1]
    return [np.array(best), torch.tensor([h["p"] for h in every])]


STYLES = {
    "attention.attention_step": [
        attention_step_row_by_row,
        attention_step_einsum,
        attention_step_torch,
        attention_step_renormalised,
    ],
    "attention.attention_step_backward": [
        attention_step_backward_row_by_row,
        attention_step_backward_jacobian,
        attention_step_backward_autograd,
    ],
    "attention.edit_distance": [
        edit_distance_recursive,
        edit_distance_two_rows,
        edit_distance_dict,
        edit_distance_search,
    ],
    "attention.phone_error_rate": [phone_error_rate_loop, phone_error_rate_numpy, phone_error_rate_weighted],
    "attention.greedy_decode": [greedy_decode_while, greedy_decode_filled, greedy_decode_recursive],
    "attention.beam_search": [beam_search_arrays, beam_search_together, beam_search_dicts],
}
