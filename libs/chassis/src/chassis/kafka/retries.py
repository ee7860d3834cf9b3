"""The loop over parked rows: a key's head is tried again when its time has come, in an order nothing can overtake."""

from __future__ import annotations

from datetime import timedelta

import structlog

from chassis.core.backoff import Backoff
from chassis.core.errors import PermanentError, TemporaryError
from chassis.kafka.breaker import Breaker
from chassis.kafka.burial import Burial, failure_of
from chassis.kafka.errors import is_outage
from chassis.kafka.handlers import Subscription
from chassis.kafka.parking import Parking
from chassis.kafka.patience import Interrupted, Patience
from chassis.kafka.records import Record, UnknownType, decode
from chassis.postgres.database import Connection, Database
from chassis.postgres.errors import is_conflict
from chassis.telemetry.metrics import PARKED
from event_schemas.codec import UnreadableRecord

log = structlog.get_logger(__name__)

_IDLE = timedelta(seconds=1)
_OUTAGE_WAIT = timedelta(seconds=5)
_HELD_WAIT = timedelta(seconds=10)
_AFTER_BUG = Backoff(first=timedelta(seconds=10), most=timedelta(minutes=10))


class ParkedRetries:
    """Works on the rows of one group, one at a time; bugs count in the group's breaker like everywhere else."""

    def __init__(
        self,
        subscription: Subscription,
        *,
        database: Database,
        parking: Parking,
        burial: Burial,
        breaker: Breaker,
        patience: Patience,
    ) -> None:
        self._subscription = subscription
        self._database = database
        self._parking = parking
        self._burial = burial
        self._breaker = breaker
        self._patience = patience

    async def turn(self) -> timedelta | None:
        """Works on one row whose time has come; returns the wait to the next turn, None for at once."""
        if self._breaker.reason is not None:
            self._patience.tell_stopped(self._breaker.reason)
            return _HELD_WAIT
        try:
            return None if await self._work_on_one() else _IDLE
        except Interrupted:
            return _OUTAGE_WAIT
        except Exception as exc:
            if not (is_outage(exc) or is_conflict(exc)):
                raise
            return _OUTAGE_WAIT

    async def _work_on_one(self) -> bool:
        async with self._database.transaction() as tx:
            PARKED.labels(self._subscription.group).set(await self._parking.count(tx))
            found = await self._parking.due(tx)
            if found is None:
                return False
            record, attempts = found
            error = await self._attempt(tx, record)
            if error is None:
                await self._parking.release(tx, record)
        if error is not None:
            await self._failed(record, attempts + 1, error)
        return True

    async def _attempt(self, tx: Connection, record: Record) -> Exception | None:
        """The handler inside a savepoint: its failure must leave the row's lock and the count standing."""
        try:
            async with tx.transaction():
                await self._subscription.handler([decode(record)], tx)
        except (UnreadableRecord, UnknownType):
            return PermanentError("unreadable", "parked by a version that could read it")
        except Exception as exc:
            if is_outage(exc) or is_conflict(exc):
                raise
            return exc
        return None

    async def _failed(self, record: Record, attempts: int, error: Exception) -> None:
        if isinstance(error, PermanentError):
            await self._burial.bury(record, failure_of(error, attempts))
        elif isinstance(error, TemporaryError):
            await self._burial.postpone(record, error.code, attempts=attempts, after=error.delay)
        else:
            log.error("unknown error in a handler", group=self._subscription.group, attempts=attempts, exc_info=error)
            self._breaker.bug(error)
            await self._burial.postpone(record, "bug", attempts=attempts, after=_AFTER_BUG.wait(attempts))
