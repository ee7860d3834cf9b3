"""Compound words: which parts a long Finnish word is made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import simplemma

_SHORTEST_COMPOUND = 7
_SHORTEST_PART = 3
_LEAST_LEFT = 0.6
_SHORTEST_DROPPED = 4
_LANGUAGES = ("fi", "sv", "en")

# Dictionaries stay packed (`low_memory`): each word is looked up once, and as Python objects they take 400 MB.


@dataclass(frozen=True)
class Lexicon:
    """Base forms that compounds are made of; `general` ones (palvelu, ryhmä) find nothing by themselves.

    `forms` are inflected forms that the dictionary takes for another word's (avun, tukea), with their base form.
    """

    words: frozenset[str]
    general: frozenset[str]
    forms: Mapping[str, str]

    def part(self, piece: str, *, last: bool) -> str | None:
        """The base form of a piece of a compound: a head is a base form or a genitive, the tail takes any case."""
        if piece in self.words:
            return piece
        if not last and not piece.endswith("n"):
            return None
        base = self.forms.get(piece) or finnish_base(piece)
        if base in self.words:
            return base
        singular = base.removesuffix("t")  # simplemma knows some words by their plural: palveluista → palvelut
        return singular if singular in self.words and is_known(piece, "fi") else None


def lexicon_of(lines: Iterable[str]) -> Lexicon:
    """Reads the artefact: a base form per line, `*` before general ones, `: form form` after it, `#` before remarks."""
    entries = [line.partition(":") for line in lines if line.strip() and not line.startswith("#")]
    forms = {base.strip(): given.split() for base, _, given in entries}
    return Lexicon(
        words=frozenset(base.removeprefix("*") for base in forms),
        general=frozenset(base[1:] for base in forms if base.startswith("*")),
        forms={form: base.removeprefix("*") for base, given in forms.items() for form in given},
    )


@dataclass(frozen=True)
class Synonyms:
    """Senses: language → words, in their base form."""

    senses: Sequence[Mapping[str, Sequence[str]]]


@lru_cache(maxsize=200_000)
def base_form(word: str, language: str) -> str:
    """The dictionary form in fi, sv or en; of words in any other language the word itself."""
    if language not in _LANGUAGES:
        return word
    base = str(simplemma.lemmatize(word, lang=language, low_memory=True)).casefold()
    # For a word it doesn't know, simplemma cuts until something is left: sauvakävly → sauva, liikuntasali → liikunta.
    guessed = len(base) < _LEAST_LEFT * len(word) or not base.isalnum() or _drops_a_word(word, base, language)
    return word if guessed and not is_known(word, language) else base


def _drops_a_word(word: str, base: str, language: str) -> bool:
    """Whether what was cut off is a word, and no ending: between two vowels that are one a compound has a hyphen."""
    rest = word.removeprefix(base)
    return _SHORTEST_DROPPED <= len(rest) < len(word) and rest[0] != base[-1] and is_known(rest, language)


@lru_cache(maxsize=50_000)
def is_known(word: str, language: str) -> bool:
    """Whether the dictionary has the word in this form."""
    return bool(simplemma.is_known(word, lang=language, low_memory=True))


def finnish_base(word: str) -> str:
    return base_form(word, "fi")


class Compounds:
    """Splits with a cache: the same words come again and again."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self.parts = lru_cache(maxsize=100_000)(self._parts)

    def is_part(self, word: str) -> bool:
        """Whether it is a base form of the lexicon, whatever else it may be: työ is sinä in a dialect, too."""
        return word in self._lexicon.words

    def meant(self, word: str) -> str | None:
        """The base form that the lexicon gives of a form which the dictionary takes for another word's."""
        return self._lexicon.forms.get(word)

    def is_general(self, part: str) -> bool:
        return part in self._lexicon.general

    def _parts(self, word: str) -> tuple[str, ...]:
        """Base forms of the parts, in order; empty where the word is no compound of known parts."""
        if len(word) < _SHORTEST_COMPOUND or not word.isalpha():
            return ()
        found = self._split(word)
        return found if len(found) > 1 else ()

    def _split(self, word: str) -> tuple[str, ...]:
        """The split with the fewest parts; among those the one with the longest last part."""
        best: dict[int, tuple[str, ...]] = {0: ()}
        for start in range(len(word)):
            if start not in best:
                continue
            for end in range(start + _SHORTEST_PART, len(word) + 1):
                part = self._lexicon.part(word[start:end], last=end == len(word))
                if part and (end not in best or len(best[start]) + 1 < len(best[end])):
                    best[end] = (*best[start], part)
        return best.get(len(word), ())
