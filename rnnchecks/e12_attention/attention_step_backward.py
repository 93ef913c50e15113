"""The gradient of one step of additive attention."""

import numpy as np

from rnnchecks.e12_attention.attention_step import attention_step, drawn
from rnnchecks.engine.problem import Problem, normal

problem = Problem(
    "attention.attention_step_backward",
    "12-attention",
    task=2,
    outputs={"dq": "BD", "dk": "SBK", "dv": "SBE", "dW_q": "DA", "dW_k": "KA", "dw": "A"},
)


@problem.reference
def attention_step_backward(dc, q, k, v, W_q, W_k, w, alpha, u):
    """Back through the mean, the softmax, the tanh and the two products."""
    dalpha = (dc * v).sum(axis=-1)
    de = alpha * (dalpha - (alpha * dalpha).sum(axis=0))
    dz = de[..., None] * w * (1 - u**2)
    return out(dc, dz, de, q, k, W_q, W_k, alpha, u)


def through_softmax(dalpha, alpha):
    """From the gradient of the weights (S, B) to that of the scores."""
    return alpha * (dalpha - (alpha * dalpha).sum(axis=0))


def out(dc, dz, de, q, k, W_q, W_k, alpha, u):
    """All six gradients, from those of the scores (S, B) and of the sums inside the tanh (S, B, A)."""
    dq = dz.sum(axis=0) @ W_q.T
    dk = dz @ W_k.T
    dv = alpha[..., None] * dc
    dW_q = q.T @ dz.sum(axis=0)
    dW_k = np.einsum("sbk,sba->ka", k, dz)
    dw = np.einsum("sb,sba->a", de, u)
    return dq, dk, dv, dW_q, dW_k, dw


def after_a_step(rng, *sizes, lengths=None):
    """Draw arguments: a gradient, and what a step has kept of its forward pass."""
    q, k, v, W_q, W_k, w, lengths = drawn(rng, *sizes, lengths)
    context, alpha = attention_step(q, k, v, W_q, W_k, w, lengths)
    return normal(rng, *context.shape), q, k, v, W_q, W_k, w, alpha, np.tanh(q @ W_q + k @ W_k)


@problem.arguments
def random_arguments(rng, s):
    return after_a_step(rng, s.T, s.B, s.D, s.H, s.V, s.V + 2)


@problem.special("words of one letter, so nothing competes", hidden=True)
def words_of_one_letter_so_nothing_competes(rng):
    return after_a_step(rng, 1, 3, 4, 2, 6, 5, lengths=[1, 1, 1])


@problem.special("no word fills the array", hidden=True)
def no_word_fills_the_array(rng):
    return after_a_step(rng, 7, 3, 4, 2, 6, 5, lengths=[5, 2, 4])


def with_scores(dc, q, k, v, W_q, W_k, w, alpha, u, de):
    """The right way on from a wrong gradient of the scores."""
    return out(dc, de[..., None] * w * (1 - u**2), de, q, k, W_q, W_k, alpha, u)


@problem.misconception(
    "You multiply by alpha and stop. When one weight grows the others must shrink, because they sum to 1: what does "
    "that take away from each?"
)
def letters_do_not_compete(dc, q, k, v, W_q, W_k, w, alpha, u):
    return with_scores(dc, q, k, v, W_q, W_k, w, alpha, u, alpha * (dc * v).sum(axis=-1))


@problem.misconception(
    "You use alpha (1 - alpha), the slope of each weight in its own score. Each weight depends on all the other scores "
    "as well."
)
def diagonal_of_the_softmax(dc, q, k, v, W_q, W_k, w, alpha, u):
    return with_scores(dc, q, k, v, W_q, W_k, w, alpha, u, alpha * (1 - alpha) * (dc * v).sum(axis=-1))


@problem.misconception(
    "From the gradient of each weight you subtract the plain mean over the letters. It is a mean in which each letter "
    "counts as much as it was looked at."
)
def plain_mean_subtracted(dc, q, k, v, W_q, W_k, w, alpha, u):
    dalpha = (dc * v).sum(axis=-1)
    return with_scores(dc, q, k, v, W_q, W_k, w, alpha, u, alpha * (dalpha - dalpha.mean(axis=0)))


@problem.misconception(
    "From the gradient of each weight you subtract the sum of all of them. Each belongs in that sum times its own "
    "weight."
)
def sum_without_weights(dc, q, k, v, W_q, W_k, w, alpha, u):
    dalpha = (dc * v).sum(axis=-1)
    return with_scores(dc, q, k, v, W_q, W_k, w, alpha, u, alpha * (dalpha - dalpha.sum(axis=0)))


@problem.misconception(
    "In your softmax the words of the batch compete with each other. Over which axis did the weights sum to 1 on the "
    "way forward?"
)
def competes_with_the_batch(dc, q, k, v, W_q, W_k, w, alpha, u):
    dalpha = (dc * v).sum(axis=-1)
    de = alpha * (dalpha - (alpha * dalpha).sum(axis=1, keepdims=True))
    return with_scores(dc, q, k, v, W_q, W_k, w, alpha, u, de)


@problem.misconception(
    "You hand the gradient of the weights on as if it were that of the scores. A softmax stands between the two."
)
def softmax_forgotten(dc, q, k, v, W_q, W_k, w, alpha, u):
    return with_scores(dc, q, k, v, W_q, W_k, w, alpha, u, (dc * v).sum(axis=-1))


@problem.misconception("On the way back through u = tanh(...) you left out its slope. What is it, written in u?")
def no_slope_of_the_tanh(dc, q, k, v, W_q, W_k, w, alpha, u):
    de = through_softmax((dc * v).sum(axis=-1), alpha)
    return out(dc, de[..., None] * w * np.ones_like(u), de, q, k, W_q, W_k, alpha, u)


@problem.misconception(
    "u is a tanh already, and you take its tanh again. Written in u, the slope needs no tanh any more."
)
def tanh_of_a_tanh(dc, q, k, v, W_q, W_k, w, alpha, u):
    de = through_softmax((dc * v).sum(axis=-1), alpha)
    return out(dc, de[..., None] * w * (1 - np.tanh(u) ** 2), de, q, k, W_q, W_k, alpha, u)


@problem.misconception("For the slope of the tanh you take 1 - u. One of the two is squared.")
def slope_without_its_square(dc, q, k, v, W_q, W_k, w, alpha, u):
    de = through_softmax((dc * v).sum(axis=-1), alpha)
    return out(dc, de[..., None] * w * (1 - u), de, q, k, W_q, W_k, alpha, u)


@problem.misconception(
    "The score is the product of u and w. On the way back to u, what is the gradient of the score multiplied by?"
)
def w_left_out(dc, q, k, v, W_q, W_k, w, alpha, u):
    de = through_softmax((dc * v).sum(axis=-1), alpha)
    return out(dc, de[..., None] * (1 - u**2), de, q, k, W_q, W_k, alpha, u)


@problem.misconception("Every value gets the whole gradient of the context. How large was each one's share in it?")
def values_get_it_whole(dc, q, k, v, W_q, W_k, w, alpha, u):
    dq, dk, dv, dW_q, dW_k, dw = attention_step_backward(dc, q, k, v, W_q, W_k, w, alpha, u)
    return dq, dk, np.ones_like(dv) * dc, dW_q, dW_k, dw


@problem.misconception(
    "The query was compared with every letter. The gradient that it gets comes from the last of them only."
)
def query_hears_the_last_letter_only(dc, q, k, v, W_q, W_k, w, alpha, u):
    dz = through_softmax((dc * v).sum(axis=-1), alpha)[..., None] * w * (1 - u**2)
    _, dk, dv, _, dW_k, dw = attention_step_backward(dc, q, k, v, W_q, W_k, w, alpha, u)
    return dz[-1] @ W_q.T, dk, dv, q.T @ dz[-1], dW_k, dw


@problem.misconception(
    "The query was compared with every letter. The shares that come back from them add up; you take their mean."
)
def query_hears_the_mean(dc, q, k, v, W_q, W_k, w, alpha, u):
    dq, dk, dv, dW_q, dW_k, dw = attention_step_backward(dc, q, k, v, W_q, W_k, w, alpha, u)
    return dq / len(k), dk, dv, dW_q / len(k), dW_k, dw


@problem.misconception(
    "The gradients of the weights are means over the batch. Nothing here divides: what the words contribute adds up."
)
def weights_averaged_over_the_batch(dc, q, k, v, W_q, W_k, w, alpha, u):
    dq, dk, dv, dW_q, dW_k, dw = attention_step_backward(dc, q, k, v, W_q, W_k, w, alpha, u)
    return dq, dk, dv, dW_q / len(q), dW_k / len(q), dw / len(q)


@problem.misconception("For dw you mix u with alpha. The score is u times w: which gradient reaches that product?")
def dw_from_the_weights(dc, q, k, v, W_q, W_k, w, alpha, u):
    *others, _ = attention_step_backward(dc, q, k, v, W_q, W_k, w, alpha, u)
    return *others, np.einsum("sb,sba->a", alpha, u)


@problem.misconception(
    "In dw the slope of the tanh is counted. But w stands after the tanh: the way back to it does not pass through."
)
def dw_after_the_slope(dc, q, k, v, W_q, W_k, w, alpha, u):
    *others, _ = attention_step_backward(dc, q, k, v, W_q, W_k, w, alpha, u)
    de = through_softmax((dc * v).sum(axis=-1), alpha)
    return *others, np.einsum("sb,sba->a", de, u * (1 - u**2))
