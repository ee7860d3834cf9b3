"""Listings and concepts: derived from the stored objects, published when they differ."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter

from chassis.core.clock import NewId
from chassis.postgres.changes import ChangedStates
from chassis.postgres.database import Connection, Database
from chassis.postgres.outbox import MOST_BYTES, Outbox
from chassis.postgres.single_run import SingleRun
from event_schemas.listing import ListingPublished, ListingRemoved, RemovalReason
from event_schemas.text import LocalizedText
from event_schemas.vocabulary import ConceptPublished, Scheme
from ptv_ingest.adapters.sql import queries
from ptv_ingest.app.ports import Tally
from ptv_ingest.domain.listing import Parts, listing_key, listing_of, postal_codes
from ptv_ingest.domain.objects import (
    Connection as ServiceConnection,
)
from ptv_ingest.domain.objects import (
    GeneralDescription,
    Kind,
    Organization,
    Service,
    ServiceChannel,
)
from ptv_ingest.domain.scope import Scope

_PREFIX = "ptv:"
_TEXTS = TypeAdapter(LocalizedText)


class PostgresListings:
    """Implements `Listings`."""

    def __init__(self, database: Database, single: SingleRun, outbox: Outbox, *, scope: Scope, new_id: NewId) -> None:
        self._database = database
        self._single = single
        self._new_id = new_id
        self._scope = scope
        self._listings = ChangedStates(outbox, topic="hyte.listings.v1")
        self._concepts = ChangedStates(outbox, topic="hyte.vocabularies.v1")

    async def take_changes(self) -> UUID:
        taker = self._new_id()
        async with self._single.transaction() as tx:
            await queries.take_changes(tx, taker=taker)
        return taker

    async def changed_services(self) -> list[str]:
        async with self._database.connection() as connection:
            return [row["id"] async for row in queries.changed_services(connection)]

    async def all_services(self) -> list[str]:
        async with self._database.connection() as connection:
            return [row["id"] async for row in queries.all_services(connection)]

    async def published_services(self) -> list[str]:
        async with self._database.connection() as connection:
            keys = await self._listings.keys(connection, prefix=_PREFIX)
        return [key.removeprefix(_PREFIX) for key in keys]

    async def derive(self, services: Sequence[str], tally: Tally) -> None:
        async with self._single.transaction() as tx:
            rows = [row async for row in queries.services(tx, ids=list(services))]
            offered, withdrawn = self._sorted_out(rows)
            parts = await _parts_of(tx, offered)
            fitting = [(key, event) for key, event in map(_state, parts) if _fits(event, tally)]
            tally.changed += len(await self._listings.publish(tx, fitting))
            for reason, keys in sorted(withdrawn.items()):
                tally.removed += len(await self._listings.remove(tx, keys, partial(_removed, reason)))

    async def forget_changes(self, taker: UUID) -> None:
        async with self._single.transaction() as tx:
            await queries.forget_changes(tx, taker=taker)

    async def publish_concepts(self, concepts: Sequence[ConceptPublished]) -> None:
        async with self._single.transaction() as tx:
            await self._concepts.publish(tx, [(concept.concept_id, concept) for concept in concepts])
            offices = {one.code: one.name for one in concepts if one.scheme == Scheme.POSTAL_CODE and one.code}
            names = [_TEXTS.dump_json(name) for name in offices.values()]
            await queries.keep_post_offices(tx, codes=list(offices), names=names)

    def _sorted_out(self, rows: Sequence[Mapping[str, Any]]) -> tuple[list[Service], dict[RemovalReason, list[str]]]:
        offered: list[Service] = []
        withdrawn: defaultdict[RemovalReason, list[str]] = defaultdict(list)
        for row in rows:
            if row["gone_reason"] is not None:
                withdrawn[RemovalReason(row["gone_reason"])].append(listing_key(row["id"]))
                continue
            service = Service.model_validate_json(row["content"])
            if self._scope.covers(service.areas):
                offered.append(service.model_copy(update={"published_at": row["published_at"]}))
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

    def add(self, row: Mapping[str, Any]) -> None:
        match row["kind"]:
            case Kind.ORGANIZATION:
                self.organizations[row["id"]] = Organization.model_validate_json(row["content"])
            case Kind.GENERAL_DESCRIPTION:
                self.descriptions[row["id"]] = GeneralDescription.model_validate_json(row["content"])
            case Kind.CHANNEL:
                channel = ServiceChannel.model_validate_json(row["content"])
                self.channels[row["id"]] = channel.model_copy(update={"published_at": row["published_at"]})


async def _parts_of(tx: Connection, services: Sequence[Service]) -> list[Parts]:
    used = _Used()
    ids = {one for service in services for one in service.uses()}
    async for row in queries.connected(tx, ids=[service.object_id for service in services]):
        connection = ServiceConnection.model_validate_json(row["content"])
        used.connections[connection.service_id].append(connection)
        ids.add(connection.channel_id)
    async for row in queries.used(tx, ids=sorted(ids)):
        used.add(row)
    parts = [_parts(service, used) for service in services]
    codes = sorted({code for one in parts for code in postal_codes(one.channels)})
    async for row in queries.post_offices(tx, codes=codes):
        used.post_offices[row["postal_code"]] = _TEXTS.validate_json(row["name"])
    return parts


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


def _fits(event: ListingPublished, tally: Tally) -> bool:
    """One monstrous description must not hold up the others: it stays as it was published last."""
    if len(event.to_json()) <= MOST_BYTES:
        return True
    tally.rejected["listing-too-big"] += 1
    return False


def _removed(reason: RemovalReason, key: str) -> ListingRemoved:
    return ListingRemoved(listing_id=listing_key(key.removeprefix(_PREFIX)), reason=reason)
