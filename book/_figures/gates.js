import { affine, lstmStep, sigmoid } from "./arithmetic.js";
import { choice, el, frame, label, number, path, range, shade, svg, tinted, words, WORDS } from "./kit.js";
import { unpack } from "./weights.js";

const BORDERS = ["solid", "double", "dashed", "dotted"];
const LINES = ["hidden", "output", "input", "loss"], GATES = ["i", "f", "g", "o"], STEPS = 100, LONGEST = 160;
const string = (n) => "a".repeat(n) + "b".repeat(n);

/** Which symbols the language a^n b^n allows after a prefix; none where the prefix is not of the language. */
function allowed(prefix) {
  const n = prefix.match(/^a*/)[0].length, m = prefix.length - n;
  if (prefix !== "a".repeat(n) + "b".repeat(m) || m > n) return "";
  if (n === 0) return "a";
  return m === 0 ? "ab" : m < n ? "b" : "E";
}

export function play(box, weights) {
  const net = unpack(weights.counter), { symbols } = net;
  const clean = (text) => text.toLowerCase().replace(/[^ab]/g, "").slice(0, 2 * LONGEST);
  const f = frame(box, {
    name: "gates",
    claim: "A forget gate is a clock, and with it a cell can count, up to a point.",
    state: {
      part: choice("What to play with", { clock: "the valves of one cell", counter: "the trained counter" }, "clock", { wide: true }),
      bias: range("Forget bias b_f", -2, 6, 1, { step: 0.1, show: (v) => number(v, 1) }),
      i: range("Input gate at step 0", 0, 1, 1, { step: 0.05, show: (v) => v.toFixed(2) }),
      o: range("Output gate", 0, 1, 1, { step: 0.05, show: (v) => v.toFixed(2) }),
      lag: range("Steps since step 0", 0, STEPS, 3),
      text: words("A string of a and b", string(5), clean, `the letters a and b, at most ${2 * LONGEST}`),
      at: range("Symbol read", 0, 2 * LONGEST, 10),
    },
    draw,
  });

  /** The counter over S and a string: what every step holds, and whether what it expects is allowed. */
  function run(text) {
    const H = net.W_hh.length;
    let state = { h: new Float64Array(H), c: new Float64Array(H) };
    return [...`S${text}`].map((letter, t) => {
      state = lstmStep(symbols.indexOf(letter), state, net);
      const logits = affine(state.h, net.W, net.b), says = symbols[logits.indexOf(Math.max(...logits))], may = allowed(text.slice(0, t));
      return { letter, ...state, says, may, right: may.includes(says) };
    });
  }
  const right = (n) => run(string(n)).every((step) => step.right);
  const take = (n) => f.set({ part: "counter", text: string(n), at: 2 * n });
  const counting = [
    f.button("One longer", () => take(Math.min(LONGEST, f.state.text.match(/^a*/)[0].length + 1))),
    f.button("Find where it fails", () => {
      let n = 1;
      while (n < LONGEST && right(n)) n++;
      const at = run(string(n)).findIndex((step) => !step.right);
      f.set({ part: "counter", text: string(n), at: at < 0 ? 2 * n : at });
    }),
  ];
  let step_at = null;
  f.touch((x, y, first) => {
    const to = step_at(x, y, first), key = f.state.part === "clock" ? "lag" : "at", most = key === "lag" ? STEPS : f.state.text.length;
    if (to >= 0 && to <= most && to !== f.state[key]) f.set({ [key]: to });
  });

  const MINE = { clock: ["bias", "i", "o", "lag"], counter: ["text", "at"] };
  function draw() {
    for (const part in MINE) for (const key of MINE[part]) f.controls[key].box.hidden = part !== f.state.part;
    for (const button of counting) button.hidden = f.state.part !== "counter";
    f.below.replaceChildren();
    (f.state.part === "clock" ? clock : counter)();
  }

  function clock() {
    const { bias, i, o, lag } = f.state, forget = sigmoid(bias), width = f.width, left = 40, parts = [];
    const cells = Array.from({ length: STEPS + 1 }, (_, k) => i * forget ** k); // the candidate is 1, then the input gate is shut
    // The cell: what comes in, what stays, what is shown, each through a valve that is open so far.
    const valve = (x, y, open, name) => [
      svg("rect", { x: x - 15, y: y - 22, width: 30, height: 44, fill: "var(--f-paper)", stroke: "var(--f-gate)", "stroke-width": 2 }),
      svg("rect", { x: x - 15, y: y - 22 + 44 * (1 - open), width: 30, height: 44 * open, fill: "var(--f-gate)", opacity: 0.55 }),
      label(x, y + 34, `${name} = ${open.toFixed(2)}`),
    ];
    const mid = 82, at = (share) => left + (width - 2 * left) * share, now = cells[lag];
    const pipe = (d, open) => svg("path", { d, fill: "none", stroke: "var(--f-hidden)", "stroke-width": 1 + 7 * open, opacity: 0.35 + 0.6 * open });
    const [x_i, x_c, x_o] = [at(0.2), at(0.5), at(0.8)];
    parts.push(pipe(`M${at(0)} ${mid}H${x_c}`, i), pipe(`M${x_c} ${mid}H${at(1)}`, o), pipe(`M${x_c + 20} ${mid - 12}C${x_c + 60} 8 ${x_c - 60} 8 ${x_c - 20} ${mid - 12}`, forget));
    parts.push(label(at(0) - 14, mid, "1"), label(at(0) - 14, mid + 16, "g"), valve(x_i, mid, i, "i"), valve(x_o, mid, o, "o"), svg("circle", { cx: x_c, cy: mid, r: 24, fill: shade(-WORDS * now), stroke: "var(--f-hidden)", "stroke-width": 2 }));
    parts.push(label(x_c, mid, now.toFixed(2)), label(x_c, mid + 34, "c"), label(at(1) + 14, mid, (o * Math.tanh(now)).toFixed(2)), label(at(1) + 14, mid + 16, "h"), label(x_c, 14, `f = ${forget.toFixed(4)}`));
    // The clock: what is left, step after step.
    const top = 150, high = 130, X = (k) => left + ((width - left - 10) * k) / STEPS, Y = (v) => top + high * (1 - v);
    step_at = (px) => Math.round(((px - left) * STEPS) / (width - left - 10));
    for (const v of [0, 0.5, 1]) parts.push(svg("line", { x1: left, x2: X(STEPS), y1: Y(v), y2: Y(v), stroke: "var(--f-line)" }), label(left - 14, Y(v), v, { class: "rnn-quiet" }));
    for (const k of [0, 25, 50, 75, 100]) parts.push(label(X(k), top + high + 12, k, { class: "rnn-quiet" }));
    parts.push(label(X(50), top + high + 27, "steps since step 0", { class: "rnn-quiet" }));
    parts.push(label(left, top - 10, "the cell c, step by step", { "text-anchor": "start", class: "rnn-quiet" }), path(cells.map((v, k) => [X(k), Y(v)]), { stroke: "var(--f-hidden)", "stroke-width": 2.5 }));
    parts.push(path(cells.map((v, k) => [X(k), Y(o * Math.tanh(v))]), { stroke: "var(--f-output)", "stroke-width": 1.5, "stroke-dasharray": "5 4" }), label(X(100), Y(0.94), "dashed: what is shown, h", { "text-anchor": "end", class: "rnn-quiet" }));
    parts.push(svg("circle", { cx: X(lag), cy: Y(now), r: 6, fill: "var(--f-hidden)" }));
    f.paint(width, top + high + 36, `A cell with three valves, and its content over ${STEPS} steps.`, parts);
    f.below.append(el("p", { class: "rnn-legend" }, "At step 0 the cell takes in the candidate g = 1, as far as the input gate is open; from step 1 on that gate is shut, and only the forget gate acts."));
    const half = Math.log(0.5) / Math.log(forget);
    f.say(`Forget bias ${number(bias, 1)}: the gate stands at ${forget.toFixed(4)}, the time constant is 1 + e\u1d47 = ${number(1 + Math.exp(bias), 1)} steps, and half is left after ${number(half, 1)}. After ${lag} steps ${number(forget ** lag, 3)} is left: so much of the cell, and so much of a gradient that goes back along it.`);
  }

  function counter() {
    const { text } = f.state, steps = run(text), T = steps.length;
    const at = f.upTo("at", T - 1), width = f.width, left = 34, parts = [], column = (width - left - 8) / T, X = (t) => left + column * (t + 0.5);
    // Where the letters do not all fit, those near the marked step are shown.
    const all = column > 8, pitch = all ? column : 14, fit = all ? T : Math.floor((width - left - 8) / pitch), from = Math.max(0, Math.min(T - fit, at - (fit >> 1)));
    const letter_x = (t) => left + pitch * (t - from + 0.5);
    const cells = steps.flatMap((step) => [...step.c]), most = Math.max(0.5, ...cells), least = Math.min(-0.5, ...cells), top = 22, high = 150;
    const Y = (v) => top + high * (1 - (v - least) / (most - least));
    parts.push(label(left, 8, "the four cells", { "text-anchor": "start", class: "rnn-quiet" }), svg("line", { x1: left, x2: width - 8, y1: Y(0), y2: Y(0), stroke: "var(--f-line)" }));
    for (const v of [least, 0, most]) parts.push(label(left - 16, Y(v), number(v, 1), { class: "rnn-quiet" }));
    for (let j = 0; j < net.W_hh.length; j++) parts.push(path(steps.map((step, t) => [X(t), Y(step.c[j])]), { stroke: `var(--f-${LINES[j % 4]})`, "stroke-width": 2, "stroke-dasharray": j % 4 === 3 ? "2 2" : j % 4 === 2 ? "6 3" : j % 4 === 1 ? "9 2 2 2" : "none" }));
    const y = top + high + 16;
    // A hand on the letters takes one of them; they move on with the step, so it does not drag there.
    step_at = (px, py, first) => (all || py < y - 10 ? Math.floor((px - left) / column) : first ? from + Math.floor((px - left) / pitch) : -1);
    parts.push(label(left - 4, y, "read", { "text-anchor": "end", class: "rnn-quiet" }), label(left - 4, y + 18, "next", { "text-anchor": "end", class: "rnn-quiet" }));
    steps.forEach((step, t) => {
      if (t >= from && t < from + fit) parts.push(label(letter_x(t), y, step.letter, { style: "fill:var(--f-input);font-weight:600" }), label(letter_x(t), y + 18, step.says, { style: step.right ? "" : "fill:var(--f-output);font-weight:700" }));
      if (!step.right) parts.push(svg("rect", { x: X(t) - column / 2, y: y + 28, width: Math.max(2, column), height: 6, fill: step.may ? "var(--f-output)" : "var(--f-line)" }));
    });
    const mark = (x, wide, from, high) => svg("rect", { x: x - wide / 2, y: from, width: wide, height: high, fill: "var(--f-gate)", opacity: 0.25 });
    parts.push(all ? mark(X(at), column, top, high + 42) : [mark(X(at), Math.max(3, column), top, high + 4), mark(letter_x(at), pitch, y - 10, 38)]);
    f.paint(width, y + 38, `Four cells over ${T} symbols; step ${at} is marked. Below, the symbols read and those expected next.`, parts);

    const now = steps[at];
    f.below.append(el("table", {}, el("thead", {}, el("tr", {}, el("td", {}), Array.from(now.c, (_, j) => el("th", { scope: "col", style: `color:var(--f-${LINES[j % 4]});border-bottom:3px ${BORDERS[j % 4]}` }, `unit ${j + 1}`)))),
      el("tbody", {}, [...GATES, "c"].map((key) => el("tr", {}, el("th", { scope: "row" }, el("i", {}, key)), Array.from(now[key], (v) =>
        tinted(key === "c" ? v / Math.max(most, -least) : v, number(v))))))));
    f.below.append(el("p", { class: "rnn-legend" }, `S begins a string, E ends it. The strings that count are some a's, then as many b's: ab, aabb, aaabbb.${all ? "" : ` The letters are those of steps ${from} to ${from + fit - 1}.`}`));
    const n = text.match(/^a*/)[0].length, outside = steps.findIndex((step) => !step.may), wrong = steps.findIndex((step) => step.may && !step.right), whole = text === string(n);
    const place = `Step ${at}: ${now.letter} is read, ${now.says} is expected; ${now.may ? `the language allows ${[...now.may].join(" or ")}.` : "no string of the language begins like this."}`;
    const verdict = wrong >= 0 ? ` The first mistake is at step ${wrong}.` : whole ? ` No mistake: it has counted to ${n}. It was trained on 1 to 10.` : outside >= 0 ? ` From step ${outside} on the string is outside of it, and what the net expects is not judged.` : " No mistake so far.";
    f.say(place + verdict);
  }
  return f.start();
}
