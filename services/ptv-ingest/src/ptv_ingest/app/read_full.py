"""A whole reading: code lists, every stream of every source, and what is no longer there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ptv_ingest.app.derive_listings import derive_all, derive_listings
from ptv_ingest.app.pass_over import PassOver
from ptv_ingest.app.ports import Listings, Objects, PtvSource, Run, Runs, Stream, Tally
from ptv_ingest.app.read_stream import Report, read_stream
from ptv_ingest.app.remove_absent import TooManyAbsent, remove_absent
from ptv_ingest.domain.objects import Kind

_CONCEPTS = "concepts"


async def read_full(
    run: Run,
    *,
    sources: Sequence[PtvSource],
    objects: Objects,
    listings: Listings,
    runs: Runs,
    tally: Tally,
    report: Report,
    most_absent: float,
) -> dict[str, datetime]:
    """Reads the streams that an earlier process has not finished; gives each source's time as its reading began.

    Raises:
        TooManyAbsent: everything was read and published, but nothing removed.
    """
    await _read_concepts(run, sources[0], listings, runs, report)
    began = dict(run.began)
    for kind in Kind:
        for position, source in enumerate(sources):
            stream = Stream(source.name, kind)
            if stream not in run.finished:
                passing = PassOver(objects, [one.name for one in sources[:position]], run)
                at = await read_stream(
                    kind, run, source=source, passing=passing, objects=objects, tally=tally, report=report
                )
                if at is not None:
                    began.setdefault(source.name, at)
                await runs.finish_stream(run, stream)
    held: TooManyAbsent | None = None
    try:
        await remove_absent(
            run, sources=sources, objects=objects, listings=listings, tally=tally, most_absent=most_absent
        )
    except TooManyAbsent as exc:
        held = exc
    await (derive_all if run.first else derive_listings)(listings=listings, tally=tally, report=report)
    if held is not None:
        raise held
    return began


async def _read_concepts(run: Run, source: PtvSource, listings: Listings, runs: Runs, report: Report) -> None:
    stream = Stream(source.name, _CONCEPTS)
    if stream in run.finished:
        return
    done = 0
    async for concepts in source.concepts():
        await listings.publish_concepts(concepts)
        done += 1
        report(_CONCEPTS, done, done)
    await runs.finish_stream(run, stream)
