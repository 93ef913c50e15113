"""Every interactive figure played as a person would: by mouse, by keyboard, by touch."""


def test_play_the_scan(play):
    figure = play("scan")
    figure.says(r"^0 of 11 joins\. Place 4 holds step 4 alone: \(a, b\) = \(0\.500, 4\.000\)")
    figure.click("Next round")
    figure.says(r"^4 of 11 joins\. Place 4 holds steps 3 to 4: \(a, b\) = \(0\.250, 4\.500\)")
    figure.click("Next join")
    figure.says(r"^5 of 11 joins\. Place 4 holds steps 1 to 4.*b is the state h of step 4")
    for _ in range(6):
        figure.click("Next join")
    figure.says(r"all 8 states after 5 rounds and 11 joins; the loop needs 7 of each")
    assert figure.box.get_by_role("button", name="Next join").is_disabled()
    figure.press("Plan", "ArrowUp")  # doubling
    figure.says(r"^0 of 17 joins")
    figure.press("Joins at the same time", "End")
    rows = figure.box.locator("tbody tr").all_inner_texts()
    assert [row.split() for row in rows] == [
        ["loop", "7", "7", "7"],
        ["doubling", "3", "17", "3"],
        ["pairs", "5", "11", "5"],
    ]
    figure.tap(figure.word("8"))
    figure.says(r"Place 8 holds")
    figure.drag(figure.word("8"), figure.word("2"))
    figure.says(r"Place 2 holds")
    figure.press("Steps T", "End")
    figure.says(r"of 321 joins")


def test_play_the_loop(play):
    figure = play("loop")
    figure.says(r"^Step 1 of 5, h is read\. Likeliest next: e")
    for _ in range(3):
        figure.click("Step forward")
    figure.says(r"^Step 4 of 5, l is read\. Likeliest next: o.*also came at step 3: those two states are [1-9]")
    figure.press("Gain", "Home")  # without memory the two l's are one
    figure.says(r"those two states are 0\.00 apart")
    figure.click("Start again")
    figure.control("A word").fill("hexlloo!")
    figure.says(r"of 6, h")  # what the net does not know is not let in
    figure.control("A second run").check()
    figure.tap(figure.word("o", -1))
    figure.says(r"^Step 6 of 6, o is read.*The run that began with l is 0\.\d+ away; it was [1-9]")
    figure.press("Added to the weight", "Home")
    assert figure.control("Added to the weight").input_value() == "-3"
    figure.page.wait_for_function("location.search.includes('loop.weight=-3')")
    assert figure.setting("word") == "helloo" and figure.setting("two") == "true"


def test_play_the_triangle(play):
    figure = play("triangle")
    figure.says(r"^Loss 7 and use 3: 4 Jacobians between them.*nothing is dropped")
    assert figure.box.locator(".rnn-term").inner_text().count("J") == 4
    figure.press("Steps in a piece", "Home", "ArrowRight")
    figure.says(r"A border lies between them.*With pieces of 2, 24 of 36 pairs are dropped: .*cosine")
    figure.press("Use of W_hh", "End")  # no loss reaches a later use: the loss comes along
    figure.says(r"^Loss 8 and use 8: 0 Jacobians")
    figure.press("Loss at step t", "Home")
    figure.says(r"^Loss 1 and use 1")
    row = figure.word("8", -1)[1]
    figure.tap((figure.word("2")[0], row))
    figure.says(r"^Loss 8 and use 2: 6 Jacobians")
    figure.drag((figure.word("2")[0], row), (figure.word("7")[0], row))
    figure.says(r"^Loss 8 and use 7: 1 Jacobian between")
    figure.drag(figure.word("1", 1), figure.word("4", 1))  # the border, in the net
    figure.says(r"With pieces of [34], ")


def test_play_the_recall(play):
    figure = play("recall", reduced_motion="reduce")
    figure.says(r"^0 looks, energy .*, (?!0 )\d+ of 144 units wrong\. Load P/N = 0\.028\.$")
    figure.click("Run")  # where motion is unwelcome, at once
    figure.says(r", 0 of 144 units wrong\..* At rest, in the pattern itself")
    figure.tap(figure.at(0.05, 0.1))
    figure.says(r"^0 looks, energy .*, 1 of 144 units wrong")
    figure.picture.focus()
    figure.page.keyboard.press("ArrowRight")
    figure.says(r"^Row \d+, column \d+: (ink|blank)\.$")
    figure.page.keyboard.press("Space")
    figure.says(r", 2 of 144 units wrong")
    figure.control("The pen").select_option("black")
    figure.drag(figure.at(0.02, 0.2), figure.at(0.3, 0.2))
    figure.says(r", \d+ of 144 units wrong")
    figure.click("Look at one unit")
    figure.says(r"^1 look,")
    figure.control("What is stored").select_option("alike")
    figure.press("Share of units", "Home")
    figure.click("To the end")  # a picture that was stored does not stay
    figure.says(r"At rest, and \d+ units are wrong: this is not the pattern")


def test_play_the_gradients(play):
    figure = play("gradients")
    figure.says(
        r"^tanh, gain 1\.00: factor per step 0\.\d+ measured over 32 steps, 0\.762 predicted.*less than a tenth"
    )
    figure.control("Activation").select_option("identity")
    figure.says(r"^identity.* 1\.000 predicted")
    figure.press("Gain", "End")
    figure.says(r"gain 2\.60.*2\.600 predicted.*more than tenfold")
    figure.tap(figure.at(0.2, 0.5))
    figure.says(r"gain (0|1)\.\d\d: ")
    figure.drag(figure.at(0.2, 0.5), figure.at(0.4, 0.3))
    figure.says(r"gain 2\.\d\d: ")
    figure.press("Lag", "Home")
    figure.says(r"measured over 1 step,")
    first = figure.box.locator(".rnn-says").inner_text()
    figure.click("Another net")
    figure.page.wait_for_function("text => document.querySelector('.rnn-says').textContent !== text", arg=first)
    figure.press("Strength of the input", "End")


def test_play_the_gates(play):
    figure = play("gates")
    figure.says(
        r"^Forget bias 1\.0: the gate stands at 0\.7311, the time constant is .* 3\.7 steps, and half is .* 2\.2"
    )
    figure.press("Forget bias", "End")
    figure.says(r"^Forget bias 6\.0: the gate stands at 0\.9975")
    figure.tap(figure.at(0.9, 0.7))
    figure.says(r"After (8|9)\d steps")
    figure.drag(figure.at(0.9, 0.7), figure.at(0.5, 0.7))
    figure.says(r"After (4|5)\d steps")
    assert not figure.control("A string").is_visible()
    figure.control("What to play with").select_option("counter")
    figure.says(r"^Step 10: b is read, \w is expected; the language allows E")
    figure.control("A string").fill("aabxb")
    figure.says(r"^Step 4: b is read")
    figure.press("Symbol read", "Home")
    figure.says(r"^Step 0: S is read, \w is expected; the language allows a")
    figure.control("A string").fill("ba")
    figure.press("Symbol read", "End")
    figure.says(r"no string of the language begins like this")
    figure.click("Find where it fails")
    figure.says(r"The first mistake is at step \d+")
    figure.tap(figure.at(0.9, 0.3))


def test_play_the_writer(play):
    figure = play("writes", reduced_motion="reduce")
    figure.says(r"^After \u2423: likeliest is .*All 11 characters can be drawn")
    figure.press("Top-k", "Home")
    figure.says(r"1 of 11 characters")
    figure.click("Write one")
    figure.says(r"1 written")
    figure.click("Write on")
    figure.says(r"300 written")
    text = figure.box.locator(".rnn-text").inner_text()
    figure.press("Top-k", "End")
    figure.press("Temperature", "End")
    assert figure.box.locator(".rnn-text").inner_text() != text
    drawn = figure.box.locator(".rnn-text").inner_text()
    figure.click("Other draws")
    assert figure.box.locator(".rnn-text").inner_text() != drawn
    figure.press("Nucleus", "Home")
    figure.says(r"^After .*: likeliest is .* [1-9]\d? of 11 characters")
    figure.box.locator(".rnn-text span").nth(1).tap()
    figure.says(r"^After l: ")
    figure.control("Colour of the text").select_option("unit")
    figure.press("Unit", "Home", "ArrowRight", "ArrowRight")
    figure.says(r"This is the unit that, of all, goes most with speech")
    figure.control("An opening").fill("tic tac?")
    assert figure.control("An opening").input_value() == "tic tac"


def test_play_the_looking(play):
    figure = play("looking")
    figure.says(
        r"^It says .*; the dictionary has P ER F EH K\. For .* looks most at \w, letter .* depends most on \w, letter"
    )
    figure.press("Sound", "Home")
    figure.page.wait_for_function(
        "document.querySelector('.rnn-stage svg').getAttribute('aria-label').includes('Sound 1 ')"
    )
    figure.tap(figure.at(0.2, 0.3))
    figure.control("A word").last.wait_for()
    figure.box.get_by_label("A word", exact=True).fill("pe3ck")
    figure.says(r"the dictionary has P EH K")
    assert figure.control("A word of the chapter").input_value() == "peck"
    figure.box.get_by_label("A word", exact=True).fill("constructor")  # no word of the list, whatever JavaScript thinks
    figure.says(r"^It says [^;]+\. For")
    figure.box.get_by_label("A word", exact=True).fill("peck")
    figure.control("Show").select_option("beam")
    figure.says(r"^Width 2: the best that it found is .* The dictionary's P EH K is (in|nowhere)")
    figure.press("Width of the beam", "End")
    figure.says(r"^Width 8")
    assert figure.box.locator("tbody tr").count() == 8
    figure.control("Compare by the mean").check()
    scores = [float(row.split()[-1].replace("\u2212", "-")) for row in figure.box.locator("tbody tr").all_inner_texts()]
    assert scores == sorted(scores, reverse=True)
