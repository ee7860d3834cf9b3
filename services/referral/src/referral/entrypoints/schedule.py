"""The loop that forgets old answers."""

from __future__ import annotations

from datetime import timedelta

import structlog

from chassis.core.clock import Clock
from chassis.core.errors import TemporaryError
from chassis.core.process import Loop
from referral.app.ports import OldAnswers

log = structlog.get_logger(__name__)

_PAUSE = timedelta(hours=1)
_OUTAGE_PAUSE = timedelta(minutes=1)


def forgetting_loop(answers: OldAnswers, *, kept: timedelta, clock: Clock) -> Loop:
    """Deletes answers to repeated requests older than `kept`; every process may, it is one statement."""

    async def turn() -> timedelta:
        try:
            await answers.forget(before=clock() - kept)
        except TemporaryError as exc:
            log.warning("forgetting old answers waits", code=exc.code)
            return _OUTAGE_PAUSE
        return _PAUSE

    return Loop("old answers", turn)
