import { normal, uniform } from "./arithmetic.js";
import { choice, el, frame, kept, label, number, path, range, svg } from "./kit.js";

const H = 64, BEFORE = 20, MOST = 64, ROWS = 16;
const GAINS = Array.from({ length: 45 }, (_, n) => 0.4 + 0.05 * n);
const KINDS = {
  identity: [(z) => z, () => 1],
  tanh: [Math.tanh, (z) => 1 - Math.tanh(z) ** 2],
  ReLU: [(z) => Math.max(z, 0), (z) => +(z > 0)],
};

// A mean over a standard normal number, by the rule of trapezoids from 0 on: for so smooth a function it is good to eight
// digits. From one pass: the moments of tanh squared and of its slope squared, and by how much the first grows with the
// variance, which is half the mean of its second derivative.
const NODES = Float64Array.from({ length: 49 }, (_, n) => n / 6), DENSITY = NODES.map((x, n) => ((n ? 2 : 1) * Math.exp(-x * x / 2)) / 6 / Math.sqrt(2 * Math.PI));
function moments(std) {
  let square = 0, slope = 0, growth = 0;
  for (let n = 0; n < NODES.length; n++) {
    const h2 = Math.tanh(std * NODES[n]) ** 2;
    square += DENSITY[n] * h2;
    slope += DENSITY[n] * (1 - h2) ** 2;
    growth += DENSITY[n] * (1 - h2) * (1 - 3 * h2);
  }
  return { square, slope, growth };
}

/** The factor per step that chapter 4 predicts: gain times the root mean square slope. */
export function predictedFactor(kind, g, s) {
  if (kind === "identity") return g;
  if (kind === "ReLU") return g * Math.SQRT1_2;
  // The variance that a step keeps, by Newton's rule from above: what a step makes of a variance is concave in it.
  let variance = s * s + g * g;
  for (let n = 0; n < 50; n++) {
    const { square, growth } = moments(Math.sqrt(variance)), change = (variance - s * s - g * g * square) / (1 - g * g * growth);
    variance -= change;
    if (Math.abs(change) < 1e-9 * variance) break;
  }
  return g * Math.sqrt(moments(Math.sqrt(variance)).slope);
}

/** What is drawn at random for a net, before gain and strength of the input: the same for every setting of one seed. */
const drawn = ((seed, kept) => (wanted) => {
  if (wanted !== seed) {
    const next = normal(uniform(wanted)), some = (n) => Float64Array.from({ length: n }, next);
    seed = wanted;
    kept = { weights: some(H * H), inputs: some((BEFORE + MOST) * H), rows: some(ROWS * H) };
  }
  return kept;
})();

/** Four gradients a step back, from row `row` of d on, through slopes `at` and weights W: each weight is fetched once for
 * the four. Gives the sum of their squares. */
function fourBack(d, row, at, W, dz) {
  let sum = 0;
  for (let n = 0; n < 4 * H; n++) dz[n] = d[row + n] * at[n % H];
  for (let i = 0; i < H; i++) {
    let a = 0, b = 0, c = 0, e = 0;
    for (let j = 0; j < H; j++) {
      const w = W[i * H + j];
      a += dz[j] * w;
      b += dz[H + j] * w;
      c += dz[2 * H + j] * w;
      e += dz[3 * H + j] * w;
    }
    d[row + i] = a;
    d[row + H + i] = b;
    d[row + 2 * H + i] = c;
    d[row + 3 * H + i] = e;
    sum += a * a + b * b + c * c + e * e;
  }
  return sum;
}

/** Put the power of ten of what is left of random gradients after 0, 1, ... MOST lags in one net into `curve`, a piece of
 * the work at a time. */
export function* measure(curve, kind, g, s, seed) {
  const { weights, inputs, rows } = drawn(seed), [f, slope] = KINDS[kind];
  const W = weights.map((v) => (g * v) / Math.sqrt(H)), z = new Float64Array(H), slopes = [], d = rows.slice(), dz = new Float64Array(4 * H);
  let h = new Float64Array(H), start = 0;
  for (let t = 0; t < BEFORE + MOST; t++) {
    for (let j = 0; j < H; j++) z[j] = s * inputs[t * H + j];
    for (let i = 0; i < H; i++) if (h[i] !== 0) for (let j = 0; j < H; j++) z[j] += h[i] * W[i * H + j];
    h = z.map(f);
    if (t >= BEFORE) slopes.push(z.map(slope));
    yield;
  }
  for (const v of d) start += v * v;
  curve.push(0);
  for (const at of slopes.reverse()) {
    let left = 0;
    for (let row = 0; row < ROWS * H; row += 4 * H) left += fourBack(d, row, at, W, dz);
    curve.push(Math.log10(left / start) / 2);
    yield;
  }
}

export function play(box) {
  const f = frame(box, {
    name: "gradients",
    claim: "Whether a gradient survives depends on gain, activation and input together, and the theory of wide nets comes near its factor per step.",
    state: {
      gain: range("Gain g", 0.4, 2.6, 1, { step: 0.05, show: (v) => v.toFixed(2) }),
      kind: choice("Activation", { identity: "identity", tanh: "tanh", ReLU: "ReLU" }, "tanh"),
      lag: range("Lag t \u2212 k", 1, MOST, 32),
      input: range("Strength of the input s", 0.05, 2, 0.5, { step: 0.05, show: (v) => v.toFixed(2) }),
      seed: kept(0),
    },
    draw,
  });
  f.below.append(el("p", { class: "rnn-legend" }, `The map's dashed line: predicted factor 1. Its full colours stand for 10\u207b\u2078 and 10\u2078. Measured: ${ROWS} random gradients, root mean square, in one random net of ${H} units; the theory is of endless width, so nets differ from it and from one another.`));
  f.button("Another net", () => f.set({ seed: f.state.seed + 1 }));
  let last = "", curve, pieces, factors = [], map_at = () => [0, 0], tiles = "", map = null; // the map is made anew when it changes
  f.touch((x, y) => {
    const [gain, lag] = map_at(x, y);
    if (gain < 0.35 || gain > 2.65 || lag < -2 || lag > MOST + 2) return;
    const to = { gain: Math.max(0.4, Math.min(2.6, Math.round(gain * 20) / 20)), lag: Math.max(1, Math.min(MOST, Math.round(lag))) };
    if (to.gain !== f.state.gain || to.lag !== f.state.lag) f.set(to);
  });

  function draw() {
    const { gain, kind, lag, input, seed } = f.state, here = [gain, kind, input, seed].join();
    if (here !== last) pieces = measure(curve = [], kind, gain, input, seed);
    last = here;
    const whole = f.work(() => !pieces.next().done); // the line grows as it is measured
    const predicted = predictedFactor(kind, gain, input);

    const width = f.width, wide = width > 560, left = 40, high = 200, across = wide ? width / 2 - left - 14 : width - left - 8;
    const parts = [], top = 26;
    // The map.
    const x = (g) => left + (across * (g - 0.375)) / 2.25, y = (k) => top + high * (1 - k / MOST);
    map_at = (px, py) => [0.375 + ((px - left) * 2.25) / across, MOST * (1 - (py - top) / high)];
    const made = [kind, input, width].join();
    if (made !== tiles) {
      tiles = made;
      factors = GAINS.map((g) => predictedFactor(kind, g, input));
      // A power of ten grows in proportion to the lag, so each gain is one strip, which has its full colour at 8 powers.
      const far = factors.map((v) => Math.min(1e4, 8 / Math.abs(Math.log10(v)) / MOST));
      map = [
        svg("defs", {}, factors.map((v, n) => svg("linearGradient", { id: `rnn-map-${n}`, x1: 0, x2: 0, y1: 1, y2: (1 - far[n]).toFixed(4) },
          svg("stop", { offset: 0, style: "stop-color:var(--f-paper)" }), svg("stop", { offset: 1, style: `stop-color:var(--f-${v < 1 ? "hidden" : "output"})` })))),
        svg("g", { "shape-rendering": "crispEdges" }, GAINS.map((g, n) => svg("rect", { x: x(g - 0.025), y: top, width: across / 45 + 0.5, height: high, fill: `url(#rnn-map-${n})` }))),
      ];
    }
    parts.push(label(left, 10, "by theory: blue shrinks, orange grows", { "text-anchor": "start", class: "rnn-quiet" }), map);
    const one = GAINS.findIndex((_, n) => factors[n] >= 1);
    const border = one > 0 && GAINS[one] - (0.05 * (factors[one] - 1)) / (factors[one] - factors[one - 1]);
    if (border) parts.push(svg("line", { x1: x(border), x2: x(border), y1: top, y2: top + high, stroke: "var(--f-ink)", "stroke-dasharray": "4 3" }));
    for (const g of [0.5, 1, 1.5, 2, 2.5]) parts.push(label(x(g), top + high + 12, g, { class: "rnn-quiet" }));
    for (const k of [0, 32, 64]) parts.push(label(left - 14, y(k), k, { class: "rnn-quiet" }));
    parts.push(label(x(1.5), top + high + 28, "gain g", { class: "rnn-quiet" }), label(10, y(48), "lag", { class: "rnn-quiet" }));
    // Words on the map, at the bottom, where it is pale.
    if (factors[0] < 1) parts.push(label(x(0.4), y(3), "shrinks", { "text-anchor": "start" }));
    if (factors.at(-1) > 1) parts.push(label(x(2.6), y(3), "grows", { "text-anchor": "end" }));
    parts.push(svg("circle", { cx: x(gain), cy: y(lag), r: 7, fill: "var(--f-gate)", stroke: "var(--f-ink)", "stroke-width": 2 }));
    parts.push(label(Math.min(x(gain) + 12, left + across - 86), y(lag) + (lag > 54 ? 17 : -13), "you are here", { "text-anchor": "start", style: "font-weight:600;paint-order:stroke;stroke:var(--f-paper);stroke-width:4px" }));

    // What is left of the gradient against the lag: measured in one net, and predicted.
    const from = wide ? width / 2 + left : left, down = wide ? top : top + high + 66;
    const powers = [...curve, MOST * Math.log10(predicted)].filter(Number.isFinite), most = Math.max(1, ...powers), least = Math.min(-1, ...powers);
    const X = (k) => from + (across * k) / MOST, Y = (power) => down + high * (1 - (power - least) / (most - least));
    parts.push(label(from, down - 16, "what is left of a gradient, as a power of ten", { "text-anchor": "start", class: "rnn-quiet" }));
    for (const power of [least, 0, most]) {
      parts.push(svg("line", { x1: from, x2: from + across, y1: Y(power), y2: Y(power), stroke: "var(--f-line)" }));
      if (!power || Math.abs(Y(power) - Y(0)) > 12) parts.push(label(from - 18, Y(power), number(power, 0), { class: "rnn-quiet" }));
    }
    parts.push(path([[X(0), Y(0)], [X(MOST), Y(MOST * Math.log10(predicted))]], { stroke: "var(--f-ink)", "stroke-dasharray": "5 4", "stroke-width": 1.5 }));
    parts.push(path(curve.map((power, k) => [X(k), Y(power)]), { stroke: "var(--f-loss)", "stroke-width": 2.5 }));
    if (Number.isFinite(curve[lag])) parts.push(svg("circle", { cx: X(lag), cy: Y(curve[lag]), r: 6, fill: "var(--f-gate)", stroke: "var(--f-ink)", "stroke-width": 2 }));
    for (const k of [0, 16, 32, 48, 64]) parts.push(label(X(k), down + high + 12, k, { class: "rnn-quiet" }));
    parts.push(label(X(32), down + high + 28, "lag; dashed: predicted, line: measured", { class: "rnn-quiet" }));
    f.paint(width, down + high + 38, `A map of gain against lag, and what is left of a gradient against the lag. Gain ${gain.toFixed(2)}, lag ${lag}.`, parts);

    if (!whole) return;
    const found = 10 ** (curve[lag] / lag), left_over = 10 ** curve[lag];
    const verdict = left_over < 0.1 ? "It has shrunk to less than a tenth." : left_over > 10 ? "It has grown more than tenfold." : "It is within a factor of ten of its size.";
    f.say(`${kind}, gain ${gain.toFixed(2)}: factor per step ${number(found, 3)} measured over ${lag} step${lag === 1 ? "" : "s"}, ${number(predicted, 3)} predicted. Of the gradient ${number(left_over, 2)} is left. ${Number.isFinite(curve[lag]) ? verdict : "Every unit is off: nothing is left."}`);
  }
  return f.start();
}
