import { plans, runScan } from "./arithmetic.js";
import { choice, el, frame, kept, label, many, number, range, shade, svg, WORDS } from "./kit.js";

const PLANS = { loop: "loop", doubling: "doubling", pairs: "pairs" };
const MOST = plans.doubling(64).flat().length; // joins of the longest plan
const FIRST = [8, 0, 1, 4]; // the example by hand; after it the same numbers go on in another order
const added = (T) => Array.from({ length: T }, (_, t) => FIRST[t] ?? (t * 7 + 3) % 10);

/** Times that a machine needs that makes `workers` joins of a round at once. */
const time = (plan, workers) => plan.reduce((sum, round) => sum + Math.ceil(round.length / workers), 0);

/** Where the join number n of a plan stands: [round, join of it]. */
function place(plan, n) {
  let round = 0;
  while (round < plan.length && n >= plan[round].length) n -= plan[round++].length;
  return [round, n];
}

export function play(box) {
  const f = frame(box, {
    name: "scan",
    claim: "All states of a linear recurrence can be had in a few rounds, if you pay with more joins.",
    state: {
      plan: choice("Plan", PLANS, "pairs"),
      T: range("Steps T", 2, 64, 8),
      a: range("Kept at each step, a", 0, 1, 0.5, { step: 0.05, show: (v) => v.toFixed(2) }),
      workers: range("Joins at the same time", 1, 64, 1),
      at: range("Place to look at", 1, 64, 4),
      done: kept(0, MOST),
    },
    draw,
  });

  const joins = () => plans[f.state.plan](f.state.T).flat().length;
  const to = (done) => f.set({ done: Math.max(0, Math.min(joins(), done)) });
  const nextRound = () => {
    const plan = plans[f.state.plan](f.state.T), [round] = place(plan, f.state.done);
    to(plan.slice(0, round + 1).flat().length);
    return f.state.done < joins();
  };
  const back = f.button("Back one join", () => to(f.state.done - 1));
  const next = f.button("Next join", () => to(f.state.done + 1));
  const round_button = f.button("Next round", nextRound);
  f.runner("Run", () => {
    if (f.state.done >= joins()) to(0);
    to(f.state.done + 1);
    return f.state.done < joins();
  }, 8);

  let before = "", places = () => 0; // which place is at a point
  f.touch((x) => {
    const t = places(x);
    if (t >= 1 && t <= f.state.T && t !== f.state.at) f.set({ at: t });
  });

  function draw() {
    const { state } = f, { T } = state, plan = plans[state.plan](T);
    const kind = `${state.plan} ${T}`;
    if (before && kind !== before) state.done = 0; // another plan begins at its beginning
    before = kind;
    if (state.done > joins()) state.done = 0; // an address of another plan
    const on = f.upTo("at", T) - 1, [round, inside] = place(plan, state.done);

    // What each place holds after each round; of the round at hand, only the joins that are made.
    const made = plan.map((joined, r) => (r < round ? joined : r === round ? joined.slice(0, inside) : []));
    const a = Array(T).fill(state.a), history = runScan(made, a, added(T));
    const starts = [Array.from({ length: T }, (_, t) => t)];
    for (const joined of made) {
      const now = starts.at(-1), then = now.slice();
      for (const [early, late] of joined) then[late] = now[early];
      starts.push(then);
    }
    const rows = plan.length;
    const width = f.width, left = 4, cell = Math.min(90, (width - 2 * left) / T);
    const high = T > 32 && state.plan === "loop" ? 6 : Math.max(10, Math.min(26, cell * 0.8)), words_fit = cell > 15, gap = state.plan === "loop" ? 1.25 : words_fit ? 2 : 4;
    const y = (row) => 22 + row * high * gap, x = (t) => left + t * cell;
    places = (px) => Math.floor((px - left) / cell) + 1;
    const parts = [];
    for (let t = 0; t < T; t++) if (words_fit || (t + 1) % 8 === 0) parts.push(label(x(t) + cell / 2, 8, t + 1, { class: "rnn-quiet" }));
    parts.push(svg("rect", { x: x(on), y: 0, width: cell, height: y(rows) + high + 4, fill: "var(--f-gate)", opacity: 0.25 }));
    const reached = round + (inside > 0);
    for (let row = 0; row <= rows; row++) {
      if (row > reached) {
        parts.push(svg("rect", { x: left, y: y(row), width: T * cell, height: high, rx: 2, fill: "none", stroke: "var(--f-line)", "stroke-dasharray": "2 3" }));
        continue;
      }
      const tones = new Map(), changed = new Map(row ? made[row - 1].map(([early, late]) => [late, early]) : []);
      for (let t = 0; t < T; t++) {
        const start = starts[row][t], share = (t - start + 1) / (t + 1);
        const fresh = changed.has(t);
        if (fresh) parts.push(svg("line", { x1: x(changed.get(t)) + cell / 2, y1: y(row - 1) + high, x2: x(t) + cell / 2, y2: y(row), stroke: "var(--f-hidden)", "stroke-width": words_fit ? 1.5 : t === on ? 2 : 0.5 }));
        const tone = -WORDS * (start === 0 ? 1 : 0.1 + 0.5 * Math.round(5 * share) / 5);
        if (!words_fit) { // many small places: all of one tone are one path, which a slow machine draws at once
          const kind = `${shade(tone)}|${fresh ? "hidden" : "line"}`;
          tones.set(kind, `${tones.get(kind) ?? ""}M${(x(t) + 0.5).toFixed(1)} ${y(row)}h${(cell - 1).toFixed(1)}v${high}h${(1 - cell).toFixed(1)}z`);
          continue;
        }
        parts.push(svg("rect", { x: x(t) + 0.5, y: y(row), width: cell - 1, height: high, rx: 2, fill: shade(tone), stroke: fresh ? "var(--f-hidden)" : "var(--f-line)", "stroke-width": fresh ? 2 : 1 }));
        const words = start === t ? `${t + 1}` : `${start + 1}\u2013${t + 1}`;
        if (cell >= 9 * words.length * 0.8 && high > 11) parts.push(label(x(t) + cell / 2, y(row) + high / 2, words));
      }
      for (const [kind, d] of tones) {
        const [fill, stroke] = kind.split("|");
        parts.push(svg("path", { d, fill, stroke: `var(--f-${stroke})`, "stroke-width": 1 }));
      }
    }
    const height = y(rows) + high + 6;
    const now = history.at(-1)[on], start = starts.at(-1)[on];
    const all = starts.at(-1).every((s) => s === 0);
    f.paint(width, height, `${PLANS[state.plan]}, ${T} places after ${round} whole rounds. Place ${on + 1} holds steps ${start + 1} to ${on + 1}.`, parts);
    const table = el("table", {}, el("thead", {}, el("tr", {}, ["Plan", "rounds", "joins", `time, ${state.workers} at once`].map((w) => el("th", { scope: "col" }, w)))),
      el("tbody", {}, Object.entries(PLANS).map(([key, words]) => {
        const p = plans[key](T), here = key === state.plan;
        const cells = [p.length, p.flat().length, time(p, state.workers)];
        return el("tr", {}, el("th", { scope: "row" }, here ? el("strong", {}, words) : words), cells.map((v) => el("td", {}, String(v))));
      })));
    const rule = el("p", { class: "rnn-legend" }, "h", el("sub", {}, "t"), ` = a h`, el("sub", {}, "t\u22121"), " + b", el("sub", {}, "t"), `, with b = ${added(T).slice(0, 5).join(", ")}${T > 5 ? ", \u2026" : ""} here. A place begins with one step; a join, a line, makes one step of two: a'a and a'b + b'. In a place stand the steps that it holds; one in the strongest tone holds all from step 1 on.`);
    f.below.replaceChildren(rule, table);
    back.disabled = state.done === 0;
    next.disabled = round_button.disabled = state.done === joins();

    const held = start === on ? `step ${on + 1} alone` : `steps ${start + 1} to ${on + 1}`;
    const numbers = `(a, b) = (${number(now[0], 3)}, ${number(now[1], 3)})`;
    const state_is = start === 0 ? ` Nothing is missing: b is the state h of step ${on + 1}, since the first state is 0.` : "";
    const ended = all && T > 1 ? ` Done: all ${T} states after ${many(plan.length, "round")} and ${many(joins(), "join")}; the loop needs ${T - 1} of each.` : "";
    f.say(`${state.done} of ${many(joins(), "join")}. Place ${on + 1} holds ${held}: ${numbers}.${state_is}${ended}`);
  }
  return f.start();
}
