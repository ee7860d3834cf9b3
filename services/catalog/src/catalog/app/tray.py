"""The tray that a web replica serves: entries by id, old ids, and search. In memory, rebuilt from the topics."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from catalog.app.search import Filters, Hit, IndexQuery, Page, Scope, SearchIndex, Suggestion
from catalog.domain.areas import coverage
from catalog.domain.concepts import Concept, ConceptNames, KnownConcepts, concept_keys
from catalog.domain.documents import Document, document, terms_by_field
from catalog.domain.entries import Content
from catalog.domain.hits import hit_reasons
from catalog.domain.marks import cursor_of, shown_before
from catalog.domain.questions import understood
from catalog.domain.words.analysis import Analyser
from event_schemas.entry import EntryPublished


@dataclass(frozen=True, slots=True)
class EntryChange:
    """An entry at a version; None once it is removed."""

    entry_id: str
    version: int
    entry: EntryPublished | None


@dataclass(frozen=True, slots=True)
class _Kept:
    """Entries are kept as JSON: as models, a national catalogue would not fit into a small replica."""

    version: int
    body: bytes | None
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ask:
    """A question as it comes from outside; `cursor` is the previous page's, `at` the moment of asking."""

    text: str = ""
    filters: Filters = field(default_factory=Filters)
    language: str = "fi"
    limit: int = 20
    cursor: str = ""
    at: datetime | None = None


class Tray:
    """One writer (`apply`), any number of readers; what readers see changes between their calls only."""

    def __init__(self, index: SearchIndex, content: Content, analyser: Analyser) -> None:
        self.content = content
        self._index = index
        self._analyser = analyser
        self._kept: dict[str, _Kept] = {}
        self._live = 0
        self._aliases: dict[str, str] = {}
        self._concepts = KnownConcepts()
        self._users: defaultdict[str, set[str]] = defaultdict(set)

    def entry(self, entry_id: str) -> EntryPublished | None:
        kept = self._kept.get(entry_id)
        return EntryPublished.from_json(kept.body) if kept and kept.body is not None else None

    def survivor(self, alias: str) -> str | None:
        """The entry that an old id leads to."""
        return self._aliases.get(alias)

    def __len__(self) -> int:
        return self._live

    async def apply(self, changes: Sequence[EntryChange], concepts: Sequence[Concept]) -> None:
        """Takes a batch: the index changes once, and older versions change nothing."""
        renamed = self._concepts.take(concepts)
        newest = {change.entry_id: change for change in sorted(changes, key=lambda change: change.version)}
        fresh = [change for change in newest.values() if change.version > self._version(change.entry_id)]
        touched = {entry_id for key in renamed for entry_id in self._users[key]} - {one.entry_id for one in fresh}
        put = [change.entry for change in fresh if change.entry] + [e for e in map(self.entry, sorted(touched)) if e]
        remove = [change.entry_id for change in fresh if change.entry is None]
        if not put and not remove:
            self._keep(fresh)
            return
        await asyncio.to_thread(self._prepare, put, remove)
        self._keep(fresh)
        self._index.show()

    def search(self, ask: Ask) -> Page:
        """Raises UnreadableCursor; any text is a question."""
        question = understood(ask.text, self.content.county, municipality=ask.filters.municipality)
        filters = replace(ask.filters, municipality=question.municipality)
        shown = shown_before(ask.cursor)
        query = IndexQuery(question.words, filters, ask.language, ask.limit, shown, question.rather, ask.at)
        found = self._index.search(query)
        entries = [entry for entry in map(self.entry, found.entry_ids) if entry]
        return Page(
            hits=tuple(self._hit(entry, question.words, filters.municipality) for entry in entries),
            total=found.total,
            match=found.match,
            cursor=cursor_of(shown.and_then(found.entry_ids)) if found.more else None,
            municipality=question.municipality,
            cut=question.cut,
            facets=found.facets,
        )

    def suggest(
        self, text: str, language: str, *, municipality: str | None = None, limit: int = 8
    ) -> tuple[Suggestion, ...]:
        """What a person may be typing, the likeliest first; any text has an answer, if an empty one."""
        typed = text.strip().casefold()
        themes = ((code, names[language]) for code, names in self.content.filing.names.items() if typed)
        places = (one.name(language) for one in self.content.county.municipalities if one.code != municipality)
        found = [Suggestion(name, "theme", theme=code) for code, name in themes]
        found += [Suggestion(name, "place") for name in places if typed]
        return tuple(one for one in found if one.text.casefold().startswith(typed))[:limit]

    async def renew(self, content: Content, analyser: Analyser) -> None:
        """Takes another content pack; until every document is made again, searches are answered from the old ones."""
        self.content, self._analyser = content, analyser
        await asyncio.to_thread(self._prepare, [entry for entry in map(self.entry, list(self._kept)) if entry], [])
        self._index.show()

    def _hit(self, entry: EntryPublished, words: Sequence[str], place: str | None) -> Hit:
        names, filing = self.names_of(entry), self.content.filing
        terms = terms_by_field(entry, names=names, filing=filing, analyser=self._analyser) if words else {}
        reasons = hit_reasons(words, terms, self._analyser) if words else ()
        return Hit(entry, reasons, self._scope(entry, place) if place else None)

    def _scope(self, entry: EntryPublished, place: str) -> Scope:
        cover = coverage(entry.areas, self.content.county)
        if place in cover.named:
            return Scope.MUNICIPALITY
        return Scope.REGION if place in cover.through else Scope.NATIONWIDE

    def names_of(self, entry: EntryPublished) -> ConceptNames:
        """Names of the classes and terms of one entry."""
        return self._concepts.names(concept_keys(entry.classification))

    def _version(self, entry_id: str) -> int:
        kept = self._kept.get(entry_id)
        return kept.version if kept else -1

    def _prepare(self, put: Sequence[EntryPublished], remove: Sequence[str]) -> None:
        documents = [self._document(entry) for entry in put]
        self._index.prepare(documents, remove)

    def _document(self, entry: EntryPublished) -> Document:
        content = self.content
        return document(
            entry,
            names=self.names_of(entry),
            filing=content.filing,
            county=content.county,
            analyser=self._analyser,
        )

    def _keep(self, changes: Iterable[EntryChange]) -> None:
        for change in changes:
            self._forget(change.entry_id)
            entry = change.entry
            body, aliases = (entry.to_json(), entry.aliases) if entry else (None, ())
            self._kept[change.entry_id] = _Kept(change.version, body, aliases)
            self._live += entry is not None
            self._aliases |= dict.fromkeys(aliases, change.entry_id)
            for key in concept_keys(entry.classification) if entry else ():
                self._users[key].add(change.entry_id)

    def _forget(self, entry_id: str) -> None:
        kept = self._kept.get(entry_id)
        if kept is None or kept.body is None:
            return
        self._live -= 1
        for alias in kept.aliases:
            if self._aliases.get(alias) == entry_id:
                del self._aliases[alias]
        before = EntryPublished.from_json(kept.body)
        for key in concept_keys(before.classification):
            self._users[key].discard(entry_id)
