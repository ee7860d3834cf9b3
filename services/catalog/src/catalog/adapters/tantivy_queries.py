"""Queries of words: base forms, compound parts, synonyms, spellings; typing errors only where nothing fits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tantivy import Occur, Query, Schema, Searcher

from catalog.domain.documents import TERM_FIELDS
from catalog.domain.words.analysis import LANGUAGES, Analyser, WordTerms
from catalog.domain.words.slips import typo_distance
from catalog.domain.words.tokens import as_one, folded, joined

_WHOLE = {"name": 8.0, "label": 4.0, "body": 2.0, "part": 3.0}
_JOINT = {"name": 3.0, "label": 2.0, "body": 1.0, "part": 1.0}
_SYNONYM = {"name": 2.0, "label": 1.5, "body": 0.7}
_TITLE, _PARTS, _FORM, _PREFIX, _FOLDED, _TYPO = 10.0, 0.3, 2.0, 1.0, 0.5, 0.3
_OTHER_LANGUAGE = 0.7
_SHORTEST_PREFIX = 3
_FREQUENT = 20


class WordQueries:
    """Builds the query of one word."""

    def __init__(self, schema: Schema, analyser: Analyser) -> None:
        self._schema = schema
        self._analyser = analyser

    def word(self, word: str, *, language: str, is_last: bool) -> Query:
        """Everything that is the word: in any language, inflected, inside a compound, or begun (the last one only)."""
        ways = [self._in_language(word, one, 1.0 if one == language else _OTHER_LANGUAGE) for one in LANGUAGES]
        ways += [self._boosted("form", f"{language}:{joined(word)}", _FORM)]
        ways += [self._boosted("fold", folded(joined(word)), _FOLDED)]
        ways += [Query.boost_query(self._anywhere(term, _JOINT), _FOLDED) for term in self._analyser.restored(word)]
        if is_last and len(word) >= _SHORTEST_PREFIX:
            ways += [self._prefix("form", f"{language}:{word}", _PREFIX), self._prefix("fold", folded(word), _FOLDED)]
        return Query.disjunction_max_query(ways, 0.1)

    def occurs(self, searcher: Searcher, word: str) -> bool:
        """Whether so many entries have the word that no removal of some can be why; quicker than a search."""
        return searcher.doc_freq("fold", folded(joined(word))) >= _FREQUENT

    def title(self, words: Sequence[str]) -> Query:
        """A name that is just what was asked."""
        return self._boosted("title", as_one(words), _TITLE)

    def slips(self, word: str) -> list[Query]:
        """Words that a word found nowhere may be a typing error of, the nearest first."""
        spelt = folded(joined(word))
        distances = range(1, typo_distance(word) + 1)
        fuzzy = (Query.fuzzy_term_query(self._schema, "fold", spelt, distance, True, False) for distance in distances)
        return [Query.boost_query(one, _TYPO) for one in fuzzy]

    def loose(self, word: str) -> Query:
        """Any telling part of a compound found nowhere, or what people call it otherwise."""
        parts = self._analyser.specific(self._analyser.terms(word, "fi").parts)
        near = {term for part in parts for term in (part, *self._analyser.synonyms(frozenset({part})))}
        return Query.disjunction_max_query([self._anywhere(term, _JOINT) for term in sorted(near)], 0.1)

    def _in_language(self, word: str, language: str, weight: float) -> Query:
        terms = self._analyser.terms(word, language)
        ways = [self._anywhere(term, _WHOLE) for term in sorted(terms.whole)]
        ways += [self._anywhere(term, _JOINT) for term in sorted(self._telling_joints(terms))]
        ways += [self._anywhere(term, _SYNONYM) for term in sorted(self._analyser.synonyms(terms.whole))]
        if len(terms.parts) > 1:
            ways.append(self._all_of(terms.parts))
        return Query.boost_query(Query.disjunction_max_query(ways, 0.1), weight)

    def _telling_joints(self, terms: WordTerms) -> Iterable[str]:
        """Runs of parts and hyphened words that are more than general words joined."""
        telling = {part.partition(":")[2] for part in self._analyser.specific(terms.parts)}
        return (joint for joint in terms.joints if any(part in joint for part in telling))

    def _all_of(self, parts: Sequence[str]) -> Query:
        """Every part somewhere in the entry."""
        ways = [(Occur.Must, self._anywhere(part, _WHOLE)) for part in parts]
        return Query.boost_query(Query.boolean_query(ways), _PARTS / len(parts))

    def _anywhere(self, term: str, boosts: dict[str, float]) -> Query:
        fields = [self._boosted(field, term, boosts[field]) for field in (*TERM_FIELDS, "part") if field in boosts]
        return Query.disjunction_max_query(fields, 0.1)

    def _boosted(self, field: str, token: str, boost: float) -> Query:
        return Query.boost_query(Query.term_query(self._schema, field, token), boost)

    def _prefix(self, field: str, word: str, boost: float) -> Query:
        return Query.boost_query(Query.fuzzy_term_query(self._schema, field, word, 0, True, True), boost)
