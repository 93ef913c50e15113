"""Right answers to exercise 10-tagging, as students write them."""

import itertools

import numpy as np
import torch


def bio_tags_words(spans, T):
    tags = [0] * T
    for kind, start, end in spans.tolist():
        for t in range(start, end):
            tags[t] = 2 * kind + (1 if t == start else 2)
    return np.array(tags)


def bio_tags_torch(spans, T):
    tags = torch.zeros(T, dtype=torch.long)
    for kind, start, end in torch.tensor(np.ascontiguousarray(spans)):
        tags[start] = 2 * kind + 1
        tags[start + 1 : end] = 2 * kind + 2
    return tags


def bio_tags_by_word(spans, T):
    def tag(t):
        for kind, start, end in spans:
            if start <= t < end:
                return 2 * kind + 1 + (t > start)
        return 0

    return np.array([tag(t) for t in range(T)], dtype=int)


def spans_while(tags):
    found, t = [], 0
    while t < len(tags):
        start = t
        t += 1
        if tags[start] == 0:
            continue
        kind = (tags[start] - 1) // 2
        while t < len(tags) and tags[t] == 2 * kind + 2:
            t += 1
        found.append((kind, start, t))
    return np.array(found, dtype=int).reshape(-1, 3)


def spans_strings(tags):
    names = ["O", *itertools.chain(*((f"B{k}", f"I{k}") for k in range(9)))]
    words = [names[tag] for tag in tags] + ["O"]
    found, kind, start = [], None, 0
    for t, tag in enumerate(words):
        if kind is not None and tag != "I" + kind:
            found.append((int(kind), start, t))
            kind = None
        if kind is None and tag != "O":
            kind, start = tag[1:], t
    return np.array(found, dtype=int).reshape(-1, 3)


def spans_borders(tags):
    before = np.concatenate([[0], tags[:-1]])
    goes_on = (tags % 2 == 0) & (tags > 0) & ((before == tags) | (before == tags - 1))
    starts = np.flatnonzero((tags > 0) & ~goes_on)
    ends = [s + 1 + int(np.argmin(np.append(goes_on[s + 1 :], False))) for s in starts]
    return np.stack([(tags[starts] - 1) // 2, starts, np.array(ends, dtype=int)], axis=1)


def span_scores_lists(predicted, targets):
    right = found = wanted = 0
    for said, true in zip(predicted, targets):
        a, b = spans_while(said).tolist(), spans_while(true).tolist()
        right += sum(span in b for span in a)
        found += len(a)
        wanted += len(b)
    precision = right / found if found else 0
    recall = right / wanted if wanted else 0
    return precision, recall, 2 * right / (found + wanted) if found + wanted else 0


def span_scores_numbered(predicted, targets):
    def every(side):
        return {(n, *span) for n, tags in enumerate(side) for span in spans_strings(tags).tolist()}

    a, b = every(predicted), every(targets)
    precision, recall = len(a & b) / max(len(a), 1), len(a & b) / max(len(b), 1)
    f1 = 0.0 if precision + recall == 0 else 2 / (1 / precision + 1 / recall)
    return np.float64(precision), np.float64(recall), f1


def hide_words_loops(ids, counts, alpha, u):
    hidden = ids.copy()
    for t, b in np.ndindex(ids.shape):
        if ids[t, b] != 0 and u[t, b] < alpha / (alpha + counts[ids[t, b]]):
            hidden[t, b] = 1
    return hidden


def hide_words_table(ids, counts, alpha, u):
    share = np.zeros(len(counts))
    share[1:] = alpha / (alpha + counts[1:])
    hidden = ids.copy()
    hidden[u < share[ids]] = 1
    return hidden


def hide_words_torch(ids, counts, alpha, u):
    ids, counts, u = (torch.tensor(np.ascontiguousarray(a)) for a in (ids, counts, u))
    hide = (u * (alpha + counts[ids]) < alpha) & (ids != 0)
    return ids.masked_fill(hide, 1)


def fits(before, tag):
    return tag == 0 or tag % 2 == 1 or before in (tag, tag - 1)


def best_allowed_loops(log_p):
    T, K = log_p.shape
    best = [[log_p[0, k] if fits(0, k) else -np.inf for k in range(K)]]
    came = []
    for t in range(1, T):
        row, back = [], []
        for k in range(K):
            score, j = max((best[-1][j], -j) for j in range(K) if fits(j, k))
            row.append(score + log_p[t, k])
            back.append(-j)
        best.append(row)
        came.append(back)
    tags = [int(np.argmax(best[-1]))]
    for t in range(T - 2, -1, -1):
        tags.insert(0, came[t][tags[0]])
    return np.array(tags)


def best_allowed_ways(log_p):
    ways = {k: (log_p[0, k], (k,)) for k in range(log_p.shape[1]) if fits(0, k)}
    for row in log_p[1:]:
        ways = {
            k: max((score + row[k], (*way, k)) for j, (score, way) in ways.items() if fits(j, k))
            for k in range(len(row))
            if any(fits(j, k) for j in ways)
        }
    return np.array(max(ways.values())[1])


def best_allowed_torch(log_p):
    log_p = torch.tensor(np.ascontiguousarray(log_p))
    T, K = log_p.shape
    bar = torch.tensor([[0.0 if fits(j, k) else -torch.inf for k in range(K)] for j in range(K)], dtype=log_p.dtype)
    score, came = log_p[0] + bar[0], []
    for t in range(1, T):
        best, j = (score[:, None] + bar).max(dim=0)
        came.append(j)
        score = best + log_p[t]
    tags = [score.argmax()]
    for j in came[::-1]:
        tags.append(j[tags[-1]])
    return torch.stack(tags[::-1])


STYLES = {
    "tagging.bio_tags": [bio_tags_words, bio_tags_torch, bio_tags_by_word],
    "tagging.spans": [spans_while, spans_strings, spans_borders],
    "tagging.span_scores": [span_scores_lists, span_scores_numbered],
    "tagging.hide_words": [hide_words_loops, hide_words_table, hide_words_torch],
    "tagging.best_allowed": [best_allowed_loops, best_allowed_ways, best_allowed_torch],
}
