"""Many to many, of unequal length: one net reads, another writes."""

import numpy as np

from rnnchecks.e02_forward._net import net, read_off, states
from rnnchecks.engine.problem import Problem, normal

problem = Problem("forward.encoder_decoder", "02-forward", task=7, outputs={"y": "TBK"})


@problem.reference
def encoder_decoder(x, steps, encoder, decoder):
    """The decoder goes on from the encoder's last state."""
    return written(states(x, encoder)[-1], steps, decoder)


def written(h, steps, decoder):
    """Write ``steps`` outputs, starting from the state ``h``."""
    y = []
    for _ in range(steps):
        h = np.tanh(h @ decoder["W_hh"] + decoder["b_h"])
        y.append(read_off(h, decoder))
    return np.stack(y)


@problem.arguments
def random_arguments(rng, s):
    return sentence_and_nets(rng, s.T + 3, s.B, s.D, s.H, s.V, steps=s.T)


@problem.special("more is written than read, 2 steps read, T = 7", hidden=True)
def more_is_written_than_read_2_steps_read_T_7(rng):
    return sentence_and_nets(rng, 2, 3, 4, 5, 6, steps=7)


@problem.special("a single step read, T = 3", hidden=True)
def a_single_step_read_T_3(rng):
    return sentence_and_nets(rng, 1, 2, 4, 5, 6, steps=3)


def sentence_and_nets(rng, S, B, D, H, K, steps):
    """Draw S inputs, an encoder without an output layer and a decoder without input weights."""
    encoder, decoder = net(rng, D, H, K), net(rng, D, H, K)
    reads = {name: encoder[name] for name in ("W_xh", "W_hh", "b_h")}
    writes = {name: decoder[name] for name in ("W_hh", "b_h", "W_hy", "b_y")}
    return normal(rng, S, B, D), steps, reads, writes


@problem.misconception(
    "Your decoder starts from zeros, so it would write the same whatever was read. Where does the encoder leave what"
    " it knows?"
)
def nothing_handed_over(x, steps, encoder, decoder):
    return written(np.zeros((x.shape[1], len(encoder["b_h"]))), steps, decoder)


@problem.misconception(
    "You hand over the state after the first step, which has read x[0] only. Which one has read everything?"
)
def first_state_handed_over(x, steps, encoder, decoder):
    return written(states(x, encoder)[0], steps, decoder)


@problem.misconception(
    "You hand over the mean of the encoder's states. One of them has read everything by itself: which?"
)
def mean_state_handed_over(x, steps, encoder, decoder):
    return written(states(x, encoder).mean(axis=0), steps, decoder)


@problem.misconception(
    "Your first output is read off the encoder's last state. The decoder takes a step of its own before it writes."
)
def writes_before_it_steps(x, steps, encoder, decoder):
    h = states(x, encoder)[-1]
    return np.concatenate([read_off(h, decoder)[None], written(h, steps, decoder)[:-1]])


@problem.misconception(
    "While you write, the state still moves by the encoder's weights. There are two nets: whose turn is it?"
)
def encoder_goes_on(x, steps, encoder, decoder):
    return written(states(x, encoder)[-1], steps, {**decoder, "W_hh": encoder["W_hh"], "b_h": encoder["b_h"]})


@problem.misconception(
    "While you read, the state already moves by the decoder's W_hh and b_h. There are two nets: whose turn is it?"
)
def decoder_reads(x, steps, encoder, decoder):
    return written(states(x, {**decoder, "W_xh": encoder["W_xh"]})[-1], steps, decoder)


@problem.misconception("You write as many outputs as there were inputs. Which argument says how many to write?")
def as_many_written_as_read(x, steps, encoder, decoder):
    return written(states(x, encoder)[-1], len(x), decoder)


@problem.misconception(
    "Each of your steps starts from the encoder's last state again, so all outputs are the same. Which state does "
    "the second step start from?"
)
def same_start_at_every_step(x, steps, encoder, decoder):
    return np.concatenate([written(states(x, encoder)[-1], 1, decoder)] * steps)


@problem.misconception(
    "The decoder reads nothing, and you left its b_h out as well. Which parts of the sum does a missing input take "
    "away?"
)
def no_bias_in_the_decoder(x, steps, encoder, decoder):
    return written(states(x, encoder)[-1], steps, {**decoder, "b_h": 0 * decoder["b_h"]})


@problem.misconception("The decoder's sums are never squashed. Nothing is read, but what else does a step do?")
def no_tanh_in_the_decoder(x, steps, encoder, decoder):
    h, y = states(x, encoder)[-1], []
    for _ in range(steps):
        h = h @ decoder["W_hh"] + decoder["b_h"]
        y.append(read_off(h, decoder))
    return np.stack(y)
