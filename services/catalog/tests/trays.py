"""Trays filled in memory, by the same functions as the projector's."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from catalog.adapters.content_files import load_content, load_lexicon, load_synonyms
from catalog.adapters.tantivy_index import TantivyIndex
from catalog.app.tray import EntryChange, Tray
from catalog.domain.concepts import ConceptNames
from catalog.domain.entries import Content, Outcome, outcome
from catalog.domain.linking import Decision
from catalog.domain.listing import Listing
from catalog.domain.matching.components import components_of
from catalog.domain.words.analysis import Analyser
from catalog.entrypoints.api.models import entry_json
from catalog.settings import CONTENT
from event_schemas.entry import EntryPublished
from event_schemas.listing import ListingPublished

from .samples import TODAY, live


def tray_of(listings: Sequence[ListingPublished], content: Content | None = None) -> Tray:
    """A tray with the entries that the listings amount to."""
    content = content or load_content(CONTENT, on=TODAY)
    analyser = Analyser(load_lexicon(CONTENT), load_synonyms(CONTENT))
    tray = Tray(TantivyIndex(analyser), content, analyser, written=entry_json)
    changes = [EntryChange(entry.entry_id, 1, entry) for entry in entries_of_all(listings, content)]
    asyncio.run(tray.apply(changes, []))
    return tray


def entries_of_all(listings: Sequence[ListingPublished], content: Content) -> list[EntryPublished]:
    return list(outcome_of([*map(live, listings)], content).entries)


def outcome_of(
    listings: Sequence[Listing],
    content: Content,
    names: ConceptNames | None = None,
    decisions: Sequence[Decision] = (),
) -> Outcome:
    """What the listings amount to: the outcomes of all components that they make, as one."""
    components = components_of(listings, decisions, content.county)
    found = [outcome(component, content, names or {}) for component in components]
    return Outcome(
        entries=tuple(entry for one in found for entry in one.entries),
        reviews=tuple(pair for one in found for pair in one.reviews),
        gone={gone: heir for one in found for gone, heir in one.gone.items()},
        counts={key: some for one in found for key, some in one.counts.items()},
        assessments=tuple(assessed for one in found for assessed in one.assessments),
        withdrawn=tuple(listing for one in found for listing in one.withdrawn),
    )
