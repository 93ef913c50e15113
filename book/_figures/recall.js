import { energy, hopfieldWeights, look, uniform } from "./arithmetic.js";
import { DRAWINGS, SIDE } from "./drawings.js";
import { choice, el, frame, kept, label, many, number, path, range, svg } from "./kit.js";

const N = SIDE * SIDE, MOST = 36;
const KINDS = { unlike: "four drawings that differ, then noise", alike: "four drawings that are alike, then noise", noise: "noise: random patterns" };
const ORDER = { unlike: ["anchor", "cup", "bolt", "stairs"], alike: ["fish", "heart", "flag", "cup"], noise: [] };

/** The overlap that theory keeps at a load, for an endless net of random patterns (Amit, Gutfreund and Sompolinsky 1985):
 * m = erf y, where y (sqrt(2 load) + 2/sqrt(pi) exp(-y^2)) = erf y. Points [load, m], up to the load where none is left. */
function theory() {
  const erf = (y) => { // the series is good to ten digits for the y that occur here
    let sum = 0, term = y;
    for (let n = 0; n < 80; n++) {
      sum += term / (2 * n + 1);
      term *= (-y * y) / (n + 1);
    }
    return (2 / Math.sqrt(Math.PI)) * sum;
  };
  const points = [];
  for (let y = 4; y > 1.5; y -= 0.02) points.push([(erf(y) / y - (2 / Math.sqrt(Math.PI)) * Math.exp(-y * y)) ** 2 / 2, erf(y)]);
  return points;
}
const CURVE = theory();

const patternsOf = (kind, P) => {
  const random = uniform(1982);
  return Array.from({ length: P }, (_, p) => {
    const noise = Float64Array.from({ length: N }, () => (random() < 0.5 ? -1 : 1));
    return DRAWINGS[ORDER[kind][p]] ?? noise;
  });
};

export function play(box) {
  const f = frame(box, {
    name: "recall",
    claim: "A damaged memory is repaired, because every change lowers the energy; when too many are stored, recall breaks.",
    state: {
      stored: range("Patterns stored, P", 1, MOST, 4),
      kind: choice("What is stored", KINDS, "unlike", { wide: true }),
      which: range("Pattern to recall", 1, MOST, 1),
      damage: range("Share of units turned", 0, 50, 30, { show: (v) => `${v} %` }),
      pen: choice("The pen", { turn: "turns units over", black: "draws ink", white: "rubs out" }, "turn"),
      seed: kept(1),
    },
    draw,
    reset() {
      made = "";
      measured = [];
    },
  });
  let made = "", patterns, W, s, order, looks, energies, measured = [];
  let at = [5, 5], last = null, unit_at = () => at; // where the pen is; the unit it last touched; which unit is at a point

  f.below.append(el("p", { class: "rnn-legend" }, "Dashed: the overlap in which recall ends by theory, for random patterns and a net without end; small dots: where your runs ended. 144 units are few, and with 0 % turned a run starts in the pattern itself, so it may end far above the line."));

  const which = () => Math.min(f.state.which, f.state.stored);
  const pattern = () => patterns[which() - 1];
  const ended = () => { measured = [...measured.slice(-40), [f.state.stored / N, overlap()]]; };
  /** Begin from the pattern, damaged. */
  function damage() {
    const random = uniform(f.state.seed), shuffled = () => Array.from({ length: N }, (_, i) => [random(), i]).sort((a, b) => a[0] - b[0]).map(([, i]) => i);
    s = patterns[which() - 1].slice();
    for (const i of shuffled().slice(0, Math.round((N * f.state.damage) / 100))) s[i] *= -1;
    order = shuffled();
    began();
  }
  function began() {
    looks = 0;
    energies = [energy(s, W)];
  }
  const atRest = () => order.every((i) => look(s, W, i) === s[i]);
  /** Look at the next unit; false when nothing is left to do. */
  function step() {
    const i = order[looks++ % N], v = look(s, W, i), changed = v !== s[i];
    s[i] = v;
    energies.push(changed ? energy(s, W) : energies.at(-1));
    return looks % N || !atRest();
  }
  function run() {
    for (let n = 0; n < 60 * N && step(); n++);
    ended();
    f.show();
  }
  const overlap = () => pattern().reduce((a, v, i) => a + v * s[i], 0) / N;

  f.button("Look at one unit", () => { step(); f.show(); });
  f.runner("Run", () => {
    let more = true;
    for (let n = 0; n < 4 && more; n++) more = step();
    if (!more) ended();
    f.show();
    return more;
  });
  f.button("To the end", run);
  f.button("Damage it anew", () => f.set({ seed: f.state.seed + 1 }));

  function turn(row, column, first) {
    const inside = row >= 0 && column >= 0 && row < SIDE && column < SIDE, { pen } = f.state;
    if (!inside) last = null;
    if (!inside || (!first && last && row === last[0] && column === last[1])) return; // or the pen has not left the unit
    // A fast hand is seen at a few places only: the line between them is drawn too.
    const from = first || !last ? [row, column] : last, steps = Math.max(Math.abs(row - from[0]), Math.abs(column - from[1]));
    for (let n = steps && 1; n <= steps; n++) {
      const part = steps && n / steps, i = Math.round(from[0] + part * (row - from[0])) * SIDE + Math.round(from[1] + part * (column - from[1]));
      s[i] = pen === "turn" ? -s[i] : pen === "black" ? 1 : -1;
    }
    at = last = [row, column];
    began();
    draw();
  }

  f.touch((x, y, first) => turn(...unit_at(x, y), first));
  f.picture.setAttribute("role", "application");
  f.picture.setAttribute("tabindex", 0);
  f.picture.addEventListener("keydown", (event) => {
    const move = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (!move && event.key !== " ") return;
    event.preventDefault();
    if (!move) return turn(...at, true);
    at = at.map((v, d) => Math.max(0, Math.min(SIDE - 1, v + move[d])));
    draw();
    f.say(`Row ${at[0] + 1}, column ${at[1] + 1}: ${s[at[0] * SIDE + at[1]] > 0 ? "ink" : "blank"}.`);
  });

  /** A picture; all its ink is one path. */
  const grid = (values, x, y, size) => {
    const unit = size / SIDE, ink = Array.from(values, (v, i) => (v > 0 ? `M${(x + (i % SIDE) * unit).toFixed(1)} ${(y + Math.floor(i / SIDE) * unit).toFixed(1)}h${(unit + 0.3).toFixed(1)}v${(unit + 0.3).toFixed(1)}h-${(unit + 0.3).toFixed(1)}z` : "")).join("");
    return [svg("rect", { x: x - 1, y: y - 1, width: size + 2, height: size + 2, fill: "var(--f-paper)", stroke: "var(--f-muted)" }), svg("path", { d: ink, fill: "var(--f-ink)" })];
  };

  function draw() {
    const { state } = f;
    const net = `${state.kind} ${state.stored}`, start = `${net} ${f.upTo("which", state.stored)} ${state.damage} ${state.seed}`;
    if (!made.startsWith(`${net} `)) {
      patterns = patternsOf(state.kind, state.stored);
      W = hopfieldWeights(patterns);
    }
    if (made.split(" ")[0] !== state.kind) measured = [];
    if (made !== start) {
      made = start;
      damage();
    }

    const width = f.width, side = Math.min(240, width * 0.6), small = Math.min(76, width * 0.2), gap = 18, parts = [];
    parts.push(label(1, 10, "the state", { "text-anchor": "start", class: "rnn-quiet" }), label(side + gap, 10, "the pattern", { "text-anchor": "start", class: "rnn-quiet" }));
    parts.push(grid(s, 1, 22, side), grid(pattern(), side + gap, 22, small));
    const unit = side / SIDE, m = overlap();
    const cursor = svg("rect", { x: 1 + at[1] * unit, y: 22 + at[0] * unit, width: unit, height: unit, fill: "none", stroke: "var(--f-output)", "stroke-width": 3 });
    parts.push(cursor, svg("rect", { x: 1, y: 22, width: side, height: side, fill: "transparent", class: "rnn-pen" }), label(side + gap, 22 + small + 18, `overlap ${number(m)}`, { "text-anchor": "start" }), label(side + gap, 22 + small + 36, `energy ${number(energies.at(-1), 1)}`, { "text-anchor": "start" }));

    // Next: the energy since the start, and where the load stands on the curve of the theory.
    // Beside the picture where there is room, below it where not.
    const beside = width > 560, high = beside ? 84 : 96, ax = beside ? side + gap + small + 68 : 30, half = beside ? width - ax - 8 : (width - 84) / 2, top = beside ? 24 : side + 56;
    const bx = beside ? ax : ax + half + 46, down = beside ? top + high + 52 : top, low = Math.min(...energies, -1), high_e = Math.max(...energies, 0);
    const ex = (n) => ax + (half * n) / Math.max(N, energies.length - 1), ey = (e) => top + high * (1 - (e - low) / (high_e - low));
    parts.push(label(ax, top - 14, "energy, look by look", { "text-anchor": "start", class: "rnn-quiet" }), path([[ax, top], [ax, top + high], [ax + half, top + high]], { stroke: "var(--f-muted)" }), [low, high_e].map((e) => label(ax - 5, ey(e), number(e, 0), { "text-anchor": "end", class: "rnn-quiet" })));
    parts.push(path(energies.map((e, n) => [ex(n), ey(e)]), { stroke: "var(--f-hidden)", "stroke-width": 2 }));
    const cx = (load) => bx + half * (load / (MOST / N)), cy = (m) => down + high * (1 - Math.max(0, m));
    parts.push(label(bx, down - 14, "overlap, by P/N", { "text-anchor": "start", class: "rnn-quiet" }), path([[cx(0), down], [cx(0), down + high], [cx(MOST / N), down + high]], { stroke: "var(--f-muted)" }), [0, 1].map((m) => label(bx - 8, cy(m), m, { class: "rnn-quiet" })));
    parts.push(path([[cx(0), cy(1)], ...CURVE.map(([load, m]) => [cx(load), cy(m)]), [cx(CURVE.at(-1)[0]), cy(0)]], { stroke: "var(--f-muted)", "stroke-width": 1.5, "stroke-dasharray": "5 4" }));
    measured.forEach(([load, m]) => parts.push(svg("circle", { cx: cx(load), cy: cy(m), r: 3, fill: "var(--f-hidden)", opacity: 0.6 })));
    parts.push(svg("circle", { cx: cx(state.stored / N), cy: cy(m), r: 6, fill: "var(--f-output)" }), label(cx(state.stored / N) + (state.stored > MOST / 2 ? -10 : 10), cy(m) + (m > 0.5 ? 16 : -16), "you are here", { "text-anchor": state.stored > MOST / 2 ? "end" : "start", style: "font-weight:600" }), label(cx(0), down + high + 12, "0", { class: "rnn-quiet" }), label(cx(0.138), down + high + 12, "0.138", { class: "rnn-quiet" }));
    const wrong = s.filter((v, i) => v !== pattern()[i]).length, words = `A picture of ${SIDE} by ${SIDE} units, ${wrong} of them unlike the pattern`;
    f.paint(width, Math.max(down + high + 20, side + 26), `${words}. Arrow keys move over the picture, the space bar uses the pen.`, parts);
    unit_at = (px, py) => [Math.floor((py - 22) / unit), Math.floor((px - 1) / unit)];

    const rest = looks > 0 && atRest();
    const load = number(state.stored / N, 3);
    const end = rest ? (wrong === 0 ? " At rest, in the pattern itself." : ` At rest, and ${many(wrong, "unit")} ${wrong === 1 ? "is" : "are"} wrong: this is not the pattern.`) : "";
    f.say(`${many(looks, "look")}, energy ${number(energies.at(-1), 1)}, ${wrong} of ${N} units wrong. Load P/N = ${load}${state.stored / N > 0.138 ? ", above the 0.138 of theory" : ""}.${end}`);
  }

  return f.start();
}
