"""A small recurrent net as the functions that a student is handed: read a padded batch, and go back through it."""

import numpy as np

from rnnchecks.e07_bidirectional.frozen_forward import frozen_forward


def reading(lengths, *layer):
    """Make ``read(x) -> (h, last)`` of a net that knows the lengths."""
    return lambda x: frozen_forward(x, lengths, *layer)


def reading_back(x, lengths, W_xh, W_hh, b_h):
    """Make ``back(dh) -> dx`` for a net that has read x; what stands in dh after the end of a row is ignored."""
    h, _ = frozen_forward(x, lengths, W_xh, W_hh, b_h)

    def back(dh):
        if np.shape(dh) != h.shape:
            raise ValueError(f"dh: expected an array of shape {h.shape}, got {np.shape(dh)}.")
        dx, dh_next = np.zeros(x.shape), np.zeros(h.shape[1:])
        for t in reversed(range(len(x))):
            real = (t < lengths)[:, None]
            dz = np.where(real, (dh[t] + dh_next) * (1 - h[t] ** 2), 0)
            dx[t], dh_next = dz @ W_xh.T, np.where(real, dz @ W_hh.T, dh_next)
        return dx

    return back
