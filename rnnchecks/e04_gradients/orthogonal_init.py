"""An orthogonal matrix from a random one."""

import numpy as np

from rnnchecks.engine.problem import Problem, normal

problem = Problem("gradients.orthogonal_init", "04-gradients", task=5, outputs={"W": "DH"})


@problem.reference
def orthogonal_init(A, gain):
    """The Q of QR, its signs such that the diagonal of R is positive; of a wide matrix, by way of its transpose."""
    rows, columns = A.shape
    Q, R = np.linalg.qr(A if rows >= columns else A.T)
    Q = Q * np.sign(np.diag(R))
    return gain * (Q if rows >= columns else Q.T)


def raw(A):
    """Return Q and R of the taller of A and its transpose, and a function that turns a result back."""
    wide = A.shape[0] < A.shape[1]
    Q, R = np.linalg.qr(A.T if wide else A)
    return Q, R, (lambda W: W.T) if wide else (lambda W: W)


@problem.arguments
def random_arguments(rng, s):
    return normal(rng, s.D, s.H), 1.3


@problem.special("more columns than rows")
def more_columns_than_rows(rng):
    return normal(rng, 2, 5), 0.7


@problem.special("square, gain 1")
def square_gain_1(rng):
    return normal(rng, 4, 4), 1.0


@problem.special("one row", hidden=True)
def one_row(rng):
    return normal(rng, 1, 4), 2.0


@problem.special("a large square matrix", hidden=True)
def a_large_square_matrix(rng):
    return normal(rng, 12, 12), 0.9


@problem.misconception(
    "Your W is orthogonal, but its signs are those that the algorithm happens to choose. Where R has a negative "
    "number on its diagonal, what must be done to the column of Q?"
)
def signs_not_moved(A, gain):
    Q, R, back = raw(A)
    return gain * back(Q)


@problem.misconception(
    "Your signs are the opposite ones: the diagonal of R comes out negative. Multiply a column by the sign itself."
)
def signs_flipped(A, gain):
    return -orthogonal_init(A, gain)


@problem.misconception(
    "You multiply the columns by the diagonal of R, which stretches them, and W is not orthogonal any more. Of those "
    "numbers only one thing is wanted."
)
def diagonal_instead_of_its_sign(A, gain):
    Q, R, back = raw(A)
    return gain * back(Q * np.diag(R))


@problem.misconception("All singular values of yours are 1. They should be gain.")
def gain_forgotten(A, gain):
    return orthogonal_init(A, 1.0)


@problem.misconception("You divide by gain. All singular values should be gain.")
def gain_upside_down(A, gain):
    return orthogonal_init(A, 1 / gain)


@problem.misconception("Your singular values are the root of gain. They should be gain.")
def root_of_the_gain(A, gain):
    return orthogonal_init(A, gain**0.5)


@problem.misconception(
    "Your W is orthogonal, but it is not the Q of the QR factorisation: it looks like the U V^T of the singular value "
    "decomposition. Both would do in a net; here the QR factorisation is asked for, so that answers can be compared."
)
def nearest_orthogonal_matrix(A, gain):
    U, _, Vt = np.linalg.svd(A, full_matrices=False)
    return gain * U @ Vt


@problem.misconception(
    "You bring columns to length 1, and they still lean towards each other. Multiply W.T @ W, or W @ W.T for a wide "
    "matrix, and look at what stands beside the diagonal."
)
def columns_only_scaled(A, gain):
    back = raw(A)[2]
    tall = back(A)
    return gain * back(tall / np.linalg.norm(tall, axis=0))


@problem.misconception(
    "Your largest singular value is gain, and the others are smaller: W still shrinks some directions. All of them "
    "should be gain."
)
def divided_by_the_largest_singular_value(A, gain):
    return gain * A / np.linalg.norm(A, 2)


@problem.misconception("This is gain times A, as it was drawn. What has to be true of W @ W.T or W.T @ W?")
def only_the_gain(A, gain):
    return gain * A


@problem.misconception(
    "For a tall matrix you are right. For a wide one, the Q of A itself is square and has too few columns: whose QR "
    "factorisation has as many orthonormal columns as A has rows?"
)
def wide_as_if_square(A, gain):
    Q, R = np.linalg.qr(A)
    return gain * Q * np.sign(np.diag(R))


@problem.misconception(
    "For a wide matrix you take the QR factorisation of the transpose, and return its Q as it is. Which shape was "
    "asked for?"
)
def wide_not_turned_back(A, gain):
    Q, R, _ = raw(A)
    return gain * Q * np.sign(np.diag(R))
