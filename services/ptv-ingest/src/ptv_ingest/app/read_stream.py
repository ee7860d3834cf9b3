"""Reads one stream of the source to its end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from ptv_ingest.app.ports import Objects, PtvSource, Run, Tally
from ptv_ingest.app.take_sightings import take_sightings
from ptv_ingest.domain.objects import Kind

Report = Callable[[str, int, int], None]
"""Told of a stream's name, how many pages are read, and of how many."""


async def read_stream(
    kind: Kind,
    run: Run,
    *,
    source: PtvSource,
    objects: Objects,
    tally: Tally,
    report: Report,
    since: datetime | None = None,
) -> datetime | None:
    """Gives the source's time at the first page. A whole reading also notes which objects were met."""
    began: datetime | None = None
    async for page in source.pages(kind, since=since):
        began = began or page.source_time
        tally.read += len(page.sightings)
        tally.rejected.update(page.rejected)
        await take_sightings(kind, page.sightings, objects=objects, tally=tally)
        if since is None:
            await objects.note_seen(run, kind, [one.object_id for one in page.sightings])
        report(kind, page.number, page.total)
    return began
