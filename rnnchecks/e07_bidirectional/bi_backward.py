"""The gradient of the input, back through both directions."""

import numpy as np

from rnnchecks.e07_bidirectional._lengths import some_lengths
from rnnchecks.e07_bidirectional._reader import reading_back
from rnnchecks.e07_bidirectional.frozen_forward import weights
from rnnchecks.e07_bidirectional.reverse_padded import reverse_padded
from rnnchecks.engine.problem import Problem, normal
from rnnchecks.engine.rules import inherited_by_call

problem = Problem("bidirectional.bi_backward", "07-bidirectional", task=4, outputs={"dx": "TBD"})


@problem.reference
def bi_backward(dh, lengths, back_f, back_b):
    """Split dh; the backward net wants its half in its own order, and its answer turned back; both read x, so add."""
    H = dh.shape[2] // 2
    dx_f = back_f(dh[..., :H])
    dx_b = back_b(reverse_padded(dh[..., H:], lengths))
    return dx_f + reverse_padded(dx_b, lengths)


def arguments(rng, T, B, D, H, lengths):
    """Let two nets read random inputs, and draw a gradient for every joined state."""
    x = normal(rng, T, B, D)
    back_f = reading_back(x, lengths, *weights(rng, D, H))
    back_b = reading_back(reverse_padded(x, lengths), lengths, *weights(rng, D, H))
    return normal(rng, T, B, 2 * H), lengths, back_f, back_b


@problem.arguments
def random_arguments(rng, s):
    return arguments(rng, s.T, s.B, s.D, s.H, some_lengths(rng, s.T, s.B))


@problem.special("no row fills the array")
def no_row_fills_the_array(rng):
    return arguments(rng, 7, 3, 4, 2, np.array([5, 2, 4]))


def halves(dh):
    """Split dh in two."""
    H = dh.shape[-1] // 2
    return dh[..., :H], dh[..., H:]


@problem.misconception("dx holds what comes through the forward net alone. Who else has read x?")
def only_the_forward_net(dh, lengths, back_f, back_b):
    return back_f(halves(dh)[0])


@problem.misconception("dx holds what comes through the backward net alone. Who else has read x?")
def only_the_backward_net(dh, lengths, back_f, back_b):
    return reverse_padded(back_b(reverse_padded(halves(dh)[1], lengths)), lengths)


@problem.misconception(
    "You take the mean of the two gradients. A small change of x acts through both nets, and the effects add up."
)
def averaged(dh, lengths, back_f, back_b):
    return bi_backward(dh, lengths, back_f, back_b) / 2


@problem.misconception(
    "What back_b returns is in the order in which its net has read x. You add it to the other without turning it back."
)
def dx_not_turned_back(dh, lengths, back_f, back_b):
    dhf, dhb = halves(dh)
    return back_f(dhf) + back_b(reverse_padded(dhb, lengths))


@problem.misconception(
    "back_b is given its half of dh in reading order. Which state does it expect the gradient of first: the one it "
    "computed first, or that of step 0?"
)
def dh_not_turned(dh, lengths, back_f, back_b):
    dhf, dhb = halves(dh)
    return back_f(dhf) + reverse_padded(back_b(dhb), lengths)


@problem.misconception(
    "You treat the backward net like the forward one. It has read x from the other end: what does that change about "
    "the gradient that goes in, and about the one that comes out?"
)
def nothing_turned(dh, lengths, back_f, back_b):
    dhf, dhb = halves(dh)
    return back_f(dhf) + back_b(dhb)


@problem.misconception(
    "You reverse whole rows. In a short row the gradient lands in the padding, where the net ignores it."
)
def whole_rows(dh, lengths, back_f, back_b):
    dhf, dhb = halves(dh)
    return back_f(dhf) + back_b(dhb[::-1])[::-1]


@problem.misconception("Each net is given the other's half of dh. Which half of h came from the forward net?")
def halves_swapped(dh, lengths, back_f, back_b):
    dhf, dhb = halves(dh)
    return back_f(dhb) + reverse_padded(back_b(reverse_padded(dhf, lengths)), lengths)


@problem.misconception(
    "Both halves of dh go back through back_f. The backward net has weights of its own, and a way back of its own."
)
def one_net_for_both(dh, lengths, back_f, back_b):
    dhf, dhb = halves(dh)
    return back_f(dhf) + reverse_padded(back_f(reverse_padded(dhb, lengths)), lengths)


@problem.misconception(
    "You join the two gradients side by side, but there is one x, of width D. What happens to the gradients of "
    "something that was used twice?"
)
def joined_not_added(dh, lengths, back_f, back_b):
    dhf, dhb = halves(dh)
    dx_b = reverse_padded(back_b(reverse_padded(dhb, lengths)), lengths)
    return np.concatenate((back_f(dhf), dx_b), axis=-1)


@problem.misconception(
    "You subtract what comes through the backward net. It reads time the other way round, but a gradient has no "
    "direction of reading: the two effects on the loss add up."
)
def subtracted(dh, lengths, back_f, back_b):
    dhf, dhb = halves(dh)
    return back_f(dhf) - reverse_padded(back_b(reverse_padded(dhb, lengths)), lengths)


@problem.misconception(
    "You turn the forward net's half as well. It has read x as it stands: its gradients go in and come out in the "
    "order of reading."
)
def both_turned(dh, lengths, back_f, back_b):
    dhf, dhb = (reverse_padded(half, lengths) for half in halves(dh))
    return reverse_padded(back_f(dhf) + back_b(dhb), lengths)


@problem.misconception(
    "You turn round what goes through back_f and leave what goes through back_b as it is. Which of the two nets has "
    "read x from its end?"
)
def roles_swapped(dh, lengths, back_f, back_b):
    dhf, dhb = halves(dh)
    return reverse_padded(back_f(reverse_padded(dhf, lengths)), lengths) + back_b(dhb)


inherited_by_call(problem, "bidirectional.reverse_padded")
