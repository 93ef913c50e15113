"""Find the bugs: a GRU cell as one meets it in published code, with five faults."""

import numpy as np

from rnnchecks.engine.faults import plant
from rnnchecks.engine.problem import Problem, normal
from rnnlib.activations import sigmoid

problem = Problem("gru.repaired_gru_cell", "06-gru", task=6, outputs={"h": "BH"})


@problem.reference
def repaired_gru_cell(x_t, h_prev, W, b):
    """The published cell, with one matrix over the input and the old state side by side."""
    H = h_prev.shape[1]
    gates = sigmoid(np.concatenate([x_t, h_prev], axis=1) @ W[:, : 2 * H] + b[: 2 * H])
    r, z = np.split(gates, 2, axis=1)
    n = np.tanh(np.concatenate([x_t, r * h_prev], axis=1) @ W[:, 2 * H :] + b[2 * H :])
    return (1 - z) * n + z * h_prev


@problem.arguments
def random_arguments(rng, s):
    return (
        normal(rng, s.B, s.D),
        np.tanh(normal(rng, s.B, s.H)),
        normal(rng, s.D + s.H, 3 * s.H),
        normal(rng, 3 * s.H),
    )


@plant(
    problem,
    {
        "joined-the-wrong-way-round": "The rows of W belong to the input first and to the old state after it. In which "
        "order do you join the two?",
        "candidate-before-the-reset": "Your candidate comes out of the same product as the gates, when nothing has "
        "been reset yet. What has to be known before its product can be made?",
        "sigmoid-on-the-candidate": "Your candidate is squashed like a gate and is never negative. Between which "
        "numbers may a state lie?",
        "reset-in-the-mix": "Your reset gate multiplies the old state in the mix, so closing it erases the memory. It "
        "should only hide the past from the candidate.",
        "update-turned-round": "Where z is 1 you take the candidate. The cell is described with z as what is kept.",
    },
)
def faulty(
    x_t,
    h_prev,
    W,
    b,
    *,
    joined_the_wrong_way_round,
    candidate_before_the_reset,
    sigmoid_on_the_candidate,
    reset_in_the_mix,
    update_turned_round,
):
    """The cell with a switch for each fault."""
    H = h_prev.shape[1]

    def join(state):
        return np.concatenate([state, x_t] if joined_the_wrong_way_round else [x_t, state], axis=1)

    sums = join(h_prev) @ W + b
    r, z = sigmoid(sums[:, :H]), sigmoid(sums[:, H : 2 * H])
    n = sums[:, 2 * H :] if candidate_before_the_reset else join(r * h_prev) @ W[:, 2 * H :] + b[2 * H :]
    n = sigmoid(n) if sigmoid_on_the_candidate else np.tanh(n)
    kept = r * h_prev if reset_in_the_mix else h_prev
    return (1 - z) * kept + z * n if update_turned_round else (1 - z) * n + z * kept


def gates(x_t, h_prev, W, b):
    """Return r and z as they should be, and the candidate's two sums with nothing reset: of the input, of the state."""
    D, H = x_t.shape[1], h_prev.shape[1]
    x, h = x_t @ W[:D] + b, h_prev @ W[D:]
    r, z = np.split(sigmoid(x + h)[:, : 2 * H], 2, axis=1)
    return r, z, x[:, 2 * H :], h[:, 2 * H :]


@problem.misconception(
    "Your reset gate multiplies the candidate's whole sum, the input's part and the bias included. It has to act "
    "earlier, and on the old state alone."
)
def reset_of_the_whole_sum(x_t, h_prev, W, b):
    r, z, x, h = gates(x_t, h_prev, W, b)
    return (1 - z) * np.tanh(r * (x + h)) + z * h_prev


@problem.misconception(
    "Your reset gate multiplies the product of the old state with its rows of W: the cell of task 2. This one resets "
    "the state before it is multiplied."
)
def reset_after_the_product(x_t, h_prev, W, b):
    r, z, x, h = gates(x_t, h_prev, W, b)
    return (1 - z) * np.tanh(x + r * h) + z * h_prev


@problem.misconception(
    "Your gates were made again from the reset state. Both come from the old state as it is; only the candidate sees "
    "the other one."
)
def gates_from_the_reset_state(x_t, h_prev, W, b):
    r, _, _, _ = gates(x_t, h_prev, W, b)
    D, H = x_t.shape[1], h_prev.shape[1]
    sums = x_t @ W[:D] + b + (r * h_prev) @ W[D:]
    z = sigmoid(sums[:, H : 2 * H])
    return (1 - z) * np.tanh(sums[:, 2 * H :]) + z * h_prev


@problem.misconception(
    "The candidate's block of b plays no part in your step. It was in gates, and the product that you make later needs "
    "it too."
)
def candidate_without_its_bias(x_t, h_prev, W, b):
    H = h_prev.shape[1]
    return repaired_gru_cell(x_t, h_prev, W, np.concatenate([b[: 2 * H], 0 * b[2 * H :]]))
