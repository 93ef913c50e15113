"""What readers do with an interactive figure besides what it expects: share it, type anything, hurry, fill a screen."""

import re

import pytest

from tests.site.figures.names import FIGURES

# A full screen is full in one of its directions, and nothing is beyond its edge.
FULL = """name => {
  const of = kind => document.querySelector(`#interactive-${name} ${kind}`).getBoundingClientRect();
  const wide = of("svg").width / of(".rnn-stage").width, low = of(".rnn-foot").bottom / innerHeight;
  return wide <= 1.001 && low <= 1 && (wide > 0.95 || low > 0.9);
}"""
# How many of P patterns come back from a damage, in percent.
COME_BACK = """([damage, P]) => {
  const figure = document.querySelector(".rnn-figure"), picture = figure.querySelector("svg");
  const named = (kind, words) => [...figure.querySelectorAll(kind)].find(node => node.textContent.startsWith(words));
  const slide = (words, value) => {
    const input = named(".rnn-control", words).querySelector("input");
    input.value = value;
    input.dispatchEvent(new Event("input"));
  };
  slide("Share of units", damage);
  slide("Patterns stored", P);
  let back = 0;
  for (let which = 1; which <= P; which++) {
    slide("Pattern to recall", which);
    named("button", "To the end").click();
    back += picture.getAttribute("aria-label").includes(" 0 of them unlike");
  }
  return back;
}"""


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("name", ["loop", "gates", "scan"])
def test_a_shared_address_leads_to_its_figure(browser, book, name, width):
    """On a page of all figures, those above come late and would push it away."""
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.goto(f"{(book / 'lecture.html').as_uri()}?scan.T=16#interactive-{name}")
    page.locator(f"#interactive-{name} .rnn-figure").wait_for()
    above = list(FIGURES)[: list(FIGURES).index(name)]
    for other in above:
        page.locator(f"#interactive-{other} .rnn-figure").wait_for()
    page.wait_for_timeout(1000)
    top = page.locator(f"#interactive-{name}").bounding_box()["y"]
    if name == "scan":  # the last one: the page may end before it reaches the top
        top = min(top, 0) if page.evaluate("innerHeight + scrollY >= document.body.scrollHeight - 2") else top
    assert -2 <= top < 100
    page.close()


def test_an_opening_shows_what_follows_its_end(play):
    figure = play("writes")
    field = figure.control("An opening")
    field.fill("")
    field.press_sequentially("Alice cat")
    figure.says(r"^After t: ")
    field.fill("a")
    field.press_sequentially("bit")
    figure.says(r"^After t: ")


def test_a_setting_that_does_not_fit_for_a_while_comes_back(play):
    figure = play("triangle", "?triangle.T=12&triangle.t=11&triangle.k=9")
    figure.press("Steps T", "Home")
    figure.says(r"^Loss 2 and use 2")
    assert figure.control("Steps in a piece").input_value() == "2"
    figure.press("Steps T", "End")
    figure.says(r"^Loss 11 and use 9")
    figure = play("gates", "?gates.part=counter&gates.at=9")
    figure.control("A string").fill("ab")
    figure.says(r"^Step 2: ")
    figure.control("A string").fill("aaaaabbbbb")
    figure.says(r"^Step 9: ")
    figure = play("recall", "?recall.which=4")
    figure.press("Patterns stored", "Home")
    assert figure.control("Pattern to recall").input_value() == "1"
    figure.press("Patterns stored", "End")
    assert figure.control("Pattern to recall").input_value() == "4"


def test_start_again_starts_again(play):
    figure = play("recall")
    figure.click("To the end")
    figure.says(r"At rest")
    figure.click("Start again")
    figure.says(r"^0 looks, .*, 43 of 144 units wrong")  # 30 % of them
    assert figure.picture.locator("circle").count() == 1  # the runs that ended are forgotten
    figure = play("writes")
    figure.click("Write on")
    figure.page.wait_for_function("document.querySelectorAll('.rnn-text span').length > 9")
    figure.click("Start again")
    figure.page.wait_for_timeout(400)
    figure.says(r"^After .*can be drawn\.$")
    assert figure.box.locator(".rnn-text span").count() == 6
    assert figure.box.get_by_role("button", name="Write on", exact=True).is_visible()


@pytest.mark.parametrize("name", ["triangle", "gates", "scan"])
def test_a_full_screen_enlarges_the_drawing(play, name):
    figure = play(name)
    size = lambda: figure.picture.locator("text").first.bounding_box()["height"]  # noqa: E731
    figure.page.set_viewport_size({"width": 1280, "height": 1000})
    before = size()
    figure.click("Full screen")
    figure.box.get_by_role("button", name="Leave full screen").wait_for()
    figure.page.wait_for_function(FULL, arg=name)
    assert size() > 1.1 * before
    figure.click("Leave full screen")
    figure.box.get_by_role("button", name="Full screen", exact=True).wait_for()
    assert size() == pytest.approx(before, abs=1)


def test_a_tree_wider_than_a_phone_can_be_moved(play):
    figure = play("looking", "?looking.show=beam&looking.width=8", width=390)
    figure.says(r"^Width 8")
    stage = figure.box.locator(".rnn-stage")
    assert stage.evaluate("node => node.scrollWidth > node.clientWidth + 40")
    assert figure.picture.locator("text").first.bounding_box()["height"] > 9
    stage.focus()
    figure.page.keyboard.press("ArrowRight")
    figure.page.wait_for_function("document.querySelector('.rnn-stage').scrollLeft > 0")
    assert figure.picture.evaluate("svg => getComputedStyle(svg).touchAction") == "auto"


def test_a_long_string_shows_the_letters_near_the_marked_step(play):
    text = "a" * 20 + "b" * 20
    figure = play("gates", f"?gates.part=counter&gates.text={text}&gates.at=30", width=390)
    figure.says(r"^Step 30: b is read")
    assert 10 < figure.picture.locator("text", has_text=re.compile("^[Sab]$")).count() < 2 * 41
    assert figure.box.get_by_text("S begins a string").is_visible()
    figure.tap(figure.word("b", 0))
    figure.says(r"^Step (?!30)\d+: ")


def test_the_lecture_tells_of_recall_what_the_figure_does(play):
    figure = play("recall", "?recall.kind=noise")
    told = [(30, 12, 11), (30, 16, 10), (30, 20, 1), (0, 16, 16), (0, 20, 12)]
    assert [figure.page.evaluate(COME_BACK, [damage, P]) for damage, P, _ in told] == [stay for _, _, stay in told]


def test_small_shares_are_said_in_words(play):
    figure = play("triangle", "?triangle.gain=0.2&triangle.T=12&triangle.t=12&triangle.k=1")
    figure.says(r"norm less than 0\.1 % of the largest")
    figure = play("recall", "?recall.damage=50")
    assert "\u00b7" not in figure.picture.text_content()


def test_the_figure_says_what_it_leaves_out(play):
    figure = play("loop")
    field = figure.control("A word")
    note = figure.box.locator(".rnn-note")
    field.fill("xyz")
    assert note.inner_text().startswith("Left out: x y z. It takes the letters")
    field.blur()
    assert field.input_value() == "hello"
    field.fill("")
    assert note.inner_text().startswith("Nothing to read yet")
    field.blur()
    assert field.input_value() == "hello" and not note.is_visible()
    field.focus()
    field.evaluate("node => node.setSelectionRange(2, 2)")
    figure.page.keyboard.type("Ex")
    assert field.input_value() == "heello"
    assert field.evaluate("node => node.selectionStart") == 3
    figure = play("looking")
    field = figure.box.get_by_label("A word", exact=True)
    field.fill("na\u00efve")
    assert field.input_value() == "naive"
    field.fill("abcdefghijklmnopq")
    assert figure.box.locator(".rnn-note").inner_text() == "It takes the letters a to z, at most 14."


def test_a_text_at_its_end_stays_in_view_and_says_that_it_ends(play):
    figure = play("writes", width=390, reduced_motion="reduce")
    figure.click("Write on")
    figure.says(r"300 written.*as long as it gets")
    assert figure.box.get_by_role("button", name="Write one").is_disabled()
    assert figure.box.get_by_role("button", name="Write on", exact=True).is_disabled()
    left = "node => node.scrollHeight - node.clientHeight - node.scrollTop"
    assert figure.box.locator(".rnn-text").evaluate(left) < 2
    figure.control("An opening").fill("a")
    assert figure.box.get_by_role("button", name="Write on", exact=True).is_disabled()
    figure.click("Start again")
    assert figure.box.get_by_role("button", name="Write on", exact=True).is_enabled()


def test_a_fast_pen_leaves_no_gaps_and_a_right_button_draws_nothing(play):
    figure = play("recall", "?recall.pen=black&recall.damage=0")
    pen = figure.picture.locator(".rnn-pen")
    figure.picture.scroll_into_view_if_needed()
    box = pen.bounding_box()
    row, column = box["height"] / 12, box["width"] / 12
    place = lambda r, c: (box["x"] + (c + 0.5) * column, box["y"] + (r + 0.5) * row)  # noqa: E731
    wrong = lambda: int(re.search(r"(\d+) of 144", figure.box.locator(".rnn-says").inner_text())[1])  # noqa: E731
    figure.says(r"^0 looks.*\b0 of 144")
    figure.page.mouse.move(*place(0, 0))
    figure.page.mouse.click(*place(0, 0), button="right")
    figure.page.wait_for_timeout(300)
    assert wrong() == 0
    figure.page.mouse.down()
    figure.page.mouse.move(*place(0, 11), steps=1)
    figure.page.mouse.up()
    figure.says(r", 10 of 144")  # the anchor has two units of ink in its first row
    assert pen.evaluate("node => getComputedStyle(node).touchAction") == "none"
    assert figure.picture.evaluate("node => getComputedStyle(node).touchAction") == "pan-y"


def test_a_finger_draws_on_the_picture(play):
    figure = play("recall", "?recall.pen=black&recall.damage=0", width=390)
    figure.says(r"^0 looks.*\b0 of 144")
    x, y = figure.at(0.1, 0.25)
    gesture = {"x": x, "y": y, "yDistance": 90, "gestureSourceType": "touch", "preventFling": True}
    figure.page.context.new_cdp_session(figure.page).send("Input.synthesizeScrollGesture", gesture)
    figure.says(r", [1-9]\d* of 144")


def test_a_string_outside_of_the_language_is_not_called_right(play):
    figure = play("gates", "?gates.part=counter&gates.text=ba&gates.at=2")
    figure.says(r"no string of the language begins like this\. (The first mistake|From step 1 on)")


def test_one_is_not_many_and_a_strange_count_begins_anew(play):
    figure = play("scan", "?scan.plan=loop&scan.T=2&scan.done=1")
    figure.says(r"after 1 round and 1 join; the loop needs 1 of each")
    figure.says(r"^1 of 1 join\.")
    for done in ("99999", "300"):
        figure = play("scan", f"?scan.done={done}")
        figure.says(r"^0 of 11 joins")


def test_an_empty_setting_is_left_out(play):
    figure = play("gates", "?gates.bias=%20")
    assert figure.control("Forget bias").input_value() == "1"


def test_the_weight_that_is_changed_shows_its_value(play):
    figure = play("loop")
    line = figure.box.get_by_text("The weight from unit 1 to unit 2")
    before = line.inner_text()
    figure.press("Added to the weight", "End")
    trained, now = re.findall(r"[-\d.]+(?= as trained| now)", line.inner_text().replace("\u2212", "-")) or (0, 0)
    assert line.inner_text() != before and float(now) - float(trained) == pytest.approx(3, abs=0.011)
