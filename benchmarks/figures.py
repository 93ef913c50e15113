"""How soon each interactive figure answers a hand, and how often it moves, in a browser that is slowed four times.

    .venv/bin/python -m benchmarks.figures [FIGURE ...]

Chromium opens the built page of all eight figures from disk, with its processor throttled four times. In two settings,
the figure's first one and a heavy one, every control is pressed by the keyboard and every button clicked, five times
each. An answer is what the browser itself reports (Event Timing): from the key to the next picture on the screen, to
8 ms. The control with the slowest median is shown. Where something runs, the steps that it took in two seconds are
counted, and the pictures. The goals are 100 ms, and 30 steps a second where the figure does not go slower by design.
"""

import re
import sys
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tools"))
import browser as browsers  # noqa: E402

PAGE = Path(__file__).resolve().parents[1] / "_build" / "html" / "book" / "lecture.html"
THROTTLED, TIMES = 4, 5
WIDTHS = (9, 7, 30, 9, 9, 7, 10)
HEAVY = {
    "recall": {"stored": 36},
    "loop": {"word": "helloohelloohelloohelloo", "two": "true"},
    "triangle": {"T": 12, "tau": 5},
    "gradients": {"kind": "tanh", "lag": 64},
    "gates": {"part": "counter", "text": "a" * 60 + "b" * 60, "at": 60},
    "writes": {"n": 300, "colour": "surprise", "at": 200},
    "looking": {"word": "representation", "show": "beam", "width": 8},
    "scan": {"T": 64, "plan": "doubling", "done": 321},
}
# A letter that the figure takes; the button that runs, and the words that count its steps, with steps in one of them.
LETTERS = {"loop": "l", "gates": "b", "writes": "a", "looking": "e"}
RUNS = {
    "recall": ("Run", r"(\d+) looks", 4),
    "loop": ("Run", r"Step (\d+)", 1),
    "writes": ("Write on", r"(\d+) written", 1),
    "scan": ("Run", r"^(\d+) of", 1),
}
# The longest answer that the browser reports in the next moments: it does so some time after the picture.
WATCH = """() => {
  window.answers = [];
  new PerformanceObserver(list => answers.push(...list.getEntries().filter(e => e.interactionId).map(e => e.duration)))
    .observe({type: "event", durationThreshold: 16});
}"""
LONGEST = "() => new Promise(done => setTimeout(() => done(Math.max(8, ...answers.splice(0))), 300))"
COUNT = """box => {
  window.pictures = 0;
  const what = {childList: true, subtree: true, attributes: true};
  new MutationObserver(() => pictures++).observe(box.querySelector("svg"), what);
}"""


def opened(chromium, name, setting):
    """A figure on its page, throttled, in a setting; gives its box and the page."""
    page = chromium.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.goto(f"{PAGE.as_uri()}?{urlencode({f'{name}.{key}': value for key, value in setting.items()})}")
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": THROTTLED})
    page.evaluate(WATCH)
    page.locator(f"#interactive-{name}").scroll_into_view_if_needed()
    box = page.locator(f"#interactive-{name} .rnn-figure")
    box.wait_for()
    page.wait_for_timeout(1500)  # what it does after it is drawn is done
    return box, page


def pressed(page, control, keys):
    """Milliseconds to the answer to each key."""
    control.focus()
    page.wait_for_timeout(100)
    page.evaluate(LONGEST)
    found = []
    for key in keys:
        page.keyboard.press(key)
        found.append(page.evaluate(LONGEST))
    return found


def answers(chromium, name, setting):
    """Milliseconds to the answer of every control and button that is shown: a dict from its name."""
    box, page = opened(chromium, name, setting)
    found = {}
    for control in box.locator("input, select").all():
        if not control.is_visible():
            continue
        label = control.evaluate("node => node.labels[0].textContent")
        kind = control.get_attribute("type") or "select"
        if kind == "text":
            control.press("End")
            keys = ["Backspace", LETTERS[name], "Backspace", LETTERS[name], "Backspace"]
        else:  # from one side to the other: of two keys at least one changes something
            keys = ["Space"] * TIMES if kind == "checkbox" else ["ArrowLeft", "ArrowRight"] * 3
        times = sorted(pressed(page, control, keys))
        found[label] = times[-TIMES:]
    for button in box.locator(".rnn-buttons button").all():
        words = button.inner_text()
        if button.is_visible() and button.is_enabled() and words != RUNS.get(name, [""])[0]:
            found[words] = pressed(page, button, ["Enter"] * TIMES)
    page.context.close()
    return found


def runs(chromium, name):
    """Steps and pictures a second while the figure runs."""
    words, pattern, size = RUNS[name]
    box, page = opened(chromium, name, {"recall": {"stored": 12, "damage": 50}, "scan": {"T": 64}}.get(name, {}))
    said = lambda: int((re.search(pattern, box.locator(".rnn-says").inner_text()) or [0, 0])[1])  # noqa: E731
    before = said()
    box.evaluate(COUNT)
    button = box.get_by_role("button", name=words, exact=True)
    button.focus()
    start = page.evaluate("performance.now()")
    page.keyboard.press("Enter")
    page.wait_for_timeout(2000)
    if button.inner_text() == "Pause":
        page.keyboard.press("Enter")
    # A busy machine hears of the pause late, so the clock is read after it.
    seconds, pictures = page.evaluate("start => [(performance.now() - start) / 1000, pictures]", start)
    page.wait_for_timeout(600)
    steps = (said() - before) / size
    page.context.close()
    return steps / seconds, pictures / seconds


def row(*cells):
    print("| " + " | ".join(f"{cell:<{width}}" for cell, width in zip(cells, WIDTHS, strict=True)) + " |", flush=True)


def main(names):
    """Measure figures and print a line for each of their settings."""
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(
            executable_path=browsers.find(), chromium_sandbox=False, args=["--disable-gpu", "--disable-dev-shm-usage"]
        )
        print(f"Chromium {chromium.version}, its processor throttled {THROTTLED} times\n")
        cells = ("figure", "setting", "slowest control", "answer ms", "range", "steps/s", "pictures/s")
        row(*cells)
        row(*("-" * width for width in WIDTHS))
        for name in names or HEAVY:
            rates = [f"{rate:.0f}" for rate in runs(chromium, name)] if name in RUNS else ["", ""]
            for title, setting in (("first", {}), ("heavy", HEAVY[name])):
                found = answers(chromium, name, setting)
                slowest = max(found, key=lambda label: median(found[label]))
                times = found[slowest]
                row(name, title, slowest[:30], f"{median(times):.0f}", f"{min(times):.0f} - {max(times):.0f}", *rates)
                rates = ["", ""]
        chromium.close()


if __name__ == "__main__":
    main(sys.argv[1:])
