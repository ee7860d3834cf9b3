"""Nothing is removed on hearsay: only the source's own 404 by id makes an object gone."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from itertools import islice

import structlog

from chassis.core.errors import PermanentError, TemporaryError
from event_schemas.listing import RemovalReason
from ptv_ingest.app.ports import Objects, PtvSource, Sighting, Tally
from ptv_ingest.app.take_sightings import take_sightings
from ptv_ingest.domain.objects import Kind

log = structlog.get_logger(__name__)

UNCONFIRMED = "removal-unconfirmed"
_AT_ONCE = 50


async def confirm_gone(
    kind: Kind, ids: Collection[str], reason: RemovalReason, *, source: PtvSource, objects: Objects, tally: Tally
) -> int:
    """Asks for each object by id: not found removes it, found takes it as it is now, anything else keeps it.

    Gives how many got no clear answer.
    """
    unclear = 0
    waiting = iter(sorted(ids))
    while batch := list(islice(waiting, _AT_ONCE)):
        answers = await asyncio.gather(*(_ask(source, kind, one) for one in batch))
        found = [answer for answer in answers if isinstance(answer, Sighting)]
        gone = [one for one, answer in zip(batch, answers, strict=True) if answer is None]
        await take_sightings(kind, found, objects=objects, tally=tally)
        await objects.mark_gone(kind, gone, reason)
        unclear += len(batch) - len(found) - len(gone)
    tally.rejected[UNCONFIRMED] += unclear
    return unclear


async def _ask(source: PtvSource, kind: Kind, object_id: str) -> Sighting | TemporaryError | PermanentError | None:
    try:
        return await source.one(kind, object_id)
    except (TemporaryError, PermanentError) as exc:
        log.warning("removal not confirmed", kind=kind, object_id=object_id, code=exc.code)
        return exc
