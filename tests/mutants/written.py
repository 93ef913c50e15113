"""Bugs that people write, kept by hand: what is wrong, in which module, and what stands there instead.

A place is found in the syntax tree, whatever its variables are called (`bug.replace`). `pass` takes a statement out.
"""

from tests.mutants.bug import Bug, replace

# The test files that should notice a bug in a module, the quickest first; without an entry, the one of its name.
TESTED_BY = {
    "activations": "recurrent rnn",
    "masking": "masking recurrent",
    "_scaled_dot_product": "attention",
    "multihead": "attention",
    "positions": "transformer",
    "data.text": "text_batches",
    "kernels.inputs": "layers recurrent",
    "decoding": "decoding encoder_decoder",
    "models.language": "models",
    "models.reader": "models",
    "models.encoder_decoder": "encoder_decoder",
    "models.net": "sequence_models",
    "models.classifier": "sequence_models",
    "models.forecaster": "sequence_models",
    "models.tagger": "sequence_models",
}

# What is wrong: (module, what stands there, what stands there instead).
WRITTEN = {
    # Activations, masks and lengths
    "slope of tanh is 1 - y": ("activations", "np.multiply(y, y, out=out)", "y"),
    "slope of relu at a cut": ("activations", "np.greater", "np.greater_equal"),
    "dstate enters at the padded end": ("masking", "(np.asarray(lengths) - 1, np.arange(B))", "-1"),
    "dstate a step early": ("masking", "np.asarray(lengths) - 1", "lengths - 2"),
    "gradient from the padding": ("masking", "keep_valid(dh.copy(), lengths)", "dh.copy()"),
    "the caller's dh overwritten": ("masking", "dh.copy()", "dh"),
    "one step too many counts": (
        "masking",
        "np.arange(T)[:, None] < require_lengths(lengths, T, np.size(lengths))",
        "np.arange(T)[:, None] <= require_lengths(lengths, T, np.size(lengths))",
    ),
    "last step off by one": ("masking", "require_lengths(lengths, T, B) - 1", "require_lengths(lengths, T, B) - 2"),
    "padding multiplied away": (
        "masking",
        "a[~valid_steps(require_lengths(lengths, T, B), T)] = 0",
        "a *= valid_steps(lengths, T)[..., None]",
    ),
    "padding reversed too": ("masking", "np.where(t < end, end - 1 - t, t)", "T - 1 - t"),
    # Attention
    "masked by a large number": (
        "_scaled_dot_product",
        "np.where(mask, scores, -np.inf)",
        "np.where(mask, scores, -1000.0)",
    ),
    "softmax's slope without its sum": (
        "_scaled_dot_product",
        "dweights - (weights * dweights).sum(axis=-1, keepdims=True)",
        "dweights",
    ),
    "softmax's sum over the queries": (
        "_scaled_dot_product",
        "(weights * dweights).sum(axis=-1, keepdims=True)",
        "(weights * dweights).sum(axis=-2, keepdims=True)",
    ),
    "gradient without the scale of the scores": ("_scaled_dot_product", "dscores *= q.shape[-1] ** (-0.5)", "pass"),
    "scores not scaled": (
        "_scaled_dot_product",
        "q @ k.swapaxes(-1, -2) * q.shape[-1] ** (-0.5)",
        "q @ k.swapaxes(-1, -2)",
    ),
    "causal mask shows the next step": (
        "attention",
        "np.tri(require_size('T', T), dtype=bool)",
        "np.tri(T, k=1, dtype=bool)",
    ),
    "additive scores without tanh's slope": ("attention", "dtanh(u)", "np.ones_like(u)"),
    "additive scores without w": ("attention", "dscores[..., None] * w", "dscores[..., None]"),
    "keys by the weights of the values": ("multihead", "k @ p['W_k']", "k @ p['W_v']"),
    "heads joined column by column": ("multihead", "a.transpose(2, 1, 0, 3)", "a.transpose(2, 1, 3, 0)"),
    # Transformer
    "values without gradient": ("transformer", "dq + dk + dv", "dq + dk"),
    "the caller's dy overwritten": ("transformer", "dy.copy()", "dy"),
    "norm that ignores its own variance": (
        "transformer",
        "dxhat - dxhat.mean(axis=-1, keepdims=True) - xhat * along",
        "dxhat - dxhat.mean(axis=-1, keepdims=True)",
    ),
    "feed-forward part without its slope": (
        "transformer",
        "self.second.backward(dy) * drelu(self._hidden)",
        "self.second.backward(dy)",
    ),
    "no sum past the attention": (
        "transformer",
        "da + self.norm1.backward(dq + dk + dv)",
        "self.norm1.backward(dq + dk + dv)",
    ),
    "codes from step one": (
        "positions",
        "t / 10000 ** (np.arange(0, require_positive('D', D), 2) / D)",
        "(t + 1) / 10000 ** (np.arange(0, require_positive('D', D), 2) / D)",
    ),
    # Scans
    "start of the pairs ignored": ("scan", "h0[None]", "0 * h0[None]"),
    "pair without its first decay": (
        "scan",
        "_by_pairs(a2 * a1, torch.addcmul(b2, a2, b1), h0)",
        "_by_pairs(a2, torch.addcmul(b2, a2, b1), h0)",
    ),
    "logarithms summed in float32": ("scan", "log_a.double()", "log_a"),
    "log scan a step late": (
        "scan",
        "torch.cat((log_h0[None].double(), terms)).logcumsumexp(0)[1:]",
        "torch.cat((log_h0[None].double(), terms)).logcumsumexp(0)[:-1]",
    ),
    "input and forget gate of a minLSTM swapped": (
        "minimal",
        "logsigmoid(i) - logsigmoid(f)",
        "logsigmoid(f) - logsigmoid(i)",
    ),
    "candidate not scaled by its gate": ("minimal", "z * g(v)", "g(v)"),
    "zero times infinity": ("minimal", "v.clamp(min=0)", "v"),
    # Linear and losses
    "linear without bias": ("layers", "y += b", "pass"),
    "linear db averaged": ("layers", "ones @ dy_rows", "ones @ dy_rows / len(dy_rows)"),
    "softmax without minus one": ("losses", "rows[right] -= 1", "pass"),
    "loss without the normaliser": ("losses", "np.log(total)", "0 * total"),
    "exponentials that overflow": (
        "losses",
        "np.subtract(logits, logits.real.max(axis=-1, keepdims=True), order='C')",
        "np.add(logits, 0, order='C')",
    ),
    "rows of a copy": (
        "losses",
        "np.subtract(logits, logits.real.max(axis=-1, keepdims=True), order='C')",
        "np.subtract(logits, logits.real.max(axis=-1, keepdims=True))",
    ),
    "gradient of the sum, not the mean": ("losses", "gradient /= losses.size", "pass"),
    "mean over the padding too": ("losses", "mask.sum()", "mask.size"),
    "masked positions keep a gradient": ("losses", "gradient[~mask] = 0", "pass"),
    "squared error without its half": ("losses", "0.5 * (dy * dy).sum(axis=-1)", "(dy * dy).sum(axis=-1)"),
    "dropout without its scale": ("layers", "1 - self.p", "1"),
    "dropout when measured": ("layers", "self.p == 0 or not _DROPPING.get()", "self.p == 0"),
    "embedding learns from one position": (
        "kernels.inputs",
        "np.add.reduceat(rows, starts[present], axis=0)",
        "rows[starts[present]]",
    ),
    "padding that learns": ("layers", "dW[self.padding] = 0", "pass"),
    "ignored labels count": ("losses", "targets != ignore", "targets == targets"),
    # Optimisers
    "uphill": ("optim", "p -= self.lr * v", "p += self.lr * v"),
    "first moment not corrected": (
        "optim",
        "self.lr * correction / (1 - self.beta1 ** self.t)",
        "self.lr * correction",
    ),
    "second moment not corrected": ("optim", "math.sqrt(1 - self.beta2 ** self.t)", "1.0"),
    "Adam's steps not counted": ("optim", "self.t += 1", "self.t = 1"),
    "Adam without the square": ("optim", "(1 - self.beta2) * (g * g - v)", "(1 - self.beta2) * (g - v)"),
    "eps under the root": ("optim", "np.sqrt(v) + eps", "np.sqrt(v + eps)"),
    "clipping array by array": ("optim", "max_norm / norm", "max_norm / np.linalg.norm(g)"),
    "clipping by the squared norm": ("optim", "math.sqrt(sum((g @ g for g in rows)))", "sum((g @ g for g in rows))"),
    "momentum that averages": ("optim", "v += grads[name]", "v += (1 - self.momentum) * grads[name]"),
    "RMSProp without the square": ("optim", "(1 - self.decay) * (g * g - v)", "(1 - self.decay) * (g - v)"),
    "RMSProp with eps under the root": ("optim", "np.sqrt(v) + self.eps", "np.sqrt(v + self.eps)"),
    "clipping by value from above only": (
        "optim",
        "np.clip(g, -limit, limit, out=g)",
        "np.clip(g, None, limit, out=g)",
    ),
    "warm-up a step late": ("schedules", "lr * step", "lr * (step - 1)"),
    "cosine over the warm-up too": ("schedules", "(step - warmup) / (steps - warmup)", "step / steps"),
    # Layers of layers
    "read from the right without lengths": ("bidirectional", "reverse_padded(x, lengths)", "reverse_padded(x)"),
    "outputs from the right not turned back": ("bidirectional", "hb = reverse_padded(hb, lengths)", "pass"),
    "gradient from the right not turned": ("bidirectional", "reverse_padded(dhb, lengths)", "dhb"),
    "dx from the right not turned back": ("bidirectional", "reverse_padded(dx_b, lengths)", "dx_b"),
    "halves of dh swapped": ("bidirectional", "(dh[..., :H], dh[..., H:])", "(dh[..., H:], dh[..., :H])"),
    "states of the directions swapped": (
        "bidirectional",
        "return read_only(h), (state_f, state_b)",
        "return read_only(h), (state_b, state_f)",
    ),
    "a stack that starts from zeros": (
        "stack",
        "layer.forward(h, states[i], lengths)",
        "layer.forward(h, None, lengths)",
    ),
    "a stack that forgets the lengths": (
        "stack",
        "layer.forward(h, states[i], lengths)",
        "layer.forward(h, states[i])",
    ),
    "dropout forward only": ("stack", "dh = self._dropouts[i].backward(dh)", "pass"),
    "dropout on the input": ("stack", "Dropout(0.0)", "Dropout(dropout, rng=rng)"),
    # Models
    "embedding not reached through W_xh": ("models.reader", "dM @ W_xh.T", "dM[:, :W.shape[1]]"),
    "W_xh not reached through the embedding": ("models.reader", "W.T @ dM", "0 * W.T @ dM"),
    "no dropout in training": ("models.tagger", "dropout_on()", "__import__('contextlib').nullcontext()"),
    "mean over the padding": ("models.net", "h.sum(axis=0) / ends[:, None].astype(h.dtype)", "h.mean(axis=0)"),
    "summary of the padded end": ("models.net", "last_valid(h, ends)", "h[-1]"),
    "summary's gradient at the padded end": ("models.net", "(ends - 1, np.arange(B))", "-1"),
    "embedding does not learn": ("models.reader", "self.embedding.backward(dx)", "pass"),
    "tagger graded on the padding": (
        "models.tagger",
        "softmax_cross_entropy(logits, tags, _mask(lengths, len(x)))",
        "softmax_cross_entropy(logits, tags)",
    ),
    "decoder sees what it shall predict": ("models.encoder_decoder", "targets[:-1]", "targets[1:]"),
    "keys without gradient": ("models.encoder_decoder", "dkeys = dk + dv", "dkeys = dv"),
    "queries without gradient": ("models.encoder_decoder", "dmixed[..., :H] + dq", "dmixed[..., :H]"),
    "attention to the padding": (
        "models.encoder_decoder",
        "None if lengths is None else length_mask(lengths, len(keys))",
        "None if True else length_mask(lengths, len(keys))",
    ),
    "both directions get one half": ("models.encoder_decoder", "lambda d: d[:, H // 2 :]", "lambda d: d[:, : H // 2]"),
    "state not carried to the next piece": ("models.language", "(h, self.state)", "(h, _)"),
    # Metrics and decoding
    "a span goes on in another kind": ("metrics", "prefix != 'I' or this != kind", "prefix != 'I'"),
    "a span to the end is lost": ("metrics", "[*tags, 'O']", "tags"),
    "F1 without its two": ("metrics", "(2 * right, found + wanted)", "(right, found + wanted)"),
    "a replacement counts as two edits": ("metrics", "left != right", "2 * (left != right)"),
    "nucleus a symbol short": ("decoding", "p_sorted.cumsum(axis=-1) - p_sorted", "p_sorted.cumsum(axis=-1)"),
    "top-k off by one": ("decoding", "p_sorted[:, top_k:]", "p_sorted[:, top_k + 1 :]"),
    "beam without length normalisation": ("decoding", "log_p / length ** alpha", "log_p"),
    "beam states of other hypotheses": ("decoding", "lambda a, rows=rows: a[rows]", "lambda a, rows=rows: a[rows * 0]"),
    "beam that forgets its past": ("decoding", "log_p[:, None]", "0 * log_p[:, None]"),
    "temperature upside down": (
        "decoding",
        "logits.astype(np.float64) / temperature",
        "logits.astype(np.float64) * temperature",
    ),
    "only the last symbol of the prompt read": (
        "decoding",
        "model.step(np.array([symbol]), state)",
        "model.step(np.array([symbol]), None)",
    ),
    # Training and batching
    "schedule a step early": ("training", "schedule(step)", "schedule(step + 1)"),
    "state kept from pass to pass": ("training", "reset()", "pass"),
    "best weights not copied": ("training", "p.copy()", "p"),
    "best weights not restored": ("training", "p[...] = best_params[name]", "pass"),
    "patience off by one": ("training", "since_best >= patience", "since_best > patience"),
    "NaN reaches the weights": ("training", "math.isfinite(loss) and math.isfinite(norm)", "math.isfinite(loss)"),
    "targets not shifted": ("data.text", "ids[1 : B * length + 1]", "ids[: B * length]"),
    "streams interleaved": (
        "data.text",
        "read_only(ids[: B * length].copy()).reshape(B, length).T",
        "read_only(ids[: B * length].copy()).reshape(length, B)",
    ),
    # The judge
    "NaN passes the gradient check": ("gradcheck", "bool(relative <= tolerance)", "not relative > tolerance"),
    "difference not halved": ("gradcheck", "(above - below) / (2 * eps)", "(above - below) / eps"),
}


def written() -> list[Bug]:
    """All of them."""
    return [
        Bug(
            name,
            f"rnnlib.{module}",
            tuple(TESTED_BY.get(module, module).split()),
            change=lambda tree, old=old, new=new: replace(tree, old, new),
        )
        for name, (module, old, new) in WRITTEN.items()
    ]
