"""The demonstration's content as the catalogue has it: mapped, merged and filed by the services' own functions."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TypeVar

from pydantic import SecretStr

from catalog.adapters.content_files import load_content
from catalog.domain.concepts import Concept, ConceptNames, KnownConcepts, concept_key
from catalog.domain.entries import outcome
from catalog.domain.listing import Listing
from catalog.domain.matching.components import components_of
from catalog.settings import CONTENT
from devstack.simulators.lahella.activities import Activities, Held, load_activities
from devstack.simulators.ptv.content import Content
from devstack.simulators.ptv.content import load_content as load_ptv
from event_schemas.entry import EntryPublished
from event_schemas.listing import ListingPublished
from lahella_ingest.adapters.assumed_groups import organization_of
from lahella_ingest.bootstrap import rules_of
from lahella_ingest.domain.activity import read_activity
from lahella_ingest.domain.verdict import judge
from lahella_ingest.settings import LahellaSettings
from ptv_ingest.adapters.ptv_v12.source import PtvV12
from ptv_ingest.adapters.ptv_v12.vocabularies import CODE_LISTS, concept
from ptv_ingest.domain.listing import Parts, listing_of
from ptv_ingest.domain.objects import (
    Connection,
    GeneralDescription,
    Kind,
    Organization,
    Service,
    ServiceChannel,
    SourceObject,
)
from ptv_ingest.domain.texts import localized

DAY = date(2026, 11, 25)
"""The day on which the content is read: sessions lie ahead of it."""

T = TypeVar("T", bound=SourceObject)


@dataclass(frozen=True)
class Demo:
    """What the tray holds of the demonstration, and the names of the codes in it."""

    entries: Sequence[EntryPublished]
    concepts: Sequence[Concept]

    @property
    def names(self) -> ConceptNames:
        known = KnownConcepts()
        known.take(self.concepts)
        return known.names(one.key for one in self.concepts if one.key)


def demo() -> Demo:
    """Both sources' content, as a full read of them on `DAY` leaves it."""
    ptv = load_ptv()
    listings = [*_ptv_listings(ptv), *_lahella_listings(load_activities(DAY))]
    found = Demo((), list(_concepts(ptv)))
    return Demo(entries_of(listings, found.names), found.concepts)


def entries_of(listings: Iterable[ListingPublished], names: ConceptNames) -> list[EntryPublished]:
    """What the catalogue makes of the listings, by their keys."""
    content = load_content(CONTENT, on=DAY)
    components = components_of([_live(one) for one in listings], [], content.county)
    entries = [entry for one in components for entry in outcome(one, content, names).entries]
    return sorted(entries, key=key_of)


def key_of(entry: EntryPublished) -> str:
    """The senior listing's id: it stays the same however entries are made of listings."""
    return str(entry.members[0].listing_id)


def _live(description: ListingPublished) -> Listing:
    return Listing(description.listing_id, 1, True, 1, description, datetime(DAY.year, DAY.month, DAY.day, tzinfo=UTC))


def _ptv_listings(content: Content) -> Iterator[ListingPublished]:
    channels = _read(content, Kind.CHANNEL, ServiceChannel)
    used: defaultdict[str, list[tuple[Connection, ServiceChannel]]] = defaultdict(list)
    for connection in _read(content, Kind.CONNECTION, Connection).values():
        used[connection.service_id].append((connection, channels[connection.channel_id]))
    organizations = _read(content, Kind.ORGANIZATION, Organization)
    descriptions = _read(content, Kind.GENERAL_DESCRIPTION, GeneralDescription)
    offices = {row["code"]: localized(row["name"]) for row in content.vocabulary.rows["postal-codes"]}
    for service in _read(content, Kind.SERVICE, Service).values():
        described = descriptions.get(service.general_description_id or "")
        yield listing_of(Parts(service, used[service.object_id], organizations, described, offices))


def _read(content: Content, kind: Kind, model: type[T]) -> dict[str, T]:
    found = (PtvV12.read(kind, dict(row), Counter()) for row in content.objects[kind])
    return {one.object_id: one for one in found if isinstance(one, model)}


def _lahella_listings(activities: Activities) -> Iterator[ListingPublished]:
    rules = rules_of(LahellaSettings(lahella_token=SecretStr("none")))
    now = datetime(DAY.year, DAY.month, DAY.day, 12, tzinfo=UTC)
    for held in activities.held.values():
        organization = organization_of({"group": held.group}, _linked(activities, held), {})
        listing = judge(read_activity(held.wire), organization, rules, now).listing
        if listing:
            yield listing


def _linked(activities: Activities, held: Held) -> Mapping[str, Mapping[str, str | None]]:
    group = activities.groups[held.group]
    return {held.group: {"name": group.name, "businessId": group.business_id}}


def _concepts(content: Content) -> Iterator[Concept]:
    for code_list in CODE_LISTS:
        for row in content.vocabulary.rows[code_list.path]:
            read = concept(code_list.scheme, row)
            if read:
                yield Concept(read.concept_id, 1, concept_key(read.concept_id, read.scheme), read.name)
