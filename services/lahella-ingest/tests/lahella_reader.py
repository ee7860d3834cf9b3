"""A reader of a simulated Lähellä.fi, with a database of its own and a clock that stands until it is moved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

import httpx
from lahella_activities import RULES, moment
from starlette.types import ASGIApp

from chassis.core.clock import new_id
from chassis.http.client import JsonClient
from chassis.service.base import Base
from event_schemas.contracts import read_event
from event_schemas.ingest_run import IngestRunEnded
from event_schemas.listing import ListingPublished
from lahella_ingest.adapters.lahella_api import LahellaApi, session_headers
from lahella_ingest.adapters.postgres_store import PostgresStore
from lahella_ingest.app.apply_verdicts import Changes
from lahella_ingest.app.ports import Run
from lahella_ingest.app.read_source import ReadSource
from lahella_ingest.app.refresh_due import refresh_due
from lahella_ingest.app.remove_absent import RemovalGuard
from lahella_ingest.app.replay import Replay
from lahella_ingest.domain.form import form_of
from lahella_ingest.domain.rules import Rules

T = TypeVar("T")
URL = "http://lahella.example"


@dataclass
class Reader:
    """What a test does to the source, the clock and the service, and what it sees of them."""

    base: Base
    simulator: ASGIApp
    control: httpx.AsyncClient
    now: datetime
    pages_wanted: int | None = None
    read: ReadSource = field(init=False)

    def __post_init__(self) -> None:
        transport = httpx.ASGITransport(self.simulator)
        headers = session_headers(URL, "key")
        self.client = JsonClient(URL, headers=headers, clock=self.clock, attempts=1, transport=transport)
        self.source = LahellaApi(self.client)
        self.follow(RULES)

    def read_pages_of(self, size: int) -> None:
        self.source = LahellaApi(self.client, page_size=size)
        self.read = replace(self.read, source=self.source)

    def follow(self, rules: Rules) -> None:
        """Starts the service anew with these rules."""
        self.rules = rules
        self.store = PostgresStore(
            self.base.database,
            self.base.outbox,
            form=form_of(rules),
            raw_retention=timedelta(days=90),
            clock=self.clock,
        )
        self.read = ReadSource(self.source, self.store, rules, RemovalGuard(), self.clock, new_id)
        self.replay = Replay(self.store, rules, self.clock, new_id)

    def clock(self) -> datetime:
        return self.now

    async def run(self) -> Run:
        return await self.alone(lambda: self.read(keep_going=self._keep_going))

    async def accept(self, held: UUID) -> Run:
        return await self.alone(lambda: self.read.accept_removals(held))

    async def derive_again(self, *, everything: bool = False) -> Run:
        return await self.alone(lambda: self.replay(everything=everything))

    async def alone(self, work: Callable[[], Awaitable[T]]) -> T:
        async with self.store.only_reader() as alone:
            if not alone:
                raise RuntimeError("another reader holds the lock")
            return await work()

    def _keep_going(self) -> bool:
        if self.pages_wanted is None:
            return True
        self.pages_wanted -= 1
        return self.pages_wanted >= 0

    async def pass_time(self, local: str) -> Changes:
        """Moves the clock and lets what falls due happen, without reading the source."""
        self.now = moment(local)
        return (await refresh_due(store=self.store, rules=self.rules, now=self.now))[1]

    async def play(self, *steps: dict[str, Any]) -> None:
        (await self.control.post("/_control/scenario", json=list(steps))).raise_for_status()

    async def put(self, wire: dict[str, Any]) -> None:
        (await self.control.put(f"/_control/activities/{wire['_key']}", json=wire)).raise_for_status()

    async def delete(self, *keys: str) -> None:
        for key in keys:
            (await self.control.delete(f"/_control/activities/{key}")).raise_for_status()

    async def fault(self, **fault: Any) -> None:
        (await self.control.post("/_control/faults", json=fault)).raise_for_status()

    async def mend(self) -> None:
        (await self.control.delete("/_control/faults")).raise_for_status()

    async def events(self) -> list[tuple[str, str, bytes | None]]:
        """Events written since the last call: key, type, body."""
        async with self.base.database.transaction() as tx:
            rows = await tx.fetch("DELETE FROM outbox RETURNING seq, aggregateid, type, payload")
        return [(row["aggregateid"], row["type"], row["payload"]) for row in sorted(rows, key=lambda row: row["seq"])]

    async def told(self) -> tuple[Counter[str], dict[str, ListingPublished], list[IngestRunEnded]]:
        """The same: counts by what happened (tombstones apart), the listings, and the ends of runs."""
        kinds: Counter[str] = Counter()
        listings, ends = {}, []
        for key, kind, body in await self.events():
            kinds[kind.split(".")[-2] if body is not None else "tombstone"] += 1
            event = read_event(kind, body) if body is not None else None
            if isinstance(event, ListingPublished):
                listings[key] = event
            elif isinstance(event, IngestRunEnded):
                ends.append(event)
        return kinds, listings, ends
