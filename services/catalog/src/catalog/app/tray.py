"""The tray that a web replica serves: entries by id, old ids, and search. In memory, rebuilt from the topics."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice

from catalog.app.kept import EntryChange, KeptEntries, KeptEntry
from catalog.app.search import (
    Filters,
    FoundEntry,
    Hit,
    IndexQuery,
    Match,
    Nearest,
    Page,
    Scope,
    SearchIndex,
    Suggestion,
    Way,
)
from catalog.app.suggest import suggestions
from catalog.domain.areas import County
from catalog.domain.cards import Card
from catalog.domain.concepts import Concept, ConceptNames, KnownConcepts, concept_keys
from catalog.domain.documents import EVERYWHERE, Document, document
from catalog.domain.entries import Content
from catalog.domain.hits import Marked, marked
from catalog.domain.marks import Shown, cursor_of, shown_before
from catalog.domain.questions import understood
from catalog.domain.sought import Sought
from catalog.domain.words.analysis import Analyser
from event_schemas.entry import EntryPublished

__all__ = ["Ask", "EntryChange", "Tray"]

_BATCH = 500


@dataclass(frozen=True, slots=True)
class Ask:
    """A question as it comes from outside; `cursor` is the previous page's, `at` the moment of asking."""

    text: str = ""
    filters: Filters = field(default_factory=Filters)
    language: str = "fi"
    limit: int = 20
    cursor: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class _View:
    """What belongs together: documents are made of the content, and questions understood as they were."""

    index: SearchIndex
    content: Content
    analyser: Analyser


class Tray:
    """One writer (`apply`, `renew`), any number of readers, in threads too: a search sees one state of the index."""

    def __init__(
        self,
        index: SearchIndex,
        content: Content,
        analyser: Analyser,
        *,
        written: Callable[[EntryPublished], bytes],
    ) -> None:
        """`written` makes the JSON of entries that `body` and hits give."""
        self._view = _View(index, content, analyser)
        self._entries = KeptEntries(written)
        self._concepts = KnownConcepts()
        self._writing = asyncio.Lock()

    @property
    def content(self) -> Content:
        return self._view.content

    def entry(self, entry_id: str) -> EntryPublished | None:
        kept = self._entries.get(entry_id)
        return kept.entry if kept else None

    def body(self, entry_id: str) -> bytes | None:
        """A live entry's JSON."""
        kept = self._entries.get(entry_id)
        return kept.body if kept else None

    def survivor(self, alias: str) -> str | None:
        """The entry that an old id leads to."""
        return self._entries.survivor(alias)

    def __len__(self) -> int:
        return len(self._entries)

    async def apply(self, changes: Sequence[EntryChange], concepts: Sequence[Concept]) -> None:
        """Takes a batch: the index changes once, and older versions change nothing."""
        async with self._writing:
            renamed = self._concepts.take(concepts)
            fresh = self._entries.fresh(changes)
            touched = self._entries.users_of(renamed) - {one.entry_id for one in fresh}
            put = [change.entry for change in fresh if change.entry] + list(self._live(sorted(touched)))
            remove = [change.entry_id for change in fresh if change.entry is None]
            if put or remove:
                await asyncio.to_thread(self._prepare, self._view, put, remove)
            newest = await asyncio.to_thread(self._entries.packed, fresh)
            self._entries.take(newest)
            if put or remove:
                self._view.index.show()

    async def renew(self, content: Content, analyser: Analyser) -> None:
        """Takes another content pack. Searches are answered from the old index until the new one has every entry."""
        async with self._writing:
            view = _View(self._view.index.renewed(analyser), content, analyser)
            await asyncio.to_thread(self._fill, view)
            view.index.show()
            self._view = view

    def search(self, ask: Ask) -> Page:
        """Raises UnreadableCursor; any text is a question."""
        view = self._view
        question = understood(ask.text, view.content.county, municipality=ask.filters.municipality)
        filters = replace(ask.filters, municipality=question.municipality)
        shown = shown_before(ask.cursor)
        query = IndexQuery(question.words, filters, ask.language, ask.limit, shown, question.rather, ask.at)
        found = view.index.search(query)
        slips = [word for word, way in found.ways.items() if way is Way.SLIP]
        written = [word for word, way in found.ways.items() if way is Way.WRITTEN]
        sought = Sought(question.words, view.analyser, slips=slips, written=written)
        kept = [(one, has) for one in found.entries if (has := self._entries.get(one.entry_id))]
        marks = [self._marked(view, sought, one.card, ask) for one, _ in kept]
        counted = found.counted()
        return Page(
            hits=tuple(
                _hit(has, one, told, filters.municipality, ask.at) for (one, has), told in zip(kept, marks, strict=True)
            ),
            total=counted.total,
            match=found.match if counted.total else Match.NONE,
            cursor=cursor_of(shown.and_then(one.entry_id for one in found.entries)) if found.more else None,
            municipality=question.municipality,
            cut=question.cut,
            facets=_with_places(counted.facets, view.content.county),
            instead=_instead(view, query, marks) if slips else None,
            nearest=_nearest(view, query) if not counted.total else Nearest(),
        )

    def suggest(
        self, text: str, language: str, *, municipality: str | None = None, limit: int = 8
    ) -> tuple[Suggestion, ...]:
        """What a person may be typing, the likeliest first; any text has an answer, if an empty one."""
        view = self._view
        found = view.index.suggest(text, language, municipality=municipality, limit=limit)
        return suggestions(found, text, language, view.content, self._live(found.others), limit=limit)

    def names_of(self, entry: EntryPublished) -> ConceptNames:
        """Names of the classes and terms of one entry."""
        return self._concepts.names(concept_keys(entry.classification))

    def _live(self, entry_ids: Iterable[str]) -> Iterator[EntryPublished]:
        return (kept.entry for kept in map(self._entries.get, entry_ids) if kept)

    def _marked(self, view: _View, sought: Sought, card: Card, ask: Ask) -> Marked:
        return marked(sought, card, self._concepts.names(card.concepts), view.content.filing, ask.language)

    def _prepare(self, view: _View, put: Iterable[EntryPublished], remove: Sequence[str]) -> None:
        view.index.prepare([self._document(entry, view) for entry in put], remove)

    def _fill(self, view: _View) -> None:
        entries = self._entries.all()
        while batch := list(islice(entries, _BATCH)):
            self._prepare(view, batch, [])

    def _document(self, entry: EntryPublished, view: _View) -> Document:
        content = view.content
        return document(
            entry,
            names=self.names_of(entry),
            filing=content.filing,
            county=content.county,
            analyser=view.analyser,
        )


def _nearest(view: _View, query: IndexQuery) -> Nearest:
    near = view.index.nearest(query)
    return replace(near, municipalities=_places(near.municipalities, view.content.county))


def _instead(view: _View, query: IndexQuery, read: Sequence[Marked]) -> str | None:
    """The question with the words that its slips were found as, in the first hit that has them, if it finds any."""
    meant: dict[str, str] = {}
    for word, token in (pair for marks in read for pair in marks.meant):
        meant.setdefault(word, token)
    words = tuple(meant.get(word, word) for word in query.words)
    return " ".join(words) if meant and view.index.count(replace(query, words=words, shown=Shown())) else None


def _with_places(facets: Mapping[str, Mapping[str, int]], county: County) -> dict[str, Mapping[str, int]]:
    return {**facets, "municipality": _places(facets.get("municipality", {}), county)}


def _places(counts: Mapping[str, int], county: County) -> Mapping[str, int]:
    """What is offered everywhere counts in each municipality."""
    everywhere = counts.get(EVERYWHERE, 0)
    totals = {place.code: counts.get(place.code, 0) + everywhere for place in county.municipalities}
    return {code: total for code, total in sorted(totals.items(), key=lambda one: -one[1]) if total}


def _hit(kept: KeptEntry, found: FoundEntry, marks: Marked, place: str | None, at: datetime | None) -> Hit:
    return Hit(
        kept=kept,
        reasons=marks.reasons,
        scope=_scope(found.card, place) if place else None,
        next_session=found.card.next_session(at) if at else None,
        open_now=found.open_now,
        marked=marks.highlight,
        other_language=marks.other_language,
        fuzzy=marks.is_fuzzy,
    )


def _scope(card: Card, place: str) -> Scope:
    if place in card.named:
        return Scope.MUNICIPALITY
    return Scope.REGION if place in card.through else Scope.NATIONWIDE
