"""Multi-head self-attention."""

import numpy as np

from rnnchecks.engine.problem import Problem, normal
from rnnlib.activations import softmax

problem = Problem("transformer.multi_head", "13-transformer", task=5, outputs={"y": "TD"})


@problem.reference
def multi_head(x, W_q, W_k, W_v, W_o, heads):
    """Project once, cut the columns into heads, attend in each, join and mix."""
    T, D = x.shape
    q, k, v = ((x @ W).reshape(T, heads, D // heads).transpose(1, 0, 2) for W in (W_q, W_k, W_v))
    a = softmax(q @ k.transpose(0, 2, 1) / np.sqrt(D // heads))
    return (a @ v).transpose(1, 0, 2).reshape(T, D) @ W_o


@problem.arguments
def random_arguments(rng, s):
    D = 2 * s.D
    return normal(rng, s.T, D), *(normal(rng, D, D, scale=D**-0.5) for _ in range(4)), 2


@problem.special("three heads")
def three_heads(rng):
    return normal(rng, 5, 12), *(normal(rng, 12, 12, scale=0.3) for _ in range(4)), 3


@problem.special("a single head", hidden=True)
def a_single_head(rng):
    return normal(rng, 5, 4), *(normal(rng, 4, 4, scale=0.5) for _ in range(4)), 1


@problem.special("as many heads as columns", hidden=True)
def as_many_heads_as_columns(rng):
    return normal(rng, 5, 4), *(normal(rng, 4, 4) for _ in range(4)), 4


def attended(q, k, v, d=None):
    """Attend with scores divided by the root of d, by default the width of the queries."""
    return softmax(q @ k.T / np.sqrt(q.shape[1] if d is None else d)) @ v


def cut(a, heads):
    """Cut the columns into blocks."""
    return np.split(a, heads, axis=1)


def projected(x, W_q, W_k, W_v, heads):
    """Return query, key and value of every head."""
    return list(zip(*(cut(x @ W, heads) for W in (W_q, W_k, W_v)), strict=True))


@problem.misconception(
    "All columns attend as one head. Cut queries, keys and values into blocks of columns, and attend in each."
)
def one_wide_head(x, W_q, W_k, W_v, W_o, heads):
    return attended(x @ W_q, x @ W_k, x @ W_v) @ W_o


@problem.misconception("The scores of a head are divided by the root of D. How many columns does one head have?")
def root_of_the_whole_width(x, W_q, W_k, W_v, W_o, heads):
    D = x.shape[1]
    return np.concatenate([attended(*one, d=D) for one in projected(x, W_q, W_k, W_v, heads)], axis=1) @ W_o


@problem.misconception("The scores are not divided by the root of a head's width.")
def not_divided(x, W_q, W_k, W_v, W_o, heads):
    return np.concatenate([attended(*one, d=1) for one in projected(x, W_q, W_k, W_v, heads)], axis=1) @ W_o


@problem.misconception("You return the joined heads. What mixes them before they leave the layer?")
def no_output_matrix(x, W_q, W_k, W_v, W_o, heads):
    return np.concatenate([attended(*one) for one in projected(x, W_q, W_k, W_v, heads)], axis=1)


@problem.misconception("You multiply by the transpose of W_o.")
def output_matrix_transposed(x, W_q, W_k, W_v, W_o, heads):
    return np.concatenate([attended(*one) for one in projected(x, W_q, W_k, W_v, heads)], axis=1) @ W_o.T


@problem.misconception(
    "Each head has every n-th column. A head owns a block of neighbours: the first D / heads columns, then the next."
)
def every_nth_column(x, W_q, W_k, W_v, W_o, heads):
    D = x.shape[1]
    order = np.arange(D).reshape(D // heads, heads).T.ravel()
    y = [attended(*one) for one in projected(x, W_q[:, order], W_k[:, order], W_v[:, order], heads)]
    back = np.empty(D, int)
    back[order] = np.arange(D)
    return np.concatenate(y, axis=1)[:, back] @ W_o


@problem.misconception(
    "Your reshape to (heads, T, D / heads) takes numbers of different steps together. First cut the last axis in two, "
    "(T, heads, D / heads), then move the axes."
)
def steps_cut_in_place_of_columns(x, W_q, W_k, W_v, W_o, heads):
    T, D = x.shape
    q, k, v = ((x @ W).reshape(heads, T, D // heads) for W in (W_q, W_k, W_v))
    y = [attended(*one) for one in zip(q, k, v, strict=True)]
    return np.stack(y).transpose(1, 0, 2).reshape(T, D) @ W_o


@problem.misconception(
    "The heads are right, but on the way back your reshape mixes steps and heads. Move the axis of the steps to the "
    "front before you join the last two."
)
def joined_without_moving_the_axes_back(x, W_q, W_k, W_v, W_o, heads):
    y = np.stack([attended(*one) for one in projected(x, W_q, W_k, W_v, heads)])
    return y.reshape(x.shape) @ W_o


@problem.misconception(
    "Each head sees only its own block of x. The projection reads all of x; what is cut is its result."
)
def input_cut_in_place_of_the_projection(x, W_q, W_k, W_v, W_o, heads):
    d = x.shape[1] // heads
    y = []
    for j in range(heads):
        part = slice(j * d, (j + 1) * d)
        y.append(attended(*(x[:, part] @ W[part, part] for W in (W_q, W_k, W_v))))
    return np.concatenate(y, axis=1) @ W_o


@problem.misconception("The values are x itself. They have a matrix of their own, W_v.")
def values_not_projected(x, W_q, W_k, W_v, W_o, heads):
    y = [attended(*one) for one in projected(x, W_q, W_k, np.eye(x.shape[1]), heads)]
    return np.concatenate(y, axis=1) @ W_o


@problem.misconception(
    "Queries and keys come from the same matrix. What a step looks for and what it offers are two things."
)
def keys_from_the_matrix_of_the_queries(x, W_q, W_k, W_v, W_o, heads):
    y = [attended(*one) for one in projected(x, W_q, W_q, W_v, heads)]
    return np.concatenate(y, axis=1) @ W_o


@problem.misconception("You add x at the end. The sum past attention belongs to the block, not to this function.")
def input_added(x, W_q, W_k, W_v, W_o, heads):
    return x + multi_head(x, W_q, W_k, W_v, W_o, heads)
