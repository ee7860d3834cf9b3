"""Brings the published listings in line with the stored objects."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from ptv_ingest.app.ports import Listings, Tally
from ptv_ingest.app.read_stream import Report

_BATCH = 500


async def derive_listings(*, listings: Listings, tally: Tally, report: Report) -> None:
    """Recomputes listings whose parts have changed; a repeat after a crash publishes nothing twice."""
    taker = await listings.take_changes()
    await _derive(await listings.changed_services(), listings, tally, report)
    await listings.forget_changes(taker)


async def derive_all(*, listings: Listings, tally: Tally, report: Report) -> None:
    """Recomputes every listing from what is stored, as after a change of the mapping or of the scope."""
    taker = await listings.take_changes()
    await _derive(await listings.all_services(), listings, tally, report)
    await listings.forget_changes(taker)


async def _derive(services: Sequence[str], listings: Listings, tally: Tally, report: Report) -> None:
    waiting, done = iter(services), 0
    while batch := list(islice(waiting, _BATCH)):
        await listings.derive(batch, tally)
        done += len(batch)
        report("listings", done, len(services))
