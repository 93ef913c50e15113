"""Bugs that hand-written recurrent nets have, put into RNN, LSTM and GRU from outside.

Each takes a layer that is right and makes it wrong in the way that the bug would: by other parameters, other arguments
or another result. So they need nothing but `forward`, `backward`, `params` and `grads`, and none has to be written anew
when a layer's code changes.
"""

import contextlib
import copy
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np

from tests.mutants.bug import Bug

KINDS = {"RNN": "rnn", "LSTM": "lstm", "GRU": "gru"}
GATES = {"RNN": 1, "LSTM": 4, "GRU": 3}
TESTS = ("recurrent", "{}", "recurrent_inputs", "torch_parity", "text_batches", "models", "bidirectional")
FORWARD: dict[str, Callable[..., Any]] = {}
BACKWARD: dict[str, Callable[..., Any]] = {}


def _forward(bug: Callable[..., Any] | None = None, *, words: str = "") -> Callable[..., Any]:
    """Register a bug of `forward`: a function of the layer, the right `forward` and its three arguments.

    Its words are its name, unless they are given.
    """
    return _registered(FORWARD, bug, words)


def _backward(bug: Callable[..., Any] | None = None, *, words: str = "") -> Callable[..., Any]:
    """Register a bug of `backward`: a function of the layer, the right `backward`, its two arguments and `forward`'s.

    Its words are its name, unless they are given.
    """
    return _registered(BACKWARD, bug, words)


def _registered(bugs: dict[str, Callable[..., Any]], bug: Callable[..., Any] | None, words: str) -> Callable[..., Any]:
    if bug is None:
        return lambda bug: _registered(bugs, bug, words)
    return bugs.setdefault(words or bug.__name__.replace("_", " "), bug)


@contextlib.contextmanager
def _params(layer, **changed):
    """Give a layer other parameters for a while, below what would notice that they are others."""
    right = layer.params._arrays
    layer.params._arrays = right | changed
    try:
        yield
    finally:
        layer.params._arrays = right


def _first(state):
    """The hidden state, which an LSTM keeps beside its cell."""
    return state[0] if isinstance(state, tuple) else state


def _each(state, change):
    """Change every array of a state."""
    return tuple(map(change, state)) if isinstance(state, tuple) else change(state)


def _by_gate(layer, W):
    """The columns of a matrix gate by gate: array (gates, rows, H)."""
    H = len(layer.params["W_hh"])
    return W.reshape(len(W), -1, H).swapaxes(0, 1)


# ---- Forward ----------------------------------------------------------------------------------------------------


@_forward
def no_recurrence(layer, forward, x, state, lengths):
    with _params(layer, W_hh=0 * layer.params["W_hh"]):
        return forward(x, state, lengths)


@_forward(words="W_hh transposed")
def W_hh_transposed(layer, forward, x, state, lengths):
    W = _by_gate(layer, layer.params["W_hh"]).swapaxes(1, 2)
    with _params(layer, W_hh=np.ascontiguousarray(W.swapaxes(0, 1)).reshape(W.shape[1], -1)):
        return forward(x, state, lengths)


@_forward
def no_bias(layer, forward, x, state, lengths):
    with _params(layer, b_h=0 * layer.params["b_h"]):
        return forward(x, state, lengths)


@_forward
def initial_state_ignored(layer, forward, x, state, lengths):
    return forward(x, None, lengths)


@_forward
def stale_state(layer, forward, x, state, lengths):
    last = getattr(layer, "last", None)
    fits = last is not None and _first(last).shape[0] == np.shape(x)[1]
    h, layer.last = forward(x, last if state is None and fits else state, lengths)
    return h, layer.last


@_forward
def state_is_a_view_of_the_outputs(layer, forward, x, state, lengths):
    h, state = forward(x, state, lengths)
    if lengths is not None:
        return h, state
    return h, (h[-1], *state[1:]) if isinstance(state, tuple) else h[-1]


@_forward
def state_of_the_padding(layer, forward, x, state, lengths):
    _, end = forward(x, state)
    h, _ = forward(x, state, lengths)
    return h, end


@_forward
def outputs_go_on_after_the_end(layer, forward, x, state, lengths):
    h, _ = forward(x, state)
    return h.copy(), forward(x, state, lengths)[1]


@_forward
def outputs_in_memory_that_is_used_again(layer, forward, x, state, lengths):
    h, state = forward(x, state, lengths)
    kept = layer.__dict__.setdefault("kept_outputs", {}).setdefault((h.shape, h.dtype), np.empty_like(h))
    kept[...] = h
    return kept, state


@_forward
def one_initial_state_for_the_whole_batch(layer, forward, x, state, lengths):
    given = None if state is None else _each(state, lambda s: np.repeat(s[:1], len(s), axis=0))
    return forward(x, given, lengths)


@_forward
def last_step_not_taken(layer, forward, x, state, lengths):
    h, end = forward(x, state, lengths)
    if len(x) > 1 and lengths is None:
        h, end = h.copy(), _each(end, np.copy)
        h[-1] = _first(end)[...] = h[-2]
    return h, end


@_forward
def outputs_rounded_to_single_precision(layer, forward, x, state, lengths):
    h, state = forward(x, state, lengths)
    return h.astype(np.float32).astype(h.dtype), state


# ---- Backward ---------------------------------------------------------------------------------------------------


@_backward
def dstate_ignored(layer, backward, dh, dstate, given):
    return backward(dh, None)


@_backward
def dstate_counted_twice(layer, backward, dh, dstate, given):
    return backward(dh, dstate if dstate is None else _each(dstate, lambda d: 2 * d))


@_backward
def dstate_at_the_padded_end(layer, backward, dh, dstate, given):
    x, _, lengths = given
    if dstate is not None and lengths is not None:
        whole = (np.asarray(lengths) == len(x))[:, None]
        dstate = _each(dstate, lambda d: (d * whole).astype(d.dtype))
    return backward(dh, dstate)


@_backward
def gradient_from_the_padding(layer, backward, dh, dstate, given):
    lengths = given[2]
    if lengths is not None:
        after = np.arange(len(dh))[:, None] >= np.asarray(lengths)
        dh = dh.copy()
        dh[np.asarray(lengths) - 1, np.arange(dh.shape[1])] += np.where(after[..., None], dh, 0).sum(axis=0)
    return backward(dh, dstate)


@_backward(words="the caller's dh overwritten")
def the_callers_dh_overwritten(layer, backward, dh, dstate, given):
    result = backward(dh.copy(), dstate)
    if dh.flags.writeable:
        dh *= 0.5
    return result


@_backward
def gradient_of_the_initial_state_lost(layer, backward, dh, dstate, given):
    dx, dstate = backward(dh, dstate)
    return dx, _each(dstate, np.zeros_like)


@_backward
def dx_a_step_late(layer, backward, dh, dstate, given):
    dx, dstate = backward(dh, dstate)
    return dx if dx is None else np.roll(dx, 1, axis=0), dstate


@_backward
def gradients_of_the_last_step_only(layer, backward, dh, dstate, given):
    result, (x, state, lengths) = backward(dh, dstate), given
    if lengths is None and len(x) > 1:
        twin = copy.deepcopy(layer)
        before = type(twin).right_forward(twin, x[:-1], state)[1]
        type(twin).right_forward(twin, x[-1:], before)
        type(twin).right_backward(twin, dh[-1:], dstate)
        layer.grads = twin.grads
    return result


@_backward
def nothing_from_the_step_after(layer, backward, dh, dstate, given):
    x, state, lengths = given
    if lengths is not None or len(x) < 2:
        return backward(dh, dstate)
    result, twin, total, rows = backward(dh, dstate), copy.deepcopy(layer), {}, []
    for t in range(len(x)):
        state = type(twin).right_forward(twin, x[t : t + 1], state)[1]
        dx, dstart = type(twin).right_backward(twin, dh[t : t + 1], dstate if t == len(x) - 1 else None)
        rows.append((dx, dstart))
        total = {name: g + total.get(name, 0) for name, g in twin.grads.items()}
    layer.grads = total
    return None if result[0] is None else np.concatenate([dx for dx, _ in rows]), rows[0][1]


@_backward
def gradients_of_the_first_sequence_only(layer, backward, dh, dstate, given):
    result, (x, state, lengths) = backward(dh, dstate), given
    if x.shape[1] > 1:
        twin, of_first = copy.deepcopy(layer), lambda s: s if s is None else _each(s, lambda a: a[:1])
        ends = None if lengths is None else np.asarray(lengths)[:1]
        type(twin).right_forward(twin, x[:, :1], of_first(state), ends)
        type(twin).right_backward(twin, dh[:, :1], of_first(dstate))
        layer.grads = twin.grads
    return result


@_backward
def gradients_averaged_over_the_batch(layer, backward, dh, dstate, given):
    result = backward(dh, dstate)
    layer.grads = {name: g / np.asarray(dh.shape[1], g.dtype) for name, g in layer.grads.items()}
    return result


@_backward
def gradients_added_up_from_call_to_call(layer, backward, dh, dstate, given):
    before = dict(layer.grads)
    result = backward(dh, dstate)
    layer.grads = {name: g + before.get(name, 0) for name, g in layer.grads.items()}
    return result


@_backward(words="W_hh transposed on the way back")
def W_hh_transposed_on_the_way_back(layer, backward, dh, dstate, given):
    W = _by_gate(layer, layer.params["W_hh"]).swapaxes(1, 2)
    with _params(layer, W_hh=np.ascontiguousarray(W.swapaxes(0, 1)).reshape(W.shape[1], -1)):
        return backward(dh, dstate)


@_backward
def db_lost(layer, backward, dh, dstate, given):
    result = backward(dh, dstate)
    layer.grads = {**layer.grads, "b_h": 0 * layer.grads["b_h"]}
    return result


@_backward(words="dW_hh transposed")
def dW_hh_transposed(layer, backward, dh, dstate, given):
    result = backward(dh, dstate)
    W = _by_gate(layer, layer.grads["W_hh"]).swapaxes(1, 2)
    layer.grads = {**layer.grads, "W_hh": np.ascontiguousarray(W.swapaxes(0, 1)).reshape(W.shape[1], -1)}
    return result


# ---- Gates ------------------------------------------------------------------------------------------------------

ORDERS = {
    ("LSTM", "input and forget gate swapped"): [1, 0, 2, 3],
    ("LSTM", "candidate and output gate swapped"): [0, 1, 3, 2],
    ("GRU", "reset and update gate swapped"): [1, 0, 2],
    ("GRU", "update gate and candidate swapped"): [0, 2, 1],
}


def _in_order(cls, order):
    """Make a layer whose gates stand in another order, consistently forward and back."""
    forward, backward = cls.forward, cls.backward

    def moved(layer, arrays, order):
        found = {}
        for name, array in arrays.items():
            H = len(layer.params["W_hh"])
            blocks = np.split(array, array.shape[-1] // H, axis=-1)
            several = len(blocks) == len(order)
            found[name] = np.concatenate([blocks[i] for i in order], axis=-1) if several else array
        return found

    def forward_in_order(self, x, state=None, lengths=None):
        with _params(self, **moved(self, self.params, order)):
            return forward(self, x, state, lengths)

    def backward_in_order(self, dh, dstate=None):
        with _params(self, **moved(self, self.params, order)):
            result = backward(self, dh, dstate)
        self.grads = moved(self, self.grads, list(np.argsort(order)))
        return result

    cls.forward, cls.backward = forward_in_order, backward_in_order


def _z_exchanged(cls):
    """Make a GRU in which z and 1 - z are exchanged: sigmoid(-a) is 1 - sigmoid(a)."""
    forward, backward = cls.forward, cls.backward

    def turned(layer, arrays):
        H, found = len(layer.params["W_hh"]), {}
        for name, array in arrays.items():
            found[name] = array.copy()
            if array.shape[-1] == 3 * H:
                found[name][..., H : 2 * H] *= -1
        return found

    def forward_turned(self, x, state=None, lengths=None):
        with _params(self, **turned(self, self.params)):
            return forward(self, x, state, lengths)

    def backward_turned(self, dh, dstate=None):
        with _params(self, **turned(self, self.params)):
            result = backward(self, dh, dstate)
        self.grads = turned(self, self.grads)
        return result

    cls.forward, cls.backward = forward_turned, backward_turned


def _forget_bias_of(gate):
    """Make LSTMs whose forget bias lies in another gate."""

    def patch(cls):
        init = cls.__init__

        def __init__(self, *args, **kwargs):
            init(self, *args, **kwargs)
            if kwargs.get("forget_bias") is not None:
                H = len(self.params["W_hh"])
                b = self.params["b_h"]
                b[gate * H : (gate + 1) * H], b[H : 2 * H] = b[H : 2 * H].copy(), b[gate * H : (gate + 1) * H].copy()

        cls.__init__ = __init__

    return patch


PATCHES = {
    **{(kind, name): lambda cls, order=order: _in_order(cls, order) for (kind, name), order in ORDERS.items()},
    ("GRU", "z and 1 - z exchanged"): _z_exchanged,
    ("LSTM", "forget bias in the input gate"): _forget_bias_of(0),
    ("LSTM", "forget bias in the candidate"): _forget_bias_of(2),
}


def _patched_forward(bug):
    """Put a bug of `forward` into a class."""

    def patch(cls):
        right = cls.forward

        def forward(self, x, state=None, lengths=None):
            return bug(self, lambda *given: right(self, *given), x, state, lengths)

        cls.forward = forward

    return patch


def _patched_backward(bug):
    """Put a bug of `backward` into a class, which also remembers what `forward` was given."""

    def patch(cls):
        cls.right_forward, cls.right_backward = cls.forward, cls.backward

        def forward(self, x, state=None, lengths=None):
            self.given = x, state, lengths
            return type(self).right_forward(self, x, state, lengths)

        def backward(self, dh, dstate=None):
            if getattr(self, "given", None) is None or np.shape(dh)[:2] != np.shape(self.given[0])[:2]:
                return type(self).right_backward(self, dh, dstate)  # which says what is wrong with it
            return bug(self, lambda *given: type(self).right_backward(self, *given), dh, dstate, self.given)

        cls.forward, cls.backward = forward, backward

    return patch


def layers() -> list[Bug]:
    """All of them, for each kind of layer."""
    found = []
    for kind, module in KINDS.items():
        patches = {f"{name}": _patched_forward(bug) for name, bug in FORWARD.items()}
        patches |= {f"{name}": _patched_backward(bug) for name, bug in BACKWARD.items()}
        patches |= {name: patch for (of, name), patch in PATCHES.items() if of == kind}
        for name, patch in patches.items():

            def put(loaded: ModuleType, patch=patch, kind=kind) -> None:
                patch(getattr(loaded, kind))

            tests = tuple(test.format(module) for test in TESTS)
            found.append(Bug(f"{kind}: {name}", f"rnnlib.{module}", tests, patch=put))
    return found
