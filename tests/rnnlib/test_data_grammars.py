"""Strings of small languages, against a second description of the same languages."""

import re

import numpy as np
import pytest

from rnnlib.data import REBER_SYMBOLS, counting, reber, reber_next

# The automaton as a regular expression: two ways in, a middle that can be gone round again, two ways out.
REBER = re.compile(r"B(TS*X(?:XT*VP)*(?:S|XT*VV)|PT*V(?:PXT*V)*(?:V|PS))E")


def strings(embedded, n=400):
    rng = np.random.default_rng(0)
    return [reber(rng, embedded) for _ in range(n)]


def test_reber_strings_keep_to_the_grammar():
    made = strings(embedded=False)
    assert all(REBER.fullmatch(string) for string in made)
    assert {*"".join(made)} == set(REBER_SYMBOLS)
    assert {"BTXSE", "BPVVE", "BTSXSE", "BPVPSE"} <= set(made)  # the short ones are all there
    assert sum(string[1] == "T" for string in made) == pytest.approx(200, abs=40)


def test_embedded_strings_end_on_the_symbol_they_began_with():
    made = strings(embedded=True)
    for string in made:
        assert string[0] == "B" and string[-1] == "E" and string[1] == string[-2]
        assert REBER.fullmatch(string[2:-2])
    assert {string[1] for string in made} == {"T", "P"}


@pytest.mark.parametrize("embedded", [False, True])
def test_what_may_come_next_is_what_does_come_next_in_some_string_with_that_beginning(embedded):
    made = strings(embedded, 3000)
    came = {}
    for string in made:
        for t in range(1, len(string) + 1):
            came.setdefault(string[:t], set()).update(string[t : t + 1])
    for string in made[:50]:
        allowed = reber_next(string, embedded)
        assert len(allowed) == len(string) and allowed[-1] == ""
        for t, symbols in enumerate(allowed, 1):
            assert came[string[:t]] <= set(symbols) and symbols == "".join(sorted(symbols))
            if t <= 4:  # beginnings so short are frequent enough to have been gone on with in every way
                assert came[string[:t]] == set(symbols)


def test_the_beginning_of_a_string_is_enough():
    assert reber_next("BT") == ["PT", "SX"]
    assert reber_next("BP", embedded=True) == ["PT", "B"]


@pytest.mark.parametrize(
    "string, embedded, message",
    [
        ("T", False, "expected one of 'B' at index 0 of 'T', got 'T'"),
        ("BTE", False, "expected one of 'SX' at index 2 of 'BTE', got 'E'"),
        ("BTXSEE", False, "expected one of '' at index 5 of 'BTXSEE', got 'E'"),
        ("BTBTXSEP", True, "expected one of 'T' at index 7 of 'BTBTXSEP', got 'P'"),
        ("BTTX", True, "expected one of 'B' at index 2 of 'BTTX', got 'T'"),
        ("BTBTXSETEE", True, "expected one of '' at index 9"),
    ],
)
def test_a_broken_string_is_refused_where_it_breaks(string, embedded, message):
    with pytest.raises(ValueError, match=f"string: {message}"):
        reber_next(string, embedded)


@pytest.mark.parametrize("letters", ["ab", "abc", "xyzw"])
@pytest.mark.parametrize("n", [1, 2, 7])
def test_counting_is_so_many_of_each_and_certain_after_the_first_letter(letters, n):
    string, allowed = counting(n, letters)
    assert string == "S" + "".join(letter * n for letter in letters) + "E"
    assert len(allowed) == len(string) and allowed[0] == letters[0] and allowed[-1] == ""
    assert allowed[1 : n + 1] == [letters[:2]] * n
    assert allowed[n + 1 :] == [*string[n + 2 :], ""]
    # What is allowed does not give n away: another string with the same beginning allows the same.
    longer, allowed_longer = counting(n + 1, letters)
    assert longer[: n + 1] == string[: n + 1] and allowed_longer[: n + 1] == allowed[: n + 1]


def test_counting_refuses_and_says_why():
    with pytest.raises(ValueError, match="n: expected a whole number of at least 1, got 0"):
        counting(0)
    for letters in ("a", "aa", "aS", "Eb"):
        with pytest.raises(ValueError, match="letters: expected two or more different letters without S and E"):
            counting(3, letters)
