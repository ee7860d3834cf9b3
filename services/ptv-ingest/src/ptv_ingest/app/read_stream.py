"""Reads one stream of a source to its end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import orjson

from ptv_ingest.app.pass_over import PassOver
from ptv_ingest.app.ports import Objects, Page, PtvSource, Refusal, Run, Sighting, Stream, Tally
from ptv_ingest.domain.objects import Kind

Report = Callable[[str, int, int], None]
"""Told of a stream's name, how many pages are read, and of how many."""


async def read_stream(
    kind: Kind,
    run: Run,
    *,
    source: PtvSource,
    passing: PassOver,
    objects: Objects,
    tally: Tally,
    report: Report,
    since: datetime | None = None,
) -> datetime | None:
    """Gives the source's time at the first page. A whole reading also notes what was met, and where it stands."""
    stream = Stream(source.name, kind)
    began: datetime | None = None
    async for page in source.pages(kind, since=since, resume=run.resume.get(stream) if since is None else None):
        began = began or page.source_time
        sightings = await passing.remaining(await readable(page, kind, source.name, objects=objects, tally=tally))
        tally.read += len(sightings)
        if since is None:
            await objects.take_page(run, stream, page, sightings)
        else:
            await objects.take(sightings)
        report(f"{source.name} {kind}", page.number, page.total)
    return began


async def readable(page: Page, kind: Kind, source: str, *, objects: Objects, tally: Tally) -> list[Sighting]:
    """The rows that name an object; the others are kept as rejected, like what the source lists but does not give."""
    refused = [*page.rejected, *(_refusal(one) for one in page.sightings if not one.names_an_object)]
    for refusal in refused:
        tally.reject(refusal.reason, refusal.object_id)
    await objects.reject(refused, kind, source)
    return [one for one in page.sightings if one.names_an_object]


def _refusal(nameless: Sighting) -> Refusal:
    body = nameless.body or orjson.dumps(nameless.row)
    return Refusal(nameless.object_id, "unreadable-id", "the row does not say which object it is", body)
