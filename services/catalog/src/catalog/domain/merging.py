"""One description out of several: per field the best source, and a note of which it was."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from catalog.domain.identity import system_of
from catalog.domain.listing import Listing
from event_schemas.ids import ListingId
from event_schemas.listing import ListingPublished
from event_schemas.text import LocalizedText

Provenance = dict[str, tuple[ListingId, ...]]

# A PTV copy of a Lähellä item is shortened and lags; what PTV knows better is what only PTV has: provider and classes.
_TEXTS_BY_PTV = ("name", "alternative_name", "restrictions")
_TEXTS_BY_ORIGIN = ("summary", "description", "instructions")
_WHOLE_BY_ORIGIN = (
    "kind",
    "areas",
    "channels",
    "sessions",
    "enrolment",
    "price",
    "voucher",
    "ages",
    "accessibility",
)
_UNITED = ("languages", "audience")
_CODES = (
    "service_classes",
    "ontology_terms",
    "target_groups",
    "life_events",
    "industrial_classes",
    "source_themes",
    "source_formats",
)


@dataclass(frozen=True, slots=True)
class Merged:
    """Fields of an entry as an event takes them, and where each came from."""

    fields: dict[str, Any]
    provenance: Provenance
    changed_at: datetime | None


def merged(members: Sequence[Listing]) -> Merged:
    """The members' descriptions as one; members come senior first, each with its description."""
    by_ptv = [listing.description for listing in members if listing.description]
    by_origin = sorted(by_ptv, key=lambda description: system_of(description.listing_id) != "lahella")
    fields: dict[str, Any] = {}
    provenance: Provenance = {}
    for name in _TEXTS_BY_PTV:
        _take(fields, provenance, name, _texts(by_ptv, name))
    for name in _TEXTS_BY_ORIGIN:
        _take(fields, provenance, name, _texts(by_origin, name))
    for name in _WHOLE_BY_ORIGIN:
        _take(fields, provenance, name, _first(by_origin, name))
    for name in ("provider", "other_providers"):
        _take(fields, provenance, name, _first(by_ptv, name))
    for name in _UNITED:
        _take(fields, provenance, name, _union(by_ptv, name))
    fields["classification"] = _classification(by_ptv)
    provenance["classification"] = tuple(description.listing_id for description in by_ptv)
    fields["provider_types"] = tuple(sorted({str(description.provider.type) for description in by_ptv}))
    changes = [listing.changed_at for listing in members if listing.changed_at]
    return Merged(fields, dict(sorted(provenance.items())), max(changes, default=None))


_Taken = tuple[Any, tuple[ListingId, ...]]


def _take(fields: dict[str, Any], provenance: Provenance, name: str, taken: _Taken) -> None:
    value, sources = taken
    if sources:
        fields[name] = value
        provenance[name] = sources


def _texts(descriptions: Sequence[ListingPublished], name: str) -> _Taken:
    """Per language the first that has the text."""
    texts: LocalizedText = {}
    sources: dict[ListingId, None] = {}
    for description in descriptions:
        given: LocalizedText = getattr(description, name)
        new = {language: text for language, text in given.items() if language not in texts}
        texts |= new
        if new:
            sources[description.listing_id] = None
    return dict(sorted(texts.items())), tuple(sources)


def _first(descriptions: Sequence[ListingPublished], name: str) -> _Taken:
    for description in descriptions:
        if value := getattr(description, name):
            return value, (description.listing_id,)
    return None, ()


def _union(descriptions: Sequence[ListingPublished], name: str) -> _Taken:
    united = {str(item) for description in descriptions for item in getattr(description, name)}
    return tuple(sorted(united)), tuple(d.listing_id for d in descriptions if getattr(d, name))


def _classification(descriptions: Sequence[ListingPublished]) -> dict[str, Any]:
    given = [description.classification for description in descriptions]
    codes = {name: _sorted_union(getattr(one, name) for one in given) for name in _CODES}
    languages = sorted({language for one in given for language in one.keywords})
    keywords = {language: _sorted_union(one.keywords.get(language, ()) for one in given) for language in languages}
    general = next((one.general_description_id for one in given if one.general_description_id), None)
    return {**codes, "keywords": keywords, "general_description_id": general}


def _sorted_union(parts: Iterable[Sequence[str]]) -> tuple[str, ...]:
    return tuple(sorted(set().union(*parts)))
