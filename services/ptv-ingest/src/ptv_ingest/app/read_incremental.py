"""What has changed since the last reading: published, archived and come back, and connections set right."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import islice

from event_schemas.listing import RemovalReason
from ptv_ingest.app.confirm_gone import confirm_gone
from ptv_ingest.app.derive_listings import derive_listings
from ptv_ingest.app.ports import Listings, Objects, PtvSource, Run, Tally
from ptv_ingest.app.read_stream import Report, read_stream
from ptv_ingest.app.take_sightings import take_sightings
from ptv_ingest.domain.objects import Kind

_SERVICES_AT_ONCE = 20
"""The source's limit on ids in one query."""


async def read_incremental(
    run: Run,
    since: datetime,
    *,
    source: PtvSource,
    objects: Objects,
    listings: Listings,
    tally: Tally,
    report: Report,
) -> datetime | None:
    """Gives the source's time as the reading began; None when a removal is still unclear and must be asked again."""
    began: datetime | None = None
    unclear = 0
    for kind in Kind:
        at = await read_stream(kind, run, source=source, objects=objects, tally=tally, report=report, since=since)
        began = began or at
    for kind in Kind:
        if kind != Kind.CONNECTION:
            unclear += await _follow_archive(kind, since, source=source, objects=objects, tally=tally)
    unclear += await _set_connections_right(since, source=source, objects=objects, listings=listings, tally=tally)
    await derive_listings(listings=listings, tally=tally, report=report)
    return None if unclear else began


async def _follow_archive(kind: Kind, since: datetime, *, source: PtvSource, objects: Objects, tally: Tally) -> int:
    """Also asks after objects archived lately that are no longer listed so: they may be back with an old date."""
    archived = await source.archived(kind, since)
    known = await objects.live(kind, archived)
    back = await objects.archived_since(kind, since) - archived
    return await confirm_gone(kind, known | back, RemovalReason.ARCHIVED, source=source, objects=objects, tally=tally)


async def _set_connections_right(
    since: datetime, *, source: PtvSource, objects: Objects, listings: Listings, tally: Tally
) -> int:
    """Archived connections don't say which they are: a new one sends us to all services of ours, else to those touched.

    Gives how many removals are unclear.
    """
    news = await objects.new_connection_archives(await source.archived(Kind.CONNECTION, since))
    touched = set(await objects.services_with_changed_reach())
    if news:
        touched.update(await listings.published_services())
    unclear = 0
    waiting = iter(sorted(touched))
    while batch := list(islice(waiting, _SERVICES_AT_ONCE)):
        unclear += await _compare_connections(batch, source=source, objects=objects, tally=tally)
    if not unclear:
        await objects.note_connection_archives(news)
    return unclear


async def _compare_connections(services: Sequence[str], *, source: PtvSource, objects: Objects, tally: Tally) -> int:
    met: set[str] = set()
    async for page in source.pages(Kind.CONNECTION, services=services):
        met.update(one.object_id for one in page.sightings)
        tally.rejected.update(page.rejected)
        await take_sightings(Kind.CONNECTION, page.sightings, objects=objects, tally=tally)
    missing = await objects.connections_of(services) - met
    return await confirm_gone(
        Kind.CONNECTION, missing, RemovalReason.ARCHIVED, source=source, objects=objects, tally=tally
    )
