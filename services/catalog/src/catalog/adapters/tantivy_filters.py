"""Filters as queries, and counts of what each of their values would give."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import tantivy
from tantivy import FieldType, Occur, Query, Schema

from catalog.adapters.open_patterns import OpenPatterns
from catalog.adapters.tantivy_schema import ANY_AGE, facet_and_code, facet_value, minute_of
from catalog.app.search import (
    FACETS,
    OPEN_NOW,
    SESSION_DAYS,
    SESSION_WITHIN,
    Counted,
    Facets,
    Filters,
    IndexQuery,
    Match,
)
from catalog.domain.documents import EVERYWHERE

_MOST_VALUES = 5000
_MOST_PATTERNS = 65_000
_MOST_KEPT = 500


def both(one: Query, other: Query | None) -> Query:
    """What is found by both, scored by the first alone."""
    if other is None:
        return one
    return Query.boolean_query([(Occur.Must, one), (Occur.Must, Query.const_score_query(other, 0.0))])


def count(searcher: tantivy.Searcher, query: Query) -> int:
    return int(searcher.search(query, limit=1, count=True).count)  # type: ignore[attr-defined]  # not in its stub


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The index as it was shown at one moment, with what has been counted of it, and keys by how they begin."""

    searcher: tantivy.Searcher
    counted: dict[tuple[object, ...], Counted] = field(default_factory=dict)
    begun: dict[tuple[str, str], Sequence[str]] = field(default_factory=dict)


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

    def counted(self, snapshot: Snapshot, words: Query, match: Match, query: IndexQuery) -> Counted:
        """Counts under the other filters: what choosing the value instead would give."""
        minute = query.at.replace(second=0, microsecond=0) if query.at else None
        key = (query.words, match, query.language, query.filters, minute)
        known = snapshot.counted.get(key)
        if known is None:
            known = self._count(snapshot.searcher, words, query.filters, minute)
            if len(snapshot.counted) >= _MOST_KEPT:
                snapshot.counted.clear()
            snapshot.counted[key] = known
        return known

    def codes(self, searcher: tantivy.Searcher, query: Query) -> Facets:
        """Counts of all values of all facets of codes."""
        return self._aggregated(searcher, query, FACETS, None)[1]

    def _count(self, searcher: tantivy.Searcher, words: Query, filters: Filters, at: datetime | None) -> Counted:
        """All facets that nothing is chosen of are counted in one go, each other one by itself."""
        every = (*FACETS, *(() if at is None else (OPEN_NOW, SESSION_WITHIN)))
        free = [facet for facet in every if facet not in filters.in_use]
        total, found = self._aggregated(searcher, both(words, self.query(filters, at)), free, at)
        for facet in (facet for facet in every if facet in filters.in_use):
            others = both(words, self.query(filters.without(facet), at))
            found |= self._aggregated(searcher, others, [facet], at)[1]
        return Counted(total, found)

    def _aggregated(
        self, searcher: tantivy.Searcher, query: Query, facets: Sequence[str], at: datetime | None
    ) -> tuple[int, dict[str, dict[str, int]]]:
        """The number of entries, and values of facets with their counts, the most frequent first."""
        answers = searcher.aggregate(query, _aggregations(facets, at))
        found: dict[str, dict[str, int]] = {facet: {} for facet in facets}
        for value, number in _buckets(answers, "codes"):
            facet, code = facet_and_code(value)
            if facet in found:
                found[facet][code] = number
        if OPEN_NOW in found:
            found[OPEN_NOW] = self._opened(dict(_buckets(answers, OPEN_NOW)), _known(at))
        if SESSION_WITHIN in found:
            found[SESSION_WITHIN] = _positive(
                {str(days): int(answers[str(days)]["doc_count"]) for days in SESSION_DAYS}
            )
        return int(answers["total"]["value"]), found

    def _opened(self, counts: Mapping[str, int], at: datetime) -> dict[str, int]:
        return _positive({"yes": sum(counts.get(str(number), 0) for number in self._patterns.open_at(at))})

    def _of_codes(self, filters: Filters) -> Iterator[Query]:
        for facet, codes in filters.chosen.items():
            wanted = [*codes, EVERYWHERE] if facet == "municipality" else codes
            yield Query.term_set_query(self._schema, "facet", [facet_value(facet, code) for code in wanted])

    def _of_numbers(self, filters: Filters, at: datetime | None) -> Iterator[Query]:
        if filters.age is not None:
            yield Query.term_set_query(self._schema, "age", [filters.age, ANY_AGE])
        if filters.session_within is not None:
            yield self._session(_known(at), filters.session_within)

    def _open(self, at: datetime) -> Query:
        return Query.term_set_query(self._schema, "hours", sorted(self._patterns.open_at(at)))

    def _session(self, at: datetime, days: int) -> Query:
        return Query.range_query(self._schema, "session", FieldType.Unsigned, *_minutes_of(at, days))


def _aggregations(facets: Iterable[str], at: datetime | None) -> dict[str, Any]:
    asked: dict[str, Any] = {"total": {"value_count": {"field": "mark"}}}
    for facet in facets:
        if facet == SESSION_WITHIN:
            asked |= {str(days): _filter("session", _minutes_of(_known(at), days)) for days in SESSION_DAYS}
        elif facet == OPEN_NOW:
            asked[OPEN_NOW] = {"terms": {"field": "hours", "size": _MOST_PATTERNS}}
        else:
            asked["codes"] = {"terms": {"field": "facet", "size": _MOST_VALUES}}
    return asked


def _filter(field: str, span: tuple[int, int]) -> dict[str, Any]:
    first, last = span
    return {"filter": f"{field}:[{first} TO {last}]"}


def _buckets(answers: Mapping[str, Any], name: str) -> Iterator[tuple[str, int]]:
    return ((str(one["key"]), int(one["doc_count"])) for one in answers.get(name, {}).get("buckets", ()))


def _minutes_of(at: datetime, days: int) -> tuple[int, int]:
    """From the moment on, and not more than so many days later."""
    return minute_of(at.timestamp()), minute_of((at + timedelta(days=days)).timestamp())


def _positive(counts: Mapping[str, int]) -> dict[str, int]:
    return {value: number for value, number in counts.items() if number}


def _known(at: datetime | None) -> datetime:
    if at is None:
        raise ValueError("opening and sessions can only be asked of a moment")
    return at
