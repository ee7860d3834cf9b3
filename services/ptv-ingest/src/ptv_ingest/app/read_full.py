"""A whole reading: code lists, every stream, and what is no longer there."""

from __future__ import annotations

from datetime import datetime

from ptv_ingest.app.derive_listings import derive_listings
from ptv_ingest.app.ports import Listings, Objects, PtvSource, Run, Runs, Tally
from ptv_ingest.app.read_stream import Report, read_stream
from ptv_ingest.app.remove_absent import TooManyAbsent, remove_absent
from ptv_ingest.domain.objects import Kind

_CONCEPTS = "concepts"


async def read_full(
    run: Run,
    *,
    source: PtvSource,
    objects: Objects,
    listings: Listings,
    runs: Runs,
    tally: Tally,
    report: Report,
    most_absent: float,
    everything: bool,
) -> datetime | None:
    """Reads the streams that an earlier process has not finished; gives the source's time as the reading began.

    Raises:
        TooManyAbsent: everything was read and published, but nothing removed.
    """
    if _CONCEPTS not in run.finished:
        await _read_concepts(source, listings, report)
        await runs.finish_stream(run, _CONCEPTS, None)
    began = run.source_time
    for kind in Kind:
        if kind not in run.finished:
            at = await read_stream(kind, run, source=source, objects=objects, tally=tally, report=report)
            began = began or at
            await runs.finish_stream(run, kind, at)
    held: TooManyAbsent | None = None
    try:
        await remove_absent(
            run, source=source, objects=objects, listings=listings, tally=tally, most_absent=most_absent
        )
    except TooManyAbsent as exc:
        held = exc
    await derive_listings(listings=listings, tally=tally, report=report, everything=everything)
    if held is not None:
        raise held
    return began


async def _read_concepts(source: PtvSource, listings: Listings, report: Report) -> None:
    done = 0
    async for concepts in source.concepts():
        await listings.publish_concepts(concepts)
        done += 1
        report(_CONCEPTS, done, done)
