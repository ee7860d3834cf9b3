"""The loops: sending what is due, and tidying up."""

from __future__ import annotations

from datetime import timedelta

import structlog

from chassis.core.clock import Clock
from chassis.core.errors import TemporaryError
from chassis.core.health import Health
from chassis.core.process import Loop
from notify.app.calls import Calls
from notify.app.claim_due import until_next_due
from notify.app.policy import Policy
from notify.app.ports import Transaction
from notify.app.tidy_up import tidy_up

log = structlog.get_logger(__name__)

_LONGEST_REST = timedelta(seconds=5)
_TIDY_PAUSE = timedelta(seconds=1)
_OUTAGE_PAUSE = timedelta(seconds=2)


def sending_loop(calls: Calls, *, health: Health) -> Loop:
    """Begins what is due while there are places; rests until a call ends, or until the next one is due."""

    async def turn() -> timedelta | None:
        try:
            return await _begin_calls(calls)
        except TemporaryError as exc:
            log.warning("sending waits", code=exc.code)
            return _OUTAGE_PAUSE

    loop = Loop("sender", turn, health=health)
    calls.at_each_end(loop.wake)
    return loop


async def _begin_calls(calls: Calls) -> timedelta | None:
    places = calls.places
    if not places:
        return _LONGEST_REST
    if await calls.begin_due() == places:
        return None
    return await until_next_due(calls.sender, most=_LONGEST_REST)


def tidying_loop(transaction: Transaction, *, policy: Policy, clock: Clock, health: Health) -> Loop:
    async def turn() -> timedelta:
        try:
            async with transaction() as store:
                await tidy_up(store=store, policy=policy, now=clock())
        except TemporaryError as exc:
            log.warning("tidying up waits", code=exc.code)
            return _OUTAGE_PAUSE
        return _TIDY_PAUSE

    return Loop("tidying", turn, health=health)
