"""The search index of one process: tantivy in memory, rebuilt from the topic at every start."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import tantivy
from tantivy import FieldType, Occur, Order, Query

from catalog.adapters.tantivy_queries import WordQueries
from catalog.app.search import Filters, Found, IndexQuery, Match
from catalog.domain.documents import TERM_FIELDS, Document
from catalog.domain.marks import Shown, mark
from catalog.domain.words.analysis import Analyser

_TEXT = (*TERM_FIELDS, "part", "form", "fold", "title")
_FACETS = ("theme", "municipality", "audience")
_MOST_VALUES = 1000
_HEAP_BYTES = 64_000_000


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("entry_id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("mark", indexed=True, fast=True)
    builder.add_text_field("sort", tokenizer_name="raw", index_option="basic", fast=True)
    for field in (*_FACETS, "language", "own", "through"):
        builder.add_text_field(field, tokenizer_name="raw", index_option="basic", fast=field in _FACETS)
    for field in _TEXT:
        builder.add_text_field(field, tokenizer_name="tokens", index_option="freq")
    return builder.build()


class TantivyIndex:
    """SearchIndex on tantivy; Python analyses, tantivy splits at blanks only."""

    def __init__(self, analyser: Analyser) -> None:
        self._schema = _schema()
        self._index = tantivy.Index(self._schema)
        tokens = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        self._index.register_tokenizer("tokens", tokens)
        self._index.config_reader("manual", 0)
        self._writer = self._index.writer(heap_size=_HEAP_BYTES, num_threads=1)
        self._words = WordQueries(self._schema, analyser)

    def prepare(self, put: Sequence[Document], remove: Sequence[str]) -> None:
        for entry_id in (*remove, *(document.entry_id for document in put)):
            self._writer.delete_documents_by_term("entry_id", entry_id)
        for document in put:
            self._writer.add_document(_as_document(document))
        self._writer.commit()

    def show(self) -> None:
        self._index.reload()

    def search(self, query: IndexQuery) -> Found:
        searcher = self._index.searcher()
        words, match = self._word_query(searcher, query)
        wanted = _both(words, self._filter(query.filters))
        total = searcher.search(wanted, limit=1, count=True).count  # type: ignore[attr-defined]  # not in its stub
        page = self._page(searcher, self._unseen(self._rather(wanted, query), query.shown), query)
        ids, more = page[: query.limit], len(page) > query.limit
        return Found(ids, more, total, match, self._facets(searcher, words, query.filters))

    def _rather(self, wanted: Query, query: IndexQuery) -> Query:
        ways = [self._words.word(word, language=query.language, is_last=False) for word in query.rather]
        return Query.boolean_query([(Occur.Must, wanted), *((Occur.Should, way) for way in ways)])

    def _word_query(self, searcher: tantivy.Searcher, query: IndexQuery) -> tuple[Query, Match]:
        """All words; where no entry has them all, any. Filters don't decide which, or facet counts would not hold."""
        if not query.words:
            return Query.all_query(), Match.BROWSE
        ways = [self._one_word(searcher, word, query.language, word is query.words[-1]) for word in query.words]
        every = Query.boolean_query([(Occur.Must, way) for way in ways])
        if len(ways) == 1 or searcher.search(every, limit=1, count=False).hits:
            named_so = self._words.title(query.words)
            return Query.boolean_query([(Occur.Must, every), (Occur.Should, named_so)]), Match.ALL
        return Query.boolean_query([(Occur.Should, way) for way in ways]), Match.SOME

    def _one_word(self, searcher: tantivy.Searcher, word: str, language: str, is_last: bool) -> Query:
        """A word spelt right is not flooded by its neighbours: errors are forgiven only to a word found nowhere."""
        ways = (
            self._words.word(word, language=language, is_last=is_last),
            self._words.slip(word),
            self._words.loose(word),
        )
        found = (way for way in ways if searcher.search(way, limit=1, count=False).hits)
        return next(found, Query.empty_query())

    def _page(self, searcher: tantivy.Searcher, wanted: Query, query: IndexQuery) -> tuple[str, ...]:
        """Nearer entries first; among equally near ones the better fitting, or by name while browsing.

        One more than the page holds, where there is one. After the ranked pages all come in the order of their marks.
        """
        most = query.limit + 1
        if query.shown.after is not None:
            return self._ids(searcher, wanted, most, by="mark")
        found: list[str] = []
        for tier in self._tiers(wanted, query.filters.municipality):
            if len(found) < most:
                found += self._ids(
                    searcher, tier, most - len(found), by=None if query.words or query.rather else "sort"
                )
        return tuple(found)

    def _ids(self, searcher: tantivy.Searcher, query: Query, limit: int, *, by: str | None) -> tuple[str, ...]:
        """The first `limit`, by a field or, without one, by score."""
        order: dict[str, Any] = {"order_by_field": by, "order": Order.Asc} if by else {}
        hits = searcher.search(query, limit=limit, count=False, **order).hits
        return tuple(str(searcher.doc(address).get_first("entry_id")) for _, address in hits)

    def _tiers(self, wanted: Query, place: str | None) -> list[Query]:
        """Of a place: its own, its region's, the rest."""
        if place is None:
            return [wanted]
        own = Query.term_query(self._schema, "own", place, "basic")
        through = Query.term_query(self._schema, "through", place, "basic")
        return [
            _both(wanted, own),
            Query.boolean_query([(Occur.Must, wanted), (Occur.Must, through), (Occur.MustNot, own)]),
            Query.boolean_query([(Occur.Must, wanted), (Occur.MustNot, own), (Occur.MustNot, through)]),
        ]

    def _filter(self, filters: Filters) -> Query:
        chosen = {
            "municipality": (filters.municipality,) if filters.municipality else (),
            "theme": filters.themes,
            "audience": filters.audience,
            "language": filters.languages,
        }
        sets = [Query.term_set_query(self._schema, field, list(values)) for field, values in chosen.items() if values]
        return Query.boolean_query([(Occur.Must, one) for one in sets]) if sets else Query.all_query()

    def _unseen(self, wanted: Query, shown: Shown) -> Query:
        clauses = [(Occur.Must, wanted)]
        if shown.seen:
            clauses.append((Occur.MustNot, Query.term_set_query(self._schema, "mark", sorted(shown.seen))))
        if shown.after is not None:
            upto = Query.range_query(self._schema, "mark", FieldType.Unsigned, 0, shown.after)
            clauses.append((Occur.MustNot, upto))
        return Query.boolean_query(clauses)

    def _facets(self, searcher: tantivy.Searcher, words: Query, filters: Filters) -> Mapping[str, Mapping[str, int]]:
        """Counts under the other filters: what choosing the value instead would give."""
        return {
            field: self._counts(searcher, _both(words, self._filter(_without(filters, field))), field)
            for field in _FACETS
        }

    def _counts(self, searcher: tantivy.Searcher, query: Query, field: str) -> dict[str, int]:
        asked = {"values": {"terms": {"field": field, "size": _MOST_VALUES}}}
        buckets = searcher.aggregate(query, asked)["values"]["buckets"]
        return {str(bucket["key"]): int(bucket["doc_count"]) for bucket in buckets}


def _both(one: Query, other: Query) -> Query:
    return Query.boolean_query([(Occur.Must, one), (Occur.Must, Query.const_score_query(other, 0.0))])


def _without(filters: Filters, facet: str) -> Filters:
    return Filters(
        municipality=None if facet == "municipality" else filters.municipality,
        themes=() if facet == "theme" else filters.themes,
        audience=() if facet == "audience" else filters.audience,
        languages=filters.languages,
    )


def _as_document(document: Document) -> tantivy.Document:
    made = tantivy.Document()
    values = {
        "entry_id": [document.entry_id],
        "sort": [document.sort_key],
        "municipality": sorted(document.municipalities),
        "own": sorted(document.cover.named),
        "through": sorted(document.cover.through),
        "theme": sorted(document.themes),
        "audience": list(document.audience),
        "language": list(document.languages),
        **{field: [" ".join(document.terms.get(field, ()))] for field in _TEXT},
    }
    made.add_unsigned("mark", mark(document.entry_id))
    for field, texts in values.items():
        for text in texts:
            made.add_text(field, text)
    return made
