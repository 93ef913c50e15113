import { affine, distance, rnnStep, softmax } from "./arithmetic.js";
import { check, el, frame, kept, label, number, path, range, shade, svg, tinted, words } from "./kit.js";
import { unpack } from "./weights.js";

// Rows of the two tables, of units and of letters, and what has the full colour.
const UNITS = { z: 3, h: 1 }, LETTERS = ["x", "p"];

export function play(box, weights) {
  const net = unpack(weights.hello), { symbols } = net, H = net.b_h.length;
  const clean = (text) => [...text.toLowerCase()].filter((c) => symbols.includes(c)).slice(0, 24).join("");
  const f = frame(box, {
    name: "loop",
    claim: "The same letter leaves another state, because the state has read everything before it.",
    state: {
      word: words(`A word of the letters ${[...symbols].sort().join(", ")}`, "hello", clean, `the letters ${[...symbols].sort().join(", ")}, at most 24`),
      gain: range("Gain: W_hh times", 0, 2, 1, { step: 0.05, show: (v) => v.toFixed(2) }),
      unit: range("Unit i, from which", 1, H, 1),
      to: range("Unit j, to which", 1, H, 2),
      weight: range("Added to the weight i\u00a0\u2192\u00a0j", -3, 3, 0, { step: 0.1, show: (v) => number(v, 1) }),
      two: check("A second run, whose first letter differs", false),
      t: kept(1),
    },
    draw,
  });
  const last = () => f.state.word.length;
  const to = (t) => f.set({ t: Math.max(1, Math.min(last(), t)) });
  const here = () => Math.max(1, Math.min(last(), f.state.t));
  const back = f.button("Step back", () => to(here() - 1));
  const next = f.button("Step forward", () => to(here() + 1));
  f.runner("Run", () => {
    to(here() >= last() ? 1 : here() + 1);
    return here() < last();
  }, 3);

  /** All steps of a word, with the weights as they are set. */
  function run(word) {
    const { gain, unit, to, weight } = f.state;
    const W_hh = net.W_hh.map((row, i) => row.map((w, j) => gain * w + (i === unit - 1 && j === to - 1 ? weight : 0)));
    let h = new Float64Array(H);
    return [...word].map((letter) => {
      const x = symbols.indexOf(letter), step = rnnStep(x, h, { ...net, W_hh });
      h = step.h;
      return { letter, x: symbols.map((s) => +(s === letter)), ...step, p: softmax(affine(h, net.W, net.b)) };
    });
  }

  const touched = el("p", { class: "rnn-legend" });
  const numbers = el("div", { class: "rnn-scroll", tabindex: 0, role: "region", "aria-label": "Numbers of this step" });
  f.below.append(el("p", { class: "rnn-legend" }, `A column is the state h after a letter, ${H} units from top to bottom; blue is negative, orange positive. Below, the step in the frame: x is the letter read, z the sum inside tanh, h the state, p what this net, trained to spell hello, expects next.`), touched, numbers);
  let steps_at = () => 0; // which step is at a point
  f.touch((x) => {
    const t = steps_at(x);
    if (t >= 1 && t <= last() && t !== here()) to(t);
  });

  function draw() {
    const { state } = f, steps = run(state.word);
    const other_first = symbols[(symbols.indexOf(state.word[0]) + 1) % symbols.length];
    const other = state.two ? run(other_first + state.word.slice(1)) : null;
    const t = here() - 1, width = f.width, T = steps.length, parts = [];

    // The loop unrolled: a column of coloured squares for each state, the step at hand framed.
    const left = 30, column = Math.min(90, (width - left - 6) / T), unit = Math.min(16, column * 0.8), top = 24;
    steps_at = (px) => Math.floor((px - left) / column) + 1;
    const tops = other ? [top, top + H * unit + 34] : [top];
    [steps, other].filter(Boolean).forEach((run, r) => {
      run.forEach((step, k) => {
        const x = left + k * column;
        parts.push(label(x + column / 2, tops[r] - 12, step.letter, { style: `font-weight:600;fill:var(--f-input)` }));
        step.h.forEach((v, j) => parts.push(svg("rect", { x: x + (column - unit) / 2, y: tops[r] + j * unit, width: unit, height: unit, fill: shade(0.85 * v), stroke: "var(--f-line)" })));
        if (k) parts.push(svg("line", { x1: x - column / 2 + unit / 2 + 1, x2: x + column / 2 - unit / 2 - 1, y1: tops[r] + (H * unit) / 2, y2: tops[r] + (H * unit) / 2, stroke: "var(--f-hidden)", "stroke-width": 1.5 }));
      });
      parts.push(label(left / 2, tops[r] + (H * unit) / 2, "h", { style: "font-style:italic" }));
    });
    const bottom = tops.at(-1) + H * unit + 4;
    parts.push(svg("rect", { x: left + t * column + 1, y: 1, width: column - 2, height: bottom - 1, rx: 4, fill: "none", stroke: "var(--f-gate)", "stroke-width": 2.5 }));
    const apart = other && steps.map((step, k) => distance(step.h, other[k].h));
    let height = bottom + 4;
    if (apart) {
      const far = Math.max(...apart, 0.1), y = (d) => height + 84 - 62 * (d / far), x = (k) => left + (k + 0.5) * column;
      parts.push(label(left, height + 8, "distance between the two states", { "text-anchor": "start", class: "rnn-quiet" }));
      parts.push(svg("line", { x1: left, x2: left + T * column, y1: y(0), y2: y(0), stroke: "var(--f-muted)" }), [0, far].map((d) => label(left - 5, y(d), number(d, d && 1), { "text-anchor": "end", class: "rnn-quiet" })));
      parts.push(path(apart.map((d, k) => [x(k), y(d)]), { stroke: "var(--f-loss)", "stroke-width": 2 }));
      apart.forEach((d, k) => parts.push(svg("circle", { cx: x(k), cy: y(d), r: k === t ? 5 : 3, fill: "var(--f-loss)" })));
      height += 96;
    }
    f.paint(width, height, `The states of ${T} steps over the word ${state.word}; step ${t + 1} is framed.`, parts);

    // The numbers of the step at hand.
    const now = steps[t], likeliest = [...now.p].indexOf(Math.max(...now.p));
    const table = (corner, heads, rows) => el("table", {},
      el("thead", {}, el("tr", {}, el("th", { scope: "col" }, corner), heads.map((name) => el("th", { scope: "col" }, name)))),
      el("tbody", {}, rows.map(([key, most]) => el("tr", {}, el("th", { scope: "row" }, el("i", {}, key)), Array.from(now[key], (v) =>
        tinted(v / most, key === "x" ? String(v) : v.toFixed(2).replace("-", "\u2212")))))));
    numbers.replaceChildren(table("unit", Array.from(now.h, (_, j) => String(j + 1)), Object.entries(UNITS)), table("letter", symbols, LETTERS.map((key) => [key, 1])));
    const trained = net.W_hh[state.unit - 1][state.to - 1];
    touched.textContent = `The weight from unit ${state.unit} to unit ${state.to}: ${number(trained)} as trained, ${number(state.gain * trained + state.weight)} now.`;
    back.disabled = t === 0;
    next.disabled = t === T - 1;
    const same = steps.slice(0, t).findLastIndex((s) => s.letter === now.letter);
    const twin = same >= 0 ? ` The letter ${now.letter} also came at step ${same + 1}: those two states are ${number(distance(now.h, steps[same].h))} apart.` : "";
    const runs = apart ? ` The run that began with ${other_first} is ${number(apart[t], 3)} away${t ? `; it was ${number(apart[0])} after the first letter` : ""}.` : "";
    f.say(`Step ${t + 1} of ${T}, ${now.letter} is read. Likeliest next: ${symbols[likeliest]}, with probability ${number(now.p[likeliest], 3)}.${twin}${runs}`);
  }
  return f.start();
}
