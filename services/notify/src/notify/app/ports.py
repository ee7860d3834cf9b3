"""What the use cases need of the world."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from notify.domain.notification import Attempt, Contact, Notification
from notify.domain.states import Effect, Fact


@dataclass(frozen=True, slots=True)
class SealedContact:
    """Contact data under a data key of its own, which is wrapped by the key provider."""

    wrapped_key: bytes
    sealed: bytes


class ContactBox(Protocol):
    """Encrypts contact data for one notification."""

    def seal(self, notification_id: UUID, contact: Contact) -> SealedContact: ...

    def open(self, notification_id: UUID, sealed: SealedContact) -> Contact:
        """Raises PermanentError `wrong-key`."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a call to a gateway ended: TAKEN, NOT_TAKEN, REFUSED or UNCLEAR. `wait` is what the gateway asked for."""

    fact: Fact
    code: str | None = None
    wait: timedelta | None = None


class SmsGateway(Protocol):
    """One provider. Never raises for what the other side does: every end of a call is an Outcome."""

    async def send(self, *, to: str, text: str, receipts_to: str) -> Outcome: ...


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a gateway reports of an attempt; `fact` is None for states on the way."""

    status: str
    reported_at: datetime
    fact: Fact | None


Change = tuple[Notification, Notification]
"""A notification before and after."""


class Notifications(Protocol):
    """The notifications, inside one transaction. What is locked stays so until its end."""

    async def why_not(self, notification_id: UUID, recipient_ref: str) -> str | None:
        """The reason why nothing may be sent: called off, or the recipient has been stopped."""

    async def add(self, notification: Notification, contact: SealedContact | None) -> bool:
        """Stores it and publishes its state; False when it was there already."""

    async def remember_called_off(self, notification_id: UUID, reason: str, at: datetime) -> None: ...

    async def remember_stop(self, recipient_ref: str, reason: str, at: datetime) -> None: ...

    async def lock(self, notification_id: UUID) -> Notification | None: ...

    async def lock_recipient(self, recipient_ref: str) -> Sequence[Notification]:
        """All of one recipient's, in the order of their ids."""

    async def lock_due(self, now: datetime, limit: int) -> Sequence[Notification]:
        """Those whose `next_attempt_at` has come, without those that another process holds."""

    async def lock_unsettled(self, now: datetime, limit: int) -> Sequence[Notification]:
        """Those whose wait for a receipt is over."""

    async def lock_abandoned(self, began_before: datetime, limit: int) -> Sequence[Notification]:
        """Those with an attempt begun before that moment and without an outcome."""

    async def next_due(self) -> datetime | None:
        """When the next one is due."""

    async def save(self, changes: Sequence[Change]) -> None:
        """Stores what has changed; publishes each new state that differs. No notification may come twice."""

    async def contacts(self, notification_ids: Sequence[UUID]) -> Mapping[UUID, SealedContact]:
        """Of those that have not been erased."""

    async def erase_contacts(self, notification_ids: Sequence[UUID]) -> None: ...

    async def erase_contacts_closed_before(self, moment: datetime) -> int: ...

    async def begin_attempts(self, attempts: Sequence[Attempt]) -> None: ...

    async def end_attempt(self, attempt_id: UUID, outcome: Outcome, now: datetime) -> bool:
        """False when it had an outcome already."""

    async def attempt_of(self, token_digest: bytes) -> Attempt | None: ...

    async def end_abandoned(
        self, notification_ids: Sequence[UUID], began_before: datetime, outcome: Outcome, now: datetime
    ) -> set[UUID]:
        """Ends those notifications' attempts that still have no outcome; returns whose they were."""

    async def add_receipt(self, attempt_id: UUID, receipt: Receipt, effect: Effect, now: datetime) -> None: ...

    async def has_receipt(self, attempt_id: UUID, receipt: Receipt) -> bool: ...


Transaction = Callable[[], AbstractAsyncContextManager[Notifications]]
"""Opens a transaction; raises TemporaryError while the database is away."""
