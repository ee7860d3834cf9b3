"""Brings the published listings in line with the stored objects."""

from __future__ import annotations

from itertools import islice

from ptv_ingest.app.ports import Listings, Tally
from ptv_ingest.app.read_stream import Report

_BATCH = 500


async def derive_listings(*, listings: Listings, tally: Tally, report: Report, everything: bool = False) -> None:
    """Recomputes listings whose parts have changed, or all of them; a repeat after a crash publishes nothing twice."""
    taker = await listings.take_changes()
    services = await (listings.all_services() if everything else listings.changed_services())
    waiting, done = iter(services), 0
    while batch := list(islice(waiting, _BATCH)):
        await listings.derive(batch, tally)
        done += len(batch)
        report("listings", done, len(services))
    await listings.forget_changes(taker)
