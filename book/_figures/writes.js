import { affine, distribution, draw as fall, gruStep, ranked, softmax, uniform } from "./arithmetic.js";
import { choice, el, frame, kept, label, number, percent, range, shade, svg, words, WORDS } from "./kit.js";
import { unpack } from "./weights.js";

const BARS = 16, LONGEST = 300, OPENING = 60;
const seen = (c) => ({ " ": "\u2423", "\n": "\u21b5" })[c] ?? c;

export function play(box, weights) {
  const net = unpack(weights.alice), { symbols } = net, H = net.W_hh.length, V = symbols.length;
  const clean = (text) => [...text].filter((c) => symbols.includes(c)).slice(0, OPENING).join("");
  const f = frame(box, {
    name: "writes",
    claim: "The net gives every character a probability; what you cut off changes how it writes.",
    state: {
      text: words("An opening", "Alice ", clean, `the ${V} characters that the net knows, at most ${OPENING}`),
      temperature: range("Temperature", 0, 2, 1, { step: 0.05, show: (v) => v.toFixed(2) }),
      k: range("Top-k", 1, V, V, { show: (v) => (v === V ? "all" : String(v)) }),
      p: range("Nucleus", 0.05, 1, 1, { step: 0.05, show: (v) => (v === 1 ? "all" : v.toFixed(2)) }),
      colour: choice("Colour of the text", { none: "none", surprise: "surprise of the net", unit: "state of one unit" }, "none"),
      unit: range("Unit", 1, H, net.unit + 1),
      at: range("What follows character", 1, OPENING + LONGEST, 6),
      n: kept(0, LONGEST),
      seed: kept(1),
    },
    draw,
  });
  const to = (n) => f.set({ n: Math.min(LONGEST, n), at: [...f.state.text].length + Math.min(LONGEST, n) });
  const writers = [f.button("Write one", () => to(f.state.n + 1)), f.runner("Write on", () => {
    to(f.state.n + 1);
    return f.state.n < LONGEST;
  })];
  f.button("Other draws", () => f.set({ seed: f.state.seed + 1 }));
  const page = el("div", { class: "rnn-text", tabindex: 0, role: "region", "aria-label": "The text, opening and what was written" });
  const legend = el("p", { class: "rnn-legend" }), LEGENDS = {
    none: "Underlined in green: the opening. Click a character to see what the net expected after it.",
    surprise: "The stronger the tone, the less probable the character was to the net: full from 8 bits on, a probability of 1/256.",
    unit: "Orange: the unit is positive after the character; blue: negative.",
  };
  f.below.append(el("p", { class: "rnn-legend" }, "Bars: grey, what the net believes; orange, what is drawn from. A green dot: the character that came."), page, legend);
  page.addEventListener("click", (event) => {
    const at = [...page.children].indexOf(event.target);
    if (at >= 0) f.set({ at: at + 1 });
  });

  // Steps are kept: while the settings stay, only what is new is computed.
  let steps = [], spans = [], shown = 0, read_text = null, drawn_with = "", opened = f.state.text, random;
  function read(symbol, before) {
    const h = gruStep(symbol, before?.h ?? new Float64Array(H), net).h, logits = affine(h, net.W, net.b), p = softmax(logits);
    steps.push({ symbol, h, logits, p, surprise: before ? -Math.log2(before.p[symbol]) : 0 });
  }
  /** Read the opening and write, as much as a moment allows; gives whether all is written. */
  function write() {
    const { text, temperature, k, p, n, seed } = f.state, opening = [...text], draws = [temperature, k, p, seed].join("|");
    if (text !== read_text) steps = [];
    if (draws !== drawn_with || steps.length > opening.length + n) steps.length = Math.min(steps.length, opening.length);
    if (steps.length <= opening.length) random = uniform(seed);
    read_text = text;
    drawn_with = draws;
    return f.work(() => {
      const at = steps.length;
      if (at < opening.length) read(symbols.indexOf(opening[at]), steps.at(-1));
      else if (at < opening.length + n) read(fall(distribution(steps.at(-1).logits, { temperature, top_k: k, top_p: p }), random()), steps.at(-1));
      return steps.length < opening.length + n;
    });
  }

  function draw() {
    const whole = write(), { state } = f, opening = [...state.text].length, length = opening + state.n;
    if (state.text !== opened) state.at = opening; // another opening is asked about at its end
    opened = state.text;
    const looked = f.upTo("at", length), full = state.n >= LONGEST;
    for (const button of writers) button.disabled = full;
    f.controls.unit.box.hidden = state.colour !== "unit";
    const at = Math.min(looked, steps.length), step = steps[at - 1], q = distribution(step.logits, { temperature: state.temperature, top_k: state.k, top_p: state.p });

    // Two bars for each of the likeliest: what the net believes, and what is drawn from. Until the character looked after
    // is written, those of the last one stay.
    const width = f.width, order = ranked(step.p).slice(0, BARS), column = (width - 40) / BARS, high = 130, top = 24, parts = [];
    const most = Math.max(...step.p, ...q), Y = (v) => top + high * (1 - v / most);
    for (const v of [0, most]) parts.push(svg("line", { x1: 34, x2: width - 4, y1: Y(v), y2: Y(v), stroke: "var(--f-line)" }), label(16, Y(v), number(v), { class: "rnn-quiet" }));
    order.forEach((symbol, i) => {
      const x = 36 + i * column, drawn = q[symbol] > 0, next = steps[at]?.symbol === symbol;
      parts.push(svg("rect", { x, y: Y(step.p[symbol]), width: column * 0.4, height: top + high - Y(step.p[symbol]), fill: "var(--f-muted)", opacity: 0.55 }));
      parts.push(svg("rect", { x: x + column * 0.42, y: Y(q[symbol]), width: column * 0.4, height: top + high - Y(q[symbol]), fill: "var(--f-output)" }));
      parts.push(label(x + column * 0.4, top + high + 14, seen(symbols[symbol]), { style: drawn ? "font-weight:700" : "opacity:.45", "text-decoration": drawn ? "none" : "line-through" }));
      if (next) parts.push(svg("circle", { cx: x + column * 0.4, cy: top + high + 28, r: 4, fill: "var(--f-input)" }));
    });
    parts.push(label(36, 8, "probability of what comes next", { "text-anchor": "start", class: "rnn-quiet" }));
    if (whole || at === looked || !shown) f.paint(width, top + high + 36, `Probabilities of the ${BARS} likeliest next characters after character ${at}.`, parts);

    const tone = (i) => (state.colour === "surprise" ? Math.min(1, steps[i].surprise / 8) : state.colour === "unit" ? steps[i].h[state.unit - 1] : 0) * WORDS;
    for (let i = 0; i < steps.length; i++) {
      const c = symbols[steps[i].symbol], v = tone(i), span = spans[i] ?? (spans[i] = { node: el("span"), words: "", style: "", name: "" });
      const words = c === "\n" ? "\u21b5\n" : c, style = v ? `background:${shade(v)}` : "", name = `${i < opening ? "rnn-given" : ""}${i === at - 1 ? " rnn-here" : ""}`.trim();
      if (span.words !== words) span.node.textContent = span.words = words;
      if (span.style !== style) span.node.setAttribute("style", span.style = style);
      if (span.name !== name) span.node.className = span.name = name;
    }
    page.append(...spans.slice(shown, steps.length).map((span) => span.node));
    for (const span of spans.slice(steps.length, shown)) span.node.remove();
    if (steps.length > shown && at === steps.length) page.scrollTop = page.scrollHeight; // the end of the text stays in view
    shown = steps.length;
    if (legend.textContent !== LEGENDS[state.colour]) legend.textContent = LEGENDS[state.colour];
    if (!whole) return;

    const left = q.reduce((n, v) => n + (v > 0), 0), cut = step.p.reduce((sum, v, k) => sum + (q[k] > 0 ? 0 : v), 0);
    const tail = steps.slice(opening), bits = tail.reduce((sum, s) => sum + s.surprise, 0) / tail.length;
    const best = order[0], to_draw = left === V ? `All ${V} characters can be drawn` : state.temperature === 0 ? "Only the likeliest is taken" : `${left} of ${V} characters can be drawn; those cut off had ${percent(cut)} together`;
    const unit = state.colour === "unit" && state.unit === net.unit + 1 ? ` This is the unit that, of all, goes most with ${net.tracks}.` : "";
    f.say(`After ${seen(symbols[step.symbol])}: likeliest is ${seen(symbols[best])}, with ${number(step.p[best])}. ${to_draw}.${tail.length ? ` ${tail.length} written, with ${number(bits)} bits of surprise each, in the mean.` : ""}${full ? " That is as long as it gets here." : ""}${unit}`);
  }
  return f.start();
}
