"""The loss of one piece of text, its gradients, and the state to go on with."""

import numpy as np

from rnnchecks.e08_language._passes import back, states
from rnnchecks.engine.problem import Problem, normal

problem = Problem(
    "language.loss_and_grads",
    "08-language",
    task=2,
    outputs={"loss": "", "dW_xh": "VH", "dW_hh": "HH", "db_h": "H", "dW_hy": "HV", "db_y": "V", "h_T": "BH"},
)


@problem.reference
def loss_and_grads(ids, targets, h_0, W_xh, W_hh, b_h, W_hy, b_y):
    """Forward over the piece; the softmax and its gradient; back through time; one product for each weight."""
    T, B = ids.shape
    h = [h_0]
    for t in range(T):
        h.append(np.tanh(W_xh[ids[t]] + h[-1] @ W_hh + b_h))
    h = np.stack(h)
    y = h[1:] @ W_hy + b_y
    p = np.exp(y - y.max(axis=2, keepdims=True))
    p = p / p.sum(axis=2, keepdims=True)
    right = np.eye(len(b_y))[targets]
    loss = -np.log((p * right).sum(axis=2)).mean()
    dy = (p - right) / (T * B)
    dz, dh_next = np.zeros_like(h[1:]), 0
    for t in reversed(range(T)):
        dz[t] = (dy[t] @ W_hy.T + dh_next) * (1 - h[t + 1] ** 2)
        dh_next = dz[t] @ W_hh.T
    dW_xh = np.einsum("tbv,tbh->vh", np.eye(len(W_xh))[ids], dz)
    dW_hh = np.einsum("tbh,tbk->hk", h[:-1], dz)
    dW_hy = np.einsum("tbh,tbv->hv", h[1:], dy)
    return loss, dW_xh, dW_hh, dz.sum(axis=(0, 1)), dW_hy, dy.sum(axis=(0, 1)), h[-1]


def weights(rng, V, H):
    """Draw W_xh, W_hh, b_h, W_hy and b_y."""
    return tuple(normal(rng, *shape, scale=0.7) for shape in ((V, H), (H, H), (H,), (H, V), (V,)))


@problem.arguments
def random_arguments(rng, s):
    ids, targets = rng.integers(s.V, size=(2, s.T, s.B))
    return ids, targets, normal(rng, s.B, s.H, scale=0.5), *weights(rng, s.V, s.H)


@problem.special("one symbol again and again")
def one_symbol_again_and_again(rng):
    ids = np.full((4, 3), 2)
    return ids, ids, normal(rng, 3, 2, scale=0.5), *weights(rng, 5, 2)


@problem.special("huge logits")
def huge_logits(rng):
    ids, targets = rng.integers(4, size=(2, 3, 2))
    W_xh, W_hh, b_h, W_hy, b_y = weights(rng, 4, 3)
    h_0 = normal(rng, 2, 3, scale=0.5)
    # Large ones that no softmax notices: the same for every symbol.
    return ids, targets, h_0, W_xh, W_hh, b_h, W_hy, b_y + 1000.0


def changed(args, dz=None, before=None, **others):
    """Return the right results, with those that hang on other dz or other states before, or given ones, replaced."""
    ids, _, h_0, W_xh, W_hh, b_h, *_ = args
    names = list(problem.outputs)
    out = dict(zip(names, loss_and_grads(*args), strict=True))
    if dz is not None:
        h = states(args)
        out["dW_xh"] = np.einsum("tbv,tbh->vh", np.eye(len(W_xh))[ids], dz)
        out["dW_hh"] = np.einsum("tbh,tbk->hk", h[:-1], dz)
        out["db_h"] = dz.sum(axis=(0, 1))
    return tuple((out | others).values())


def scaled(args, factor, loss=None):
    """Return the right results with all gradients, and the loss by a factor of its own, multiplied."""
    L, *grads, h_T = loss_and_grads(*args)
    return L * (factor if loss is None else loss), *(g * factor for g in grads), h_T


@problem.misconception(
    "Your loss is the sum over all symbols of the piece. Then its size, and that of a step, hangs on T and B: take the "
    "mean."
)
def summed_over_the_piece(ids, targets, h_0, W_xh, W_hh, b_h, W_hy, b_y):
    return scaled((ids, targets, h_0, W_xh, W_hh, b_h, W_hy, b_y), ids.size)


@problem.misconception(
    "Your loss is a mean over the steps and a sum over the streams. All of the piece's symbols count alike: what do "
    "you have to divide by?"
)
def mean_over_time_only(ids, targets, h_0, W_xh, W_hh, b_h, W_hy, b_y):
    return scaled((ids, targets, h_0, W_xh, W_hh, b_h, W_hy, b_y), ids.shape[1])


@problem.misconception(
    "Your loss is a mean over the streams and a sum over the steps. All of the piece's symbols count alike: what do "
    "you have to divide by?"
)
def mean_over_the_batch_only(ids, targets, h_0, W_xh, W_hh, b_h, W_hy, b_y):
    return scaled((ids, targets, h_0, W_xh, W_hh, b_h, W_hy, b_y), len(ids))


@problem.misconception(
    "Your loss is a mean, and your gradients are those of the sum. What divides the loss divides the gradients."
)
def gradient_not_divided(ids, targets, h_0, W_xh, W_hh, b_h, W_hy, b_y):
    return scaled((ids, targets, h_0, W_xh, W_hh, b_h, W_hy, b_y), ids.size, loss=1)


@problem.misconception(
    "All your gradients have the wrong sign: with them a step goes uphill. For the right symbol p - 1 is negative."
)
def uphill(ids, targets, h_0, W_xh, W_hh, b_h, W_hy, b_y):
    return scaled((ids, targets, h_0, W_xh, W_hh, b_h, W_hy, b_y), -1, loss=1)


@problem.misconception("You start from zeros. The piece goes on where the last one ended: use h_0.")
def starts_from_zeros(ids, targets, h_0, W_xh, W_hh, b_h, W_hy, b_y):
    return loss_and_grads(ids, targets, 0 * h_0, W_xh, W_hh, b_h, W_hy, b_y)


@problem.misconception("The state you hand on is the one that came in. The next piece starts where this one ends.")
def first_state_handed_on(ids, targets, h_0, W_xh, W_hh, b_h, W_hy, b_y):
    return changed((ids, targets, h_0, W_xh, W_hh, b_h, W_hy, b_y), h_T=h_0)


@problem.misconception("You hand on the states of all steps. Only the last one is needed: (B, H).")
def all_states_handed_on(ids, targets, h_0, W_xh, W_hh, b_h, W_hy, b_y):
    args = ids, targets, h_0, W_xh, W_hh, b_h, W_hy, b_y
    return changed(args, h_T=states(args)[1:])


@problem.misconception(
    "No gradient comes from a step to the one before it. What does a state do besides making its own output?"
)
def nothing_through_time(ids, targets, h_0, W_xh, W_hh, b_h, W_hy, b_y):
    args = ids, targets, h_0, W_xh, W_hh, b_h, W_hy, b_y
    return changed(args, dz=back(args, carry=lambda dz, dh: 0 * dz))


@problem.misconception(
    "On the way to the step before, your gradient skips the tanh: it goes through W_hh as dh, and should go as dz."
)
def past_the_tanh(ids, targets, h_0, W_xh, W_hh, b_h, W_hy, b_y):
    args = ids, targets, h_0, W_xh, W_hh, b_h, W_hy, b_y
    return changed(args, dz=back(args, carry=lambda dz, dh: dh @ W_hh.T))


@problem.misconception(
    "Forward the state goes through W_hh. Which way round does its gradient go back through it?",
    name="W_hh-not-transposed",
)
def W_hh_not_transposed(ids, targets, h_0, W_xh, W_hh, b_h, W_hy, b_y):
    args = ids, targets, h_0, W_xh, W_hh, b_h, W_hy, b_y
    return changed(args, dz=back(args, carry=lambda dz, dh: dz @ W_hh))


@problem.misconception("The slope of the tanh is missing: dz is dh times 1 - h squared.")
def no_slope(ids, targets, h_0, W_xh, W_hh, b_h, W_hy, b_y):
    args = ids, targets, h_0, W_xh, W_hh, b_h, W_hy, b_y
    return changed(args, dz=back(args, slope=lambda h, t: 1))


@problem.misconception(
    "The slope of the tanh is taken at the state before. A tanh's slope hangs on what came out of it."
)
def slope_of_the_state_before(ids, targets, h_0, W_xh, W_hh, b_h, W_hy, b_y):
    args = ids, targets, h_0, W_xh, W_hh, b_h, W_hy, b_y
    return changed(args, dz=back(args, slope=lambda h, t: 1 - h[t] ** 2))


@problem.misconception(
    "dW_hh pairs each dz with the state of its own step. Which state did W_hh multiply there?",
    name="W_hh-meets-its-own-result",
)
def W_hh_meets_its_own_result(ids, targets, h_0, W_xh, W_hh, b_h, W_hy, b_y):
    args = ids, targets, h_0, W_xh, W_hh, b_h, W_hy, b_y
    return changed(args, dW_hh=np.einsum("tbh,tbk->hk", states(args)[1:], back(args)))


@problem.misconception(
    "dW_xh[ids] += dz adds only once where a symbol occurs more than once: NumPy reads, adds, and writes over. "
    "np.add.at adds every time, and so does a product with one-hot rows."
)
def repeated_symbols_lost(ids, targets, h_0, W_xh, W_hh, b_h, W_hy, b_y):
    args = ids, targets, h_0, W_xh, W_hh, b_h, W_hy, b_y
    dW_xh = np.zeros(W_xh.shape)
    dW_xh[ids] += back(args)
    return changed(args, dW_xh=dW_xh)


@problem.misconception(
    "dW_xh[ids[t]] += dz[t] adds only once where two streams read the same symbol at one step: NumPy reads, adds, and "
    "writes over. np.add.at adds every time, and so does a product with one-hot rows."
)
def repeated_symbols_of_a_step_lost(ids, targets, h_0, W_xh, W_hh, b_h, W_hy, b_y):
    args = ids, targets, h_0, W_xh, W_hh, b_h, W_hy, b_y
    dW_xh = np.zeros(W_xh.shape)
    for row, dz in zip(ids, back(args)):
        dW_xh[row] += dz
    return changed(args, dW_xh=dW_xh)


@problem.misconception(
    "With logits near 1000 the exponential is infinite. Subtract something from every row first; the softmax does not "
    "notice."
)
def overflow(ids, targets, h_0, W_xh, W_hh, b_h, W_hy, b_y):
    args = ids, targets, h_0, W_xh, W_hh, b_h, W_hy, b_y
    e = np.exp(states(args)[1:] @ W_hy + b_y)
    if np.isfinite(e).all():
        return loss_and_grads(*args)
    L, *grads, h_T = loss_and_grads(*args)
    return np.nan * L, *(np.nan * g for g in grads), h_T
