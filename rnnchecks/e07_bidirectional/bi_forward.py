"""Two nets over one sequence, each from its own side."""

import numpy as np

from rnnchecks.e07_bidirectional._lengths import some_lengths
from rnnchecks.e07_bidirectional._reader import reading
from rnnchecks.e07_bidirectional.frozen_forward import weights
from rnnchecks.e07_bidirectional.reverse_padded import reverse_padded
from rnnchecks.engine.problem import Problem, normal
from rnnchecks.engine.rules import inherited_by_call

problem = Problem("bidirectional.bi_forward", "07-bidirectional", task=3, outputs={"h": "TBK", "summary": "BK"})


@problem.reference
def bi_forward(x, lengths, read_f, read_b):
    """Read from both ends; turn the backward states back into reading order; join."""
    hf, last_f = read_f(x)
    hb, last_b = read_b(reverse_padded(x, lengths))
    hb = reverse_padded(hb, lengths)
    return np.concatenate((hf, hb), axis=2), np.concatenate((last_f, last_b), axis=1)


@problem.arguments
def random_arguments(rng, s):
    lengths = some_lengths(rng, s.T, s.B)
    read_f, read_b = (reading(lengths, *weights(rng, s.D, s.H)) for _ in range(2))
    return normal(rng, s.T, s.B, s.D), lengths, read_f, read_b


@problem.special("no row fills the array")
def no_row_fills_the_array(rng):
    lengths = np.array([5, 2, 4])
    read_f, read_b = (reading(lengths, *weights(rng, 4, 2)) for _ in range(2))
    return normal(rng, 7, 3, 4), lengths, read_f, read_b


def joined(hf, last_f, hb, last_b):
    """Put the halves side by side."""
    return np.concatenate((hf, hb), axis=-1), np.concatenate((last_f, last_b), axis=-1)


@problem.misconception(
    "The second half of h holds the backward states in the order in which they were computed: step 0 is joined with "
    "the last step. In which order did the second net read?"
)
def not_turned_back(x, lengths, read_f, read_b):
    return joined(*read_f(x), *read_b(reverse_padded(x, lengths)))


@problem.misconception(
    "Your second net reads x from the left, and only its states are turned round. What should it be given to read?"
)
def read_forward_turned_back(x, lengths, read_f, read_b):
    hb, last_b = read_b(x)
    return joined(*read_f(x), reverse_padded(hb, lengths), last_b)


@problem.misconception("Both of your nets read from the left. Nothing in h knows what comes after its step.")
def both_from_the_left(x, lengths, read_f, read_b):
    return joined(*read_f(x), *read_b(x))


@problem.misconception(
    "You reverse whole rows, so in a short row the second net meets the padding first, and stops before it has read "
    "everything. You have a function that knows the lengths."
)
def whole_rows(x, lengths, read_f, read_b):
    hb, last_b = read_b(x[::-1])
    return joined(*read_f(x), hb[::-1], last_b)


@problem.misconception(
    "The second net reads the right thing, but its states are turned round as whole rows, and land in the padding. The "
    "way back needs the lengths as well."
)
def whole_rows_on_the_way_back(x, lengths, read_f, read_b):
    hb, last_b = read_b(reverse_padded(x, lengths))
    return joined(*read_f(x), hb[::-1], last_b)


@problem.misconception("Both halves come from read_f. The two directions have weights of their own.")
def one_net_for_both(x, lengths, read_f, read_b):
    hb, last_b = read_f(reverse_padded(x, lengths))
    return joined(*read_f(x), reverse_padded(hb, lengths), last_b)


@problem.misconception("The halves have changed places. Which one does the chapter put first?")
def backward_half_first(x, lengths, read_f, read_b):
    hb, last_b = read_b(reverse_padded(x, lengths))
    return joined(reverse_padded(hb, lengths), last_b, *read_f(x))


@problem.misconception(
    "The two nets have changed sides: read_f reads from the right and read_b from the left. Which one should be given "
    "the reversed batch?"
)
def nets_changed_sides(x, lengths, read_f, read_b):
    hf, last_f = read_f(reverse_padded(x, lengths))
    return joined(reverse_padded(hf, lengths), last_f, *read_b(x))


@problem.misconception(
    "You add the two halves. Here they are joined side by side, so that whoever reads them can tell them apart."
)
def summed(x, lengths, read_f, read_b):
    (hf, last_f), (hb, last_b) = read_f(x), read_b(reverse_padded(x, lengths))
    return hf + reverse_padded(hb, lengths), last_f + last_b


@problem.misconception(
    "Your summary is h at the last step of the array. For a short row that is padding, and its backward half has read "
    "one step at most. What did the two nets return besides their states?"
)
def last_row_of_h_as_summary(x, lengths, read_f, read_b):
    h, _ = bi_forward(x, lengths, read_f, read_b)
    return h, h[-1]


@problem.misconception(
    "Your summary is h at each row's last real step. Its forward half has read everything, its backward half one step: "
    "that net began there. Where did it end?"
)
def last_real_output_as_summary(x, lengths, read_f, read_b):
    h, _ = bi_forward(x, lengths, read_f, read_b)
    return h, h[lengths - 1, np.arange(len(lengths))]


@problem.misconception(
    "Your summary is h at the first step. Its backward half has read everything, its forward half one step."
)
def first_output_as_summary(x, lengths, read_f, read_b):
    h, _ = bi_forward(x, lengths, read_f, read_b)
    return h, h[0]


@problem.misconception(
    "The backward half of your summary is right. The forward half is taken at the last step of the array, and for a "
    "short row that is padding. What did the first net return besides its states?"
)
def ends_of_the_array_as_summary(x, lengths, read_f, read_b):
    h, _ = bi_forward(x, lengths, read_f, read_b)
    H = h.shape[-1] // 2
    return h, np.concatenate((h[-1, :, :H], h[0, :, H:]), axis=-1)


@problem.misconception(
    "Both halves of your summary are taken at the last step of the array, and for a short row that is padding: zeros. "
    "What did the two nets return besides their states?"
)
def last_rows_of_the_states_as_summary(x, lengths, read_f, read_b):
    h, _ = bi_forward(x, lengths, read_f, read_b)
    hb, _ = read_b(reverse_padded(x, lengths))
    return h, np.concatenate((read_f(x)[0][-1], hb[-1]), axis=-1)


@problem.misconception("h is right. In the summary the halves have changed places: the forward half comes first.")
def summary_halves_swapped(x, lengths, read_f, read_b):
    h, summary = bi_forward(x, lengths, read_f, read_b)
    return h, np.roll(summary, summary.shape[-1] // 2, axis=-1)


inherited_by_call(problem, "bidirectional.reverse_padded")
