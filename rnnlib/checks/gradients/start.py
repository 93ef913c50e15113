"""An orthogonal matrix from a random one."""

import numpy as np

from rnnlib.checks.problem import Problem, normal

start = Problem("gradients.orthogonal_init", "04-gradients", outputs={"W": "DH"})


@start.reference
def orthogonal_init(A, gain):
    """The Q of QR, its signs such that the diagonal of R is positive; of a wide matrix, by way of its transpose."""
    rows, columns = A.shape
    Q, R = np.linalg.qr(A if rows >= columns else A.T)
    Q = Q * np.sign(np.diag(R))
    return gain * (Q if rows >= columns else Q.T)


def raw(A):
    """Give Q and R of the taller of A and its transpose, and a function that turns a result back."""
    wide = A.shape[0] < A.shape[1]
    Q, R = np.linalg.qr(A.T if wide else A)
    return Q, R, (lambda W: W.T) if wide else (lambda W: W)


@start.arguments
def _(rng, s):
    return normal(rng, s.D, s.H), 1.3


@start.special("more columns than rows")
def _(rng):
    return normal(rng, 2, 5), 0.7


@start.special("square, gain 1")
def _(rng):
    return normal(rng, 4, 4), 1.0


@start.special("one row", hidden=True)
def _(rng):
    return normal(rng, 1, 4), 2.0


@start.special("a large square matrix", hidden=True)
def _(rng):
    return normal(rng, 12, 12), 0.9


@start.misconception(
    "signs-not-moved",
    "Your W is orthogonal, but its signs are those that the algorithm happens to choose. Where R has a negative "
    "number on its diagonal, what must be done to the column of Q?",
)
def _(A, gain):
    Q, R, back = raw(A)
    return gain * back(Q)


@start.misconception(
    "signs-flipped",
    "Your signs are the opposite ones: the diagonal of R comes out negative. Multiply a column by the sign itself.",
)
def _(A, gain):
    return -orthogonal_init(A, gain)


@start.misconception(
    "diagonal-instead-of-its-sign",
    "You multiply the columns by the diagonal of R, which stretches them, and W is not orthogonal any more. Of those "
    "numbers only one thing is wanted.",
)
def _(A, gain):
    Q, R, back = raw(A)
    return gain * back(Q * np.diag(R))


@start.misconception(
    "gain-forgotten",
    "All singular values of yours are 1. They should be gain.",
)
def _(A, gain):
    return orthogonal_init(A, 1.0)


@start.misconception(
    "gain-upside-down",
    "You divide by gain. All singular values should be gain.",
)
def _(A, gain):
    return orthogonal_init(A, 1 / gain)


@start.misconception(
    "root-of-the-gain",
    "Your singular values are the root of gain. They should be gain.",
)
def _(A, gain):
    return orthogonal_init(A, gain**0.5)


@start.misconception(
    "nearest-orthogonal-matrix",
    "Your W is orthogonal, but it is not the Q of the QR factorisation: it looks like the U V^T of the singular value "
    "decomposition. Both would do in a net; here the QR factorisation is asked for, so that answers can be compared.",
)
def _(A, gain):
    U, _, Vt = np.linalg.svd(A, full_matrices=False)
    return gain * U @ Vt


@start.misconception(
    "columns-only-scaled",
    "You bring columns to length 1, and they still lean towards each other. Multiply W.T @ W, or W @ W.T for a wide "
    "matrix, and look at what stands beside the diagonal.",
)
def _(A, gain):
    back = raw(A)[2]
    tall = back(A)
    return gain * back(tall / np.linalg.norm(tall, axis=0))


@start.misconception(
    "divided-by-the-largest-singular-value",
    "Your largest singular value is gain, and the others are smaller: W still shrinks some directions. All of them "
    "should be gain.",
)
def _(A, gain):
    return gain * A / np.linalg.norm(A, 2)


@start.misconception(
    "only-the-gain",
    "This is gain times A, as it was drawn. What has to be true of W @ W.T or W.T @ W?",
)
def _(A, gain):
    return gain * A


@start.misconception(
    "wide-as-if-square",
    "For a tall matrix you are right. For a wide one, the Q of A itself is square and has too few columns: whose QR "
    "factorisation has as many orthonormal columns as A has rows?",
)
def _(A, gain):
    Q, R = np.linalg.qr(A)
    return gain * Q * np.sign(np.diag(R))


@start.misconception(
    "wide-not-turned-back",
    "For a wide matrix you take the QR factorisation of the transpose, and return its Q as it is. Which shape was "
    "asked for?",
)
def _(A, gain):
    Q, R, _ = raw(A)
    return gain * Q * np.sign(np.diag(R))
