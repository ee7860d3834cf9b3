"""Words of a text as people type them: letters and digits, hyphens and apostrophes inside."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

# U+02BC and the typographic apostrophe stand in for ' in names; combining marks belong to their letter.
_WORD = re.compile(r"\w+(?:['’ʼ-]\w+)*")
_MARKS = re.compile("[\u0300-\u036f]")
LONGEST_WORD = 60


def words(text: str) -> list[str]:
    """Casefolded words in NFC; hyphens and apostrophes stay inside a word."""
    return [word[:LONGEST_WORD] for word in _WORD.findall(_spelt(unicodedata.normalize("NFC", text)))]


def placed_words(text: str) -> Iterator[tuple[str, int, int]]:
    """Words as of `words`, with where they start and end in a text that is NFC already."""
    for found in _WORD.finditer(text):
        yield _spelt(found.group())[:LONGEST_WORD], found.start(), found.end()


def _spelt(text: str) -> str:
    return text.casefold().replace("’", "'").replace("ʼ", "'")


def as_one(some: Iterable[str]) -> str:
    """Several words as one token, for comparing whole names."""
    return "_".join(some)


def inner_parts(word: str) -> list[str]:
    """The parts around hyphens and apostrophes; none for a word without."""
    parts = [part for part in re.split("['-]", word) if part]
    return parts if len(parts) > 1 else []


def joined(word: str) -> str:
    """The word without hyphens and apostrophes: `digi-tuki` is `digituki`."""
    return word.replace("-", "").replace("'", "")


@lru_cache(maxsize=200_000)
def folded(word: str) -> str:
    """Without diacritics, for those who have no ä on their keyboard."""
    return _MARKS.sub("", unicodedata.normalize("NFD", word)).replace("ø", "o").replace("ŋ", "n").replace("đ", "d")
