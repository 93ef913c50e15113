"""A gate on the suite itself: each of these bugs, put into a copy of rnnlib, must make the suite fail.

The bugs are those that hand-written recurrent nets really have. Each runs in a process of its own against the tests of
its module, and where these do not notice it against the core of the suite, the files that need neither torch nor
Matplotlib.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import rnnlib

PACKAGE = Path(rnnlib.__file__).parent
TESTS = Path(__file__).parent
CORE = (
    "recurrent rnn lstm gru masking layers losses optim gradcheck text_batches decoding models training schedules "
    "metrics saving stack bidirectional sequence_models encoder_decoder"
).split()
BESIDE_TORCH = "attention transformer scan minimal torch_gates".split()
# Every other module is tested by the file of its name. Of several files the fastest comes first.
TESTED_BY = {"activations": "recurrent rnn", "text": "text_batches", "language": "models", "reader": "models"}
TESTED_BY |= {"decoding": "decoding encoder_decoder"}
TESTED_BY |= dict.fromkeys(["rnn", "lstm", "gru", "_inputs", "_speed", "_steps"], "recurrent rnn lstm gru")
TESTED_BY |= {"_attend": "attention", "multihead": "attention", "masking": "masking recurrent"}
TESTED_BY |= {"positions": "transformer"}
TESTED_BY |= dict.fromkeys(["net", "classifier", "tagger", "forecaster"], "sequence_models")

# What is wrong: (file, old text, new text). The old text must stand in the file exactly once.
BUGS = {
    # Forward
    "no recurrence": ("rnn.py", "z += np.dot(h_prev, W_hh, out=recurrent)", "np.dot(h_prev, W_hh, out=recurrent)"),
    "W_hh transposed": ("rnn.py", "np.dot(h_prev, W_hh, out", "np.dot(h_prev, W_hh.T, out"),
    "no bias": ("rnn.py", "        h += b_h\n", ""),
    "initial state ignored": ("rnn.py", "hs[0] = 0 if state is None else require", "hs[0] = 0 * require"),
    "stale state": ("rnn.py", "hs[0] = 0 if state is None", "hs[0] = self._stale() if state is None"),
    "state is a view of h": ("rnn.py", "return h, h[-1].copy()", "return h, h[-1]"),
    "state of the padding": ("rnn.py", "state = last_valid(h, lengths)", "state = h[-1].copy()"),
    "outputs go on after the end": ("rnn.py", "        keep_valid(h, lengths)\n", ""),
    # Backward
    "no slope": ("rnn.py", "dz_t *= dh_next", "dz_t[:] = dh_next"),
    "slope of tanh is 1 - y": ("activations.py", "np.subtract(1, np.multiply(y, y, out=out)", "np.subtract(1, y"),
    "slope of relu at a cut": ("activations.py", "np.greater(y, 0", "np.greater_equal(y, 0"),
    "W_hh not transposed": ("rnn.py", "np.ascontiguousarray(W_hh.T)", "np.ascontiguousarray(W_hh)"),
    "nothing from the step after": ("rnn.py", "dh_next += dh_t", "dh_next[:] = dh_t"),
    "through time in the wrong direction": ("rnn.py", "zip(dh[::-1], reversed(", "zip(dh, iter("),
    "dW_hh with h_t for h_{t-1}": ("rnn.py", '"W_hh": hs[:-1].', '"W_hh": hs[1:].'),
    "dW_xh of the last step only": ("rnn.py", "x.reshape(T * B, -1).T @ dz_rows", "x[-1].T @ dz[-1]"),
    "db_h of the last step only": ("rnn.py", "dz_rows.sum(axis=0)", "dz[-1].sum(axis=0)"),
    "db_h averaged over the batch": ("rnn.py", "dz_rows.sum(axis=0)", "dz_rows.sum(axis=0) / B"),
    "dx with time and batch swapped": (
        "rnn.py",
        "@ W_xh.T).reshape(x.shape)",
        "@ W_xh.T).reshape(B, T, -1).swapaxes(0, 1)",
    ),
    "dstate from outside ignored": ("rnn.py", "dh_next += require_array", "require_array"),
    "dstate enters at the padded end": ("masking.py", "dh[np.asarray(lengths) - 1, np.arange(B)] +=", "dh[-1] +="),
    "dstate a step early": (
        "masking.py",
        "dh[np.asarray(lengths) - 1, np.arange(B)] +=",
        "dh[lengths - 2, np.arange(B)] +=",
    ),
    "dstate counted twice": (
        "rnn.py",
        "dh, dh_next[:] = add_at_end(dh, dh_next, lengths), 0",
        "dh = add_at_end(dh, dh_next, lengths)",
    ),
    "gradient from the padding": ("masking.py", "dh = keep_valid(dh.copy(), lengths)", "dh = dh.copy()"),
    "the caller's dh overwritten": ("masking.py", "keep_valid(dh.copy(), lengths)", "keep_valid(dh, lengths)"),
    # LSTM
    "input and forget gate swapped": ("_steps.py", "now[:2], now[2:4], both", "now[:3:2], now[1:4:2], both"),
    "candidate and output gate swapped": ("lstm.py", "    i, _, g, o = gates", "    i, _, o, g = gates"),
    "gates of a step in another order": ("lstm.py", "i, f, g, o = np.split(", "i, g, f, o = np.split("),
    "forget bias in the input gate": ("lstm.py", '["b_h"][H : 2 * H] = forget_bias', '["b_h"][:H] = forget_bias'),
    "forget bias in the candidate": (
        "lstm.py",
        '["b_h"][H : 2 * H] = forget_bias',
        '["b_h"][2 * H : 3 * H] = forget_bias',
    ),
    "nothing written to the cell": ("lstm.py", "np.add(c_kept, c_new, out=c)", "c[:] = c_kept"),
    "output reads the cell a step late": ("lstm.py", "np.tanh(c, out=tanh_c_t)", "np.tanh(c_i[0], out=tanh_c_t)"),
    "cell of the call before": ("lstm.py", "= (0, 0) if state is None", "= (0, cs[0]) if state is None"),
    "outputs in the workspace": (
        "lstm.py",
        "hs = np.empty((T + 1, B, H), dtype)",
        'hs = self._workspace("hs", (T + 1, B, H), dtype)',
    ),
    "returned cell in the workspace": ("lstm.py", "(h[-1].copy(), c[-1].copy())", "(h[-1].copy(), c[-1])"),
    "gradient left over in the workspace": (
        "lstm.py",
        "reaching = np.zeros((4, B, H), dtype)",
        'reaching = kept("reaching", (4, B, H), dtype)',
    ),
    "cell's state of the padding": ("lstm.py", "last_valid(c, lengths)", "c[-1].copy()"),
    "gates without slope": ("lstm.py", "    i_f *= terms[:, ::-1]\n", ""),
    "terms of dz_i and dz_f exchanged": ("lstm.py", "i_f *= terms[:, ::-1]", "i_f *= terms"),
    "dz_o without its output": ("lstm.py", "    out_o *= h\n", ""),
    "cell reached without output gate": (
        "lstm.py",
        "np.subtract(o, out_c, out=out_c)",
        "np.subtract(1, out_c, out=out_c)",
    ),
    "dc without the output of its step": ("lstm.py", "                dc_next += slope_c\n", ""),
    "dc not cut by the forget gate": ("lstm.py", "                dc_next *= f\n", ""),
    "candidate reached by nothing": ("lstm.py", "reaching[1:3] = dc_next", "reaching[1:2] = dc_next"),
    "output gate reached by dc": ("lstm.py", "reaching[1:3] = dc_next", "reaching[1:] = dc_next"),
    "gates and rows of dz mixed up": (
        "_steps.py",
        "row.reshape(len(row), 4, -1).swapaxes(0, 1)",
        "row.reshape(4, len(row), -1)",
    ),
    "dW_hh of an LSTM with h_t for h_{t-1}": ("lstm.py", '"W_hh": hs[:-1].', '"W_hh": hs[1:].'),
    "dc of dstate ignored": ("lstm.py", "dh_next[:], dc_next[:] = ", "dh_next[:], _ = "),
    "LSTM's dstate at the padded end": ("lstm.py", "dh, dh_next[:] = add_at_end(dh, dh_next, lengths), 0", "pass"),
    "LSTM's dstate counted twice": ("lstm.py", "dh, dh_next[:] = add_at_end(", "dh, _ = add_at_end("),
    "forgotten in the padding": ("lstm.py", "                gates[:, 1][after] = 1\n", ""),
    "gates reached in the padding": ("lstm.py", "                slope[:, :4].swapaxes(1, 2)[after] = 0\n", ""),
    "c_t in the cell of its own step": ("_steps.py", "cell[1:, 0], tanh_c", "cell[:-1, 0], tanh_c"),
    "slopes of the wrong step": ("_steps.py", "slopes[t % len(slopes)]", "slopes[(t + 1) % len(slopes)]"),
    "no bias beside the inputs": ("_inputs.py", "x_1[..., :D], x_1[..., D] = x, 1", "x_1[..., :D], x_1[..., D] = x, 0"),
    "sigmoids without their half": ("lstm.py", "                z += offset\n", ""),
    "candidate's slope without its square": ("lstm.py", "np.subtract(i, out_g, out=out_g)", "out_g[:] = i"),
    "padding a step early": ("lstm.py", "~valid_steps(lengths, T)[chunk]", "~valid_steps(lengths, T + 1)[1:][chunk]"),
    # GRU
    "reset and update gate swapped": ("gru.py", "for h, (rz, r, z, n, q) in", "for h, (rz, z, r, n, q) in"),
    "slopes of reset and update gate swapped": ("gru.py", "r, z, n = gates.swap", "z, r, n = gates.swap"),
    "z and 1 - z exchanged": (
        "gru.py",
        "np.subtract(h_prev, n, out=h)\n                h *= z\n                h += n",
        "np.subtract(n, h_prev, out=h)\n                h *= z\n                h += h_prev",
    ),
    "z and 1 - z exchanged in a step": ("gru.py", "(1 - z) * n + z * h_prev", "z * n + (1 - z) * h_prev"),
    "reset after the product in both variants": ("gru.py", "(r * h_prev) @ W_hn)", "r * (h_prev @ W_hn))"),
    "candidate reads a state not reset": ("gru.py", "np.multiply(r, h_prev, out=q)", "q[:] = h_prev"),
    "bias outside the reset": ("gru.py", "np.multiply(r, q, out=recurrent_n)", "recurrent_n *= r; recurrent_n += b_hn"),
    "outputs of a GRU in the workspace": (
        "gru.py",
        "hs = np.empty((T + 1, B, H), dtype)",
        'hs = self._workspace("hs", (T + 1, B, H), dtype)',
    ),
    "GRU's state of the padding": ("gru.py", "state = last_valid(h, lengths)", "state = h[-1].copy()"),
    "GRU's dstate at the padded end": ("gru.py", "dh, dh_next[:] = add_at_end(dh, dh_next, lengths), 0", "pass"),
    "dh not passed by z": ("gru.py", "                dh_next *= z\n", ""),
    "dh not passed by the gates": ("gru.py", "                dh_next += recurrent\n", ""),
    "dh not passed by the reset state": ("gru.py", "                    dh_next += ds\n", ""),
    "dh of the reset state not reset": ("gru.py", "                    ds *= r\n", ""),
    "reset gate reached as in the other variant": ("gru.py", "                    reaching[1] = ds\n", ""),
    "ds without the candidate's slope": ("gru.py", "(da_t[3] * dh_next) @", "dh_next @"),
    "da_z without 1 - z": ("gru.py", "        out_z *= not_z\n", ""),
    "da_r without the candidate's slope": ("gru.py", "            out_r *= out_q\n", "            pass\n"),
    "W_hh rolled the other way": ("gru.py", "np.roll(W_hh, H, axis=1)", "np.roll(W_hh, -H, axis=1)"),
    "W_hh rolled along the wrong axis": ("gru.py", "np.roll(W_hh, H, axis=1)", "np.roll(W_hh, H, axis=0)"),
    "dW_hh not rolled back": ("gru.py", ": 3 * H], -H, axis=1)", ": 3 * H], H, axis=1)"),
    "dW_hn with the state not reset": ("gru.py", "qs.reshape(T * B, H).T @", "h_rows.T @"),
    "b_hn gets the gradient of b_n": ("gru.py", '["b_hn"] = da_rows[:, :H]', '["b_hn"] = da_rows[:, 3 * H :]'),
    # What makes them fast
    # Symbols
    "no bias at a symbol": ("_inputs.py", "return x, W_xh + b_h", "return x, W_xh"),
    "symbols summed where they do not stand": ("_inputs.py", "ids.argsort(kind", "np.sort(ids, kind"),
    "a symbol's first position only": ("_inputs.py", "ones[:n], rows[start : start + n]", "ones[:1], rows[start:][:1]"),
    "symbols read by the gates in reverse": ("_speed.py", "W[:, :, a]", "W[::-1, :, a]"),
    "embedding not reached through W_xh": ("models/reader.py", "dM @ W_xh.T", "dM[:, : W.shape[1]]"),
    "W_xh not reached through the embedding": ("models/reader.py", "W.T @ dM", "0 * W.T @ dM"),
    "last step in no chunk": ("_speed.py", "range(0, T, size)]", "range(0, T - 1, size)]"),
    "chunks that overlap": ("_speed.py", "min(start + size, T)", "min(start + size + 1, T)"),
    "workspace of another shape": ("_speed.py", "array is None or array.shape != shape or ", "array is None or "),
    "workspace of another dtype": ("_speed.py", "shape != shape or array.dtype != dtype:", "shape != shape:"),
    "blocks and gates exchanged": (
        "_speed.py",
        "W.reshape(K, n_gates, k, H // k).transpose(1, 2, 0, 3)",
        "W.reshape(K, k, n_gates, H // k).transpose(2, 1, 0, 3)",
    ),
    "first block of columns for all": ("_speed.py", "np.matmul(a, W, out", "np.matmul(a, W[:, :1], out"),
    "views of arrays of the call before": (
        "_speed.py",
        "views = by_step(*arrays)",
        "views = views or by_step(*arrays)",
    ),
    "copies that share no memory": (
        "_speed.py",
        "        return Workspace, ()\n",
        "        return object.__reduce_ex__(self, 2)\n",
    ),
    "a row dropped from every band": ("_speed.py", "slice(start, start + 16)", "slice(start, start + 15)"),
    # Attention
    "masked by a large number": ("_attend.py", "np.where(mask, scores, -np.inf)", "np.where(mask, scores, -1e3)"),
    "softmax's slope without its sum": (
        "_attend.py",
        "weights * (dweights - (weights * dweights).sum(axis=-1, keepdims=True))",
        "weights * dweights",
    ),
    "softmax's sum over the queries": (
        "_attend.py",
        "(weights * dweights).sum(axis=-1",
        "(weights * dweights).sum(axis=-2",
    ),
    "gradient without the scale of the scores": ("_attend.py", "    dscores *= q.shape[-1] ** -0.5\n", ""),
    "scores not scaled": ("_attend.py", "k.swapaxes(-1, -2) * q.shape[-1] ** -0.5", "k.swapaxes(-1, -2)"),
    "causal mask shows the next step": ("attention.py", "np.tri(T, dtype", "np.tri(T, k=1, dtype"),
    "additive scores without tanh's slope": ("attention.py", "da = dtanh(u)", "da = np.ones_like(u)"),
    "additive scores without w": ("attention.py", "da *= dscores[..., None] * w", "da *= dscores[..., None]"),
    "keys by the weights of the values": ("multihead.py", 'k @ p["W_k"])', 'k @ p["W_v"])'),
    "heads joined column by column": (
        "multihead.py",
        "a.transpose(2, 1, 0, 3).reshape(T, B, heads",
        "a.transpose(2, 1, 3, 0).reshape(T, B, heads",
    ),
    # Transformer
    "values without gradient": ("transformer.py", "norm1.backward(dq + dk + dv)", "norm1.backward(dq + dk)"),
    "the caller's dy overwritten": ("transformer.py", "keep_valid(dy.copy(),", "keep_valid(dy,"),
    "norm that ignores its own variance": ("transformer.py", "keepdims=True) - xhat * along)", "keepdims=True))"),
    "feed-forward part without its slope": ("transformer.py", " * drelu(self._hidden)", ""),
    "no sum past the attention": ("transformer.py", "dx = da + self.norm1", "dx = self.norm1"),
    "codes from step one": ("positions.py", "    angle = t / ", "    angle = (t + 1) / "),
    # Scans
    "start of the pairs ignored": ("scan.py", "(h0[None], h2[:-1])", "(0 * h0[None], h2[:-1])"),
    "pair without its first decay": ("scan.py", "_by_pairs(a2 * a1, ", "_by_pairs(a2, "),
    "logarithms summed in float32": ("scan.py", "log_a.double().cumsum", "log_a.cumsum"),
    "log scan a step late": ("scan.py", "logcumsumexp(0)[1:]", "logcumsumexp(0)[:-1]"),
    "input and forget gate of a minLSTM swapped": (
        "minimal.py",
        "logsigmoid(i) - logsigmoid(f)",
        "logsigmoid(f) - logsigmoid(i)",
    ),
    "candidate not scaled by its gate": ("minimal.py", "(1 - z, z * g(v), state)", "(1 - z, g(v), state)"),
    "zero times infinity": ("minimal.py", "(v.clamp(min=0) + 0.5).log()", "(v + 0.5).log()"),
    # Masks and lengths
    "one step too many counts": ("masking.py", "[:, None] < require_lengths(", "[:, None] <= require_lengths("),
    "last step off by one": (
        "masking.py",
        "a[require_lengths(lengths, T, B) - 1, ",
        "a[require_lengths(lengths, T, B) - 2, ",
    ),
    "padding multiplied away": (
        "masking.py",
        "a[~valid_steps(require_lengths(lengths, T, B), T)] = 0",
        "a *= valid_steps(lengths, T)[..., None]",
    ),
    # Linear and losses
    "linear without bias": ("layers.py", "        y += b ", "        "),
    "linear db averaged": ("layers.py", '"b": ones @ dy_rows', '"b": ones @ dy_rows / len(dy_rows)'),
    "softmax without minus one": ("losses.py", "    rows[right] -= 1 ", "    "),
    "loss without the normaliser": ("losses.py", "nll = np.log(total) - ", "nll = 0 * total - "),
    "exponentials that overflow": (
        "losses.py",
        "np.subtract(logits, logits.real.max(axis=-1, keepdims=True)",
        "np.add(logits, 0",
    ),
    "rows of a copy": ("losses.py", ', order="C")', ")"),
    "gradient of the sum, not the mean": ("losses.py", "        gradient /= losses.size\n", ""),
    "mean over the padding too": ("losses.py", "gradient /= mask.sum()", "gradient /= mask.size"),
    "masked positions keep a gradient": ("losses.py", "    gradient[~mask] = 0\n", ""),
    "squared error without its half": ("losses.py", "0.5 * (dy * dy)", "(dy * dy)"),
    # Optimisers
    "uphill": ("optim.py", "p -= self.lr * v\n", "p += self.lr * v\n"),
    "first moment not corrected": (
        "optim.py",
        "lr = self.lr * correction / (1 - self.beta1**self.t)",
        "lr = self.lr * correction",
    ),
    "second moment not corrected": ("optim.py", "correction = math.sqrt(1 - self.beta2**self.t)", "correction = 1.0"),
    "Adam's steps not counted": ("optim.py", "self.t += 1", "self.t = 1"),
    "Adam without the square": ("optim.py", "(1 - self.beta2) * (g * g - v)", "(1 - self.beta2) * (g - v)"),
    "eps under the root": ("optim.py", "(np.sqrt(v) + eps)", "np.sqrt(v + eps)"),
    "clipping array by array": ("optim.py", "g *= max_norm / norm", "g *= max_norm / np.linalg.norm(g)"),
    "clipping by the squared norm": ("optim.py", "norm = math.sqrt(sum(", "norm = (sum("),
    "momentum that averages": ("optim.py", "v += grads[name]", "v += (1 - self.momentum) * grads[name]"),
    "RMSProp without the square": ("optim.py", "(1 - self.decay) * (g * g - v)", "(1 - self.decay) * (g - v)"),
    "RMSProp with eps under the root": ("optim.py", "(np.sqrt(v) + self.eps)", "np.sqrt(v + self.eps)"),
    "clipping by value from above only": ("optim.py", "np.clip(g, -limit, limit", "np.clip(g, None, limit"),
    "warm-up a step late": ("schedules.py", "return lr * step / warmup", "return lr * (step - 1) / warmup"),
    "decay a step early": ("schedules.py", "(step - 1) // every", "step // every"),
    "cosine over the warm-up too": ("schedules.py", "min((step - warmup) / (steps - warmup)", "min(step / steps"),
    # Layers of layers
    "padding reversed too": ("masking.py", "a[np.where(t < end, end - 1 - t, t), ", "a[T - 1 - t, "),
    "read from the right without lengths": ("bidirectional.py", "reverse_valid(x, lengths)", "reverse_valid(x)"),
    "outputs from the right not turned back": ("bidirectional.py", "        hb = reverse_valid(hb, lengths)\n", ""),
    "gradient from the right not turned": (
        "bidirectional.py",
        "backward(reverse_valid(dhb, lengths),",
        "backward(dhb,",
    ),
    "dx from the right not turned back": ("bidirectional.py", "dx_f + reverse_valid(dx_b, lengths)", "dx_f + dx_b"),
    "halves of dh swapped": ("bidirectional.py", "(dh[..., :H], dh[..., H:])", "(dh[..., H:], dh[..., :H])"),
    "states of the directions swapped": (
        "bidirectional.py",
        "return h, (state_f, state_b)",
        "return h, (state_b, state_f)",
    ),
    "a stack that starts from zeros": (
        "stack.py",
        "layer.forward(h, states[i], lengths)",
        "layer.forward(h, None, lengths)",
    ),
    "a stack that forgets the lengths": (
        "stack.py",
        "layer.forward(h, states[i], lengths)",
        "layer.forward(h, states[i])",
    ),
    "dropout forward only": ("stack.py", "            dh = self._dropouts[i].backward(dh)\n", ""),
    "dropout on the input": ("stack.py", "[Dropout(0.0), *(", "[Dropout(dropout, rng=rng), *("),
    "dropout without its scale": ("layers.py", " / (1 - self.p)).astype", " / 1).astype"),
    "dropout when measured": ("layers.py", "if self.p == 0 or not _DROPPING.get():", "if self.p == 0:"),
    "no dropout in training": ("models/tagger.py", "with dropout_on():", "if True:"),
    "embedding learns from one position": (
        "layers.py",
        'np.add.reduceat(dx.reshape(-1, W.shape[1])[ids.argsort(kind="stable")], first[present], axis=0)',
        'dx.reshape(-1, W.shape[1])[ids.argsort(kind="stable")][first[present]]',
    ),
    "padding that learns": ("layers.py", "            dW[self.padding] = 0\n", "            pass\n"),
    # Models
    "ignored labels count": ("losses.py", "counts = targets != ignore", "counts = targets == targets"),
    "mean over the padding": ("models/net.py", "h.sum(axis=0) / ends[:, None].astype(h.dtype)", "h.mean(axis=0)"),
    "summary of the padded end": ("models/net.py", "h = last_valid(h, ends)", "h = h[-1]"),
    "summary's gradient at the padded end": ("models/net.py", "dh[ends - 1, np.arange(B)] = dlast", "dh[-1] = dlast"),
    "embedding does not learn": ("models/reader.py", "            self.embedding.backward(dx)\n", ""),
    "tagger graded on the padding": (
        "models/tagger.py",
        "loss, dlogits = softmax_cross_entropy(logits, tags, _mask(lengths, len(x)))",
        "loss, dlogits = softmax_cross_entropy(logits, tags)",
    ),
    "decoder sees what it shall predict": (
        "models/encoder_decoder.py",
        "self.start), targets[:-1]))",
        "self.start), targets[1:]))",
    ),
    "keys without gradient": ("models/encoder_decoder.py", "dkeys = dk + dv", "dkeys = dv"),
    "queries without gradient": ("models/encoder_decoder.py", "dh = dmixed[..., :H] + dq", "dh = dmixed[..., :H]"),
    "attention to the padding": (
        "models/encoder_decoder.py",
        "mask = None if lengths is None else ",
        "mask = None if True else ",
    ),
    "both directions get one half": (
        "models/encoder_decoder.py",
        "lambda d: d[:, H // 2 :]",
        "lambda d: d[:, : H // 2]",
    ),
    # Metrics and decoding
    "a span goes on in another kind": ("metrics.py", '(prefix != "I" or this != kind)', 'prefix != "I"'),
    "a span to the end is lost": ("metrics.py", '[*tags, "O"]', "tags"),
    "F1 without its two": ("metrics.py", "(2 * right, found + wanted)", "(right, found + wanted)"),
    "a replacement counts as two edits": ("metrics.py", "(left != right)", "2 * (left != right)"),
    "nucleus a symbol short": (
        "decoding.py",
        "p_sorted.cumsum(axis=-1) - p_sorted >= top_p",
        "p_sorted.cumsum(axis=-1) >= top_p",
    ),
    "top-k off by one": ("decoding.py", "p_sorted[:, top_k:] = 0", "p_sorted[:, top_k + 1 :] = 0"),
    "beam without length normalisation": ("decoding.py", "float(log_p / length**alpha)", "float(log_p)"),
    "beam states of other hypotheses": ("decoding.py", "rows=rows: a[rows], state)", "rows=rows: a[rows * 0], state)"),
    "beam that forgets its past": (
        "decoding.py",
        "joint = log_p[:, None] + _log_softmax",
        "joint = 0 * log_p[:, None] + _log_softmax",
    ),
    # Training and batching
    "schedule a step early": ("training.py", "optimizer.lr = schedule(step)", "optimizer.lr = schedule(step + 1)"),
    "state kept from pass to pass": ("training.py", "        model.reset()\n", ""),
    "best weights not copied": ("training.py", "{name: p.copy() for name, p in model", "{name: p for name, p in model"),
    "best weights not restored": ("training.py", "p[...] = best_params[name]", "pass"),
    "patience off by one": ("training.py", "since_best >= patience", "since_best > patience"),
    "NaN reaches the weights": (
        "training.py",
        "if not (math.isfinite(loss) and math.isfinite(norm))",
        "if not math.isfinite(loss)",
    ),
    "state not carried to the next piece": (
        "models/language.py",
        "h, self.state = self._reader.forward",
        "h, _ = self._reader.forward",
    ),
    "targets not shifted": ("data/text.py", "ids[1 : B * length + 1]", "ids[: B * length]"),
    "streams interleaved": (
        "data/text.py",
        "ids[: B * length].reshape(B, length).T",
        "ids[: B * length].reshape(length, B)",
    ),
    "temperature upside down": (
        "decoding.py",
        "logits.astype(np.float64) / temperature",
        "logits.astype(np.float64) * temperature",
    ),
    "only the last symbol of the prompt read": (
        "decoding.py",
        "model.step(np.array([symbol]), state)",
        "model.step(np.array([symbol]), None)",
    ),
    # The judge
    "NaN passes the gradient check": ("gradcheck.py", "ok=bool(relative <= tolerance)", "ok=not relative > tolerance"),
    "difference not halved": ("gradcheck.py", "(above - below) / (2 * eps)", "(above - below) / eps"),
}
STALE = """

def _stale(self):
    return 0 if self._saved is None else self._saved[1][-1]


RNN._stale = _stale
"""


def run_tests(folder, names):
    """Run the named test files against the copy of rnnlib in `folder`, up to the first failure."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "--tb=short", "-c", "pytest.ini", "--import-mode=importlib"]
    command += ["-p", "no:cacheprovider", *(str(TESTS / f"test_{name}.py") for name in names)]
    environment = os.environ | {
        "PYTHONPATH": str(folder),
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTEST_ADDOPTS": "",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120)


@pytest.fixture
def copy(tmp_path):
    """A folder with a copy of rnnlib that the tests in it import instead of the original."""
    shutil.copytree(PACKAGE, tmp_path / "rnnlib", ignore=shutil.ignore_patterns("__pycache__", "checks"))
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    return tmp_path


@pytest.mark.parametrize("names", [CORE, BESIDE_TORCH], ids=["core", "beside torch"])
def test_the_suite_passes_without_a_bug(copy, names):
    result = run_tests(copy, names)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize("bug", BUGS)
def test_the_suite_catches(bug, copy):
    name, old, new = BUGS[bug]
    file = copy / "rnnlib" / name
    source = file.read_text(encoding="utf-8")
    assert source.count(old) == 1, (
        f"{name} has {source.count(old)} times, not once, the text that the bug {bug!r} replaces:\n  {old}\n"
        "The code has changed: write the bug anew in tests/rnnlib/test_injected_bugs.py."
    )
    mutant = source.replace(old, new) + (STALE if "_stale" in new else "")
    file.write_text(mutant, encoding="utf-8")
    own = TESTED_BY.get(file.stem, file.stem).split()
    for names in [*([one] for one in own), [other for other in CORE if other not in own]]:
        result = run_tests(copy, names)
        if result.returncode != 0:
            break
    assert result.returncode != 0, f"no test notices: {bug} ({name}: {old!r} -> {new!r})"
    # 1 says that a test failed; anything else that nothing could be run.
    assert result.returncode == 1, result.stdout + result.stderr
