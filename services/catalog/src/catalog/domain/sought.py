"""The words of a question as they are looked for in texts: the same ways as the index goes, with where they are."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from catalog.domain.words.analysis import LANGUAGES, Analyser
from catalog.domain.words.slips import is_slip
from catalog.domain.words.tokens import folded, joined, placed_words, words

HOWS = ("word", "part", "synonym", "form", "similar")
"""Ways of finding a word, the strongest first."""

_SHORTEST_PREFIX = 3


@dataclass(frozen=True, slots=True)
class Spot:
    """A word of a text, from `start` to `end`, that is the question's word with this number."""

    start: int
    end: int
    number: int
    how: str
    token: str


class Sought:
    """One question; made once, then asked of many texts."""

    def __init__(
        self,
        question: Sequence[str],
        analyser: Analyser,
        *,
        slips: Collection[str] = (),
        written: Collection[str] = (),
    ) -> None:
        """`slips` are looked for as slips of other words; `written` are those that texts write just so."""
        self.words = question
        self._written = written
        self._analyser = analyser
        self._slips = [(number, folded(joined(word))) for number, word in enumerate(question) if word in slips]
        self._terms: dict[str, dict[int, str]] = {}
        self._spelt: dict[str, int] = {}
        for number, word in enumerate(question):
            self._look_for(number, word)
        last = folded(joined(question[-1])) if question else ""
        self._begun = last if len(last) >= _SHORTEST_PREFIX else None
        self._seen: dict[str, set[str]] = {}
        self._ways: dict[str, dict[str, Mapping[int, str]]] = {}

    def spots(self, text: str, language: str) -> Iterator[Spot]:
        """Where the question's words are in a text; a place may be several of them."""
        tokens = set(words(text))
        ways = self._learned(tokens, language)
        if ways.keys().isdisjoint(tokens):
            return
        for token, start, end in placed_words(text):
            for number, how in ways.get(token, {}).items():
                yield Spot(start, end, number, how, token)

    def _learned(self, tokens: set[str], language: str) -> Mapping[str, Mapping[int, str]]:
        """How tokens are words of the question. Most of a page come again and again: each is looked at once."""
        seen, ways = self._seen.setdefault(language, set()), self._ways.setdefault(language, {})
        for token in tokens - seen:
            found = self._match(token, language)
            if found:
                ways[token] = found
        seen |= tokens
        return ways

    def _look_for(self, number: int, word: str) -> None:
        """A stronger way of one word is kept over a weaker."""
        analyser = self._analyser
        known = [analyser.terms(word, language) for language in LANGUAGES]
        whole = {term for terms in known for term in terms.whole}
        inner = {one for terms in known for one in (*analyser.telling_joints(terms), *analyser.specific(terms.parts))}
        ways = {
            "form": frozenset() if word in self._written else analyser.restored(word),
            "synonym": {other for terms in known for other in analyser.synonyms(terms.whole)},
            "part": inner,
            "word": whole,
        }
        for how, terms in ways.items():
            for term in terms:
                self._terms.setdefault(term, {})[number] = how
        self._spelt[folded(joined(word))] = number

    def _match(self, token: str, language: str) -> dict[int, str]:
        found: dict[int, str] = {}
        terms = self._analyser.terms(token, language)
        if not terms.all.isdisjoint(self._terms):
            found = self._by_terms(terms.whole, terms.all - terms.whole)
        spelt = terms.spelt
        if spelt in self._spelt:
            found.setdefault(self._spelt[spelt], "form")
        if self._begun and spelt.startswith(self._begun):
            found.setdefault(len(self.words) - 1, "form")
        for number, slip in self._slips:
            if number not in found and is_slip(slip, spelt):
                found[number] = "similar"
        return found

    def _by_terms(self, whole: Collection[str], inner: Collection[str]) -> dict[int, str]:
        found: dict[int, str] = {}
        for term in whole:
            for number, how in self._terms.get(term, {}).items():
                _keep(found, number, how)
        for term in inner:
            for number, how in self._terms.get(term, {}).items():
                if how != "synonym":
                    _keep(found, number, "part" if how == "word" else how)
        return found


def _keep(found: dict[int, str], number: int, how: str) -> None:
    if number not in found or HOWS.index(how) < HOWS.index(found[number]):
        found[number] = how
