// What every figure is made of: native controls with names, a drawing, a line that says what changed, state in the
// address. A figure says what its state is; the frame builds the controls, reads and writes the address, and redraws.

const SVG = "http://www.w3.org/2000/svg";

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  node.append(...children.flat().filter((child) => child != null));
  return node;
}

/** An element: el("p", { class: "x" }, "text", child). */
export const el = (tag, attributes = {}, ...children) => fill(document.createElement(tag), attributes, children);

/** A part of a drawing, as a plain object: paint() compares it with what stands there and changes only what differs,
 * because styling and laying out hundreds of new nodes takes a slow machine longer than all arithmetic. */
export const svg = (tag, attributes = {}, ...children) => ({ tag, attributes, children: children.flat(2).filter((child) => child != null) });
const NOTHING = { attributes: {}, children: [] };
const made = (part) => (part.tag ? patched(document.createElementNS(SVG, part.tag), NOTHING, part) : document.createTextNode(part));

function patched(node, was, now) {
  for (const name in was.attributes) if (!(name in now.attributes)) node.removeAttribute(name);
  for (const name in now.attributes) if (was.attributes[name] !== now.attributes[name]) node.setAttribute(name, now.attributes[name]);
  now.children.forEach((part, n) => {
    const had = was.children[n], there = node.childNodes[n];
    if (had === undefined) node.append(made(part));
    else if (part.tag && had.tag === part.tag) patched(there, had, part);
    else if (had !== part) there.replaceWith(made(part));
  });
  while (node.childNodes.length > now.children.length) node.lastChild.remove();
  return node;
}

/** A label in a drawing, in the middle of its place unless told otherwise. */
export const label = (x, y, words, attributes = {}) =>
  svg("text", { x, y, "text-anchor": "middle", "dominant-baseline": "central", ...attributes }, String(words));

/** A colour that follows the theme, by a share from -1 to 1 between two roles. Words can be read on shares up to WORDS. */
export const shade = (v, positive = "gate", negative = "hidden") =>
  `color-mix(in srgb, var(--f-${v < 0 ? negative : positive}) ${Math.round(100 * Math.min(1, Math.abs(v)))}%, var(--f-paper))`;
export const WORDS = 0.4;

/** A cell of a table, coloured by a share from -1 to 1. */
export const tinted = (v, ...words) => el("td", { style: `background:${shade(WORDS * Math.max(-1, Math.min(1, v)))}` }, words);

const MINUS = "\u2212";
/** A number as print has it: a true minus, powers of ten for what is very small or large. */
export function number(v, digits = 2) {
  if (!Number.isFinite(v)) return Number.isNaN(v) ? "not a number" : (v < 0 ? MINUS : "") + "\u221e";
  if (v !== 0 && ((digits && Math.abs(v) < 10 ** -digits) || Math.abs(v) >= 1e4)) {
    const power = Math.floor(Math.log10(Math.abs(v)));
    const raised = [...String(power)].map((c) => (c === "-" ? "\u207b" : "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079"[c])).join("");
    return `${number(v / 10 ** power, 1)} \u00b7 10${raised}`;
  }
  return (+v.toFixed(digits) ? v : Math.abs(v)).toFixed(digits).replace("-", MINUS);
}

/** A share as a percentage that nobody has to decode. */
export const percent = (v) => (v > 0 && v < 0.001 ? "less than 0.1 %" : `${number(100 * v, v < 0.1 ? 1 : 0)} %`);

/** "1 join", "2 joins". */
export const many = (n, what) => `${n} ${what}${n === 1 ? "" : "s"}`;

/** A name for a control that no other has: every figure has a copy of this module, and a page may have every figure. */
const id = () => `rnn-${(rnnbookFigures.controls = (rnnbookFigures.controls ?? 0) + 1)}`;

// ---- Kinds of state; each says how it is read from an address, and what a person holds to change it ----

/** A number on a slider. `show` writes it beside the name. */
export const range = (name, min, max, value, { step = 1, show = String } = {}) => ({
  value,
  min, max, step,
  parse: (text) => (/^-?\d+(\.\d+)?$/.test(text) && +text >= min && +text <= max ? +(min + Math.round((text - min) / step) * step).toFixed(6) : undefined),
  build(set) {
    const at = id(), output = el("output", { for: at });
    const input = el("input", { type: "range", id: at, min, max, step, oninput: () => set(+input.value) });
    let most = max;
    const show_it = (v) => {
      v = Math.min(v, most);
      const text = show(v);
      if (+input.value !== v) input.value = v;
      if (output.textContent === text) return;
      input.setAttribute("aria-valuetext", text);
      output.textContent = text;
    };
    const limit = (to) => { input.max = most = to; };
    return { box: el("div", { class: "rnn-control" }, el("label", { for: at }, name), " ", output, input), show: show_it, limit };
  },
});

/** One of several; options are { key: "words" }. */
export const choice = (name, options, value, { wide = false } = {}) => ({
  value,
  parse: (text) => (Object.hasOwn(options, text) ? text : undefined),
  build(set) {
    const at = id();
    const parts = Object.entries(options).map(([key, words]) => el("option", { value: key }, words));
    const select = el("select", { id: at, onchange: () => set(select.value) }, parts);
    return { box: el("div", { class: `rnn-control${wide ? " rnn-wide" : ""}` }, el("label", { for: at }, name), select), show: (v) => { select.value = v; } };
  },
});

/** Words that the reader types. What `clean` takes away is not let in; the figure says so, and that it takes `only`. */
export const words = (name, value, clean, only) => ({
  value,
  parse: (text) => clean(text) || undefined,
  build(set) {
    const at = id(), note = el("p", { class: "rnn-note", role: "status" });
    let had = value;
    const take = (event) => {
      if (event.isComposing) return; // an accent, or a word of another script, is on its way
      const typed = input.value, text = clean(typed), out = [...new Set(typed)].filter((c) => !clean(c));
      if (text !== typed) {
        const caret = clean(typed.slice(0, input.selectionStart)).length;
        input.value = text;
        input.setSelectionRange(caret, caret);
      }
      const whole = text && text.toLowerCase() === typed.toLowerCase();
      note.textContent = whole ? "" : `${out.length ? `Left out: ${out.join(" ")}. ` : text ? "" : "Nothing to read yet. "}It takes ${only}.`;
      if (text) set(text);
    };
    const back = () => {
      if (note.textContent.startsWith("Nothing")) note.textContent = "";
      input.value = had; // an empty field would stand beside a drawing of something
    };
    const input = el("input", { type: "text", id: at, autocomplete: "off", autocapitalize: "off", spellcheck: "false", oninput: take, oncompositionend: take, onblur: back });
    const show = (v) => {
      had = v;
      const text = clean(input.value);
      if (text === v || (!text && document.activeElement === input)) return;
      input.value = v;
      note.textContent = "";
    };
    return { box: el("div", { class: "rnn-control rnn-wide" }, el("label", { for: at }, name), input, note), show };
  },
});

export const check = (name, value) => ({
  value,
  parse: (text) => (text === "true" || text === "false" ? text === "true" : undefined),
  build(set) {
    const at = id(), input = el("input", { type: "checkbox", id: at, onchange: () => set(input.checked) });
    return { box: el("div", { class: "rnn-control rnn-wide rnn-check" }, input, el("label", { for: at }, name)), show: (v) => { input.checked = v; } };
  },
});

/** A count that has no control of its own: something in the drawing, or a button, changes it. */
export const kept = (value, most = 99999) => ({ value, parse: (text) => (/^\d{1,5}$/.test(text) && +text <= most ? +text : undefined) });

const MOMENT = 8; // milliseconds of arithmetic before a picture
const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** Build a figure in its place.
 * name: of the figure, before each of its words in the address. claim: what it shows. state: { key: kind }.
 * draw(frame): shows frame.state by paint(), below and say(). reset(): forgets what stands beside the state.
 * Gives the frame; call its start() when all is set up. */
export function frame(place, { name, claim, state: kinds, draw, reset = () => {} }) {
  const says = el("p", { class: "rnn-says", role: "status", "aria-live": "polite" });
  const controls = el("div", { class: "rnn-controls" }), buttons = el("div", { class: "rnn-buttons" });
  // One drawing for the figure's whole life: what is held with a finger or has the focus must not be replaced.
  const picture = document.createElementNS(SVG, "svg"), below = el("div", {}), stage = el("div", { class: "rnn-stage" }, picture, below);
  picture.setAttribute("role", "img");
  const link = el("a", { href: "#" }, "Address of this setting");
  const foot = el("div", { class: "rnn-foot" }, link);
  const box = el("div", { class: "rnn-figure", role: "group", "aria-label": `Interactive figure: ${claim}` },
    el("p", { class: "rnn-claim" }, claim), controls, buttons, stage, says, foot);
  const state = {}, shown = {}, runners = [];
  // The width is asked for where it may change, not at every drawing: the question makes the browser lay the page out.
  // On a full screen a figure is laid out as in a column of the book, and its drawing enlarged to the room there is.
  const full = () => document.fullscreenElement === box;
  const measure = () => Math.max(240, full() ? Math.min(720, stage.clientWidth) : stage.clientWidth);
  let telling, writing, touched = false, width = 240, painted = NOTHING, held = false, turn = 0, room = null;
  function fit() {
    width = measure();
    if (full()) {
      const others = foot.getBoundingClientRect().bottom - box.getBoundingClientRect().top + box.scrollTop - picture.getBoundingClientRect().height;
      room = [stage.clientWidth, Math.max(0.42 * innerHeight, 0.97 * innerHeight - others)];
    } else room = null;
    draw(f);
  }
  const f = {
    state, picture, below, box, controls: shown,
    get width() { return width; },
    /** Change some of the state, and show it. */
    set(changes) {
      touched = true;
      Object.assign(state, changes);
      f.show();
    },
    /** The number on a slider whose end is at `most` now. The state keeps what the reader chose: the end may move again. */
    upTo(key, most) {
      shown[key].limit(most);
      shown[key].show(state[key]);
      return Math.min(state[key], most);
    },
    show() {
      if (held) return;
      for (const key in shown) shown[key].show(state[key]);
      draw(f);
      clearTimeout(writing);
      writing = setTimeout(write, 250);
    },
    /** Call piece() while it gives true, but only for a moment, so that a slow machine answers at once. What is left
     * follows after the picture: the figure is drawn again, and asks again. Gives whether all is done. */
    work(piece, moment = MOMENT) {
      const until = performance.now() + moment, mine = ++turn;
      while (piece()) {
        if (performance.now() < until) continue;
        requestAnimationFrame(() => setTimeout(() => { if (mine === turn) draw(f); }));
        return false;
      }
      return true;
    },
    /** Draw, in units of the screen; `words` is what the drawing shows, for those who do not see it. */
    paint(across, height, words, ...children) {
      const size = room ? Math.max(1, Math.min(room[0] / across, room[1] / height)) : 1, wider = across > width && !room;
      // What is wider than its place is moved to and fro, by hand or by arrow keys.
      const now = svg("svg", { viewBox: `0 0 ${across} ${height}`, width: across * size, height: height * size, style: wider ? `min-width:${across}px;touch-action:auto` : null, "aria-label": words }, children.flat(2));
      if (wider) fill(stage, { tabindex: 0, role: "region", "aria-label": "The drawing and what belongs to it" }, []);
      else for (const name of ["tabindex", "role", "aria-label"]) stage.removeAttribute(name);
      patched(picture, painted, now);
      painted = now;
    },
    /** Call point(x, y, first) while a mouse, a pen or a finger is held down on the drawing and moved. */
    touch(point) {
      const at = (event) => {
        const box = picture.getBoundingClientRect(), view = picture.viewBox.baseVal;
        return [((event.clientX - box.left) / box.width) * view.width, ((event.clientY - box.top) / box.height) * view.height];
      };
      picture.classList.add("rnn-touch");
      picture.addEventListener("pointerdown", (event) => {
        if (event.button) return; // of a mouse, only the left one
        picture.setPointerCapture(event.pointerId);
        point(...at(event), true);
      });
      picture.addEventListener("pointermove", (event) => {
        if (picture.hasPointerCapture(event.pointerId)) point(...at(event), false);
      });
    },
    /** Say what changed, to all eyes and ears; in words, once the hand rests. */
    say(text) {
      clearTimeout(telling);
      telling = setTimeout(() => { if (says.textContent !== text) says.textContent = text; }, 150);
    },
    button(words, press, where = buttons) {
      const button = el("button", { type: "button", onclick: press }, words);
      where.append(button);
      return button;
    },
    /** A button that runs step() until it gives false, `rate` times a second at most; at once where motion is unwelcome.
     * What several steps change is drawn once, after the last of them. */
    runner(words, step, rate = 30) {
      let wanted = 0, last = 0, request = 0;
      const steps = (most) => {
        let more = true;
        held = true;
        for (let n = 0; n < most && more; n++) more = step();
        held = false;
        f.show();
        return more;
      };
      const stop = () => {
        cancelAnimationFrame(request);
        request = 0;
        button.textContent = words;
      };
      const go = (now) => {
        wanted = Math.min(wanted + ((now - last) * rate) / 1000, 8);
        last = now;
        const whole = Math.floor(wanted);
        wanted -= whole;
        if (whole && !steps(whole)) return void stop();
        request = requestAnimationFrame(go);
      };
      const button = f.button(words, () => {
        if (request) return void stop();
        if (calm()) return void steps(20000);
        last = performance.now();
        wanted = 1;
        button.textContent = "Pause";
        request = requestAnimationFrame(go);
      });
      runners.push(stop);
      return button;
    },
    start() {
      place.replaceChildren(box);
      const printed = place.closest("figure");
      if (printed) {
        const caption = printed.querySelector(".caption-number");
        if (caption) box.querySelector(".rnn-claim").prepend(el("span", { class: "rnn-number" }, caption.textContent));
        const toggle = f.button("Printed figure", () => toggle.setAttribute("aria-pressed", printed.classList.toggle("shows-print")), foot);
        toggle.setAttribute("aria-pressed", false);
      }
      width = measure();
      f.show();
      new ResizeObserver(() => { if (measure() !== width) fit(); }).observe(stage);
      return f;
    },
  };

  const address = () => {
    const url = new URL(location.href);
    for (const key of [...url.searchParams.keys()]) if (key.startsWith(`${name}.`)) url.searchParams.delete(key);
    for (const key in kinds) if (state[key] !== kinds[key].value) url.searchParams.set(`${name}.${key}`, state[key]);
    url.hash = place.closest("figure[id]")?.id ?? place.id;
    return url.href;
  };
  function write() {
    link.href = address();
    if (!touched) return; // whoever only reads keeps the address they came with
    try { // a page opened from disk may not be allowed to
      history.replaceState(history.state, "", link.href);
    } catch { /* the link has the setting all the same */ }
  }

  const asked = new URLSearchParams(location.search);
  for (const key in kinds) {
    const kind = kinds[key], text = asked.get(`${name}.${key}`);
    state[key] = (text === null ? undefined : kind.parse(text)) ?? kind.value;
    if (!kind.build) continue;
    shown[key] = kind.build((value) => f.set({ [key]: value }));
    controls.append(shown[key].box);
  }
  const initial = Object.fromEntries(Object.entries(kinds).map(([key, kind]) => [key, kind.value]));
  f.button("Start again", () => {
    for (const stop of runners) stop();
    reset();
    f.set(initial);
  }, foot);
  if (box.requestFullscreen) {
    const toggle = f.button("Full screen", () => (full() ? document.exitFullscreen() : box.requestFullscreen()), foot);
    box.addEventListener("fullscreenchange", () => {
      toggle.textContent = full() ? "Leave full screen" : "Full screen";
      fit();
    });
  }
  return f;
}

/** The line through points; where a number is not finite the line ends. */
export const path = (points, attributes) =>
  svg("path", { fill: "none", d: points.filter(([x, y]) => Number.isFinite(x + y)).map(([x, y], i) => `${i ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join(""), ...attributes });
