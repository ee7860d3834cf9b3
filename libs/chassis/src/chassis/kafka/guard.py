"""The guard over every consumer: poison never blocks, bugs never loop, outages never flood, nothing is dropped.

A batch is first handled whole, in one transaction. When that fails for any reason but an outage, its records are
handled one by one, and each ends in one of: done, dead letter, parked row, or (bug, shutdown) unread, with its offset
uncommitted.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from functools import partial

import structlog

from chassis.core.backoff import Backoff
from chassis.core.clock import Clock
from chassis.core.errors import PermanentError, TemporaryError
from chassis.core.health import Health
from chassis.kafka.breaker import Breaker
from chassis.kafka.dead_letters import DeadLetters, Failure
from chassis.kafka.errors import is_outage
from chassis.kafka.handlers import Subscription
from chassis.kafka.parking import Parking
from chassis.kafka.patience import Interrupted, Patience
from chassis.kafka.records import Delivery, Record, UnknownType, decode
from chassis.kafka.settings import GuardSettings
from chassis.postgres.database import Connection, Database
from chassis.postgres.errors import is_conflict
from chassis.postgres.queries import queries
from chassis.telemetry.metrics import HANDLING, PARKED, RECORDS, RETRIES
from event_schemas.codec import UnreadableRecord

log = structlog.get_logger(__name__)

INBOX_KEPT = timedelta(days=60)
_RETRY_ROW_FIRST = Backoff(first=timedelta(minutes=1), most=timedelta(hours=1))
_BUG_WAIT = Backoff(first=timedelta(milliseconds=200), most=timedelta(seconds=5))


class Guard:
    """Guards one subscription of one process."""

    def __init__(
        self,
        subscription: Subscription,
        *,
        database: Database,
        dead_letters: DeadLetters,
        settings: GuardSettings,
        health: Health,
        clock: Clock,
    ) -> None:
        self.subscription = subscription
        self._database = database
        self._dead_letters = dead_letters
        self._settings = settings
        self._clock = clock
        self._parking = Parking(group=subscription.group, blocking=subscription.has_effects, clock=clock)
        self._breaker = Breaker(settings.guard_bug_limit, settings.guard_window, settings.guard_dead_share)
        self._patience = Patience(group=subscription.group, health=health)

    @property
    def group(self) -> str:
        return self.subscription.group

    def stop_soon(self) -> None:
        """Ends every wait; what is being handled may finish."""
        self._patience.stop_soon()

    async def handle(self, records: Sequence[Record]) -> None:
        """Returns when the offsets behind `records` may be committed.

        Raises:
            Interrupted: they may not; read them again.
        """
        with HANDLING.labels(self.group).time():
            deliveries = await self._readable(records)
            for start in range(0, len(deliveries), self._settings.guard_batch):
                await self._whole_or_each(deliveries[start : start + self._settings.guard_batch])

    async def replay(self, record: Record) -> str:
        """One attempt on a dead letter by this group's own handler; returns what became of it.

        Raises:
            PermanentError, TemporaryError, UnreadableRecord: it fails still.
        """
        delivery = decode(record)
        async with self._database.transaction() as tx:
            await self.subscription.handler([delivery], tx)
            await self._parking.release(tx, record)
        return "handled"

    async def discard(self, record: Record) -> None:
        """Gives a dead letter up for good: redelivered it has no effect, and its key goes on."""
        async with self._database.transaction() as tx:
            await self._parking.discard(tx, record)

    async def parked_dead(self, topic: str) -> list[tuple[Record, Failure]]:
        """Records whose keys wait for a person, also when retention has taken their dead letters."""
        async with self._database.connection() as connection:
            rows = await self._parking.dead(connection, topic)
        kept = "its dead letter has expired, its key still waits"
        return [(record, Failure(code, kept, "", attempts)) for record, code, attempts in rows]

    async def retry_due(self) -> timedelta | None:
        """A turn of the loop over parked rows: works on one whose time has come; returns the wait to the next turn."""
        try:
            return None if await self._retry_one() else timedelta(seconds=1)
        except Exception as exc:
            if not (is_outage(exc) or is_conflict(exc)):
                raise
            return timedelta(seconds=5)

    async def forget_old_events(self) -> timedelta:
        """A turn of the loop that keeps the inbox small: no topic redelivers anything as old as this."""
        try:
            async with self._database.connection() as connection:
                await queries.forget_inbox(connection, before=self._clock() - INBOX_KEPT)
        except Exception as exc:
            if not is_outage(exc):
                raise
        return timedelta(hours=1)

    async def _readable(self, records: Sequence[Record]) -> list[Delivery]:
        deliveries = []
        for record in records:
            try:
                deliveries.append(decode(record))
            except UnreadableRecord as exc:
                await self._bury(record, Failure("unreadable", exc.reason, type(exc).__name__, 1))
            except UnknownType:
                RECORDS.labels(record.topic, self.group, "unknown-type").inc()
        return deliveries

    async def _whole_or_each(self, deliveries: Sequence[Delivery]) -> None:
        try:
            await self._patience.insist(lambda: self._apply(deliveries))
        except Interrupted:
            raise
        except Exception as exc:  # noqa: BLE001 - whatever it is, each record meets it alone below
            log.warning(
                "batch failed, taking its records one by one",
                group=self.group,
                records=len(deliveries),
                error_type=type(exc).__name__,
            )
            for delivery in deliveries:
                await self._one(delivery)

    async def _apply(self, deliveries: Sequence[Delivery]) -> None:
        async with self._database.transaction() as tx:
            free = await self._parking.pass_or_park(tx, deliveries)
            if free:
                await self.subscription.handler(free, tx)
        self._breaker.handled(len(deliveries))
        self._count(deliveries, free)

    def _count(self, deliveries: Sequence[Delivery], free: Sequence[Delivery]) -> None:
        for topic in self.subscription.topics:
            of_topic = sum(delivery.record.topic == topic for delivery in deliveries)
            handled = sum(delivery.record.topic == topic for delivery in free)
            if of_topic:
                RECORDS.labels(topic, self.group, "handled").inc(handled)
                RECORDS.labels(topic, self.group, "parked").inc(of_topic - handled)

    async def _one(self, delivery: Delivery) -> None:
        """Handles one record to its end; see the module's text for the ends there are."""
        began = asyncio.get_running_loop().time()
        attempts = 0
        while True:
            attempts += 1
            try:
                await self._patience.insist(lambda: self._apply([delivery]))
                return
            except PermanentError as exc:
                await self._bury(delivery.record, _failure(exc, attempts))
                return
            except TemporaryError as exc:
                wait = exc.delay or Backoff().wait(attempts)
                passed = timedelta(seconds=asyncio.get_running_loop().time() - began)
                if passed + wait > self._settings.guard_patience:
                    await self._patience.insist(partial(self._park_retry, delivery.record, exc.code, attempts))
                    return
                RETRIES.labels(self.group, "temporary").inc()
                await self._patience.rest(wait)
            except Interrupted:
                raise
            except Exception as exc:  # noqa: BLE001 - a bug of the handler; the breaker counts it
                await self._bug(exc, attempts)

    async def _bug(self, error: Exception, attempts: int) -> None:
        log.error("unknown error in a handler", group=self.group, attempts=attempts, exc_info=error)
        RETRIES.labels(self.group, "bug").inc()
        self._breaker.bug(error)
        await self._hold_if_tripped()
        await self._patience.rest(_BUG_WAIT.wait(attempts))

    async def _hold_if_tripped(self) -> None:
        if self._breaker.reason is not None:
            await self._patience.hold(self._breaker.reason)

    async def _bury(self, record: Record, failure: Failure) -> None:
        """Dead-letters a record, and parks its key on an effect topic; both before its offset can be committed."""
        await self._patience.insist(lambda: self._dead_letters.publish(self.group, record, failure))
        await self._patience.insist(lambda: self._park_dead(record, failure))
        RECORDS.labels(record.topic, self.group, "dead").inc()
        log.error(
            "record is a dead letter",
            group=self.group,
            topic=record.topic,
            partition=record.partition,
            offset=record.offset,
            code=failure.code,
        )
        if failure.parks:  # whoever forges records must not be able to stop the consumer with them
            self._breaker.dead()
        await self._hold_if_tripped()

    async def _park_dead(self, record: Record, failure: Failure) -> None:
        if not failure.parks:
            return
        async with self._database.transaction() as tx:
            await self._parking.park_dead(tx, record, code=failure.code, attempts=failure.attempts)

    async def _park_retry(self, record: Record, code: str, attempts: int, after: timedelta | None = None) -> None:
        due = self._clock() + (after or _RETRY_ROW_FIRST.wait(1))
        async with self._database.transaction() as tx:
            await self._parking.park_retry(tx, record, code=code, attempts=attempts, due=due)
        RECORDS.labels(record.topic, self.group, "parked").inc()

    async def _retry_one(self) -> bool:
        async with self._database.transaction() as tx:
            PARKED.labels(self.group).set(await self._parking.count(tx))
            found = await self._parking.due(tx)
            if found is None:
                return False
            record, attempts = found
            failure = await self._attempt_parked(tx, record)
            if failure is None:
                await self._parking.release(tx, record)
        if failure is not None:
            await self._failed_again(record, attempts + 1, failure)
        return True

    async def _attempt_parked(self, tx: Connection, record: Record) -> Exception | None:
        """The handler inside a savepoint: its failure must leave the row's lock and the count standing."""
        try:
            async with tx.transaction():
                await self.subscription.handler([decode(record)], tx)
        except (PermanentError, TemporaryError) as exc:
            return exc
        return None

    async def _failed_again(self, record: Record, attempts: int, error: Exception) -> None:
        if isinstance(error, TemporaryError):
            await self._park_retry(record, error.code, attempts, error.delay or _RETRY_ROW_FIRST.wait(attempts))
        elif isinstance(error, PermanentError):
            await self._bury(record, _failure(error, attempts))


def _failure(error: PermanentError, attempts: int) -> Failure:
    return Failure(error.code, error.explanation, type(error).__name__, attempts, parks=error.parks)
