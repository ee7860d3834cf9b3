"""The search index of one process: tantivy in memory, rebuilt from the topic at every start."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast

import tantivy
from tantivy import FieldType, Occur, Order, Query

from catalog.adapters.open_patterns import OpenPatterns
from catalog.adapters.tantivy_filters import FilterQueries, Snapshot, both, count
from catalog.adapters.tantivy_queries import WordQueries
from catalog.adapters.tantivy_schema import as_document, schema
from catalog.adapters.tantivy_suggest import Suggestions
from catalog.app.search import Filters, Found, FoundEntry, IndexQuery, Match, Nearest, Suggested, Way
from catalog.domain.cards import Card
from catalog.domain.documents import Document
from catalog.domain.marks import Shown
from catalog.domain.words.analysis import Analyser

_HEAP_BYTES = 64_000_000
_FREQUENT = 20
"""Entries with a word, so many that removals among them don't matter."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """Queries of what has every word, and, for where no entry has them all, of what has `some`.

    Filters don't decide which of them counts, or facet counts would not hold.
    """

    every: Query
    some: Query | None
    match: Match
    ways: Mapping[str, Way]


class TantivyIndex:
    """SearchIndex on tantivy; Python analyses, tantivy splits at blanks only."""

    def __init__(self, analyser: Analyser) -> None:
        self._schema = schema()
        self._index = tantivy.Index(self._schema)
        tokens = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        self._index.register_tokenizer("tokens", tokens)
        self._index.config_reader("manual", 0)
        self._writer = self._index.writer(heap_size=_HEAP_BYTES, num_threads=1)
        self._patterns = OpenPatterns()
        self._words = WordQueries(self._schema, analyser)
        self._filters = FilterQueries(self._schema, self._patterns)
        self._suggestions = Suggestions(self._schema)
        self._shown = Snapshot(self._index.searcher())
        # Counting takes longest and needs no Python: it goes on while a page is read.
        self._counting = ThreadPoolExecutor(thread_name_prefix="counting")

    def renewed(self, analyser: Analyser) -> TantivyIndex:
        return TantivyIndex(analyser)

    def prepare(self, put: Sequence[Document], remove: Sequence[str]) -> None:
        for entry_id in (*remove, *(document.entry_id for document in put)):
            self._writer.delete_documents_by_term("entry_id", entry_id)
        for document in put:
            self._writer.add_document(as_document(document, hours=self._patterns.number(document.hours)))
        self._writer.commit()

    def show(self) -> None:
        self._index.reload()
        searcher = self._index.searcher()
        self._shown = Snapshot(searcher)
        self._patterns.prune(lambda number: searcher.doc_freq("hours", number) > 0)

    def search(self, query: IndexQuery) -> Found:
        shown = self._shown
        asked = self._asked(shown.searcher, query)
        found = self._found(shown, asked.every, asked.match, query)
        if not found.entries and asked.some and not _finds(shown.searcher, asked.every):
            found = self._found(shown, asked.some, Match.SOME, query)
        return replace(found, ways=asked.ways)

    def _found(self, shown: Snapshot, words: Query, match: Match, query: IndexQuery) -> Found:
        counting = self._counting.submit(self._filters.counted, shown, words, match, query)
        wanted = both(words, self._filters.query(query.filters, query.at))
        page = self._page(shown.searcher, self._unseen(self._rather(wanted, query), query.shown), query)
        entries = self._read(shown.searcher, page[: query.limit], query.at)
        return Found(entries, len(page) > query.limit, match, counting.result)

    def nearest(self, query: IndexQuery) -> Nearest:
        searcher = self._shown.searcher
        words, _ = self._word_query(searcher, query)
        without = {one: self._count_without(searcher, words, query, one) for one in query.filters.in_use}
        anywhere = count(searcher, words)
        near = self._filters.codes(searcher, words if anywhere else Query.all_query())
        return Nearest({one: n for one, n in without.items() if n}, near["theme"], near["municipality"], anywhere > 0)

    def count(self, query: IndexQuery) -> int:
        searcher = self._shown.searcher
        words, match = self._word_query(searcher, query)
        if match is Match.SOME:
            return 0
        return count(searcher, both(words, self._filters.query(query.filters, query.at)))

    def suggest(self, text: str, language: str, *, municipality: str | None, limit: int) -> Suggested:
        return self._suggestions.suggest(self._shown, text, language, place=municipality, limit=limit)

    def _count_without(self, searcher: tantivy.Searcher, words: Query, query: IndexQuery, facet: str) -> int:
        return count(searcher, both(words, self._filters.query(query.filters.without(facet), query.at)))

    def _rather(self, wanted: Query, query: IndexQuery) -> Query:
        if not query.rather:
            return wanted
        ways = [
            self._words.word(word, language=query.language, is_last=False, is_written=False) for word in query.rather
        ]
        return Query.boolean_query([(Occur.Must, wanted), *((Occur.Should, way) for way in ways)])

    def _word_query(self, searcher: tantivy.Searcher, query: IndexQuery) -> tuple[Query, Match]:
        asked = self._asked(searcher, query)
        if asked.some and not _finds(searcher, asked.every):
            return asked.some, Match.SOME
        return asked.every, asked.match

    def _asked(self, searcher: tantivy.Searcher, query: IndexQuery) -> _Asked:
        if not query.words:
            return _Asked(Query.all_query(), None, Match.BROWSE, {})
        known = [self._one_word(searcher, word, query.language, word is query.words[-1]) for word in query.words]
        ways = {word: way for word, (_, way) in zip(query.words, known, strict=True)}
        every = Query.boolean_query(
            [*((Occur.Must, one) for one, _ in known), (Occur.Should, self._words.title(query.words))]
        )
        some = Query.boolean_query([(Occur.Should, one) for one, _ in known]) if len(known) > 1 else None
        return _Asked(every, some, Match.ALL, ways)

    def _one_word(self, searcher: tantivy.Searcher, word: str, language: str, is_last: bool) -> tuple[Query, Way]:
        """A word spelt right is not flooded by its neighbours: errors are forgiven only to a word found nowhere."""
        times = self._words.occurrences(searcher, word, language)
        as_is = self._words.word(word, language=language, is_last=is_last, is_written=times > 0)
        if times >= _FREQUENT or _finds(searcher, as_is):
            return as_is, Way.WRITTEN if times else Way.AS_IS
        loose = self._words.loose(word)
        if self._words.is_compound(word) and _finds(searcher, loose):
            return loose, Way.LOOSE
        for slip in self._words.slips(word):
            if _finds(searcher, slip):
                return slip, Way.SLIP
        return loose, Way.LOOSE

    def _read(
        self, searcher: tantivy.Searcher, page: list[tantivy.DocAddress], at: datetime | None
    ) -> tuple[FoundEntry, ...]:
        opened = self._patterns.open_at(at) if at else frozenset()
        patterns = searcher.fast_field_values("hours", page) if at else [0] * len(page)
        return tuple(
            _entry(searcher.doc(address), number in opened if number else None)
            for address, number in zip(page, patterns, strict=True)
        )

    def _page(self, searcher: tantivy.Searcher, wanted: Query, query: IndexQuery) -> list[tantivy.DocAddress]:
        """Nearer entries first; among equally near ones the better fitting, or by name while browsing.

        One more than the page holds, where there is one. After the ranked pages all come in the order of their marks.
        """
        most = query.limit + 1
        if query.shown.after is not None:
            return _first(searcher, wanted, most, by="mark")
        by = None if query.words or query.rather else "sort"
        found: list[tantivy.DocAddress] = []
        for tier in self._tiers(wanted, query.filters):
            if len(found) < most:
                found += _first(searcher, tier, most - len(found), by=by)
        return found

    def _tiers(self, wanted: Query, filters: Filters) -> list[Query]:
        """Of a place: its own, its region's, the rest."""
        place = filters.municipality
        if place is None:
            return [wanted]
        own = Query.term_query(self._schema, "own", place, "basic")
        through = Query.term_query(self._schema, "through", place, "basic")
        return [
            both(wanted, own),
            Query.boolean_query([(Occur.Must, both(wanted, through)), (Occur.MustNot, own)]),
            Query.boolean_query([(Occur.Must, wanted), (Occur.MustNot, own), (Occur.MustNot, through)]),
        ]

    def _unseen(self, wanted: Query, shown: Shown) -> Query:
        clauses = [(Occur.Must, wanted)]
        if shown.seen:
            clauses.append((Occur.MustNot, Query.term_set_query(self._schema, "mark", sorted(shown.seen))))
        if shown.after is not None:
            upto = Query.range_query(self._schema, "mark", FieldType.Unsigned, 0, shown.after)
            clauses.append((Occur.MustNot, upto))
        return Query.boolean_query(clauses) if len(clauses) > 1 else wanted


def _first(searcher: tantivy.Searcher, query: Query, limit: int, *, by: str | None) -> list[tantivy.DocAddress]:
    """The first `limit`, by a field or, without one, by score."""
    order: dict[str, Any] = {"order_by_field": by, "order": Order.Asc} if by else {}
    return [address for _, address in searcher.search(query, limit=limit, count=False, **order).hits]


def _entry(document: tantivy.Document, open_now: bool | None) -> FoundEntry:
    card = cast("bytes", document.get_first("card"))
    return FoundEntry(str(document.get_first("entry_id")), Card.unpacked(card), open_now)


def _finds(searcher: tantivy.Searcher, query: Query) -> bool:
    return bool(searcher.search(query, limit=1, count=False).hits)
