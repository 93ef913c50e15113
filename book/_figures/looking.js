import { additiveAttention, affine, beamSearch, gruStep, logSoftmax, softmax } from "./arithmetic.js";
import { check, choice, el, frame, label, number, range, shade, svg, words } from "./kit.js";
import { unpack } from "./weights.js";

const LONGEST = 20, LETTERS = 14;

/** The trained net of chapter 12: letters in, phones out, additive attention between. */
export function reader({ letters, phones, net }) {
  const part = (name) => Object.fromEntries(Object.keys(net).filter((key) => key.startsWith(`${name}.`)).map((key) => [key.slice(name.length + 1), net[key]]));
  const source = net["source.W"], target = net["target.W"], forward = part("encoder.forward"), backward = part("encoder.backward"), decoder = part("decoder"), attention = part("attention");
  const half = forward.b_hn.length, START = phones.indexOf("<s>"), END = phones.indexOf("</s>");

  function pass(ids, cell) {
    let h = new Float64Array(half);
    return ids.map((id) => (h = gruStep(source[id], h, cell).h));
  }
  /** Read the ids of letters; gives the first state and what step() needs, one phone at a time. */
  function read(ids) {
    const ahead = pass(ids, forward), back = pass([...ids].reverse(), backward).reverse();
    const keys = ahead.map((h, s) => [...h, ...back[s]]), known = keys.map((k) => affine(k, attention.W_k));
    const step = (id, state) => {
      const { h } = gruStep(target[id], state, decoder), { weights, context } = additiveAttention(h, keys, keys, attention, known);
      const a = affine([...h, ...context], net["mix.W"], net["mix.b"]).map(Math.tanh);
      return { logits: affine(a, net["out.W"], net["out.b"]), state: h, weights };
    };
    return { step, state: [...ahead.at(-1), ...back[0]] };
  }
  /** The cost of each phone of a given answer, in nats, and where the net looked for it. */
  function told(ids, answer) {
    const { step, state: first } = read(ids);
    let state = first, before = START;
    return answer.map((id) => {
      const now = step(before, state);
      state = now.state;
      before = id;
      return { cost: -logSoftmax(now.logits)[id], weights: now.weights, p: softmax(now.logits)[id] };
    });
  }
  const search = (ids, width, alpha = 0) => {
    const { step, state } = read(ids);
    return beamSearch(step, state, START, END, LONGEST, width, alpha);
  };
  return { ids: (word) => [...word].map((c) => letters.indexOf(c)), search, told, END, count: letters.length };
}

export function play(box, weights) {
  const data = unpack(weights.phones), { phones } = data, net = reader(data), known = data.words;
  const clean = (text) => text.normalize("NFD").toLowerCase().replace(/[^a-z]/g, "").slice(0, LETTERS);
  const f = frame(box, {
    name: "looking",
    claim: "Where the net looks and what it depends on are related, not the same; and the likeliest word that a search finds need not be right.",
    state: {
      sample: choice("A word of the chapter", { "": "your own, below", ...Object.fromEntries(Object.keys(known).map((w) => [w, w])) }, "perfection"),
      word: words("A word", "perfection", clean, `the letters a to z, at most ${LETTERS}`),
      show: choice("Show", { looks: "where it looks, what it depends on", beam: "the search as a tree" }, "looks", { wide: true }),
      at: range("Sound", 1, LONGEST, 4),
      width: range("Width of the beam", 1, 8, 2),
      alpha: check("Compare by the mean for each sound", false),
    },
    draw,
  });
  const right_of = (word) => (Object.hasOwn(known, word) ? known[word].join(" ") : "");
  const sample_of = (word) => (Object.hasOwn(known, word) ? word : "");
  f.state.sample = sample_of(f.state.word);
  let before = { ...f.state }, sound_at = () => 0, asked = "", depends, pieces, found, steps, answer;
  f.touch((x, y) => {
    const t = sound_at(x, y);
    if (f.state.show === "looks" && t >= 1 && t <= answer.length && t !== f.state.at) f.set({ at: t });
  });
  const say = (ids) => ids.map((id) => phones[id]).join(" ") || "nothing";

  /** How much the loss of every phone grows when a letter is replaced by each other one, in the mean: one replacement at a
   * time. */
  function* ask(ids) {
    yield; // first the answer itself is shown
    for (let s = 0; s < ids.length; s++) {
      const grown = answer.map(() => 0);
      for (let other = 1; other < net.count; other++) {
        if (other === ids[s]) continue;
        const changed = ids.slice();
        changed[s] = other;
        net.told(changed, answer).forEach((step, t) => { grown[t] += (step.cost - steps[t].cost) / (net.count - 2); });
        yield;
      }
      depends.push(grown);
    }
  }

  function draw() {
    const { state } = f;
    if (state.sample !== before.sample && state.sample) state.word = state.sample;
    else if (state.word !== before.word) state.sample = sample_of(state.word);
    before = { ...state };
    for (const key of ["sample", "word"]) f.controls[key].show(state[key]);
    const looks = state.show === "looks";
    f.controls.at.box.hidden = !looks;
    f.controls.width.box.hidden = f.controls.alpha.box.hidden = looks;
    const ids = net.ids(state.word), fresh = asked !== state.word;
    if (fresh) {
      asked = state.word;
      answer = [...net.search(ids, 1).found[0].ids, net.END];
      steps = net.told(ids, answer);
      depends = [];
      pieces = ask(ids);
    }
    const at = f.upTo("at", answer.length);
    if (looks) {
      f.work(() => !pieces.next().done, fresh ? 0 : undefined);
      grids(ids, at);
    } else tree(ids);
  }

  function grids(ids, at) {
    const { word } = f.state, width = f.width, wide = width > 560, left = 40, across = wide ? (width - 2 * left - 24) / 2 : width - left - 6;
    const column = Math.min(40, across / word.length), row = Math.min(26, Math.max(16, column)), T = answer.length, top = 42, parts = [];
    const name = (id) => (id === net.END ? "end" : phones[id]);
    const one = (x, y, title, value) => {
      parts.push(label(x, y - 32, title, { "text-anchor": "start", class: "rnn-quiet" }));
      [...word].forEach((c, s) => parts.push(label(x + column * (s + 0.5), y - 12, c, { style: "font-weight:600;fill:var(--f-input)" })));
      answer.forEach((id, t) => {
        parts.push(label(x - 6, y + row * (t + 0.5), name(id), { "text-anchor": "end", style: t === at - 1 ? "font-weight:700" : "" }));
        [...word].forEach((_, s) => parts.push(svg("rect", { x: x + column * s + 0.5, y: y + row * t + 0.5, width: column - 1, height: row - 1, fill: shade(-value(t, s)), stroke: "var(--f-line)" })));
      });
      parts.push(svg("rect", { x: x - left + 4, y: y + row * (at - 1), width: left + column * word.length - 3, height: row, fill: "none", stroke: "var(--f-gate)", "stroke-width": 2.5 }));
    };
    const second = wide ? [left * 2 + across + 20, top] : [left, top + T * row + 60], whole = depends.length === word.length && depends.every(Boolean);
    const most = whole ? Math.max(...depends.flat(), 1e-9) : 1;
    one(left, top, "where it looked: weights", (t, s) => steps[t].weights[s]);
    one(...second, whole ? "what it depends on: loss when changed" : "what it depends on: being computed", (t, s) => (whole ? Math.max(0, depends[s][t] / most) : 0));
    sound_at = (px, py) => {
      const inside = py >= second[1] - 20 && !wide ? py - second[1] : py - top;
      return Math.floor(inside / row) + 1;
    };
    f.paint(width, second[1] + T * row + 6, `Two grids of ${T} sounds by ${word.length} letters: where the net looked, and what it depends on. Sound ${at} is marked.`, parts);
    f.below.replaceChildren(el("p", { class: "rnn-legend" }, `Depends: how much the loss of a sound grows, in the mean, when the letter is replaced by each of the ${net.count - 2} others${whole ? `; full colour is ${number(most, 1)} nats` : ""}. Where it falls instead, the square is empty.`));

    const t = at - 1, top_of = (values) => values.indexOf(Math.max(...values)), looked = top_of([...steps[t].weights]);
    const used = whole ? top_of(depends.map((grown) => grown[t])) : -1;
    const right = right_of(word);
    const said = `It says ${say(answer.slice(0, -1))}${right ? `; the dictionary has ${right}` : ""}.`;
    const letter = (s) => `${word[s]}, letter ${s + 1}`;
    f.say(`${said} For ${name(answer[t])}, with probability ${number(steps[t].p)}, it looks most at ${letter(looked)} (${number(steps[t].weights[looked])}).${whole ? ` It depends most on ${letter(used)}${used === looked ? ", the same" : ": not the same"}.` : ""}`);
  }

  function tree(ids) {
    const { word, width: beam, alpha } = f.state;
    found = net.search(ids, beam, alpha ? 1 : 0);
    const { rounds } = found, width = f.width, left = 8, row = 30, top = 16, parts = [];
    const step = Math.max(46, (width - left - 30) / rounds.length), right = right_of(word);
    const spot = new Map(), best = found.found[0], on_best = new Set();
    for (let node = best; node; node = node.parent) on_best.add(node);
    rounds.forEach((nodes, t) => nodes.forEach((node, i) => spot.set(node, [left + step * t + 24, top + row * i])));
    for (const [node, [x, y]] of spot) {
      const [px, py] = spot.get(node.parent) ?? [left, top];
      parts.push(svg("line", { x1: px + (node.parent.parent ? 15 : 0), y1: py, x2: x - 15, y2: y, stroke: on_best.has(node) ? "var(--f-output)" : "var(--f-muted)", "stroke-width": on_best.has(node) ? 3 : 1 }));
    }
    for (const [node, [x, y]] of spot) {
      const p = Math.exp(node.log_p);
      parts.push(svg("rect", { x: x - 15, y: y - 11, width: 30, height: 22, rx: 5, fill: shade(node.ended ? 0.45 : 0.12, node.ended ? "input" : "output"), stroke: on_best.has(node) ? "var(--f-output)" : "var(--f-line)", "stroke-width": on_best.has(node) ? 2.5 : 1 }, svg("title", {}, `${say(node.ids)}: ${number(p, 4)}`)));
      parts.push(label(x, y, node.ended ? "end" : phones[node.symbol]));
    }
    const across = left + step * rounds.length + 30;
    f.paint(Math.max(width, across), top + row * Math.max(...rounds.map((nodes) => nodes.length)), `A tree of ${rounds.length} rounds with at most ${beam} nodes each; the best path is thick.`, parts);
    const rows = found.found.map((one) => el("tr", {}, el("th", { scope: "row" }, say(one.ids) === right ? el("strong", {}, `${say(one.ids)} \u2713`) : say(one.ids)), el("td", {}, number(Math.exp(one.log_p), 3)), el("td", {}, number(one.score, 2))));
    f.below.replaceChildren(el("table", {}, el("thead", {}, el("tr", {}, ["What the beam found", "probability", alpha ? "log probability, mean" : "log probability"].map((w) => el("th", { scope: "col" }, w)))), el("tbody", {}, rows)));
    const place = right ? found.found.findIndex((one) => say(one.ids) === right) : -2;
    const verdict = place === 0 ? " It is what the dictionary has." : place > 0 ? ` The dictionary's ${right} is in the beam, at place ${place + 1}.` : place === -1 ? ` The dictionary's ${right} is nowhere in the beam.` : "";
    f.say(`Width ${beam}: the best that it found is ${say(best.ids)}, with probability ${number(Math.exp(best.log_p), 3)}.${verdict}`);
  }
  return f.start();
}
