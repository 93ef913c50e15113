"""Find the bugs: an LSTM in the style of many blog posts, its start included."""

import numpy as np

from rnnchecks.e05_lstm.lstm_step import lstm_step
from rnnchecks.engine.faults import plant
from rnnchecks.engine.problem import Problem, normal
from rnnlib.activations import sigmoid

problem = Problem("lstm.repaired_lstm", "05-lstm", task=6, outputs={"h": "TBH", "c": "TBH"})


@problem.reference
def repaired_lstm(x, noise_W, noise_b):
    """Scale the weights, set the biases, and run over x from zero states."""
    T, B, D = x.shape
    H = len(noise_W) - D
    W = noise_W / np.sqrt(H)
    b = np.zeros_like(noise_b)
    b[H : 2 * H] = 1
    h, c, h_t, c_t = [], [], np.zeros((B, H)), np.zeros((B, H))
    for x_t in x:
        i, f, g, o = np.split(np.concatenate((x_t, h_t), axis=1) @ W + b, 4, axis=1)
        c_t = sigmoid(f) * c_t + sigmoid(i) * np.tanh(g)
        h_t = sigmoid(o) * np.tanh(c_t)
        h.append(h_t)
        c.append(c_t)
    return np.array(h), np.array(c)


@problem.arguments
def random_arguments(rng, s):
    return normal(rng, s.T, s.B, s.D), normal(rng, s.D + s.H, 4 * s.H), normal(rng, 4 * s.H)


@plant(
    problem,
    {
        "unit-normal-weights": "Weights straight from a unit normal make sums of several units: the gates stand open "
        "or shut, and hardly any gradient passes. By what did the statement say to divide?",
        "random-biases": "Biases are drawn at random. Where should they start?",
        "no-forget-bias": "Nothing sets the forget gate's bias to 1. Which block of the biases is it?",
        "sigmoid-on-the-candidate": "What is written to the cell is never negative. Can this cell ever count down?",
        "gates-exchanged": "The gate that should decide what is kept decides what is written, and the other way round.",
        "no-tanh-on-the-way-out": "The cell may hold 7, and h shows it. Between which numbers does a state have to "
        "stay?",
    },
)
def faulty(
    x,
    noise_W,
    noise_b,
    *,
    unit_normal_weights,
    random_biases,
    no_forget_bias,
    sigmoid_on_the_candidate,
    gates_exchanged,
    no_tanh_on_the_way_out,
):
    T, B, D = x.shape
    H = len(noise_W) - D
    W = noise_W if unit_normal_weights else noise_W / np.sqrt(H)
    b = noise_b.copy() if random_biases else np.zeros_like(noise_b)
    b[H : 2 * H] = b[H : 2 * H] if no_forget_bias else 1
    h, c, h_t, c_t = [], [], np.zeros((B, H)), np.zeros((B, H))
    for x_t in x:
        z_i, z_f, z_g, z_o = np.split(np.concatenate((x_t, h_t), axis=1) @ W + b, 4, axis=1)
        keep, write = (sigmoid(z_i), sigmoid(z_f)) if gates_exchanged else (sigmoid(z_f), sigmoid(z_i))
        g = sigmoid(z_g) if sigmoid_on_the_candidate else np.tanh(z_g)
        c_t = keep * c_t + write * g
        h_t = sigmoid(z_o) * (c_t if no_tanh_on_the_way_out else np.tanh(c_t))
        h.append(h_t)
        c.append(c_t)
    return np.array(h), np.array(c)


def run(x, W, b):
    """Run over x from zero states."""
    B, D, H = x.shape[1], x.shape[2], len(b) // 4
    h, c = [np.zeros((B, H))], [np.zeros((B, H))]
    for x_t in x:
        h_t, c_t = lstm_step(x_t, h[-1], c[-1], W[:D], W[D:], b)
        h.append(h_t)
        c.append(c_t)
    return np.array(h[1:]), np.array(c[1:])


@problem.misconception("You set one block of the biases to 1, but it is the input gate's. The order is i, f, g, o.")
def one_in_another_block(x, noise_W, noise_b):
    H = len(noise_b) // 4
    return run(x, noise_W / np.sqrt(H), np.repeat([1.0, 0, 0, 0], H))


@problem.misconception(
    "You divide the weights by the root of D + H. That is sensible, too, but the statement says the root of H."
)
def divided_by_all_rows(x, noise_W, noise_b):
    return run(x, noise_W / np.sqrt(len(noise_W)), np.repeat([0, 1.0, 0, 0], len(noise_b) // 4))


@problem.misconception(
    "You divide the weights by H. It is the root of H: the variance of a sum of H such numbers should not grow with H."
)
def divided_without_the_root(x, noise_W, noise_b):
    H = len(noise_b) // 4
    return run(x, noise_W / H, np.repeat([0, 1.0, 0, 0], H))


@problem.misconception("You take the first H rows of the matrix for the state. The first D rows belong to the input.")
def state_before_input(x, noise_W, noise_b):
    H = len(noise_b) // 4
    return run(x, np.concatenate((noise_W[H:], noise_W[:H])) / np.sqrt(H), np.repeat([0, 1.0, 0, 0], H))


def in_one_array(cell_first, from_the_array, x, noise_W, noise_b):
    """Run with one array for states and cells; the steps read their past from it, or from variables of their own."""
    T, B, D = x.shape
    H = len(noise_b) // 4
    W, b = noise_W / np.sqrt(H), np.repeat([0, 1.0, 0, 0], H)
    h, h_t, c_t = np.zeros((T, B, H)), np.zeros((B, H)), np.zeros((B, H))
    for t in range(T):
        if from_the_array and t > 0:
            h_t = c_t = h[t - 1]
        h_t, c_t = lstm_step(x[t], h_t, c_t, W[:D], W[D:], b)
        h[t] = h_t if cell_first else c_t
    return h, h


@problem.misconception(
    "h and c are one array under two names, as after h = c = np.zeros(...) or c = h: what is written to one overwrites "
    "the other. How does each get an array of its own?"
)
def one_array_for_h_and_c(x, noise_W, noise_b):
    return in_one_array(True, True, x, noise_W, noise_b)


@problem.variant("one-array-for-h-and-c")
def one_array_for_c_and_h(x, noise_W, noise_b):
    return in_one_array(False, True, x, noise_W, noise_b)


@problem.variant("one-array-for-h-and-c")
def one_array_for_what_h_and_c_return(x, noise_W, noise_b):
    return in_one_array(True, False, x, noise_W, noise_b)


@problem.variant("one-array-for-h-and-c")
def one_array_for_what_c_and_h_return(x, noise_W, noise_b):
    return in_one_array(False, False, x, noise_W, noise_b)
