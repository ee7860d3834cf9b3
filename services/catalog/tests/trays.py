"""Trays filled in memory, by the same functions as the projector's."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from catalog.adapters.content_files import load_content, load_lexicon, load_synonyms
from catalog.adapters.tantivy_index import TantivyIndex
from catalog.app.tray import EntryChange, Tray
from catalog.domain.entries import Content, outcome
from catalog.domain.listing import Listing, block_of
from catalog.domain.words.analysis import Analyser
from catalog.settings import CONTENT
from event_schemas.entry import EntryPublished
from event_schemas.listing import ListingPublished

from .samples import TODAY, live


def tray_of(listings: Sequence[ListingPublished], content: Content | None = None) -> Tray:
    """A tray with the entries that the listings amount to."""
    content = content or load_content(CONTENT, on=TODAY)
    analyser = Analyser(load_lexicon(CONTENT), load_synonyms(CONTENT))
    tray = Tray(TantivyIndex(analyser), content, analyser)
    changes = [EntryChange(entry.entry_id, 1, entry) for entry in entries_of_all(listings, content)]
    asyncio.run(tray.apply(changes, []))
    return tray


def entries_of_all(listings: Sequence[ListingPublished], content: Content) -> list[EntryPublished]:
    blocks: dict[str, list[Listing]] = {}
    for one in map(live, listings):
        blocks.setdefault(block_of(one, content.county), []).append(one)
    return [entry for some in blocks.values() for entry in outcome(some, content, {}).entries]
