"""One step of the LSTM, backward: the right answer, and what goes wrong at the cell and at the gates."""

import numpy as np

from rnnchecks.e05_lstm._net import forward
from rnnchecks.e05_lstm._parts import products, results, slopes, whole_dc, with_dc, with_parts, with_slopes
from rnnchecks.engine.problem import Problem, normal
from rnnlib.activations import sigmoid

problem = Problem(
    "lstm.lstm_step_backward",
    "05-lstm",
    task=3,
    outputs={"dx_t": "BD", "dh_prev": "BH", "dc_prev": "BH", "dW_xh": "DK", "dW_hh": "HK", "db_h": "K"},
)


@problem.reference
def lstm_step_backward(dh, dc, x_t, h_prev, c_prev, c, gates, W_xh, W_hh):
    """First all that reaches the cell, then each gate, then everything that was added up in z."""
    i, f, g, o = gates
    dc = dc + dh * o * (1 - np.tanh(c) ** 2)
    dz_i = dc * g * i * (1 - i)
    dz_f = dc * c_prev * f * (1 - f)
    dz_g = dc * i * (1 - g**2)
    dz_o = dh * np.tanh(c) * o * (1 - o)
    dz = np.concatenate((dz_i, dz_f, dz_g, dz_o), axis=1)
    return dz @ W_xh.T, dz @ W_hh.T, dc * f, x_t.T @ dz, h_prev.T @ dz, dz.sum(axis=0)


@problem.arguments
def random_arguments(rng, s):
    x, h0, c0, _, c, gates, W_xh, W_hh = forward(rng, 1, s.B, s.D, s.H)
    return normal(rng, s.B, s.H), normal(rng, s.B, s.H), x[0], h0, c0, c[0], gates[0], W_xh, W_hh


@problem.misconception(
    "You hand on the dc that you were given. h_t was made from c_t, so dh reaches the cell as well: what does it pass "
    "on the way?"
)
def dh_never_reaches_the_cell(dh, dc, x_t, h_prev, c_prev, c, gates, W_xh, W_hh):
    return with_dc(dc, dh, x_t, h_prev, c_prev, c, gates, W_xh, W_hh)


@problem.misconception(
    "The dc that you were given is lost: your cell hears only of h_t. What comes from the cell of the next step adds "
    "to that."
)
def dc_forgotten(dh, dc, x_t, h_prev, c_prev, c, gates, W_xh, W_hh):
    return lstm_step_backward(dh, 0 * dc, x_t, h_prev, c_prev, c, gates, W_xh, W_hh)


@problem.misconception(
    "On its way from h_t to c_t the gradient passes the output gate and a tanh. You left out the slope of the tanh."
)
def no_slope_on_the_way_to_the_cell(dh, dc, x_t, h_prev, c_prev, c, gates, W_xh, W_hh):
    return with_dc(dc + dh * gates[3], dh, x_t, h_prev, c_prev, c, gates, W_xh, W_hh)


@problem.misconception(
    "You use 1 - c^2 as the slope of tanh(c). At c = 2 that would be -3. The rule 1 - y^2 wants the output of the tanh."
)
def slope_at_the_cell_itself(dh, dc, x_t, h_prev, c_prev, c, gates, W_xh, W_hh):
    return with_dc(dc + dh * gates[3] * (1 - c**2), dh, x_t, h_prev, c_prev, c, gates, W_xh, W_hh)


@problem.misconception("You take the slope of the tanh at the cell before the step. Which cell was shown?")
def slope_at_the_old_cell(dh, dc, x_t, h_prev, c_prev, c, gates, W_xh, W_hh):
    return with_dc(dc + dh * gates[3] * (1 - np.tanh(c_prev) ** 2), dh, x_t, h_prev, c_prev, c, gates, W_xh, W_hh)


@problem.misconception(
    "On its way from h_t to c_t the gradient passes the output gate and a tanh. You left out the output gate."
)
def past_the_output_gate(dh, dc, x_t, h_prev, c_prev, c, gates, W_xh, W_hh):
    return with_dc(dc + dh * (1 - np.tanh(c) ** 2), dh, x_t, h_prev, c_prev, c, gates, W_xh, W_hh)


@problem.misconception(
    "Your do is made from dc. The output gate acts when the cell is finished: what does it multiply, and which "
    "gradient stands at the product?"
)
def output_gate_from_dc(dh, dc, x_t, h_prev, c_prev, c, gates, W_xh, W_hh):
    all_dc = whole_dc(dh, dc, c, gates)
    di, df, dg, _ = products(dh, all_dc, c_prev, c, gates)
    return with_parts((di, df, dg, all_dc * np.tanh(c)), dh, dc, x_t, h_prev, c, gates, W_xh, W_hh)


@problem.misconception("In h = o * tanh(c) you took c for the partner of o.")
def output_gate_without_tanh(dh, dc, x_t, h_prev, c_prev, c, gates, W_xh, W_hh):
    di, df, dg, _ = products(dh, whole_dc(dh, dc, c, gates), c_prev, c, gates)
    return with_parts((di, df, dg, dh * c), dh, dc, x_t, h_prev, c, gates, W_xh, W_hh)


@problem.misconception("Your df is made with c, the cell after the step. What did the forget gate multiply?")
def new_cell_in_the_forget_gate(dh, dc, x_t, h_prev, c_prev, c, gates, W_xh, W_hh):
    all_dc = whole_dc(dh, dc, c, gates)
    di, _, dg, do = products(dh, all_dc, c_prev, c, gates)
    return with_parts((di, all_dc * c, dg, do), dh, dc, x_t, h_prev, c, gates, W_xh, W_hh)


@problem.misconception(
    "In the product i * g each factor's gradient is dc times the other factor. Yours is dc times itself."
)
def own_value_for_the_partners(dh, dc, x_t, h_prev, c_prev, c, gates, W_xh, W_hh):
    di, df, dg, do = products(dh, whole_dc(dh, dc, c, gates), c_prev, c, gates)
    return with_parts((dg, df, di, do), dh, dc, x_t, h_prev, c, gates, W_xh, W_hh)


@problem.misconception(
    "Each gate and the candidate stand in a product, and the gradient of a factor is that of the product times the "
    "other factor. Yours is times the factor itself."
)
def own_value_everywhere(dh, dc, x_t, h_prev, c_prev, c, gates, W_xh, W_hh):
    i, f, g, o = gates
    all_dc = whole_dc(dh, dc, c, gates)
    return with_parts((all_dc * i, all_dc * f, all_dc * g, dh * o), dh, dc, x_t, h_prev, c, gates, W_xh, W_hh)


@problem.misconception(
    "You stop at the gates. z lies behind three sigmoids and a tanh: by what does each multiply the gradient?"
)
def no_slopes(dh, dc, x_t, h_prev, c_prev, c, gates, W_xh, W_hh):
    return with_slopes((1, 1, 1, 1), dh, dc, x_t, h_prev, c_prev, c, gates, W_xh, W_hh)


@problem.misconception("The block of g is multiplied by g (1 - g), the slope of a sigmoid. What made g?")
def candidate_as_a_gate(dh, dc, x_t, h_prev, c_prev, c, gates, W_xh, W_hh):
    i, f, g, o = gates
    changed = i * (1 - i), f * (1 - f), g * (1 - g), o * (1 - o)
    return with_slopes(changed, dh, dc, x_t, h_prev, c_prev, c, gates, W_xh, W_hh)


@problem.misconception("All four blocks have the slope of a tanh. Three of the four came out of a sigmoid.")
def gates_as_candidates(dh, dc, x_t, h_prev, c_prev, c, gates, W_xh, W_hh):
    return with_slopes(1 - gates**2, dh, dc, x_t, h_prev, c_prev, c, gates, W_xh, W_hh)


@problem.misconception(
    "You send the gates through sigmoid and tanh once more before you take the slopes. They are given as they came "
    "out: with y the output, a sigmoid's slope is y (1 - y)."
)
def squashed_once_more(dh, dc, x_t, h_prev, c_prev, c, gates, W_xh, W_hh):
    i, f, g, o = sigmoid(gates[0]), sigmoid(gates[1]), np.tanh(gates[2]), sigmoid(gates[3])
    changed = slopes((i, f, g, o))
    return with_slopes(changed, dh, dc, x_t, h_prev, c_prev, c, gates, W_xh, W_hh)


@problem.misconception(
    "You hand dc on whole. Forward, the old cell was multiplied on its way into the new one: by what?",
    name="dc_prev-past-the-forget-gate",
)
def dc_prev_past_the_forget_gate(dh, dc, x_t, h_prev, c_prev, c, gates, W_xh, W_hh):
    dx_t, dh_prev, _, *weights = lstm_step_backward(dh, dc, x_t, h_prev, c_prev, c, gates, W_xh, W_hh)
    return dx_t, dh_prev, whole_dc(dh, dc, c, gates), *weights


@problem.misconception(
    "Your gates see all of dc, but dc_prev is made from the part that you were given. What came through h_t goes on to "
    "the old cell too.",
    name="dc_prev-without-dh",
)
def dc_prev_without_dh(dh, dc, x_t, h_prev, c_prev, c, gates, W_xh, W_hh):
    dx_t, dh_prev, _, *weights = lstm_step_backward(dh, dc, x_t, h_prev, c_prev, c, gates, W_xh, W_hh)
    return dx_t, dh_prev, dc * gates[1], *weights


@problem.misconception(
    "Each block of your dz is right, but g and o have changed places. The columns of W_xh, W_hh and b_h are in the "
    "order i, f, g, o."
)
def blocks_in_another_order(dh, dc, x_t, h_prev, c_prev, c, gates, W_xh, W_hh):
    all_dc = whole_dc(dh, dc, c, gates)
    i, f, g, o = (d * s for d, s in zip(products(dh, all_dc, c_prev, c, gates), slopes(gates), strict=True))
    return results((i, f, o, g), all_dc * gates[1], x_t, h_prev, W_xh, W_hh)


@problem.misconception(
    "Each block of your dz is right, but i and f have changed places. The columns of W_xh, W_hh and b_h are in the "
    "order i, f, g, o."
)
def first_two_blocks_exchanged(dh, dc, x_t, h_prev, c_prev, c, gates, W_xh, W_hh):
    all_dc = whole_dc(dh, dc, c, gates)
    i, f, g, o = (d * s for d, s in zip(products(dh, all_dc, c_prev, c, gates), slopes(gates), strict=True))
    return results((f, i, g, o), all_dc * gates[1], x_t, h_prev, W_xh, W_hh)


@problem.misconception(
    "You divide the weights' gradients by B. Each row of the batch adds its share; if the loss is a mean, dh and dc "
    "already carry the division."
)
def mean_over_batch(dh, dc, x_t, h_prev, c_prev, c, gates, W_xh, W_hh):
    *others, dW_xh, dW_hh, db_h = lstm_step_backward(dh, dc, x_t, h_prev, c_prev, c, gates, W_xh, W_hh)
    return *others, dW_xh / len(dh), dW_hh / len(dh), db_h / len(dh)


@problem.misconception(
    "On its way from h_t to c_t the gradient passes a gate, and you took the input gate. Which gate decides what is "
    "shown of the cell?"
)
def input_gate_for_the_output_gate(dh, dc, x_t, h_prev, c_prev, c, gates, W_xh, W_hh):
    return with_dc(dc + dh * gates[0] * (1 - np.tanh(c) ** 2), dh, x_t, h_prev, c_prev, c, gates, W_xh, W_hh)


@problem.misconception(
    "Your gates are right; dc_prev is made with the input gate where the output gate belongs. Which gate stands "
    "between h_t and c_t?",
    name="input-gate-for-the-output-gate-in-dc_prev",
)
def input_gate_for_the_output_gate_in_dc_prev(dh, dc, x_t, h_prev, c_prev, c, gates, W_xh, W_hh):
    dx_t, dh_prev, _, *weights = lstm_step_backward(dh, dc, x_t, h_prev, c_prev, c, gates, W_xh, W_hh)
    return dx_t, dh_prev, (dc + dh * gates[0] * (1 - np.tanh(c) ** 2)) * gates[1], *weights


@problem.misconception(
    "You hand dc_prev on through the input gate. Forward, by which gate was the old cell multiplied on its way into "
    "the new one?",
    name="dc_prev-through-the-input-gate",
)
def dc_prev_through_the_input_gate(dh, dc, x_t, h_prev, c_prev, c, gates, W_xh, W_hh):
    dx_t, dh_prev, _, *weights = lstm_step_backward(dh, dc, x_t, h_prev, c_prev, c, gates, W_xh, W_hh)
    return dx_t, dh_prev, whole_dc(dh, dc, c, gates) * gates[0], *weights


@problem.misconception(
    "Your do is made with the tanh of h. In h = o * tanh(c), what stands beside o is the tanh of something else."
)
def output_gate_with_tanh_of_the_state(dh, dc, x_t, h_prev, c_prev, c, gates, W_xh, W_hh):
    di, df, dg, _ = products(dh, whole_dc(dh, dc, c, gates), c_prev, c, gates)
    return with_parts((di, df, dg, dh * np.tanh(gates[3] * np.tanh(c))), dh, dc, x_t, h_prev, c, gates, W_xh, W_hh)
