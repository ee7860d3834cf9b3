"""The timed job that deletes the texts of old reports."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

import structlog

from catalog.app.ports import Tx
from catalog.app.report_error import Reports
from chassis.core.clock import Clock
from chassis.core.errors import TemporaryError

log = structlog.get_logger(__name__)
_EVERY = timedelta(hours=1)
_AFTER_OUTAGE = timedelta(minutes=1)


def report_texts_turn(reports: Reports[Tx], *, kept: timedelta, clock: Clock) -> Callable[[], Awaitable[timedelta]]:
    """A turn for a loop; several processes may all do it."""

    async def turn() -> timedelta:
        try:
            async with reports.transaction() as tx:
                await reports.delete_texts(tx, clock() - kept)
        except TemporaryError as exc:
            log.warning("texts of reports wait to be deleted", code=exc.code)
            return _AFTER_OUTAGE
        return _EVERY

    return turn
