"""Reads and keeps those rows of the source that differ from what is known."""

from __future__ import annotations

from collections.abc import Sequence

import structlog

from ptv_ingest.app.ports import Objects, RowRejected, Sighting, Tally
from ptv_ingest.domain.objects import Kind, SourceObject

log = structlog.get_logger(__name__)


async def take_sightings(kind: Kind, sightings: Sequence[Sighting], *, objects: Objects, tally: Tally) -> None:
    """A row that cannot be read is counted and logged by its id, and leaves the known object as it is."""
    differing = await objects.differing(kind, {one.object_id: one.digest for one in sightings})
    read: list[tuple[SourceObject, bytes]] = []
    for sighting in sightings:
        if sighting.object_id in differing:
            try:
                read.append((sighting.read(tally.rejected), sighting.digest))
            except RowRejected as exc:
                tally.rejected[exc.reason] += 1
                log.warning("row rejected", kind=kind, object_id=sighting.object_id, reason=exc.reason)
    await objects.keep(kind, read)
