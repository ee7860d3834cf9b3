"""One description out of several: per field the best source, and a note of which it was."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from catalog.domain.identity import system_of
from catalog.domain.listing import Listing
from event_schemas.ids import ListingId
from event_schemas.listing import ListingPublished
from event_schemas.text import LocalizedText

Provenance = dict[str, tuple[ListingId, ...]]


class Rule(StrEnum):
    """Whose description a field of the entry is taken from."""

    TEXT_OF_PTV = "per language the first that has it, PTV before Lähellä.fi"
    TEXT_OF_ORIGIN = "per language the first that has it, Lähellä.fi before PTV"
    WHOLE_OF_PTV = "the first that has any, PTV before Lähellä.fi"
    WHOLE_OF_ORIGIN = "the first that has any, Lähellä.fi before PTV"
    UNITED = "everything that any of them has"


RULES: Mapping[str, Rule] = {
    # A PTV copy of a Lähellä.fi item is shortened and lags; PTV's names are checked, and tell services apart.
    "name": Rule.TEXT_OF_PTV,
    "alternative_name": Rule.TEXT_OF_PTV,
    "restrictions": Rule.TEXT_OF_PTV,
    "summary": Rule.TEXT_OF_ORIGIN,
    "description": Rule.TEXT_OF_ORIGIN,
    "instructions": Rule.TEXT_OF_ORIGIN,
    # Who keeps the activity changes these there first.
    "kind": Rule.WHOLE_OF_ORIGIN,
    "areas": Rule.WHOLE_OF_ORIGIN,
    "channels": Rule.WHOLE_OF_ORIGIN,
    "sessions": Rule.WHOLE_OF_ORIGIN,
    "enrolment": Rule.WHOLE_OF_ORIGIN,
    "price": Rule.WHOLE_OF_ORIGIN,
    "voucher": Rule.WHOLE_OF_ORIGIN,
    "access": Rule.WHOLE_OF_ORIGIN,
    "ages": Rule.WHOLE_OF_ORIGIN,
    "accessibility": Rule.WHOLE_OF_ORIGIN,
    # Organisations are kept in PTV, with number and type.
    "provider": Rule.WHOLE_OF_PTV,
    "other_providers": Rule.WHOLE_OF_PTV,
    # What one source leaves out, the other may know.
    "languages": Rule.UNITED,
    "audience": Rule.UNITED,
}
"""Field of an entry → its rule; classes, terms and keywords are united."""

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
    for name, rule in RULES.items():
        _take(fields, provenance, name, _by(rule, name, by_ptv, by_origin))
    fields["classification"] = _classification(by_ptv)
    provenance["classification"] = tuple(description.listing_id for description in by_ptv)
    fields["provider_types"] = tuple(sorted({str(description.provider.type) for description in by_ptv}))
    changes = [listing.changed_at for listing in members if listing.changed_at]
    return Merged(fields, dict(sorted(provenance.items())), max(changes, default=None))


_Taken = tuple[Any, tuple[ListingId, ...]]


def _by(rule: Rule, name: str, by_ptv: Sequence[ListingPublished], by_origin: Sequence[ListingPublished]) -> _Taken:
    match rule:
        case Rule.TEXT_OF_PTV:
            return _texts(by_ptv, name)
        case Rule.TEXT_OF_ORIGIN:
            return _texts(by_origin, name)
        case Rule.WHOLE_OF_PTV:
            return _first(by_ptv, name)
        case Rule.WHOLE_OF_ORIGIN:
            return _first(by_origin, name)
        case Rule.UNITED:
            return _union(by_ptv, name)


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
