"""What a reader of the topic knows, and what it should know by what PTV holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from chassis.ingest.scope import Scope
from devstack.simulators.ptv.world import World
from event_schemas.listing import ListingPublished
from event_schemas.text import LocalizedText
from ptv_ingest.adapters.ptv_v12.source import PtvV12
from ptv_ingest.app.ports import RowRejected
from ptv_ingest.domain.comparing import without_times
from ptv_ingest.domain.listing import Parts, listing_key, listing_of
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

T = TypeVar("T", bound=SourceObject)


@dataclass(frozen=True)
class Told:
    """An event as the outbox holds it; a tombstone has no body."""

    topic: str
    key: str
    type: str
    body: bytes | None
    version: int


@dataclass
class Live:
    """A reader of the listings: the content published now. Refuses an event that tells nothing new."""

    contents: dict[str, bytes] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)

    def follow(self, events: Sequence[Told]) -> int:
        """Applies events in their order; gives how many listings were published or removed."""
        told = [event for event in events if event.topic == "hyte.listings.v1"]
        for event in told:
            assert event.version > self.versions.get(event.key, 0), f"{event.key} went back to an older version"
            self.versions[event.key] = event.version
            if event.type == ListingPublished.event_type and event.body is not None:
                content = content_of(ListingPublished.from_json(event.body))
                assert self.contents.get(event.key) != content, f"{event.key} was told again without a change"
                self.contents[event.key] = content
            elif event.body is not None:
                assert self.contents.pop(event.key, None) is not None, f"{event.key} was removed twice"
        return sum(event.body is not None for event in told)


def content_of(listing: ListingPublished) -> bytes:
    return without_times(listing).to_json()


@dataclass
class Truth:
    """What PTV holds, read row by row; rows that cannot be read are left out."""

    world: World
    scope: Scope

    def listings(self) -> dict[str, bytes]:
        services = self._all(Kind.SERVICE, Service)
        channels = self._all(Kind.CHANNEL, ServiceChannel)
        connections = self._all(Kind.CONNECTION, Connection).values()
        organizations = self._all(Kind.ORGANIZATION, Organization)
        descriptions = self._all(Kind.GENERAL_DESCRIPTION, GeneralDescription)
        offices = self._post_offices()
        parts = [
            Parts(
                service=service,
                channels=[
                    (one, channels[one.channel_id])
                    for one in connections
                    if one.service_id == service.object_id and one.channel_id in channels
                ],
                organizations=organizations,
                general_description=descriptions.get(service.general_description_id or ""),
                post_offices=offices,
            )
            for service in services.values()
            if self.scope.covers(service.areas)
        ]
        return {listing_key(one.service.object_id): content_of(listing_of(one)) for one in parts}

    def _all(self, kind: Kind, model: type[T]) -> dict[str, T]:
        read = (_read(kind, dict(stored.wire)) for stored in self.world.shelves[kind].live.values())
        return {one.object_id: one for one in read if isinstance(one, model)}

    def _post_offices(self) -> dict[str, LocalizedText]:
        rows = self.world.vocabulary.rows["postal-codes"]
        return {row["code"]: localized(row["name"]) for row in rows}


def _read(kind: Kind, row: dict[str, Any]) -> SourceObject | None:
    try:
        return PtvV12.read(kind, row, Counter())
    except RowRejected:
        return None
