"""The worker: time a whole training step of a character model with an LSTM, in a process of its own.

    python -m benchmarks.language_model rnnlib 50,32,65,128

prints, for each size T,B,V,H, the lower quartile of the CPU seconds of one step: embedding (as wide as the state, at
most 64), LSTM, linear layer, softmax and cross-entropy, back, clip, Adam. Instead of ``rnnlib``: ``torch``.
"""

import sys

import numpy as np

from benchmarks.measure import lower_quartile


def rnnlib_step(V, E, H, ids, targets):
    from rnnlib import LSTM, Embedding, LanguageModel, Linear
    from rnnlib.optim import Adam, clip_by_norm

    model = LanguageModel(LSTM(E, H), Linear(H, V), embedding=Embedding(V, E))
    optimizer = Adam(model.params)

    def run():
        model.reset()
        _, grads = model.loss_and_grads(ids, targets)
        clip_by_norm(grads, 1.0)
        optimizer.step(grads)

    return run


def torch_step(V, E, H, ids, targets):
    import torch

    torch.set_num_threads(1)
    embed, lstm, out = torch.nn.Embedding(V, E), torch.nn.LSTM(E, H), torch.nn.Linear(H, V)
    params = [*embed.parameters(), *lstm.parameters(), *out.parameters()]
    optimizer = torch.optim.Adam(params)
    ids, targets = torch.from_numpy(ids), torch.from_numpy(targets)

    def run():
        optimizer.zero_grad(set_to_none=True)
        h, _ = lstm(embed(ids))
        torch.nn.functional.cross_entropy(out(h).reshape(-1, V), targets.reshape(-1)).backward()
        torch.nn.utils.clip_grad_norm_(params, 1.0)
        optimizer.step()

    return run


def main(library, *sizes):
    prepare = {"rnnlib": rnnlib_step, "torch": torch_step}[library]
    for size in sizes:
        T, B, V, H = map(int, size.split(","))
        ids, targets = np.random.default_rng(0).integers(V, size=(2, T, B))
        print(lower_quartile(prepare(V, min(H, 64), H, ids, targets)))


if __name__ == "__main__":
    main(*sys.argv[1:])
