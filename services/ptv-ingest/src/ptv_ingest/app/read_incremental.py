"""What has changed since the last reading: published, archived and come back, and connections set right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice

from chassis.core.errors import PermanentError, TemporaryError
from event_schemas.listing import RemovalReason
from ptv_ingest.app.confirm_gone import confirm_gone
from ptv_ingest.app.derive_listings import derive_listings
from ptv_ingest.app.pass_over import PassOver
from ptv_ingest.app.ports import Listings, Objects, PtvSource, Run, Tally
from ptv_ingest.app.read_stream import Report, read_stream, readable
from ptv_ingest.domain.objects import Kind

_SERVICES_AT_ONCE = 20
"""The source's limit on ids in one query."""


class SourceAway(Exception):
    """A source could not be read; what the others have shown is published, and `began` tells how far they are read."""

    def __init__(self, cause: TemporaryError | PermanentError, began: Mapping[str, datetime]) -> None:
        super().__init__(cause.code)
        self.cause = cause
        self.began = began


@dataclass
class _Reading:
    """One incremental round: the sources that answer, with their own time as it began, and the first that does not."""

    run: Run
    since: Mapping[str, datetime]
    sources: Sequence[PtvSource]
    objects: Objects
    listings: Listings
    tally: Tally
    report: Report
    began: dict[str, datetime] = field(default_factory=dict)
    away: dict[str, TemporaryError | PermanentError] = field(default_factory=dict)

    @property
    def answering(self) -> list[PtvSource]:
        return [source for source in self.sources if source.name not in self.away]

    async def streams(self) -> None:
        for kind in Kind:
            for position, source in enumerate(self.sources):
                if source.name not in self.away:
                    await self._stream(kind, position, source)

    async def _stream(self, kind: Kind, position: int, source: PtvSource) -> None:
        passing = PassOver(self.objects, [one.name for one in self.sources[:position]], None)
        try:
            at = await read_stream(
                kind,
                self.run,
                source=source,
                passing=passing,
                objects=self.objects,
                tally=self.tally,
                report=self.report,
                since=self.since[source.name],
            )
        except (TemporaryError, PermanentError) as exc:
            if exc.code == "run-lost":
                raise
            self.away[source.name] = exc
        else:
            if at is not None:
                self.began.setdefault(source.name, at)

    async def removals(self) -> int:
        """Gives how many are unclear."""
        unclear = 0
        for kind in Kind:
            if kind != Kind.CONNECTION:
                unclear += await self._follow_archives(kind)
        return unclear + await self._set_connections_right()

    async def _follow_archives(self, kind: Kind) -> int:
        """Also asks after objects archived lately that are no longer listed so: they may be back with an old date."""
        archived = {one for source in self.answering for one in await source.archived(kind, self.since[source.name])}
        known = await self.objects.live(kind, archived)
        back = await self.objects.archived_since(kind, self._since_by_our_clock()) - archived
        return await self._confirm_gone(kind, known | back)

    def _since_by_our_clock(self) -> datetime:
        """What was removed is dated by our own clock, which need not be the source's."""
        spans = [self.began[name] - self.since[name] for name in self.began]
        return self.run.started_at - max(spans, default=timedelta(0))

    async def _set_connections_right(self) -> int:
        """Archived connections don't say which they are: a new one sends us to all our services, else to those touched.

        Gives how many removals are unclear.
        """
        archived = {
            one for source in self.answering for one in await source.archived(Kind.CONNECTION, self.since[source.name])
        }
        news = await self.objects.new_connection_archives(archived)
        touched = set(await self.objects.services_with_changed_reach())
        if news:
            touched.update(await self.listings.published_services())
        unclear = 0
        for source, services in await self._by_source(touched):
            waiting = iter(services)
            while batch := list(islice(waiting, _SERVICES_AT_ONCE)):
                unclear += await self._compare_connections(batch, source)
        if not unclear:
            await self.objects.note_connection_archives(news)
        return unclear

    async def _by_source(self, services: set[str]) -> list[tuple[PtvSource, list[str]]]:
        """The services, sorted, with the source that each was read from; those of one that is away are left."""
        read_from = await self.objects.sources_of(services)
        return [
            (source, sorted(service for service, name in read_from.items() if name == source.name))
            for source in self.answering
        ]

    async def _compare_connections(self, services: Sequence[str], source: PtvSource) -> int:
        met: set[str] = set()
        async for page in source.pages(Kind.CONNECTION, services=services):
            found = await readable(page, Kind.CONNECTION, source.name, objects=self.objects, tally=self.tally)
            met.update(one.object_id for one in found)
            await self.objects.take(found)
        return await self._confirm_gone(Kind.CONNECTION, await self.objects.connections_of(services) - met)

    async def _confirm_gone(self, kind: Kind, ids: set[str]) -> int:
        """With a source away nothing is gone for sure: it may be the one that still shows it."""
        if self.away:
            return len(ids)
        return await confirm_gone(
            kind, ids, RemovalReason.ARCHIVED, sources=self.sources, objects=self.objects, tally=self.tally
        )


async def read_incremental(
    run: Run,
    since: Mapping[str, datetime],
    *,
    sources: Sequence[PtvSource],
    objects: Objects,
    listings: Listings,
    tally: Tally,
    report: Report,
) -> dict[str, datetime]:
    """Gives each source's time as its reading began; nothing when a removal is still unclear and must be asked again.

    `since` is a time of each source's own clock.

    Raises:
        SourceAway: a source could not be read; the others were.
    """
    reading = _Reading(run, since, sources, objects, listings, tally, report)
    await reading.streams()
    unclear = await reading.removals()
    await derive_listings(listings=listings, tally=tally, report=report)
    began = {} if unclear else {name: at for name, at in reading.began.items() if name not in reading.away}
    if reading.away:
        raise SourceAway(next(iter(reading.away.values())), began)
    return began
