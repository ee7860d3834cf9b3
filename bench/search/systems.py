"""The systems compared, over the same texts: the tray, PostgreSQL's full-text search, and tantivy as it comes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol

import asyncpg
import tantivy

from bench.search.demo import Demo, key_of
from bench.search.queries import Query
from bench.search.texts import Texts
from catalog.app.tray import Ask, EntryChange, Tray
from catalog.bootstrap import make_tray
from catalog.settings import CONTENT
from chassis.postgres.queries import load_queries

_sql = load_queries(Path(__file__).with_name("queries.sql"))
_WEIGHTS = {"name": 3.0, "label": 1.5, "body": 1.0}
_FILL = 1000


class System(Protocol):
    """Answers with entry keys, the best first."""

    name: str

    async def ask(self, query: Query, most: int) -> Sequence[str]: ...


class TheTray:
    name = "tray"

    def __init__(self, tray: Tray) -> None:
        self.tray = tray

    @classmethod
    async def of(cls, demo: Demo) -> TheTray:
        tray = make_tray(CONTENT)
        await tray.apply([EntryChange(one.entry_id, 1, one) for one in demo.entries], demo.concepts)
        return cls(tray)

    async def ask(self, query: Query, most: int) -> Sequence[str]:
        page = self.tray.search(Ask(query.text, language=query.language, limit=most))
        return [key_of(hit.entry) for hit in page.hits]


class BareTantivy:
    """Its own tokenizer (words in lower case), its own BM25, any word suffices."""

    name = "bare tantivy"

    def __init__(self, documents: Iterable[Texts]) -> None:
        schema = tantivy.SchemaBuilder().add_text_field("key", stored=True, tokenizer_name="raw")
        for field in _WEIGHTS:
            schema.add_text_field(field)
        self._index = tantivy.Index(schema.build())
        writer = self._index.writer(heap_size=128_000_000, num_threads=1)
        for one in documents:
            writer.add_document(tantivy.Document(key=one.key, name=one.name, label=one.label, body=one.body))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        self._searcher = self._index.searcher()

    async def ask(self, query: Query, most: int) -> Sequence[str]:
        return self.found(query.text, most)

    def beginning(self, text: str, most: int) -> Sequence[str]:
        """Entries with a word that begins so."""
        fields = [tantivy.Query.regex_query(self._index.schema, field, f"{text}.*") for field in _WEIGHTS]
        return self._keys(tantivy.Query.disjunction_max_query(fields), most)

    def found(self, text: str, most: int) -> Sequence[str]:
        words = " ".join(re.findall(r"\w+", text.casefold()))
        parsed, _ = self._index.parse_query_lenient(words, list(_WEIGHTS), field_boosts=_WEIGHTS)
        return self._keys(parsed, most)

    def _keys(self, query: tantivy.Query, most: int) -> Sequence[str]:
        hits = self._searcher.search(query, most).hits
        return [str(self._searcher.doc(address)["key"][0]) for _, address in hits]


class PostgresSearch:
    """`to_tsvector('finnish')` ranked by `ts_rank_cd`: all words have to be found; any, where nothing has them all."""

    name = "PostgreSQL"

    def __init__(self, pool: asyncpg.Pool[asyncpg.Record]) -> None:
        self._pool = pool

    async def fill(self, documents: Sequence[Texts]) -> None:
        async with self._pool.acquire() as connection:
            await _sql.create_tables(connection)
            for start in range(0, len(documents), _FILL):
                some = documents[start : start + _FILL]
                await _sql.fill(
                    connection,
                    keys=[one.key for one in some],
                    names=[one.name for one in some],
                    labels=[one.label for one in some],
                    bodies=[one.body for one in some],
                )
            await _sql.settle(connection)

    async def ask(self, query: Query, most: int) -> Sequence[str]:
        return await self.found(query.text, most)

    async def beginning(self, text: str, most: int) -> Sequence[str]:
        """Entries with a word that begins so."""
        async with self._pool.acquire() as connection:
            return [str(row["key"]) async for row in _sql.with_beginning(connection, beginning=text, most=most)]

    async def bytes_used(self) -> int:
        async with self._pool.acquire() as connection:
            return int(await _sql.index_bytes(connection))

    async def found(self, text: str, most: int) -> Sequence[str]:
        async with self._pool.acquire() as connection:
            for search in (_sql.with_all_words, _sql.with_any_word):
                rows = [str(row["key"]) async for row in search(connection, question=text, most=most)]
                if rows:
                    return rows
        return []
