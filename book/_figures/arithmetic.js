// The arithmetic of the figures: what rnnlib computes, for one example at a time.
//
// A vector is an array of numbers, a matrix an array of rows; rows are examples, so a product is x W, as in the book.
// Names of weights are rnnlib's, gates stand in torch's order: LSTM i, f, g, o; GRU r, z, n. An input that is a whole
// number stands for its one-hot vector. tests/site/figures/test_arithmetic.py compares every function with rnnlib.

export const sigmoid = (v) => 0.5 * (1 + Math.tanh(0.5 * v));

/** x W + b for x (D), W (D, H), b (H) or none. */
export function affine(x, W, b) {
  const y = new Float64Array(b ?? W[0].length);
  if (Number.isInteger(x)) {
    for (let j = 0; j < y.length; j++) y[j] += W[x][j];
    return y;
  }
  for (let i = 0; i < W.length; i++) {
    const row = W[i], x_i = x[i];
    if (x_i !== 0) for (let j = 0; j < y.length; j++) y[j] += x_i * row[j];
  }
  return y;
}

/** d W^T for d (H), W (D, H): the way back through a product. */
export function affineBack(d, W) {
  const x = new Float64Array(W.length);
  for (let i = 0; i < x.length; i++) x[i] = dot(d, W[i]);
  return x;
}

export function dot(a, b) {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

export const norm = (v) => Math.sqrt(dot(v, v));
export const distance = (a, b) => norm(Array.from(a, (v, i) => v - b[i]));

// ---- One step of each cell ----

/** h_t = tanh(x_t W_xh + h_{t-1} W_hh + b_h), with z_t, the sum inside. */
export function rnnStep(x, h_prev, { W_xh, W_hh, b_h }) {
  const from_h = affine(h_prev, W_hh);
  const z = affine(x, W_xh, b_h).map((v, j) => v + from_h[j]);
  return { z, h: z.map(Math.tanh) };
}

export function lstmStep(x, { h: h_prev, c: c_prev }, { W_xh, W_hh, b_h }) {
  const H = h_prev.length, from_h = affine(h_prev, W_hh);
  const z = affine(x, W_xh, b_h).map((v, j) => v + from_h[j]);
  const part = (k, f) => z.slice(k * H, (k + 1) * H).map(f);
  const i = part(0, sigmoid), f = part(1, sigmoid), g = part(2, Math.tanh), o = part(3, sigmoid);
  const c = f.map((v, j) => v * c_prev[j] + i[j] * g[j]);
  return { i, f, g, o, c, h: o.map((v, j) => v * Math.tanh(c[j])) };
}

/** The variant of cuDNN and torch: the reset gate acts after the product, which has the bias b_hn of its own. */
export function gruStep(x, h_prev, { W_xh, W_hh, b_h, b_hn }) {
  const H = h_prev.length, a = affine(x, W_xh, b_h), q = affine(h_prev, W_hh);
  const r = new Float64Array(H), z = new Float64Array(H), n = new Float64Array(H), h = new Float64Array(H);
  for (let j = 0; j < H; j++) {
    r[j] = sigmoid(a[j] + q[j]);
    z[j] = sigmoid(a[H + j] + q[H + j]);
    n[j] = Math.tanh(a[2 * H + j] + r[j] * (q[2 * H + j] + b_hn[j]));
    h[j] = (1 - z[j]) * n[j] + z[j] * h_prev[j];
  }
  return { r, z, n, h };
}

// ---- The way back of a plain net ----

/** From the gradient of h_t to that of h_{t-1}: (d * slope) W_hh^T, one factor of the product of Jacobians. */
export function jacobianBack(d, slope, W_hh) {
  const dz = new Float64Array(d.length);
  for (let j = 0; j < dz.length; j++) dz[j] = d[j] * slope[j];
  return affineBack(dz, W_hh);
}

/** Every delta_{t,k} of the double sum over pairs (chapter 3): deltas[t][k], a row (H), for k <= t, both from 0.
 * from_output[t] is what the loss at t sends to h_t, states[t] is h_t of a tanh net. */
export function pairDeltas(from_output, states, W_hh) {
  return from_output.map((d, t) => {
    const row = [];
    for (let k = t; k >= 0; k--) {
      const slope = states[k].map((h) => 1 - h * h);
      row[k] = d.map((v, j) => v * slope[j]);
      d = jacobianBack(d, slope, W_hh);
    }
    return row;
  });
}

/** The sum over pairs of h_{k-1}^T delta_{t,k}, of those that keep(t, k) lets in: the gradient of W_hh, (H, H). */
export function sumOfPairs(deltas, before, keep = () => true) {
  const H = before[0].length, dW = Array.from({ length: H }, () => new Float64Array(H));
  deltas.forEach((row, t) => row.forEach((d, k) => {
    if (keep(t, k)) for (let i = 0; i < H; i++) for (let j = 0; j < H; j++) dW[i][j] += before[k][i] * d[j];
  }));
  return dW;
}

// ---- From logits to symbols ----

export function softmax(y) {
  const p = new Float64Array(y.length);
  let most = -Infinity, sum = 0;
  for (const v of y) if (v > most) most = v;
  for (let k = 0; k < p.length; k++) sum += p[k] = Math.exp(y[k] - most);
  for (let k = 0; k < p.length; k++) p[k] /= sum;
  return p;
}

export function logSoftmax(y) {
  const log_p = new Float64Array(y.length);
  let most = -Infinity, sum = 0;
  for (const v of y) if (v > most) most = v;
  for (const v of y) sum += Math.exp(v - most);
  for (let k = 0; k < log_p.length; k++) log_p[k] = y[k] - most - Math.log(sum);
  return log_p;
}

/** Symbols, the likeliest first; of two that are alike the earlier one first. */
export const ranked = (p) => Array.from(p, (_, k) => k).sort((a, b) => p[b] - p[a] || a - b);

/** What is left to draw from: softmax(logits / temperature), the top k of it, then the nucleus top_p of that. */
export function distribution(logits, { temperature = 1, top_k = Infinity, top_p = 1 } = {}) {
  if (temperature === 0) {
    const best = ranked(logits)[0];
    return Float64Array.from(logits, (_, k) => (k === best ? 1 : 0));
  }
  const p = softmax(Array.from(logits, (v) => v / temperature));
  if (top_k >= p.length && top_p >= 1) return p;
  const order = ranked(p);
  const rescale = () => {
    const sum = order.reduce((a, k) => a + p[k], 0);
    for (const k of order) p[k] /= sum;
  };
  if (top_k < p.length) {
    for (const k of order.slice(top_k)) p[k] = 0;
    rescale();
  }
  if (top_p < 1) {
    // A symbol is outside when those before it have the probability already.
    let before = 0;
    for (const k of order) {
      const p_k = p[k];
      if (before >= top_p) p[k] = 0;
      before += p_k;
    }
    rescale();
  }
  return p;
}

/** The symbol on which a number u from 0 to 1 falls among the cumulative probabilities. */
export function draw(p, u) {
  let sum = 0, k = 0;
  while (k < p.length - 1 && u >= (sum += p[k])) k++;
  return k;
}

/** A stream of numbers from 0 to 1 that is the same for the same seed (mulberry32). */
export function uniform(seed) {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), a | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** A stream of standard normal numbers from one of uniform ones (Box and Muller). */
export const normal = (random) => () =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** The best sequences along several paths at once, as rnnlib.decoding.beam_search, with every round to look at.
 * step(symbol, state) gives { logits, state }. rounds[t] holds the continuations that stayed, open or ended. */
export function beamSearch(step, state, start, end, longest, width = 4, alpha = 1) {
  let open = [{ ids: [], symbol: start, state, log_p: 0, parent: null }];
  const found = [], rounds = [];
  const keep = (node, length) => found.push(Object.assign(node, { score: node.log_p / length ** alpha }));
  for (let t = 1; t <= longest && open.length; t++) {
    const all = [];
    for (const node of open) {
      const next = step(node.symbol, node.state);
      logSoftmax(next.logits).forEach((v, symbol) => all.push({ symbol, state: next.state, log_p: node.log_p + v, parent: node, ended: symbol === end }));
    }
    const best = all.sort((a, b) => b.log_p - a.log_p).slice(0, width - found.length); // sort is stable
    for (const node of best) node.ids = node.ended ? node.parent.ids : [...node.parent.ids, node.symbol];
    rounds.push(best);
    for (const node of best) if (node.ended) keep(node, t);
    open = best.filter((node) => !node.ended);
  }
  for (const node of open) keep(node, node.ids.length);
  found.sort((a, b) => b.score - a.score);
  return { found, rounds };
}

// ---- Attention ----

function mix(scores, values) {
  const weights = softmax(scores);
  const context = new Float64Array(values[0].length);
  values.forEach((v, s) => v.forEach((x, j) => { context[j] += weights[s] * x; }));
  return { weights, context };
}

/** Score w . tanh(q W_q + k_s W_k) for every key; whoever asks often gives k_s W_k, which no query changes. */
export function additiveAttention(q, keys, values, { W_q, W_k, w }, known = keys.map((k) => affine(k, W_k))) {
  const asked = affine(q, W_q);
  const scores = known.map((k) => {
    let score = 0;
    for (let j = 0; j < k.length; j++) score += w[j] * Math.tanh(k[j] + asked[j]);
    return score;
  });
  return mix(scores, values);
}

export const dotProductAttention = (q, keys, values) =>
  mix(keys.map((k) => dot(q, k) / Math.sqrt(q.length)), values);

// ---- A Hopfield net ----

/** Hebb's weights for P patterns of N numbers: W_ij = sum of xi_i xi_j / N, zeros on the diagonal. */
export function hopfieldWeights(patterns) {
  const N = patterns[0].length, W = Array.from({ length: N }, () => new Float64Array(N));
  for (const xi of patterns) for (let i = 0; i < N; i++) for (let j = 0; j < N; j++) W[i][j] += (xi[i] * xi[j]) / N;
  W.forEach((row, i) => { row[i] = 0; });
  return W;
}

export const energy = (s, W) => -0.5 * dot(s, affine(s, W));

/** What a look at unit i makes of it: the side of the weighted majority, or what it was where there is none. A sum of
 * multiples of 1/N that is 0 in exact numbers comes out as some 1e-17, of any sign: below 1e-9 it is a tie. */
export const look = (s, W, i) => (dot(s, W[i]) * s[i] < -1e-9 ? -s[i] : s[i]);

// ---- The linear recurrence h_t = a_t h_{t-1} + b_t as a scan ----

/** Join two steps into one of the same form: (a, b), earlier, then (a', b'), later. */
export const combine = ([a1, b1], [a2, b2]) => [a2 * a1, a2 * b1 + b2];

const shifts = (T) => Array.from({ length: Math.ceil(Math.log2(T)) }, (_, i) => 2 ** i);

/** Rounds of joins [earlier place, later place] that make every place the join of all up to it; three plans. */
export const plans = {
  loop: (T) => Array.from({ length: T - 1 }, (_, t) => [[t, t + 1]]),
  doubling: (T) => shifts(T).map((s) => Array.from({ length: T - s }, (_, i) => [i, i + s])),
  pairs(T) {
    const places = (first, by, s) => {
      const round = [];
      for (let t = first; t < T; t += by) round.push([t - s, t]);
      return round;
    };
    const up = shifts(T).map((s) => places(2 * s - 1, 2 * s, s));
    const down = shifts(T).reverse().map((s) => places(3 * s - 1, 2 * s, s));
    return [...up, ...down].filter((round) => round.length);
  },
};

/** All that the places hold, from before the first round to after the last: lists of [a, b]. */
export function runScan(plan, a, b) {
  const history = [Array.from(a, (v, t) => [v, b[t]])];
  for (const round of plan) {
    const now = history.at(-1), next = now.slice();
    for (const [early, late] of round) next[late] = combine(now[early], now[late]);
    history.push(next);
  }
  return history;
}
