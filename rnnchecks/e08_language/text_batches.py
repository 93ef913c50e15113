"""A text as streams side by side, cut into pieces."""

import numpy as np

from rnnchecks.engine.problem import Problem

problem = Problem("language.text_batches", "08-language", task=1, outputs={"x": "KTB", "y": "KTB"})


@problem.reference
def text_batches(ids, T, B):
    """Cut B streams of equal length, with one symbol left for the last target; then pieces of T steps."""
    length = (len(ids) - 1) // B
    K = length // T

    def pieces(flat):
        streams = flat.reshape(B, length)[:, : K * T]
        return streams.reshape(B, K, T).transpose(1, 2, 0)

    return pieces(ids[: B * length]), pieces(ids[1 : B * length + 1])


def text(rng, N):
    """Draw a text of N symbols, no two alike, so that a symbol tells its place."""
    return rng.permutation(N)


@problem.arguments
def random_arguments(rng, s):
    return text(rng, s.B * (3 * s.T + s.T // 2) + 1 + s.B // 2), s.T, s.B


@problem.special("a text that just fits")
def a_text_that_just_fits(rng):
    return text(rng, 2 * 4 * 3 + 1), 4, 3


@problem.special("B * T divides the number of symbols")
def B_T_divides_the_number_of_symbols(rng):
    return text(rng, 2 * 4 * 3), 4, 3


def cut(flat, T, B, length):
    """Return the streams of a flat array as pieces (K, T, B)."""
    K = length // T
    return flat[: B * length].reshape(B, length)[:, : K * T].reshape(B, K, T).transpose(1, 2, 0)


@problem.misconception(
    "Neighbours of the text stand side by side in a row of the batch, so each stream jumps B symbols at every step. "
    "Read one column of your x from top to bottom: it should be text. What does reshape fill first, rows or columns?"
)
def neighbours_side_by_side(ids, T, B):
    x, y = text_batches(ids, T, B)
    K = len(x)
    return ids[: K * T * B].reshape(K, T, B), ids[1 : K * T * B + 1].reshape(K, T, B)


@problem.misconception("In your pieces the streams come before the steps. Time comes first: (K, T, B).")
def batch_before_time(ids, T, B):
    return tuple(np.swapaxes(a, 1, 2) for a in text_batches(ids, T, B))


@problem.misconception("Your targets are the inputs themselves. A net would learn to repeat what it has just read.")
def targets_are_the_inputs(ids, T, B):
    x, _ = text_batches(ids, T, B)
    return x, x


@problem.misconception("x and y have changed places: your net reads a symbol and is asked for the one before it.")
def the_wrong_way_round(ids, T, B):
    return text_batches(ids, T, B)[::-1]


@problem.misconception(
    "In every piece the last target is that piece's own first symbol. The symbol that follows the end of a piece "
    "stands at the start of the next one: shift the text before you cut it."
)
def last_target_from_the_same_piece(ids, T, B):
    x, _ = text_batches(ids, T, B)
    return x, np.roll(x, -1, axis=1)


@problem.misconception("Your targets lie two symbols ahead of the inputs.")
def two_ahead(ids, T, B):
    length = (len(ids) - 1) // B
    return text_batches(ids, T, B)[0], cut(np.append(ids, ids[0])[2:], T, B, length)


@problem.misconception(
    "Your pieces are whole in themselves, but row b of a piece does not go on where row b of the piece before ended: "
    "the state that is carried over would meet another place of the text. Cut the text into B long streams first."
)
def pieces_do_not_go_on(ids, T, B):
    K = len(text_batches(ids, T, B)[0])
    return tuple(ids[i : i + K * T * B].reshape(K, B, T).transpose(0, 2, 1) for i in (0, 1))


@problem.misconception(
    "Where B divides the length of the text, your streams use up the whole of it, and the last input has no symbol "
    "after it. How many symbols can be inputs?"
)
def last_symbol_has_no_target(ids, T, B):
    length = len(ids) // B
    return cut(ids, T, B, length), cut(np.roll(ids, -1), T, B, length)


@problem.misconception(
    "Where the pieces fit exactly, your last one is missing. Where does the loop over the pieces end?"
)
def a_whole_piece_lost(ids, T, B):
    length = (len(ids) - 1) // B
    K = len(range(0, length - T, T))
    return tuple(a[:K] for a in text_batches(ids, T, B))


@problem.misconception(
    "Your streams have been cut to whole pieces before they were laid out, so all but the first begin too early. The "
    "length of a stream is (len(ids) - 1) // B; what does not fill a piece is left out at the end of each stream."
)
def streams_shortened_first(ids, T, B):
    length = (len(ids) - 1) // B // T * T
    return cut(ids, T, B, length), cut(ids[1:], T, B, length)


@problem.misconception(
    "The axes are right in number and not in order: yours are (T, K, B) or the like. The pieces come first, so that a "
    "loop over x gives one piece after the other."
)
def streams_before_pieces(ids, T, B):
    return tuple(np.swapaxes(a, 0, 1) for a in text_batches(ids, T, B))
