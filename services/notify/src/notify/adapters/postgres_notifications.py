"""Notifications in PostgreSQL; every change of state leaves through the outbox in the same transaction."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from uuid import UUID

import asyncpg

from chassis.core.clock import Clock
from chassis.postgres.database import Connection, Database
from chassis.postgres.outbox import Outbox, Outgoing
from chassis.postgres.queries import load_queries
from event_schemas.ids import NotificationId
from event_schemas.notification import NotificationState, NotificationStatusChanged
from notify.app.metrics import STATES
from notify.app.ports import Change, Outcome, Receipt, SealedContact
from notify.domain.notification import Attempt, Notification
from notify.domain.states import Effect

STATUS_TOPIC = "hyte.notifications.status.v1"

queries = load_queries(Path(__file__).with_name("queries.sql"))


class PostgresNotifications:
    """The port `Notifications` on one connection inside one transaction."""

    def __init__(self, tx: Connection, *, outbox: Outbox, clock: Clock) -> None:
        self._tx = tx
        self._outbox = outbox
        self._clock = clock

    async def why_not(self, notification_id: UUID, recipient_ref: str) -> str | None:
        reason: str | None = await queries.why_not(self._tx, id=notification_id, recipient_ref=recipient_ref)
        return reason

    async def add(self, notification: Notification, contact: SealedContact | None) -> bool:
        status = await queries.insert_notification(self._tx, **asdict(notification))
        if not _rows(status):
            return False
        if contact is not None:
            await queries.insert_contact(
                self._tx, id=notification.id, wrapped_key=contact.wrapped_key, sealed=contact.sealed
            )
            await queries.notify_due(self._tx)
        await self._publish([notification])
        return True

    async def remember_called_off(self, notification_id: UUID, reason: str, at: datetime) -> None:
        await queries.remember_called_off(self._tx, id=notification_id, reason=reason, at=at)

    async def remember_stop(self, recipient_ref: str, reason: str, at: datetime) -> None:
        await queries.remember_stop(self._tx, recipient_ref=recipient_ref, reason=reason, at=at)

    async def lock(self, notification_id: UUID) -> Notification | None:
        row = await queries.lock(self._tx, id=notification_id)
        return None if row is None else _notification(row)

    async def lock_recipient(self, recipient_ref: str) -> list[Notification]:
        return [_notification(row) async for row in queries.lock_recipient(self._tx, recipient_ref=recipient_ref)]

    async def lock_due(self, now: datetime, limit: int) -> list[Notification]:
        return [_notification(row) async for row in queries.lock_due(self._tx, now=now, limit=limit)]

    async def lock_unsettled(self, now: datetime, limit: int) -> list[Notification]:
        return [_notification(row) async for row in queries.lock_unsettled(self._tx, now=now, limit=limit)]

    async def lock_abandoned(self, began_before: datetime, limit: int) -> list[Notification]:
        rows = queries.lock_abandoned(self._tx, began_before=began_before, limit=limit)
        return [_notification(row) async for row in rows]

    async def next_due(self) -> datetime | None:
        due: datetime | None = await queries.next_due(self._tx)
        return due

    async def save(self, changes: Sequence[Change]) -> None:
        changed = [(before, after) for before, after in changes if after != before]
        if changed:
            await self._update([after for _, after in changed])
            await self._publish([after for before, after in changed if after.state is not before.state])

    async def contacts(self, notification_ids: Sequence[UUID]) -> dict[UUID, SealedContact]:
        rows = queries.contacts(self._tx, ids=list(notification_ids))
        return {row["notification_id"]: SealedContact(row["wrapped_key"], row["sealed"]) async for row in rows}

    async def erase_contacts(self, notification_ids: Sequence[UUID]) -> None:
        await queries.erase_contacts(self._tx, ids=list(notification_ids))

    async def erase_contacts_closed_before(self, moment: datetime) -> int:
        return _rows(await queries.erase_contacts_closed_before(self._tx, moment=moment))

    async def begin_attempts(self, attempts: Sequence[Attempt]) -> None:
        await queries.begin_attempts(
            self._tx,
            ids=[attempt.id for attempt in attempts],
            notification_ids=[attempt.notification_id for attempt in attempts],
            numbers=[attempt.number for attempt in attempts],
            token_digests=[attempt.token_digest for attempt in attempts],
            began_at=[attempt.began_at for attempt in attempts],
        )

    async def end_attempt(self, attempt_id: UUID, outcome: Outcome, now: datetime) -> bool:
        status = await queries.end_attempt(self._tx, id=attempt_id, outcome=outcome.fact, code=outcome.code, now=now)
        return _rows(status) == 1

    async def attempt_of(self, token_digest: bytes) -> Attempt | None:
        row = await queries.attempt_of(self._tx, token_digest=token_digest)
        return None if row is None else Attempt(**row)

    async def end_abandoned(
        self, notification_ids: Sequence[UUID], began_before: datetime, outcome: Outcome, now: datetime
    ) -> set[UUID]:
        rows = queries.end_abandoned(
            self._tx,
            ids=list(notification_ids),
            began_before=began_before,
            outcome=outcome.fact,
            code=outcome.code,
            now=now,
        )
        return {row["notification_id"] async for row in rows}

    async def add_receipt(self, attempt_id: UUID, receipt: Receipt, effect: Effect, now: datetime) -> None:
        await queries.insert_receipt(
            self._tx,
            attempt_id=attempt_id,
            status=receipt.status,
            reported_at=receipt.reported_at,
            effect=effect,
            now=now,
        )

    async def has_receipt(self, attempt_id: UUID, receipt: Receipt) -> bool:
        return bool(
            await queries.has_receipt(
                self._tx, attempt_id=attempt_id, status=receipt.status, reported_at=receipt.reported_at
            )
        )

    async def _update(self, changed: Sequence[Notification]) -> None:
        await queries.update_notifications(
            self._tx,
            ids=[after.id for after in changed],
            states=[after.state for after in changed],
            codes=[after.code for after in changed],
            attempts=[after.attempts for after in changed],
            called_off=[after.called_off for after in changed],
            next_attempt_at=[after.next_attempt_at for after in changed],
            settle_at=[after.settle_at for after in changed],
            closed_at=[after.closed_at for after in changed],
        )

    async def _publish(self, notifications: Sequence[Notification]) -> None:
        now = self._clock()
        await self._outbox.append(self._tx, [_status(notification, now) for notification in notifications])
        for notification in notifications:
            STATES.labels(notification.state).inc()


class Transactions:
    """Opens transactions on the service's database, for work that does not come from a topic."""

    def __init__(self, database: Database, *, outbox: Outbox, clock: Clock) -> None:
        self._database = database
        self._outbox = outbox
        self._clock = clock

    @asynccontextmanager
    async def __call__(self) -> AsyncIterator[PostgresNotifications]:
        async with self._database.attempt() as tx:
            yield self.on(tx)

    def on(self, tx: Connection) -> PostgresNotifications:
        """The notifications in a transaction that is open already."""
        return PostgresNotifications(tx, outbox=self._outbox, clock=self._clock)


def _notification(row: asyncpg.Record) -> Notification:
    return Notification(**{**row, "state": NotificationState(row["state"])})


def _status(notification: Notification, now: datetime) -> Outgoing:
    changed = NotificationStatusChanged(
        notification_id=NotificationId(str(notification.id)), state=notification.state, at=now, code=notification.code
    )
    return Outgoing(STATUS_TOPIC, str(notification.id), changed)


def _rows(status: str) -> int:
    """From a command tag such as `UPDATE 1`."""
    return int(status.rsplit(" ", 1)[-1])
