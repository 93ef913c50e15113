"""Learn to write like a text, with NumPy alone: python program.py sonnets.txt [STEPS]"""

import sys

import numpy as np

text = open(sys.argv[1], encoding="utf-8").read()
steps = int(sys.argv[2]) if len(sys.argv) > 2 else 2000
chars = sorted(set(text))
ids = np.array([chars.index(ch) for ch in text])
T, B, H, V, lr, rng = 25, 16, 100, len(chars), 0.01, np.random.default_rng(0)
streams = ids[: len(ids) // B * B].reshape(B, -1).T  # (length, B): B places in the text
shapes = {"W_xh": (V, H), "W_hh": (H, H), "b_h": H, "W_hy": (H, V), "b_y": V}
w = {name: rng.uniform(-1, 1, shape) / H**0.5 for name, shape in shapes.items()}
m, v = ({name: 0 * value for name, value in w.items()} for _ in range(2))


def softmax(y):
    e = np.exp(y - y.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def loss_and_grads(x, target, h_0):
    h, p, loss, g = [h_0], [], 0, {name: 0 * value for name, value in w.items()}
    for t in range(len(x)):  # W_xh[x] is one_hot(x) @ W_xh
        h.append(np.tanh(w["W_xh"][x[t]] + h[t] @ w["W_hh"] + w["b_h"]))
        p.append(softmax(h[t + 1] @ w["W_hy"] + w["b_y"]))
        loss -= np.log(p[t][range(len(h_0)), target[t]]).mean() / len(x)
    dh_next = 0 * h_0
    for t in reversed(range(len(x))):  # h[t] is the state before this step
        dy = (p[t] - np.eye(V)[target[t]]) / target.size
        dz = (dy @ w["W_hy"].T + dh_next) * (1 - h[t + 1] ** 2)
        g["W_hy"] += h[t + 1].T @ dy
        g["b_y"] += dy.sum(axis=0)
        np.add.at(g["W_xh"], x[t], dz)
        g["W_hh"] += h[t].T @ dz
        g["b_h"] += dz.sum(axis=0)
        dh_next = dz @ w["W_hh"].T
    return loss, g, h[-1]


def write(length):
    h, written = np.zeros(H), [ids[0]]
    for _ in range(length):
        h = np.tanh(w["W_xh"][written[-1]] + h @ w["W_hh"] + w["b_h"])
        written.append(rng.choice(V, p=softmax(h @ w["W_hy"] + w["b_y"])))
    return "".join(chars[i] for i in written)


at, h = 0, np.zeros((B, H))
for i in range(1, steps + 1):
    if at + T >= len(streams):  # the text again, from its start
        at, h = 0, np.zeros((B, H))
    loss, g, h = loss_and_grads(streams[at : at + T], streams[at + 1 : at + T + 1], h)
    at, norm = at + T, np.sqrt(sum((d**2).sum() for d in g.values()))
    for name in w:  # clip by norm at 1, then a step of Adam
        d = g[name] / max(1, norm)
        m[name], v[name] = 0.9 * m[name] + 0.1 * d, 0.999 * v[name] + 0.001 * d**2
        w[name] -= lr * m[name] / (1 - 0.9**i) / (np.sqrt(v[name] / (1 - 0.999**i)) + 1e-8)
    if i % 250 == 0 or i == 1:
        print(f"step {i:5d}   loss {loss:.2f} nats")
print(write(300))
