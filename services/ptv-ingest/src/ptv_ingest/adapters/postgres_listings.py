"""Listings and concepts: derived from the stored objects, published when they differ."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from uuid import UUID

from pydantic import TypeAdapter

from chassis.core.clock import Clock, NewId
from chassis.ingest.scope import Scope
from chassis.postgres.changes import ChangedStates
from chassis.postgres.database import Connection, Database
from chassis.postgres.outbox import MOST_BYTES, Outbox
from chassis.postgres.single_run import SingleRun
from event_schemas.listing import ListingPublished, ListingRemoved, RemovalReason
from event_schemas.text import LocalizedText
from event_schemas.vocabulary import ConceptPublished, Scheme
from ptv_ingest.adapters.object_reader import ObjectReader
from ptv_ingest.adapters.sql import queries
from ptv_ingest.app.ports import PtvSource, Tally
from ptv_ingest.domain.comparing import without_times
from ptv_ingest.domain.listing import Parts, listing_key, listing_of, postal_codes
from ptv_ingest.domain.objects import Connection as ServiceConnection
from ptv_ingest.domain.objects import (
    GeneralDescription,
    Kind,
    Organization,
    Service,
    ServiceChannel,
    SourceObject,
)
from ptv_ingest.domain.outline import scope_tags

TOPIC = "hyte.listings.v1"
_PREFIX = "ptv:"
_TEXTS = TypeAdapter(LocalizedText)


class PostgresListings:
    """Implements `Listings`."""

    def __init__(
        self,
        database: Database,
        single: SingleRun,
        outbox: Outbox,
        sources: Sequence[PtvSource],
        *,
        scope: Scope,
        clock: Clock,
        new_id: NewId,
    ) -> None:
        self._database = database
        self._single = single
        self._sources = {source.name: source for source in sources}
        self._scope = scope
        self._clock = clock
        self._new_id = new_id
        self._read: dict[tuple[str, str, bytes], SourceObject] = {}
        self._listings = ChangedStates(outbox, topic=TOPIC, content=without_times)
        self._concepts = ChangedStates(outbox, topic="hyte.vocabularies.v1")

    async def take_changes(self) -> UUID:
        taker = self._new_id()
        self._read.clear()
        async with self._single.transaction() as tx:
            await queries.take_changes(tx, taker=taker)
        return taker

    async def changed_services(self) -> list[str]:
        async with self._database.connection() as connection:
            return [row["id"] async for row in queries.changed_services(connection, scope=scope_tags(self._scope))]

    async def all_services(self) -> list[str]:
        async with self._database.connection() as connection:
            return [row["id"] async for row in queries.all_services(connection, scope=scope_tags(self._scope))]

    async def published_services(self) -> list[str]:
        async with self._database.connection() as connection:
            keys = await self._listings.keys(connection, prefix=_PREFIX)
        return [key.removeprefix(_PREFIX) for key in keys]

    async def unknown_services(self) -> list[str]:
        async with self._database.connection() as connection:
            return [row["id"] async for row in queries.unknown_services(connection)]

    async def derive(self, services: Sequence[str], tally: Tally) -> None:
        async with self._single.transaction() as tx:
            reader = ObjectReader(self._sources, tally, self._read)
            offered, withdrawn = await self._sorted_out(tx, services, reader)
            parts = await _parts_of(tx, offered, reader)
            await reader.note(tx, self._clock())
            fitting = [(key, event) for key, event in map(_state, parts) if _fits(key, event, tally)]
            tally.changed += await self._listings.publish(tx, fitting)
            for reason, keys in sorted(withdrawn.items()):
                tally.removed += await self._listings.remove(tx, keys, partial(_removed, reason))

    async def forget_changes(self, taker: UUID) -> None:
        async with self._single.transaction() as tx:
            await queries.forget_changes(tx, taker=taker)

    async def publish_concepts(self, concepts: Sequence[ConceptPublished]) -> None:
        async with self._single.transaction() as tx:
            await self._concepts.publish(tx, [(concept.concept_id, concept) for concept in concepts])
            offices = {one.code: one.name for one in concepts if one.scheme == Scheme.POSTAL_CODE and one.code}
            names = [_TEXTS.dump_json(name) for name in offices.values()]
            await queries.keep_post_offices(tx, codes=list(offices), names=names)

    async def _sorted_out(
        self, tx: Connection, services: Sequence[str], reader: ObjectReader
    ) -> tuple[list[Service], dict[RemovalReason, list[str]]]:
        """What is offered, and what is withdrawn; a service that was never readable is neither, and stays as it is."""
        offered: list[Service] = []
        withdrawn: defaultdict[RemovalReason, list[str]] = defaultdict(list)
        rows = [row async for row in queries.services(tx, ids=list(services))]
        for row in rows:
            if row["gone_reason"] is not None:
                withdrawn[RemovalReason(row["gone_reason"])].append(listing_key(row["id"]))
            elif (service := reader.read(row, Service)) is not None:
                if self._scope.covers(service.areas):
                    offered.append(service)
                else:
                    withdrawn[RemovalReason.OUT_OF_SCOPE].append(listing_key(row["id"]))
        return offered, withdrawn


@dataclass
class _Used:
    """What a batch of services uses, each object read once."""

    connections: dict[str, list[ServiceConnection]] = field(default_factory=lambda: defaultdict(list))
    channels: dict[str, ServiceChannel] = field(default_factory=dict)
    organizations: dict[str, Organization] = field(default_factory=dict)
    descriptions: dict[str, GeneralDescription] = field(default_factory=dict)
    post_offices: dict[str, LocalizedText] = field(default_factory=dict)


async def _parts_of(tx: Connection, services: Sequence[Service], reader: ObjectReader) -> list[Parts]:
    used = _Used()
    async for row in queries.connected(tx, ids=[service.object_id for service in services]):
        if (connection := reader.read(row, ServiceConnection)) is not None:
            used.connections[connection.service_id].append(connection)
    await _read_used(tx, services, used, reader)
    parts = [_parts(service, used) for service in services]
    codes = sorted({code for one in parts for code in postal_codes(one.channels)})
    async for row in queries.post_offices(tx, codes=codes):
        used.post_offices[row["postal_code"]] = _TEXTS.validate_json(row["name"])
    return parts


async def _read_used(tx: Connection, services: Sequence[Service], used: _Used, reader: ObjectReader) -> None:
    connections = (one for found in used.connections.values() for one in found)
    ids = {one for service in services for one in service.uses()} | {one.channel_id for one in connections}
    kinds = [Kind.CHANNEL, Kind.ORGANIZATION, Kind.GENERAL_DESCRIPTION]
    async for row in queries.used(tx, kinds=kinds, ids=sorted(ids)):
        _put(used, row, reader)


def _put(used: _Used, row: Mapping[str, object], reader: ObjectReader) -> None:
    key = str(row["id"])
    match row["kind"]:
        case Kind.CHANNEL if (channel := reader.read(row, ServiceChannel)) is not None:
            used.channels[key] = channel
        case Kind.ORGANIZATION if (organization := reader.read(row, Organization)) is not None:
            used.organizations[key] = organization
        case Kind.GENERAL_DESCRIPTION if (description := reader.read(row, GeneralDescription)) is not None:
            used.descriptions[key] = description


def _parts(service: Service, used: _Used) -> Parts:
    """Connections to channels that PTV no longer shows are left out."""
    connections = used.connections.get(service.object_id, ())
    return Parts(
        service=service,
        channels=[(one, used.channels[one.channel_id]) for one in connections if one.channel_id in used.channels],
        organizations=used.organizations,
        general_description=used.descriptions.get(service.general_description_id or ""),
        post_offices=used.post_offices,
    )


def _state(parts: Parts) -> tuple[str, ListingPublished]:
    return listing_key(parts.service.object_id), listing_of(parts)


def _fits(key: str, event: ListingPublished, tally: Tally) -> bool:
    """One monstrous description must not hold up the others: it stays as it was published last."""
    if len(event.to_json()) <= MOST_BYTES:
        return True
    tally.reject("listing-too-big", key)
    return False


def _removed(reason: RemovalReason, key: str) -> ListingRemoved:
    return ListingRemoved(listing_id=listing_key(key.removeprefix(_PREFIX)), reason=reason)
