"""What becomes of a record that could not be handled: a dead letter, or a row that is tried again later."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from chassis.core.backoff import Backoff
from chassis.core.clock import Clock
from chassis.core.errors import PermanentError
from chassis.kafka.breaker import Breaker
from chassis.kafka.dead_letters import DeadLetters, Failure
from chassis.kafka.parking import Parking
from chassis.kafka.patience import Patience
from chassis.kafka.records import Record
from chassis.postgres.database import Database
from chassis.telemetry.metrics import RECORDS

log = structlog.get_logger(__name__)

_RETRY_ROW = Backoff(first=timedelta(minutes=1), most=timedelta(hours=1))


class Burial:
    """Buries and postpones the records of one consumer group, patiently."""

    def __init__(
        self,
        group: str,
        *,
        database: Database,
        dead_letters: DeadLetters,
        parking: Parking,
        patience: Patience,
        breaker: Breaker,
        clock: Clock,
    ) -> None:
        self._group = group
        self._database = database
        self._dead_letters = dead_letters
        self._parking = parking
        self._patience = patience
        self._breaker = breaker
        self._clock = clock

    async def bury(self, record: Record, failure: Failure) -> None:
        """Dead-letters the record, and parks its key on an effect topic; both before its offset can be committed."""
        await self._patience.insist(lambda: self._dead_letters.publish(self._group, record, failure))
        await self._patience.insist(lambda: self._settle(record, failure))
        RECORDS.labels(record.topic, self._group, "dead").inc()
        place = {"topic": record.topic, "partition": record.partition, "offset": record.offset}
        log.error("record is a dead letter", group=self._group, code=failure.code, **place)
        if failure.parks:  # whoever forges records must not be able to stop the consumer with them
            self._breaker.dead()

    async def _settle(self, record: Record, failure: Failure) -> None:
        """Parks the key; where nothing is to wait, a row that the record had from earlier attempts goes."""
        async with self._database.transaction() as tx:
            if not (failure.parks and await self._parking.park_dead(tx, record, failure)):
                await self._parking.release(tx, record)

    async def postpone(self, record: Record, code: str, *, attempts: int, after: timedelta | None = None) -> None:
        """Makes it a row to be tried again, by default with waits that double from a minute to an hour."""
        due = self._clock() + (after or _RETRY_ROW.wait(attempts))
        await self._patience.insist(lambda: self._park_retry(record, code, attempts=attempts, due=due))
        RECORDS.labels(record.topic, self._group, "parked").inc()

    async def _park_retry(self, record: Record, code: str, *, attempts: int, due: datetime) -> None:
        async with self._database.transaction() as tx:
            await self._parking.park_retry(tx, record, code=code, attempts=attempts, due=due)


def failure_of(error: PermanentError, attempts: int) -> Failure:
    return Failure(error.code, error.explanation, type(error).__name__, attempts, parks=error.parks)
