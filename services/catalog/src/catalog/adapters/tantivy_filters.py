"""Filters as queries, and counts of what each of their values would give."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

import tantivy
from tantivy import FieldType, Occur, Query, Schema

from catalog.adapters.open_patterns import OpenPatterns
from catalog.adapters.tantivy_schema import ANY_AGE, minute_of
from catalog.app.search import FACETS, OPEN_NOW, SESSION_DAYS, SESSION_WITHIN, Filters
from catalog.domain.documents import EVERYWHERE

Counts = Mapping[str, Mapping[str, int]]
_MOST_VALUES = 1000


def both(one: Query, other: Query | None) -> Query:
    """What is found by both, scored by the first alone."""
    if other is None:
        return one
    return Query.boolean_query([(Occur.Must, one), (Occur.Must, Query.const_score_query(other, 0.0))])


def count(searcher: tantivy.Searcher, query: Query) -> int:
    return int(searcher.search(query, limit=1, count=True).count)  # type: ignore[attr-defined]  # not in its stub


class FilterQueries:
    """Builds filters and counts facets."""

    def __init__(self, schema: Schema, patterns: OpenPatterns) -> None:
        self._schema = schema
        self._patterns = patterns

    def query(self, filters: Filters, at: datetime | None) -> Query | None:
        """None where nothing narrows. Raises ValueError where a filter needs the moment of asking and has none."""
        parts = [*self._of_codes(filters), *self._of_numbers(filters, at)]
        if filters.open_now:
            parts.append(self._open(_known(at)))
        return Query.boolean_query([(Occur.Must, one) for one in parts]) if parts else None

    def facets(self, searcher: tantivy.Searcher, words: Query, filters: Filters, at: datetime | None) -> Counts:
        """Counts under the other filters: what choosing the value instead would give."""
        found = dict(self._codes(searcher, words, filters, at))
        if at is not None:
            open_now = both(words, self.query(filters.without(OPEN_NOW), at))
            found[OPEN_NOW] = _positive({"yes": count(searcher, both(open_now, self._open(at)))})
            coming = both(words, self.query(filters.without(SESSION_WITHIN), at))
            days = {str(n): count(searcher, both(coming, self._session(at, n))) for n in SESSION_DAYS}
            found[SESSION_WITHIN] = _positive(days)
        return found

    def codes(self, searcher: tantivy.Searcher, query: Query, facets: Iterable[str]) -> Counts:
        """Values of facets with their counts, the most frequent first."""
        asked = {facet: {"terms": {"field": facet, "size": _MOST_VALUES}} for facet in facets}
        if not asked:
            return {}
        answers = searcher.aggregate(query, asked)
        return {
            facet: {str(bucket["key"]): int(bucket["doc_count"]) for bucket in answers[facet]["buckets"]}
            for facet in asked
        }

    def _codes(self, searcher: tantivy.Searcher, words: Query, filters: Filters, at: datetime | None) -> Counts:
        """All facets that nothing is chosen of are counted in one go."""
        chosen = filters.chosen
        free = [facet for facet in FACETS if facet not in chosen]
        found = dict(self.codes(searcher, both(words, self.query(filters, at)), free))
        for facet in chosen:
            others = self.query(filters.without(facet), at)
            found |= self.codes(searcher, both(words, others), [facet])
        return found

    def _of_codes(self, filters: Filters) -> Iterator[Query]:
        for facet, codes in filters.chosen.items():
            wanted = [*codes, EVERYWHERE] if facet == "municipality" else list(codes)
            yield Query.term_set_query(self._schema, facet, wanted)

    def _of_numbers(self, filters: Filters, at: datetime | None) -> Iterator[Query]:
        if filters.age is not None:
            yield Query.term_set_query(self._schema, "age", [filters.age, ANY_AGE])
        if filters.session_within is not None:
            yield self._session(_known(at), filters.session_within)

    def _open(self, at: datetime) -> Query:
        return Query.term_set_query(self._schema, "hours", self._patterns.open_at(at))

    def _session(self, at: datetime, days: int) -> Query:
        """Begins at the moment or later, and not more than so many days later."""
        first, last = minute_of(at), minute_of(at + timedelta(days=days))
        return Query.range_query(self._schema, "session", FieldType.Unsigned, first, last)


def _positive(counts: Mapping[str, int]) -> dict[str, int]:
    return {value: number for value, number in counts.items() if number}


def _known(at: datetime | None) -> datetime:
    if at is None:
        raise ValueError("opening and sessions can only be asked of a moment")
    return at
