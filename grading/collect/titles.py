"""Read what a notebook is called: of which exercise it is, which copy, and whose, where nothing better says so.

Students rename, copy and translate. So a name has to tell something only where several notebooks lie together, and a
file's own name says whose it is only where neither a platform nor a folder does.
"""

import re
import unicodedata
from collections.abc import Iterable

from grading.collect.archives import NOTEBOOK

# What systems, browsers and Jupyter, in the languages that they have, call a copy, and what they call a new notebook.
COPIES = (
    "copy of|copy|kopie von|kopie van|kopie|kopia|kopi av|kopi|kopio|kopyası|copie de|copie|copia de|copia|"
    "c[oó]pia de|c[oó]pia|копия|копія|のコピー|コピー|的副本|副本|的拷贝|拷贝|複製|複本|의 사본|사본|복사본|αντίγραφο|"
    "نسخة من|نسخة|עותק של|עותק|bản sao của|bản sao|salinan dari|salinan|สำเนาของ|สำเนา|másolata|másolat"
)
COPY = re.compile(
    rf"(?<![^\W\d_])(?:{COPIES})(?![^\W\d_])|のコピー|的副本|의 사본|\([^()]{{0,3}}\d{{1,2}}\)", re.IGNORECASE
)
UNNAMED = re.compile(
    r"(?:untitled|unbenannt|sans titre|sin t[ií]tulo|sem t[ií]tulo|senza titolo|naamloos|без названия|无标题|未命名|"
    r"無題|제목 없음|notebook)?[\d\W_]*",
    re.IGNORECASE,
)


def title(name: str) -> str:
    """A notebook's name without its ending, as one program or another would write it."""
    return unicodedata.normalize("NFKC", NOTEBOOK.sub("", name)).strip()


def plain(name: str) -> str:
    """A name as two lists would both write it: without case, spaces, commas and accents' encodings."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", name)).casefold()


def exercise_in(text: str, exercises: Iterable[str]) -> str | None:
    """The exercise that a text names, the longest of several; None where it names none."""
    written = plain(text)
    return max((name for name in exercises if plain(name) in written), key=len, default=None)


def rest(text: str, exercise: str) -> tuple[str, int]:
    """What a title holds beside the exercise's name: words, and the number of the copy."""
    pattern = r"[\W_]*".join(map(re.escape, re.findall(r"[^\W_]+", exercise)))
    beside = re.sub(pattern, " ", title(text), count=1, flags=re.IGNORECASE)
    numbers = [int(number) for number in re.findall(r"(?<!\d)\d{1,2}(?!\d)", beside)]
    words, copies = COPY.subn(" ", beside)
    words = words.strip(" _-–—()「」『』\"'")
    words = "" if UNNAMED.fullmatch(words) else words
    return words, max([*numbers[-1:], min(copies, 1)], default=0)


def as_folder(name: str) -> str:
    """Make a name that a folder can have: "Ada Lovelace" -> "ada-lovelace"; one that is fit already stays."""
    name = unicodedata.normalize("NFC", name.strip())
    if not re.fullmatch(r"[\w.@-]+", name):
        name = re.sub(r"[^\w.@]+", "-", name.lower())
    return name.strip("-").lstrip(".")
