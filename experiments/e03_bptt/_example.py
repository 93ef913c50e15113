"""The small net of chapter 3, on which every equation is checked, with its twin in torch."""

from types import SimpleNamespace

import numpy as np
import torch

from rnnlib.activations import softmax
from rnnlib.gradcheck import gradcheck
from rnnlib.losses import softmax_cross_entropy

T, B, D, H, V = 6, 3, 4, 5, 7
SHAPES = {"W_xh": (D, H), "W_hh": (H, H), "b_h": (H,), "W_hy": (H, V), "b_y": (V,), "h_0": (B, H)}
MISTAKES = (
    "future forgotten",
    "no sum over time",
    "h instead of h_prev",
    "derivative at the wrong step",
    "W_hh not transposed",
    "dh_0 without W_hh",
    "mean against sum",
)


def small_net(steps=T):
    """Sizes that all differ, random weights and a random initial state, run forward.

    Returns:
        A namespace with the sizes, `params`, `x` and `targets`, whose row 0 is unused, and `h`, `y`, `p`, `L` and `dy`.
    """
    rng = np.random.default_rng(3)
    params = {name: rng.normal(0, 0.6, shape) for name, shape in SHAPES.items()}
    x = rng.normal(size=(T + 1, B, D))
    targets = rng.integers(V, size=(T + 1, B))
    x[0] = np.nan  # so that using it would show
    h = np.empty((steps + 1, B, H))
    h[0] = params["h_0"]
    for t in range(1, steps + 1):
        h[t] = np.tanh(x[t] @ params["W_xh"] + h[t - 1] @ params["W_hh"] + params["b_h"])
    y = h @ params["W_hy"] + params["b_y"]
    p = softmax(y)
    L = -sum(np.log(p[t, range(B), targets[t]]).sum() for t in range(1, steps + 1))
    dy = p - np.eye(V)[targets[: steps + 1]]
    return SimpleNamespace(T=steps, B=B, D=D, H=H, V=V, params=params, x=x, targets=targets, h=h, y=y, p=p, L=L, dy=dy)


def loss_of(net):
    """The loss of `net` as a function of its parameters, for a gradient check; it takes complex numbers too."""

    def loss(w):
        h, total = w["h_0"], 0
        for t in range(1, net.T + 1):
            h = np.tanh(net.x[t] @ w["W_xh"] + h @ w["W_hh"] + w["b_h"])
            total += B * softmax_cross_entropy(h @ w["W_hy"] + w["b_y"], net.targets[t])[0]
        return total

    return loss


def in_torch(net):
    """The same net in torch, which keeps the gradient of every z_t, h_t and y_t; the loss has gone backward.

    Returns:
        A namespace with `P`, the parameters, `X`, the inputs, lists `z`, `h` and `y`, and `loss`.
    """
    P = {name: torch.tensor(value, requires_grad=True) for name, value in net.params.items()}
    X, C = torch.tensor(net.x, requires_grad=True), torch.tensor(net.targets)
    z, h, y = [None], [P["h_0"]], [None]
    for t in range(1, net.T + 1):
        z.append(X[t] @ P["W_xh"] + h[-1] @ P["W_hh"] + P["b_h"])
        h.append(torch.tanh(z[-1]))
        y.append(h[-1] @ P["W_hy"] + P["b_y"])
        for inner in (z[-1], h[-1], y[-1]):
            inner.retain_grad()
    loss = sum(torch.nn.functional.cross_entropy(y[t], C[t], reduction="sum") for t in range(1, net.T + 1))
    loss.backward()
    return SimpleNamespace(P=P, X=X, C=C, z=z, h=h, y=y, loss=loss)


def jacobians(net, k, t):
    """Autograd's dh_t / dh_k for every example, ``(B, H, H)``."""
    W_xh, W_hh, b_h = (torch.tensor(net.params[name]) for name in ("W_xh", "W_hh", "b_h"))
    x = torch.tensor(net.x)

    def run(b):
        def from_k(state):
            for j in range(k + 1, t + 1):
                state = torch.tanh(x[j, b] @ W_xh + state @ W_hh + b_h)
            return state

        return from_k

    return torch.stack([torch.autograd.functional.jacobian(run(b), torch.tensor(net.h[k, b])) for b in range(B)])


def each_pair(net, pairs):
    """Autograd's gradient of the loss at t by the use of W_hh at k, for every pair: each step has a W_hh of its own."""
    w = {name: torch.tensor(value) for name, value in net.params.items()}
    x, targets, own, state, losses = torch.tensor(net.x), torch.tensor(net.targets), [None], w["h_0"], [None]
    for t in range(1, net.T + 1):
        own.append(w["W_hh"].clone().requires_grad_())
        state = torch.tanh(x[t] @ w["W_xh"] + state @ own[t] + w["b_h"])
        losses.append(torch.nn.functional.cross_entropy(state @ w["W_hy"] + w["b_y"], targets[t], reduction="sum"))
    return [torch.autograd.grad(losses[t], own[k], retain_graph=True)[0] for t, k in pairs]


def products(length, width=3):
    """Run the three ways to send gradients back over random Jacobians; check that they agree; count their products."""
    rng = np.random.default_rng(0)
    J, g = rng.normal(0, 0.4, (length + 1, width, width)), rng.normal(size=(length + 1, width))
    n = {"pair by pair": 0, "row by row": 0, "recursion": 0}
    scratch, rows, chain = (np.zeros((length + 1, width)) for _ in range(3))
    for t in range(1, length + 1):
        running = g[t]
        rows[t] += running
        for k in range(t - 1, 0, -1):
            running = running @ J[k + 1]
            n["row by row"] += 1
            rows[k] += running
        for k in range(1, t + 1):
            row = g[t]
            for j in range(t, k, -1):
                row = row @ J[j]
                n["pair by pair"] += 1
            scratch[k] += row
    chain[length] = g[length]
    for t in range(length - 1, 0, -1):
        chain[t] = g[t] + chain[t + 1] @ J[t + 1]
        n["recursion"] += 1
    assert np.allclose(scratch, chain) and np.allclose(rows, chain)
    return n


def planted(net, mistake=""):
    """The backward loop of the chapter with one of `MISTAKES` in it: gradients by name."""
    W_xh, W_hh, W_hy = (net.params[name] for name in ("W_xh", "W_hh", "W_hy"))
    g = {name: np.zeros_like(net.params[name]) for name in ("W_xh", "W_hh", "b_h")}
    dh_next, h = np.zeros((B, H)), net.h
    for t in range(net.T, 0, -1):
        if mistake == "future forgotten":
            dh_next = 0 * dh_next
        d = net.dy[t] @ W_hy.T + dh_next
        d = d * (1 - (h[t - 1] if mistake == "derivative at the wrong step" else h[t]) ** 2)
        last_only = mistake == "no sum over time" and t < net.T
        g["W_xh"] += 0 if last_only else net.x[t].T @ d
        g["W_hh"] += 0 if last_only else (h[t] if mistake == "h instead of h_prev" else h[t - 1]).T @ d
        g["b_h"] += 0 if last_only else d.sum(axis=0)
        dh_next = d @ (W_hh if mistake == "W_hh not transposed" else W_hh.T)
    g["h_0"] = d if mistake == "dh_0 without W_hh" else dh_next
    return {name: v / (net.T * B) for name, v in g.items()} if mistake == "mean against sum" else g


def spoiled(net, mistake=""):
    """What a gradient check by the complex step says of `planted`: for each tensor whether it is right."""
    report = gradcheck(loss_of(net), net.params, planted(net, mistake), method="complex")
    return {tensor.name: bool(tensor.ok) for tensor in report.tensors}


def paths(step, rnnlib_makes, torch_makes):
    """Ten steps with the same ten gradients, by a function, by rnnlib and by torch: lists of points, and the gradients.

    Args:
        step: function of weights, gradient and the number of the step, which changes the weights.
        rnnlib_makes: function from a dict of weights to an optimiser of rnnlib.
        torch_makes: function from a list of tensors to an optimiser of torch.
    """
    rng = np.random.default_rng(4)
    gradients = rng.normal(size=(10, 3, 5)) * np.logspace(-3, 3, 5)
    start = rng.normal(size=(3, 5))
    ours, theirs, other = start.copy(), torch.tensor(start.copy(), requires_grad=True), start.copy()
    by_torch, by_rnnlib = torch_makes([theirs]), rnnlib_makes({"theta": other})
    points = [[], [], []]
    for i, g in enumerate(gradients, 1):
        step(ours, g, i)
        by_rnnlib.step({"theta": g})
        theirs.grad = torch.tensor(g)
        by_torch.step()
        for path, at in zip(points, (ours, other, theirs.detach().numpy())):
            path.append(at.copy())
    return *points, start, gradients
