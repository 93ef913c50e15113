"""Guess the encoding of names that come without one, as old zips and the tables of spreadsheets do.

Such bytes are read in every encoding that is in use for names, and the readings compared: the right one holds letters,
all of one script in a word, no capital in the middle of it, and of the thousands of Chinese characters common ones.
"""

import contextlib
import re
import unicodedata
from collections.abc import Sequence

# Of Windows' and DOS' languages; in this order where two readings are as good.
USUAL = ("cp437", "cp850", "cp1252", "cp932", "cp936", "cp1250", "cp1251", "cp866", "cp949", "cp950", "mac_roman")
IN_TABLES = ("cp1252", "cp1250", "cp1251", "cp932", "cp936", "cp949", "cp950", "cp437", "cp850", "cp866", "mac_roman")
SAMPLE = 10_000  # characters that are looked at
CLEARLY = 0.1  # by so much the best reading has to be better than the next, to be certain
WORTH = {"latin": 1.0, "cyrillic": 0.95, "kana": 1.0, "hangul": 1.0, "common": 1.0, "rare": 0.2, "half": 0.2}
# What spreadsheets and DOS have beside letters, and what names and tables may hold.
FINE = "'’·´`–—“”„«»…€£°§ºª\u00a0"
# The lead bytes of the common characters of an encoding: level 1 of JIS, GB 2312 and Big5, the syllables of KS X 1001.
COMMON = {"cp932": ("shift_jis", 0x88, 0x97), "cp936": ("gb2312", 0xB0, 0xD7), "cp950": ("big5", 0xA4, 0xC6),
          "cp949": ("euc_kr", 0xB0, 0xC8)}  # fmt: skip


def decoded(raws: Sequence[bytes], encodings: Sequence[str] = USUAL) -> tuple[list[str], str, bool]:
    """Read some bytes, all in one encoding.

    Args:
        raws: list of bytes.
        encodings: those to try, the likelier first.

    Returns:
        List of the texts, the name of the encoding, and whether it is certain.
    """
    for encoding in ("ascii", "utf-8"):
        try:
            return [raw.decode(encoding) for raw in raws], encoding, True
        except UnicodeDecodeError:
            continue
    readings, odd = {}, b"\n".join(sorted({raw for raw in raws if not raw.isascii()}))
    for encoding in encodings:
        with contextlib.suppress(UnicodeDecodeError):
            text = odd.decode(encoding)
            readings[encoding] = _worth(text[:SAMPLE], encoding), text
    if not readings:  # any bytes are letters there
        return [raw.decode("cp437") for raw in raws], "cp437", False
    best = max(readings, key=lambda encoding: readings[encoding][0])  # the first of several
    worth, text = readings[best]
    certain = worth > 0.5 and all(other == text for value, other in readings.values() if value > worth - CLEARLY)
    return [raw.decode(best) for raw in raws], best, certain


def _worth(text: str, encoding: str) -> float:
    """How much a reading looks like names: at most 1, the mean over the bytes that are not ASCII."""
    total, count, double = 0.0, 0, encoding in COMMON
    for word in re.split(r"[\s_\-.,;:()\[\]/\\\"]+", text):
        before = ""
        for letter in unicodedata.normalize("NFC", word):
            script = _script(letter, encoding)
            if letter > "\x7f":
                size = 2 if double and script != "half" else 1
                value = WORTH.get(script, 0.5 if letter in FINE else -1.0)
                if before and not _together(before, script, letter, encoding):
                    value -= 0.8
                total, count = total + size * value, count + size
            elif letter.isalpha() and _script(before, encoding) not in ("", "latin"):
                total -= 0.8  # "\N{CYRILLIC CAPITAL LETTER BE}lvaro"
            before = letter
    return total / max(count, 1)


def _together(before: str, script: str, letter: str, encoding: str) -> bool:
    """Whether a letter can stand after another one in a word."""
    if letter.isupper() and before.islower():
        return False
    earlier = "latin" if before.isascii() and before.isalpha() else _script(before, encoding)
    if script == "latin":  # one accent seldom follows another
        return earlier in ("latin", "") and (before.isascii() or letter in "ßøåäöü")
    east = {"kana", "hangul", "common", "rare", "half"}
    return earlier in ("", script) or (earlier in east and script in east)


def _script(letter: str, encoding: str) -> str:
    """The script of a letter; empty for what is none."""
    point = ord(letter or " ")
    if 0xC0 <= point <= 0x17F and letter not in "×÷":
        return "latin"
    if 0x400 <= point <= 0x4FF:
        return "cyrillic"
    if 0x3041 <= point <= 0x30FF:
        return "kana"
    if 0xFF66 <= point <= 0xFF9F:
        return "half"
    if 0xAC00 <= point <= 0xD7A3 or 0x4E00 <= point <= 0x9FFF:
        codec, first, last = COMMON.get(encoding, ("ascii", 0, 0))
        common = first <= letter.encode(codec, "replace")[0] <= last
        return ("hangul" if point >= 0xAC00 else "common") if common else "rare"
    return ""
