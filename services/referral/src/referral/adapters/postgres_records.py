"""What is kept around a referral: notifications, access logs, given answers, refused replies."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from chassis.postgres.database import Connection, Database
from chassis.postgres.errors import outage_as_temporary
from event_schemas.ids import NotificationId, ReceiverId, ReferralId
from referral.adapters.statements import queries
from referral.app.ports import StoredAnswer
from referral.domain.channels import NO_CHANNEL
from referral.domain.referral import NotificationFact, Referral


class PostgresNotifications:
    """Works inside the caller's transaction."""

    def __init__(self, tx: Connection) -> None:
        self._tx = tx

    async def add(
        self, referral_id: ReferralId, notification_id: NotificationId, recipient_ref: str, fact: NotificationFact
    ) -> bool:
        added = await queries.add_notification(
            self._tx,
            id=notification_id,
            referral_id=referral_id,
            matter=fact.matter,
            recipient_ref=recipient_ref,
            channel=fact.channel,
            state=fact.state,
            at=fact.at,
        )
        return added is not None

    async def update(self, notification_id: NotificationId, state: str, at: datetime, *, version: int) -> bool:
        updated = await queries.update_notification(self._tx, id=notification_id, state=state, at=at, version=version)
        return updated is not None

    async def of(self, referral_id: ReferralId) -> list[NotificationFact]:
        rows = queries.notifications(self._tx, referral_id=referral_id)
        return [NotificationFact(row["matter"], row["channel"], row["state"], row["at"]) async for row in rows]

    async def recipients(self, referral_id: ReferralId) -> list[str]:
        rows = queries.recipients(self._tx, referral_id=referral_id, no_channel=NO_CHANNEL)
        return [row["recipient_ref"] async for row in rows]


class PostgresAccessLogs:
    """Append-only; the database refuses anything else."""

    def __init__(self, tx: Connection) -> None:
        self._tx = tx

    async def used(self, referral: Referral, *, actor: str, action: str, at: datetime) -> None:
        await queries.log_usage(
            self._tx, at=at, client_ref=referral.client_ref, referral_id=referral.id, actor=actor, action=action
        )

    async def disclosed(
        self, referral: Referral, *, actor: str, receiver: ReceiverId, event_id: UUID | None, at: datetime
    ) -> None:
        await queries.log_disclosure(
            self._tx,
            at=at,
            client_ref=referral.client_ref,
            referral_id=referral.id,
            actor=actor,
            receiver=receiver,
            event_id=event_id,
        )


class PostgresAnswers:
    """Answers by hashed Idempotency-Key."""

    def __init__(self, tx: Connection) -> None:
        self._tx = tx

    async def find(self, key_hash: str) -> StoredAnswer | None:
        row = await queries.stored_answer(self._tx, key_hash=key_hash)
        return StoredAnswer(row["request_hash"], row["response"]) if row is not None else None

    async def claim(self, key_hash: str, request_hash: str, *, at: datetime) -> StoredAnswer | None:
        row = await queries.claim_key(self._tx, key_hash=key_hash, request_hash=request_hash, at=at)
        return StoredAnswer(row["request_hash"], row["response"]) if row["response"] is not None else None

    async def store(self, key_hash: str, response: bytes) -> None:
        await queries.store_answer(self._tx, key_hash=key_hash, response=response)


class PostgresOldAnswers:
    """Works on a connection of its own."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def forget(self, *, before: datetime) -> None:
        with outage_as_temporary():
            async with self._database.connection() as connection:
                await queries.forget_answers(connection, before=before)


class PostgresRefusals:
    """Refused replies, each known once."""

    def __init__(self, tx: Connection) -> None:
        self._tx = tx

    async def add(
        self, receiver: ReceiverId, reply_id: str, referral_id: ReferralId, code: str, *, at: datetime
    ) -> bool:
        added = await queries.add_refusal(
            self._tx, receiver=receiver, reply_id=reply_id, referral_id=referral_id, code=code, at=at
        )
        return added is not None
