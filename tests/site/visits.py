"""Pages open in the browser, at two sizes, what went wrong in them, and what a look at them found."""

from dataclasses import dataclass

SIZES = {"desk": (1280, 900), "phone": (390, 844)}
# The theme in which a page is loaded at a size; the other is what its reader's system changes to while it is open.
FIRST = {"desk": "light", "phone": "dark"}
OTHER = {"light": "dark", "dark": "light"}

# Text that the mathematics should have replaced.
RAW_TEX = r"""() => {
  const walk = document.createTreeWalker(document.querySelector("article"), NodeFilter.SHOW_TEXT);
  const found = [];
  for (let node; (node = walk.nextNode());) {
    if (node.parentElement.closest("pre, code, script, style, mjx-container")) continue;
    if (/\\\(|\\\[|\\\]|\\[a-z]{3,}|\$\$|\$[^$\s][^$]*\$/.test(node.data)) found.push(node.data.trim());
  }
  return found;
}"""
# Leave of each block of code one text, of each formula a letter. Their parts are most of a page's elements, and are
# looked at elsewhere: formulas above, the colours of code in `test_code_has_contrast`. With them axe takes minutes.
FLATTEN = """() => {
  for (const code of document.querySelectorAll("pre")) code.textContent = code.textContent;
  for (const formula of document.querySelectorAll("mjx-container")) formula.textContent = "x";
}"""
# Pictures further down wait until a reader comes near.
ALL_IMAGES = """() => Promise.all([...document.images].filter(i => i.checkVisibility()).map(i => {
  i.loading = "eager";
  return i.complete || new Promise(done => { i.onload = i.onerror = done; });
}))"""
BROKEN = """() => [...document.images].filter(i => i.checkVisibility())
  .filter(i => !i.complete || !i.naturalWidth).map(i => i.src)"""
# What sticks out at the right, unless a box around it scrolls.
OVERFLOW = """() => [...document.querySelectorAll("article *, footer *")].filter(e => {
  if (e.getBoundingClientRect().right <= innerWidth + 1 || !e.checkVisibility()) return false;
  for (let box = e.parentElement; box && box !== document.body; box = box.parentElement)
    if (getComputedStyle(box).overflowX !== "visible") return false;
  return true;
}).slice(0, 5).map(e => e.outerHTML.slice(0, 120))"""
# A frame, in which the page hears of another theme, and the end of what fades from one colour to another.
SETTLED = """() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))).then(() =>
  Promise.all(document.getAnimations().filter(a => a instanceof CSSTransition).map(a => a.finished.catch(() => {}))))"""
# Mark one of the texts that look the same: same colour, size and weight, before the same boxes one in another. Their
# contrast is the same, and to measure it for all of them is nine tenths of axe's time. What is taken out of the flow
# may lie before anything: its texts are all marked.
MARK_LOOKS = """() => {
  const known = new Map([[null, ""]]), seen = new Set();
  let alone = 0;
  const behind = box => {
    if (!known.has(box)) {
      const s = getComputedStyle(box);
      const place = /absolute|fixed/.test(s.position) ? alone++ : s.position + s.zIndex;
      known.set(box, [behind(box.parentElement), place, s.backgroundColor, s.backgroundImage, s.opacity, s.filter,
        s.mixBlendMode, s.transform, s.float, s.clipPath, s.overflow].join("|"));
    }
    return known.get(box);
  };
  for (const text of document.querySelectorAll("body, body *")) {
    delete text.dataset.look;
    const control = text.matches("input, select, textarea, button, label, :disabled, [aria-disabled]");
    const written = [...text.childNodes].some(part => part.nodeType === Node.TEXT_NODE && part.data.trim());
    if (!control && !written) continue;
    const s = getComputedStyle(text);
    const hidden = !text.checkVisibility();
    const look = [behind(text), s.color, s.fontSize, s.fontWeight, s.textShadow, hidden, control && alone++].join("|");
    if (!seen.has(look)) text.dataset.look = "";
    seen.add(look);
  }
}"""
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]


class Visit:
    """A page open in the browser, and what went wrong while it loaded."""

    def __init__(self, context, url):
        self.trouble = []
        self.requests = []
        self.page = context.new_page()
        self.page.on("console", lambda m: self.trouble.append(m.text) if m.type in ("error", "warning") else None)
        self.page.on("pageerror", lambda e: self.trouble.append(str(e)))
        self.page.on("requestfailed", lambda r: self.trouble.append(f"failed: {r.url}"))
        self.page.on("response", lambda r: self.trouble.append(f"{r.status}: {r.url}") if r.status >= 400 else None)
        self.page.on("request", lambda r: self.requests.append(r.url))
        self.page.goto(url, wait_until="load")


@dataclass
class Look:
    """What a page was like in one theme at one size."""

    theme: str
    trouble: list[str]
    requests: list[str]
    raw_tex: list[str]
    formulas_drawn: int
    formulas_written: int
    broken_pictures: list[str]
    width: int
    overflow: list[str]
    barriers: str = ""


def looks(visit, first):
    """Look at a page in the theme that it was loaded in, and then in the other; give both looks by their theme."""
    page, found = visit.page, {}
    for theme in (first, OTHER[first]):  # as it is
        if theme != first:
            change_theme(page, theme)
        page.evaluate(ALL_IMAGES)
        found[theme] = Look(
            theme=page.evaluate("document.documentElement.dataset.theme"),
            trouble=visit.trouble,
            requests=visit.requests,
            raw_tex=page.evaluate(RAW_TEX),
            formulas_drawn=page.locator("article mjx-container").count(),
            formulas_written=page.locator("article .math").count(),
            broken_pictures=page.evaluate(BROKEN),
            width=page.evaluate("document.documentElement.scrollWidth"),
            overflow=page.evaluate(OVERFLOW),
        )
    page.evaluate(FLATTEN)
    for theme in (OTHER[first], first):  # by axe
        if theme != OTHER[first]:
            change_theme(page, theme)
        found[theme].barriers = barriers(page)
    return found


def change_theme(page, theme):
    """Let the reader's system change to a theme."""
    page.emulate_media(color_scheme=theme)
    page.evaluate(SETTLED)


def barriers(page, part=None):
    """Say what on a page, or a part of it, shuts readers out by WCAG 2.1 AA; empty when nothing grave does."""
    from axe_playwright_python.sync_playwright import Axe

    page.evaluate(MARK_LOOKS)
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
        page.evaluate("axe.configure({rules: [{id: 'color-contrast', selector: '[data-look]'}]})")
    options = {"runOnly": WCAG, "resultTypes": ["violations"]}
    found = page.evaluate("([part, options]) => axe.run(part || document, options)", [part, options])["violations"]
    return "\n".join(
        f"{v['id']}: {v['help']}\n   {n['html'][:150]}\n   {n['failureSummary'][:200]}"
        for v in found
        if v["impact"] in ("serious", "critical")
        for n in v["nodes"][:4]
    )
