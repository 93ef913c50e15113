import { affine, affineBack, dot, norm, normal, pairDeltas, rnnStep, softmax, sumOfPairs, uniform } from "./arithmetic.js";
import { el, frame, label, many, number, percent, range, shade, svg, WORDS } from "./kit.js";

const D = 3, H = 5, V = 4, MOST = 12;

/** One net, its inputs and its targets, the same every time: of more steps only the first T are used. */
const net = (() => {
  const next = normal(uniform(3)), matrix = (rows, columns, size) => Array.from({ length: rows }, () => Float64Array.from({ length: columns }, () => size * next()));
  return {
    W_xh: matrix(D, H, 0.6), W_hh: matrix(H, H, H ** -0.5), b_h: matrix(1, H, 0.1)[0], W_hy: matrix(H, V, 1), h_0: matrix(1, H, 0.5)[0],
    x: matrix(MOST, D, 1), targets: Array.from({ length: MOST }, (_, t) => (t * 5 + 1) % V),
  };
})();

/** Forward over T steps and back to every pair. */
function run(T, gain) {
  const W_hh = net.W_hh.map((row) => row.map((w) => gain * w)), states = [], from_output = [];
  let h = net.h_0;
  for (let t = 0; t < T; t++) {
    h = rnnStep(net.x[t], h, { ...net, W_hh }).h;
    states.push(h);
    const dy = softmax(affine(h, net.W_hy));
    dy[net.targets[t]] -= 1;
    from_output.push(affineBack(dy, net.W_hy));
  }
  const before = [net.h_0, ...states.slice(0, -1)], deltas = pairDeltas(from_output, states, W_hh);
  const size = deltas.map((row) => row.map((d, k) => norm(before[k]) * norm(d)));
  return { before, deltas, size, full: sumOfPairs(deltas, before).flatMap((row) => [...row]) };
}

const sub = (name, ...index) => [el("i", {}, name), el("sub", {}, ...index)];

export function play(box) {
  const f = frame(box, {
    name: "triangle",
    claim: "The gradient is a sum over pairs of a loss and a use of the weights; truncation drops the pairs that cross a border.",
    state: {
      t: range("Loss at step t", 1, MOST, 7),
      k: range("Use of W_hh at step k", 1, MOST, 3),
      tau: range("Steps in a piece, \u03c4", 1, MOST, MOST),
      gain: range("Gain of W_hh", 0.2, 2, 1, { step: 0.1, show: (v) => v.toFixed(1) }),
      T: range("Steps T", 2, MOST, 8),
    },
    draw,
  });
  let had = { ...f.state };

  let pair_at = () => [0, 0, 0]; // which pair is at a point, and which step a border there would follow
  f.touch((x, y) => {
    const [row, column, border] = pair_at(x, y);
    if (row < 0) { // in the net above the triangle: the first border comes to where the hand is
      const tau = Math.max(1, Math.min(f.state.T, border));
      if (tau !== Math.min(f.state.tau, f.state.T)) f.set({ tau });
      return;
    }
    if (row < 1 || row > f.state.T || column < 1) return;
    const to = { t: row, k: Math.min(column, row) };
    if (to.t !== f.state.t || to.k !== f.state.k) f.set(to);
  });

  function draw() {
    const { state } = f, { T } = state;
    // Whichever of the two was moved pulls the other along: a loss reaches no later use.
    if (state.k > state.t) state[state.k !== had.k ? "t" : "k"] = state.k !== had.k ? state.k : state.t;
    had = { ...state };
    const t = f.upTo("t", T), k = f.upTo("k", T), tau = f.upTo("tau", T), { gain } = state, found = run(T, gain), first = (t) => tau * Math.floor((t - 1) / tau) + 1;
    const kept = (t, k) => k >= first(t);

    const width = f.width, parts = [], left = 22, step = Math.min(76, (width - left - 4) / (T + 1)), box = Math.min(30, step * 0.72);
    // The net, unrolled: states below, losses above, borders between the pieces.
    const x = (s) => left + step * (s + 0.5), y_loss = 16, y_h = 66;
    const line = (x1, y1, x2, y2, on) => svg("line", { x1, y1, x2, y2, stroke: on ? "var(--f-loss)" : "var(--f-line)", "stroke-width": on ? 4 : 1.5 });
    for (let s = 0; s <= T; s++) {
      if (s) parts.push(line(x(s - 1) + box / 2, y_h, x(s) - box / 2, y_h, kept(t, k) ? s > k - 1 && s <= t : s >= Math.max(k, first(t)) && s <= t));
      if (s) parts.push(line(x(s), y_loss + box / 2, x(s), y_h - box / 2, s === t));
    }
    for (let s = 0; s <= T; s++) {
      const on = s === t || (s >= k && s < t);
      parts.push(svg("rect", { x: x(s) - box / 2, y: y_h - box / 2, width: box, height: box, rx: 4, fill: shade(-WORDS * (on ? 1 : 0.3)), stroke: "var(--f-hidden)" }), label(x(s), y_h, s, {}));
      if (s) parts.push(svg("circle", { cx: x(s), cy: y_loss, r: Math.min(12, box / 2), fill: shade(WORDS * (s === t ? 1 : 0.25), "loss"), stroke: "var(--f-loss)" }), label(x(s), y_loss, s));
    }
    parts.push(label(left / 2, y_loss, "L", { style: "font-style:italic" }), label(left / 2, y_h, "h", { style: "font-style:italic" }));
    for (let s = tau; s < T; s += tau) parts.push(svg("line", { x1: x(s + 0.5), x2: x(s + 0.5), y1: y_loss - 14, y2: y_h + 24, stroke: "var(--f-output)", "stroke-width": 2, "stroke-dasharray": "5 4" }));

    // The triangle: one square for each pair.
    const top = y_h + 46, cell = Math.min(34, step), most = Math.max(...found.size.flat()), Y = (t) => top + (t - 1) * cell;
    parts.push(label(x(1) - step / 2, top - 12, "rows: loss t; columns: use k of the weights", { "text-anchor": "start", class: "rnn-quiet" }));
    for (let row = 1; row <= T; row++) {
      parts.push(label(x(1) - step / 2 - 10, Y(row) + cell / 2, row, { class: "rnn-quiet" }));
      for (let column = 1; column <= row; column++) {
        const power = Math.log10(found.size[row - 1][column - 1] / most), inside = kept(row, column), here = row === t && column === k;
        parts.push(svg("rect", { x: x(column) - step / 2 + 1, y: Y(row) + 1, width: step - 2, height: cell - 2, rx: 2, fill: inside ? shade(Math.max(0.04, 1 + power / 4), "loss") : "none", stroke: here ? "var(--f-ink)" : inside ? "none" : "var(--f-line)", "stroke-width": here ? 3 : 1, "stroke-dasharray": inside || here ? "none" : "3 3" }));
      }
    }
    const height = Y(T) + cell + 6;
    f.paint(width, height, `A triangle of ${T} rows, one for each loss, and a net of ${T} steps above it. The pair of loss ${t} and use ${k} is marked.`, parts);
    pair_at = (px, py) => [py < y_h + 24 ? -1 : Math.floor((py - top) / cell) + 1, Math.round((px - left) / step - 0.5), Math.round((px - left) / step - 1)];

    // The term of the equation, with as many Jacobians as there are steps between.
    const factors = [];
    for (let j = t; j > k; j--) factors.push(" ", ...sub("J", j));
    const term = el("p", { class: "rnn-term" }, ...sub("h", k - 1), el("sup", {}, "\u22a4"), " ( ", ...sub("dy", t), " ", ...sub("W", "hy"), el("sup", {}, "\u22a4"),
      el("strong", {}, ...factors), " \u2218 (1 \u2212 ", ...sub("h", k), el("sup", {}, "2"), ") )");
    f.below.replaceChildren(term, el("p", { class: "rnn-legend" }, "A square stands for one pair: the fuller its colour, the larger its term of the gradient. Full is the largest norm, and a quarter goes for each power of ten below it. Dashed squares are dropped."));

    const cut = sumOfPairs(found.deltas, found.before, (t, k) => kept(t + 1, k + 1)).flatMap((row) => [...row]);
    const error = norm(cut.map((v, i) => v - found.full[i])) / norm(found.full), cosine = dot(cut, found.full) / norm(cut) / norm(found.full);
    let dropped = 0;
    for (let row = 1; row <= T; row++) dropped += first(row) - 1;
    const share = percent(found.size[t - 1][k - 1] / most);
    const pair = `Loss ${t} and use ${k}: ${many(t - k, "Jacobian")} between them, norm ${share} of the largest term's.${kept(t, k) ? "" : " A border lies between them, so truncation drops this pair."}`;
    const border = dropped ? ` With pieces of ${tau}, ${dropped} of ${(T * (T + 1)) / 2} pairs are dropped: the gradient is off by ${percent(error)}, and its cosine with the whole one is ${number(cosine, 3)}.` : " One piece holds all: nothing is dropped.";
    f.say(pair + border);
  }
  return f.start();
}
