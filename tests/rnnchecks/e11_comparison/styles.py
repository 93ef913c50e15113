"""Right answers to the problems of 11-comparison, as different people write them: each must pass."""

import math
import statistics

import numpy as np
import torch

from rnnlib import GRU, LSTM, RNN, Linear
from rnnlib.intervals import t_quantile


def equal_widths_count(D, K, budget):
    def weights(blocks, H, inner=0):
        return blocks * (D * H + H * H + H) + inner * H + H * K + K

    answer = []
    for blocks, inner in [(1, 0), (4, 0), (3, 1)]:
        H = 1
        while weights(blocks, H + 1, inner) <= budget:
            H += 1
        answer.append(H)
    return answer


def equal_widths_nets(D, K, budget):
    """Builds the nets and counts what is there, by halving."""

    def size(cell, H):
        return sum(p.size for part in (cell(D, H), Linear(H, K)) for p in part.params.values())

    def widest(cell):
        low, high = 1, 256
        while high - low > 1:
            H = (low + high) // 2
            low, high = (H, high) if size(cell, H) <= budget else (low, H)
        return low

    return np.array(widest(RNN)), np.array(widest(LSTM)), np.array(widest(GRU))


def equal_widths_roots(D, K, budget):
    out = []
    for b, c in ((1, D + 1 + K), (4, 4 * D + 4 + K), (3, 3 * D + 3 + 1 + K)):
        H = int((-c + math.sqrt(c**2 - 4 * b * (K - budget))) / (2 * b)) + 1
        while b * H * H + c * H + K > budget:  # a root in floating point may lie on the wrong side
            H -= 1
        out.append(H)
    return tuple(out)


def mean_interval_numpy(values):
    half = t_quantile(0.975, len(values) - 1) * np.std(values, ddof=1) / np.sqrt(len(values))
    return np.mean(values), np.mean(values) - half, np.mean(values) + half


def mean_interval_statistics(values):
    values = [float(v) for v in values]
    m = statistics.fmean(values)
    e = statistics.stdev(values) / math.sqrt(len(values))
    t = -t_quantile(0.025, len(values) - 1)
    return [m, m - t * e, m + t * e]


def mean_interval_torch(values):
    v = torch.tensor(values)
    m, s = v.mean(), v.std()
    half = t_quantile(1 - 0.05 / 2, v.numel() - 1) * s / v.numel() ** 0.5
    return m, m - half, m + half


def difference_interval_numpy(a, b):
    va, vb = np.var(a, ddof=1), np.var(b, ddof=1)
    na, nb = a.size, b.size
    se2 = va / na + vb / nb
    df = se2**2 / ((va / na) ** 2 / (na - 1) + (vb / nb) ** 2 / (nb - 1))
    width = t_quantile(0.975, df) * np.sqrt(se2) * np.array([-1, 1])
    return np.mean(a) - np.mean(b), *(np.mean(a) - np.mean(b) + width)


def difference_interval_share(a, b):
    """The degrees of freedom by the share that the first variance has."""
    v = [statistics.variance(map(float, x)) / len(x) for x in (a, b)]
    c = v[0] / sum(v)
    nu = 1 / (c**2 / (len(a) - 1) + (1 - c) ** 2 / (len(b) - 1))
    d = statistics.fmean(map(float, a)) - statistics.fmean(map(float, b))
    half = t_quantile(0.975, nu) * sum(v) ** 0.5
    return d, d - half, d + half


def bootstrap_interval_loop(values, picked):
    means = []
    for row in picked:
        means.append(sum(values[i] for i in row) / len(row))
    return tuple(np.percentile(means, [2.5, 97.5]))


def bootstrap_interval_torch(values, picked):
    means = torch.tensor(values)[torch.tensor(picked)].mean(1)
    return torch.quantile(means, 0.025), torch.quantile(means, 0.975)


def bootstrap_interval_counts(values, picked):
    counts = np.stack([np.bincount(row, minlength=len(values)) for row in picked])
    means = counts @ values / picked.shape[1]
    return np.quantile(means, [0.025, 0.975])[0], np.quantile(means, [0.025, 0.975])[1]


def at_equal_time_loops(curves, seconds):
    marks = curves.shape[-1]
    first_done = min(seconds) * marks
    out = []
    for cell, cost in zip(curves, seconds):
        last = None
        for m in range(marks):
            if (m + 1) * cost <= first_done:
                last = m
        out.append([run[last] for run in cell])
    return np.array(out)


def at_equal_time_times(curves, seconds):
    times = np.arange(1, curves.shape[2] + 1) * seconds[:, None]
    index = (times <= times[:, -1].min()).sum(axis=1) - 1
    return np.take_along_axis(curves, index[:, None, None], axis=2)[:, :, 0]


def at_equal_time_search(curves, seconds):
    end = curves.shape[2] * np.min(seconds)
    marks = [np.searchsorted(np.arange(1, curves.shape[2] + 1) * s, end, side="right") - 1 for s in seconds]
    return torch.stack([torch.tensor(np.ascontiguousarray(c[:, m])) for c, m in zip(curves, marks)])


STYLES = {
    "comparison.equal_widths": [equal_widths_count, equal_widths_nets, equal_widths_roots],
    "comparison.mean_interval": [mean_interval_numpy, mean_interval_statistics, mean_interval_torch],
    "comparison.difference_interval": [difference_interval_numpy, difference_interval_share],
    "comparison.bootstrap_interval": [bootstrap_interval_loop, bootstrap_interval_torch, bootstrap_interval_counts],
    "comparison.at_equal_time": [at_equal_time_loops, at_equal_time_times, at_equal_time_search],
}
