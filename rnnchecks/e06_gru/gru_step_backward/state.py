"""One step of the GRU with the reset after the product, backward."""

import numpy as np

from rnnchecks.e06_gru._parts import arguments, from_input, from_state, gates
from rnnchecks.engine.problem import Problem, normal

problem = Problem(
    "gru.gru_step_backward",
    "06-gru",
    task=3,
    outputs={"dx_t": "BD", "dh_prev": "BH", "dW_xh": "DK", "dW_hh": "HK", "db_h": "K", "db_hn": "H"},
)


@problem.reference
def gru_step_backward(dh, x_t, h_prev, r, z, n, q, W_xh, W_hh):
    """To the four sums first, then to all that went into them."""
    da_n = dh * (1 - z) * (1 - n**2)
    da_z = dh * (h_prev - n) * z * (1 - z)
    da_r = da_n * q * r * (1 - r)
    dq = da_n * r
    da = np.concatenate([da_r, da_z, da_n], axis=1)
    da_h = np.concatenate([da_r, da_z, dq], axis=1)
    dh_prev = dh * z + da_h @ W_hh.T
    return da @ W_xh.T, dh_prev, x_t.T @ da, h_prev.T @ da_h, da.sum(axis=0), dq.sum(axis=0)


@problem.arguments
def random_arguments(rng, s):
    x_t, h_prev, W_xh, W_hh, b_h = arguments(rng, s)
    r, z = gates(x_t, h_prev, W_xh, W_hh, b_h)
    q = from_state(h_prev, W_hh)[2] + normal(rng, s.H)
    n = np.tanh(from_input(x_t, W_xh, b_h)[2] + r * q)
    return normal(rng, s.B, s.H), x_t, h_prev, r, z, n, q, W_xh, W_hh


def right(dh, h_prev, r, z, n, q):
    """Return da_r, da_z, da_n and dq as they should be."""
    da_n = dh * (1 - z) * (1 - n**2)
    return da_n * q * r * (1 - r), dh * (h_prev - n) * z * (1 - z), da_n, da_n * r


def results(sums, direct, x_t, h_prev, W_xh, W_hh):
    """Turn da_r, da_z, da_n and dq into the six results; `direct` is what the mix sends to the old state."""
    da_r, da_z, da_n, dq = sums
    da, da_h = np.concatenate([da_r, da_z, da_n], axis=1), np.concatenate([da_r, da_z, dq], axis=1)
    dh_prev = direct + da_h @ W_hh.T
    return da @ W_xh.T, dh_prev, x_t.T @ da, h_prev.T @ da_h, da.sum(axis=0), dq.sum(axis=0)


@problem.misconception(
    "Your dh_prev holds what comes through W_hh and nothing else. The old state also went into the mix, with no matrix "
    "in between."
)
def no_straight_path(dh, x_t, h_prev, r, z, n, q, W_xh, W_hh):
    return results(right(dh, h_prev, r, z, n, q), 0, x_t, h_prev, W_xh, W_hh)


@problem.misconception(
    "On the straight path you send all of dh back to the old state. Which share of it was kept on the way forward?"
)
def straight_path_not_gated(dh, x_t, h_prev, r, z, n, q, W_xh, W_hh):
    return results(right(dh, h_prev, r, z, n, q), dh, x_t, h_prev, W_xh, W_hh)


@problem.misconception(
    "Your dh_prev holds the straight path alone. The old state was multiplied by all three blocks of W_hh too."
)
def straight_path_only(dh, x_t, h_prev, r, z, n, q, W_xh, W_hh):
    dx_t, _, *weights = gru_step_backward(dh, x_t, h_prev, r, z, n, q, W_xh, W_hh)
    return dx_t, dh * z, *weights


@problem.misconception(
    "Your dh_prev has the straight path and the candidate's product. The old state also went into the sums of both "
    "gates.",
    name="gates-left-out-of-dh_prev",
)
def gates_left_out_of_dh_prev(dh, x_t, h_prev, r, z, n, q, W_xh, W_hh):
    dx_t, _, *weights = gru_step_backward(dh, x_t, h_prev, r, z, n, q, W_xh, W_hh)
    dq, W_hn = right(dh, h_prev, r, z, n, q)[3], np.split(W_hh, 3, axis=1)[2]
    return dx_t, dh * z + dq @ W_hn.T, *weights


@problem.misconception(
    "You go back through the other convention, in which z is what is written. Here the candidate got 1 - z and the old "
    "state z: which factor does each gradient carry?"
)
def update_turned_round(dh, x_t, h_prev, r, z, n, q, W_xh, W_hh):
    da_n = dh * z * (1 - n**2)
    sums = da_n * q * r * (1 - r), dh * (n - h_prev) * z * (1 - z), da_n, da_n * r
    return results(sums, dh * (1 - z), x_t, h_prev, W_xh, W_hh)


@problem.misconception(
    "You send z of dh to the candidate and 1 - z to the old state. On the way forward it was the other way round."
)
def mix_exchanged(dh, x_t, h_prev, r, z, n, q, W_xh, W_hh):
    da_n = dh * z * (1 - n**2)
    sums = da_n * q * r * (1 - r), right(dh, h_prev, r, z, n, q)[1], da_n, da_n * r
    return results(sums, dh * (1 - z), x_t, h_prev, W_xh, W_hh)


def with_da_z(da_z, dh, x_t, h_prev, r, z, n, q, W_xh, W_hh):
    """Return the six results with another gradient at the update gate's sum."""
    da_r, _, da_n, dq = right(dh, h_prev, r, z, n, q)
    return results((da_r, da_z, da_n, dq), dh * z, x_t, h_prev, W_xh, W_hh)


@problem.misconception(
    "The update gate's gradient has the wrong sign. If z grows a little, does h move towards the old state or towards "
    "the candidate?"
)
def update_gate_sign(dh, x_t, h_prev, r, z, n, q, W_xh, W_hh):
    return with_da_z(dh * (n - h_prev) * z * (1 - z), dh, x_t, h_prev, r, z, n, q, W_xh, W_hh)


@problem.misconception(
    "Your dz is dh times the old state. But z appears twice in the mix: what does the candidate lose when z grows?"
)
def update_gate_forgets_the_candidate(dh, x_t, h_prev, r, z, n, q, W_xh, W_hh):
    return with_da_z(dh * h_prev * z * (1 - z), dh, x_t, h_prev, r, z, n, q, W_xh, W_hh)


@problem.misconception(
    "Your dz is made from the candidate alone. But z appears twice in the mix: what does the old state gain when z "
    "grows?"
)
def update_gate_forgets_the_old_state(dh, x_t, h_prev, r, z, n, q, W_xh, W_hh):
    return with_da_z(-dh * n * z * (1 - z), dh, x_t, h_prev, r, z, n, q, W_xh, W_hh)


@problem.misconception(
    "You give dz to the weights. Between z and its sum stands a sigmoid: by what does it multiply on the way back?"
)
def no_slope_of_the_update_gate(dh, x_t, h_prev, r, z, n, q, W_xh, W_hh):
    return with_da_z(dh * (h_prev - n), dh, x_t, h_prev, r, z, n, q, W_xh, W_hh)


@problem.misconception(
    "You take the gradient at n for the gradient at its sum. Between the two stands a tanh, and everything behind it, "
    "the reset gate included, feels its slope."
)
def no_slope_of_the_candidate(dh, x_t, h_prev, r, z, n, q, W_xh, W_hh):
    da_n = dh * (1 - z)
    sums = da_n * q * r * (1 - r), right(dh, h_prev, r, z, n, q)[1], da_n, da_n * r
    return results(sums, dh * z, x_t, h_prev, W_xh, W_hh)
