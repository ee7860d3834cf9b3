"""Words that one typed without ä, ö and å may be, whether they exist or not."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, product

_FINNISH = {"a": "ä", "o": "ö"}
_SWEDISH = {"a": "äå", "o": "ö"}
_MOST_VOWELS = 10
_MOST_SWEDISH_MARKS = 2


def with_finnish_marks(word: str) -> Iterator[str]:
    """By vowel harmony, a part of a compound has its marks on every a and o or on none: paivakoti → päiväkoti."""
    vowels = [at for at, letter in enumerate(word) if letter in _FINNISH][:_MOST_VOWELS]
    for first, last in combinations(range(len(vowels) + 1), 2):
        marked = set(vowels[first:last])
        yield "".join(_FINNISH[letter] if at in marked else letter for at, letter in enumerate(word))


def with_swedish_marks(word: str) -> Iterator[str]:
    """With up to two marks: traning → träning."""
    vowels = [at for at, letter in enumerate(word) if letter in _SWEDISH][:_MOST_VOWELS]
    for count in range(1, _MOST_SWEDISH_MARKS + 1):
        for places in combinations(vowels, count):
            for letters in product(*(_SWEDISH[word[at]] for at in places)):
                marks = dict(zip(places, letters, strict=True))
                yield "".join(marks.get(at, letter) for at, letter in enumerate(word))
