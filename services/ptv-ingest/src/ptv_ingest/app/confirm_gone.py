"""Nothing is removed on hearsay: only a 404 by id, of every source, makes an object gone."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from itertools import islice

import structlog

from chassis.core.errors import PermanentError, TemporaryError
from event_schemas.listing import RemovalReason
from ptv_ingest.app.ports import Objects, PtvSource, Sighting, Tally
from ptv_ingest.domain.objects import Kind

log = structlog.get_logger(__name__)

UNCONFIRMED = "removal-unconfirmed"
_AT_ONCE = 50
# These hold for all that would still be asked.
_HOPELESS = ("source-refuses", "source-circuit-open")


async def confirm_gone(
    kind: Kind,
    ids: Collection[str],
    reason: RemovalReason,
    *,
    sources: Sequence[PtvSource],
    objects: Objects,
    tally: Tally,
) -> int:
    """Asks for each object by id: not found removes it, found takes it as it is now, anything else keeps it.

    Gives how many got no clear answer.

    Raises:
        TemporaryError, PermanentError: the source has answered nothing for long, or refuses us.
    """
    unclear = 0
    waiting = iter(sorted(ids))
    while batch := list(islice(waiting, _AT_ONCE)):
        answers = await asyncio.gather(*(_ask(sources, kind, one) for one in batch))
        gone = [one for one, answer in zip(batch, answers, strict=True) if answer is None]
        await objects.take([answer for answer in answers if isinstance(answer, Sighting)])
        await objects.mark_gone(kind, gone, reason)
        for one, answer in zip(batch, answers, strict=True):
            if isinstance(answer, TemporaryError | PermanentError):
                unclear += 1
                tally.reject(UNCONFIRMED, one)
    return unclear


async def _ask(
    sources: Sequence[PtvSource], kind: Kind, object_id: str
) -> Sighting | TemporaryError | PermanentError | None:
    try:
        for source in sources:
            if (found := await source.one(kind, object_id)) is not None:
                return found
    except (TemporaryError, PermanentError) as exc:
        if exc.code in _HOPELESS:
            raise
        log.warning("removal not confirmed", kind=kind, object_id=object_id, code=exc.code)
        return exc
    return None
