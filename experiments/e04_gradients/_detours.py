"""A plain layer with two ways round the product of Jacobians: leaky units, and connections that skip steps.

::

    z_t = x_t W_xh + h_{t-1} W_hh + h_{t-s} W_sh + b_h      the third term only with a skip of s steps
    h_t = (1 - a) h_{t-1} + a tanh(z_t)                     a = 1 without a leak
"""

import numpy as np

from rnnlib import RNN


class Detour:
    """A tanh layer with leaky units, or with a connection that skips steps, in the form that `rnnlib.models` takes.

    Args:
        D: width of the input.
        H: units.
        leak: a of the equations, from 0 to 1; 1 is the plain layer.
        skip: s of the equations; 0 is the plain layer.
        rng: generator of the weights.
        dtype: of the weights.
    """

    def __init__(self, D, H, leak=1.0, skip=0, rng=None, dtype=np.float32):
        self.D, self.H, self.leak, self.skip = D, H, leak, skip
        self.params = dict(RNN(D, H, rng=rng, dtype=dtype).params)
        if skip:
            self.params["W_sh"] = RNN(D, H, rng=rng, dtype=dtype).params["W_hh"]
        self.grads = {}

    def forward(self, x, state=None, lengths=None):
        """States at all steps, (T, B, H), and the last of them. It begins at zero, and all steps count."""
        assert state is None and lengths is None
        p, (T, B, _), a = self.params, x.shape, np.asarray(self.leak, x.dtype)
        xz = x @ p["W_xh"] + p["b_h"]
        h, f = np.zeros((T + 1, B, self.H), x.dtype), np.zeros((T, B, self.H), x.dtype)
        for t in range(T):
            z = xz[t] + h[t] @ p["W_hh"]
            if self.skip and t + 1 > self.skip:
                z += h[t + 1 - self.skip] @ p["W_sh"]
            f[t] = np.tanh(z)
            h[t + 1] = (1 - a) * h[t] + a * f[t]
        self._saved = x, h, f
        return h[1:], h[-1]

    def backward(self, dh, dstate=None):
        """Gradients with respect to the input and the state before the first step; fills `grads`."""
        x, h, f = self._saved
        p, T, a = self.params, len(x), np.asarray(self.leak, x.dtype)
        reach, dz = np.zeros_like(h), np.zeros_like(f)  # reach[t + 1]: all that reaches h after step t
        reach[1:] = dh
        for t in range(T - 1, -1, -1):
            d = reach[t + 1]
            dz[t] = a * d * (1 - f[t] ** 2)
            reach[t] += (1 - a) * d + dz[t] @ p["W_hh"].T
            if self.skip and t + 1 > self.skip:
                reach[t + 1 - self.skip] += dz[t] @ p["W_sh"].T
        flat = lambda array: array.reshape(-1, array.shape[-1])  # noqa: E731
        self.grads = {
            "W_xh": flat(x).T @ flat(dz),
            "W_hh": flat(h[:-1]).T @ flat(dz),
            "b_h": dz.sum(axis=(0, 1)),
        }
        if self.skip:
            self.grads["W_sh"] = flat(h[1 : T + 1 - self.skip]).T @ flat(dz[self.skip :])
        self.reach = reach
        return dz @ p["W_xh"].T, reach[0]
