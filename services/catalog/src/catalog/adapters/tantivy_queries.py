"""Queries of words: base forms, compound parts, synonyms, spellings; typing errors only where nothing fits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from tantivy import Occur, Query, Schema, Searcher

from catalog.domain.words.analysis import LANGUAGES, Analyser
from catalog.domain.words.slips import typo_distance
from catalog.domain.words.tokens import as_one, folded, joined

_WHOLE = {"name": 8.0, "label": 4.0, "body": 2.0, "part": 3.0}
_JOINT = {"name": 3.0, "label": 2.0, "body": 1.0, "part": 1.0}
_SYNONYM = {"name": 2.0, "label": 1.5, "body": 0.7}
_TITLE, _PARTS, _FORM, _PREFIX, _FOLDED, _TYPO = 10.0, 0.3, 2.0, 1.0, 0.5, 0.3
_OTHER_LANGUAGE = 0.7
_TIE = 0.1
_SHORTEST_PREFIX = 3


class WordQueries:
    """Builds the query of one word."""

    def __init__(self, schema: Schema, analyser: Analyser) -> None:
        self._schema = schema
        self._analyser = analyser

    def word(self, word: str, *, language: str, is_last: bool, is_written: bool) -> Query:
        """Everything that is the word: in any language, inflected, inside a compound, or begun (the last one only).

        What texts write so is no word that lacks its diacritics.

        One flat choice among terms: nested, they take several times as long.
        """
        terms = _Boosts()
        terms.add("form", f"{language}:{joined(word)}", _FORM)
        # Who types ä has the key for it, and means no word without.
        spelt = ["fold"] if word.isascii() else []
        for field in spelt:
            terms.add(field, folded(joined(word)), _FOLDED)
        if not is_written:
            terms.add_all(self._analyser.restored(word), _JOINT, _FOLDED)
        ways = []
        for spoken in LANGUAGES:
            weight = 1.0 if spoken == language else _OTHER_LANGUAGE
            known = self._analyser.terms(word, spoken)
            terms.add_all(known.whole, _WHOLE, weight)
            terms.add_all(self._analyser.telling_joints(known), _JOINT, weight)
            terms.add_all(self._analyser.synonyms(known.whole), _SYNONYM, weight)
            ways += [self._all_of(known.parts, weight)] if len(known.parts) > 1 else []
        if is_last and len(word) >= _SHORTEST_PREFIX:
            ways.append(self._prefix("form", f"{language}:{word}", _PREFIX))
            ways += [self._prefix(field, folded(word), _FOLDED) for field in spelt]
        return Query.disjunction_max_query([*self._leaves(terms), *ways], _TIE)

    def occurrences(self, searcher: Searcher, word: str, language: str) -> int:
        """How many entries write the word so, some of them perhaps removed; quicker than a search."""
        return searcher.doc_freq("form", f"{language}:{joined(word)}")

    def title(self, words: Sequence[str]) -> Query:
        """A name that is just what was asked."""
        return self._boosted("title", as_one(words), _TITLE)

    def slips(self, word: str) -> list[Query]:
        """Words that a word found nowhere may be a typing error of, the nearest first."""
        spelt = folded(joined(word))
        distances = range(1, typo_distance(word) + 1)
        fuzzy = (Query.fuzzy_term_query(self._schema, "fold", spelt, distance, True, False) for distance in distances)
        return [Query.boost_query(one, _TYPO) for one in fuzzy]

    def is_compound(self, word: str) -> bool:
        """Whether it is spelt right as a compound of words that the lexicon has."""
        return word.isalpha() and len(self._analyser.terms(word, "fi").parts) > 1

    def loose(self, word: str) -> Query:
        """Any telling part of a compound found nowhere, or what people call it otherwise."""
        parts = self._analyser.specific(self._analyser.terms(word, "fi").parts)
        terms = _Boosts()
        terms.add_all((term for part in parts for term in (part, *self._analyser.synonyms(frozenset({part})))), _JOINT)
        return Query.disjunction_max_query(self._leaves(terms), _TIE)

    def _all_of(self, parts: Sequence[str], weight: float) -> Query:
        """Every part somewhere in the entry."""
        anywhere = [_Boosts() for _ in parts]
        for terms, part in zip(anywhere, parts, strict=True):
            terms.add_all([part], _WHOLE, weight * _PARTS / len(parts))
        return Query.boolean_query(
            [(Occur.Must, Query.disjunction_max_query(self._leaves(terms), _TIE)) for terms in anywhere]
        )

    def _leaves(self, terms: _Boosts) -> list[Query]:
        return [self._boosted(field, token, boost) for (field, token), boost in sorted(terms.items())]

    def _boosted(self, field: str, token: str, boost: float) -> Query:
        return Query.boost_query(Query.term_query(self._schema, field, token), boost)

    def _prefix(self, field: str, word: str, boost: float) -> Query:
        return Query.boost_query(Query.fuzzy_term_query(self._schema, field, word, 0, True, True), boost)


class _Boosts(dict[tuple[str, str], float]):
    """The highest boost of each field and token."""

    def add(self, field: str, token: str, boost: float) -> None:
        self[field, token] = max(boost, self.get((field, token), 0.0))

    def add_all(self, terms: Iterable[str], boosts: Mapping[str, float], weight: float = 1.0) -> None:
        for term in terms:
            for field, boost in boosts.items():
                self.add(field, term, boost * weight)
