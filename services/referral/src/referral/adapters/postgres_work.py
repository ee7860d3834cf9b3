"""One transaction of the referral database, as the use cases see it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from uuid import UUID

from chassis.postgres.database import Connection, Database
from chassis.postgres.outbox import Outbox, Outgoing
from referral.adapters.postgres_records import (
    PostgresAccessLogs,
    PostgresAnswers,
    PostgresNotifications,
    PostgresRefusals,
)
from referral.adapters.postgres_referrals import PostgresReferrals
from referral.app.ports import NewWork, Work


class OutboxEvents:
    """Events of the transaction, appended to the outbox."""

    def __init__(self, tx: Connection, outbox: Outbox) -> None:
        self._tx = tx
        self._outbox = outbox

    async def publish(self, events: Sequence[Outgoing]) -> list[UUID]:
        return [one.id for one in await self._outbox.append(self._tx, events)]


def work_in(tx: Connection, outbox: Outbox) -> Work:
    """The ports over a transaction that somebody else commits."""
    return Work(
        referrals=PostgresReferrals(tx),
        notifications=PostgresNotifications(tx),
        logs=PostgresAccessLogs(tx),
        answers=PostgresAnswers(tx),
        refusals=PostgresRefusals(tx),
        events=OutboxEvents(tx, outbox),
    )


def new_work(database: Database, outbox: Outbox) -> NewWork:
    """Opens transactions of their own."""

    @asynccontextmanager
    async def begin() -> AsyncIterator[Work]:
        async with database.transaction() as tx:
            yield work_in(tx, outbox)

    return begin
