"""What a person typed, understood: words that count, and a place when they named one."""

from __future__ import annotations

from dataclasses import dataclass

from catalog.domain.areas import County
from catalog.domain.words.analysis import telling
from catalog.domain.words.tokens import words

LONGEST_QUESTION = 300
MOST_WORDS = 12


@dataclass(frozen=True, slots=True)
class Question:
    """Words to look for (none: browse), the municipality meant, and whether too long a text was cut.

    `rather` are names of municipalities that have merged into the one meant: what has them comes first.
    """

    words: tuple[str, ...] = ()
    municipality: str | None = None
    cut: bool = False
    rather: tuple[str, ...] = ()


def understood(text: str, county: County, *, municipality: str | None = None) -> Question:
    """Any text is a question: signs that are no words are as if they were not there.

    A municipality's name among the words is taken as the place, unless a place is given already. It is never a word to
    look for: what a place has does not depend on how another one was named.
    """
    given = words(text[:LONGEST_QUESTION])
    named = next((code for word in given if (code := county.municipality_named(word))), None)
    place = municipality or named
    counted = [word for word in given if named is None or county.municipality_named(word) != named]
    distinct = tuple(dict.fromkeys(telling(counted)))
    cut = len(text) > LONGEST_QUESTION or len(distinct) > MOST_WORDS
    rather = tuple(word for word in given if place and county.formerly_named(word) == place)
    return Question(distinct[:MOST_WORDS], place, cut, rather)
