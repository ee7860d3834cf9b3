"""The guard over every consumer: poison never blocks, bugs never loop, outages never flood, nothing is dropped.

A batch is first handled whole, in one transaction. When that fails for any reason but an outage, its records are
handled one by one, and each ends in one of: done, dead letter, parked row, or (bug, shutdown) unread, with its offset
uncommitted.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta

import structlog

from chassis.core.backoff import Backoff
from chassis.core.clock import Clock
from chassis.core.errors import PermanentError, TemporaryError
from chassis.core.health import Health
from chassis.kafka.breaker import Breaker
from chassis.kafka.burial import Burial, failure_of
from chassis.kafka.dead_letters import DeadLetters, Failure
from chassis.kafka.errors import is_outage
from chassis.kafka.handlers import Subscription
from chassis.kafka.parking import Parking
from chassis.kafka.patience import Interrupted, Patience
from chassis.kafka.records import Delivery, Record, UnknownType, decode
from chassis.kafka.retries import ParkedRetries
from chassis.kafka.settings import GuardSettings
from chassis.postgres.database import Database
from chassis.postgres.queries import queries
from chassis.telemetry.metrics import HANDLING, RECORDS, RETRIES
from event_schemas.codec import UnreadableRecord

log = structlog.get_logger(__name__)

INBOX_KEPT = timedelta(days=60)
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
        self._settings = settings
        self._clock = clock
        self._parking = Parking(group=subscription.group, blocking=subscription.has_effects, clock=clock)
        self._breaker = Breaker(settings.guard_bug_limit, settings.guard_window, settings.guard_dead_share)
        self._patience = Patience(group=subscription.group, health=health)
        self._burial = Burial(
            subscription.group,
            database=database,
            dead_letters=dead_letters,
            parking=self._parking,
            patience=self._patience,
            breaker=self._breaker,
            clock=clock,
        )
        self.retries = ParkedRetries(
            subscription,
            database=database,
            parking=self._parking,
            burial=self._burial,
            breaker=self._breaker,
            patience=self._patience,
        )

    @property
    def group(self) -> str:
        return self.subscription.group

    def beat(self) -> None:
        """The consumer's loop turns; told by whoever turns it while nothing is being handled."""
        self._patience.beat()

    def stop_soon(self) -> None:
        """Ends every wait; what is being handled may finish."""
        self._patience.stop_soon()

    async def handle(self, records: Sequence[Record]) -> None:
        """Returns when the offsets behind `records` may be committed.

        Raises:
            Interrupted: they may not; read them again.
        """
        await self._hold_if_tripped()
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
            deadline = asyncio.get_running_loop().time() + self._settings.guard_patience.total_seconds()
            for delivery in deliveries:
                await self._one(delivery, deadline=deadline)

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

    async def _one(self, delivery: Delivery, *, deadline: float) -> None:
        """Handles one record to its end; see the module's text for the ends there are."""
        attempts = 0
        while True:
            attempts += 1
            self._patience.beat()
            try:
                await self._patience.insist(lambda: self._apply([delivery]))
                return
            except PermanentError as exc:
                await self._bury(delivery.record, failure_of(exc, attempts))
                return
            except TemporaryError as exc:
                wait = exc.delay or Backoff().wait(attempts)
                if asyncio.get_running_loop().time() + wait.total_seconds() > deadline:
                    await self._burial.postpone(delivery.record, exc.code, attempts=attempts)
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

    async def _bury(self, record: Record, failure: Failure) -> None:
        await self._burial.bury(record, failure)
        await self._hold_if_tripped()

    async def puzzled(self, error: Exception) -> None:
        """A fault outside of any handler, nothing committed: counted like a bug, so that it cannot go on for ever."""
        with suppress(Interrupted):
            await self._bug(error, 1)

    async def _hold_if_tripped(self) -> None:
        if self._breaker.reason is not None:
            await self._patience.hold(self._breaker.reason)
