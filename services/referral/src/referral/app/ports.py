"""What the use cases need of the outside."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from joserfc.jwk import ECKey

from chassis.postgres.outbox import Outgoing
from chassis.sealing.vault import Encrypted
from event_schemas.ids import MunicipalityCode, NotificationId, ReceiverId, ReferralId
from event_schemas.receivers import Receiver
from event_schemas.referral import ReferralType
from referral.domain.referral import Fact, GivenConsent, NotificationFact, Referral, SentEvent


class Pseudonyms(Protocol):
    """Keyed one-way names, different per purpose."""

    def pseudonym(self, text: str, *, purpose: str) -> str: ...


class Receivers(Protocol):
    """The receiver registry with its public keys."""

    def route(self, municipality: MunicipalityCode, referral_type: ReferralType, *, on: date) -> Receiver:
        """The receiver in force on a day. Raises PermanentError `unknown-municipality` or `no-receiver`."""

    def sealing_key(self, receiver: Receiver) -> ECKey:
        """The key that referrals are sealed to. Raises TemporaryError where it has not been registered yet."""

    def signing_keys(self, receiver: ReceiverId) -> Sequence[ECKey]:
        """Keys that this receiver's replies may be signed with; empty when none is registered."""


class Referrals(Protocol):
    """Referrals in the database, inside one transaction."""

    async def add(
        self, referral: Referral, encrypted: Encrypted, consent: GivenConsent, likenesses: Sequence[str]
    ) -> None: ...

    async def get(self, referral_id: ReferralId) -> Referral | None:
        """Nobody changes it until the transaction ends, so that what is read of it fits together."""

    async def lock(self, referral_id: ReferralId) -> Referral | None:
        """As `get`; whoever else wants to change it waits until the transaction ends."""

    async def save(self, referral: Referral) -> None:
        """Stores state and version."""

    async def open_of(self, municipality: MunicipalityCode) -> list[ReferralId]:
        """Referrals of a municipality that are not closed, the oldest first."""

    async def reroute(self, referral: Referral) -> None:
        """Stores municipality, receiver and term of acknowledgement beside state and version."""

    async def replace_content(self, referral_id: ReferralId, encrypted: Encrypted) -> None:
        """Stores the content anew, under its new data key."""

    async def like(self, likenesses: Sequence[str], referral_type: str, on: date) -> ReferralId | None:
        """A referral of that type and day that shares a likeness, and is open as far as its referrer may know.

        A second asker of the same waits.
        """

    async def encrypted(self, referral_id: ReferralId) -> Encrypted | None:
        """None once erased."""

    async def feedback(self, referral_id: ReferralId) -> bool:
        """Whether the client's consent lets the referrer learn how it went."""

    async def erase(self, referral_id: ReferralId, at: datetime) -> None:
        """Destroys the data key and the content, and ends the consent."""

    async def add_fact(self, referral_id: ReferralId, fact: Fact, *, now: datetime) -> None: ...

    async def facts(self, referral_id: ReferralId) -> list[Fact]: ...

    async def add_sent(self, referral_id: ReferralId, event: SentEvent) -> None: ...

    async def sent_events(self, referral_id: ReferralId) -> list[SentEvent]: ...


class Notifications(Protocol):
    """What clients were told, inside one transaction."""

    async def add(
        self, referral_id: ReferralId, notification_id: NotificationId, recipient_ref: str, fact: NotificationFact
    ) -> bool:
        """False when the matter has been told already."""

    async def update(self, notification_id: NotificationId, state: str, at: datetime, *, version: int) -> bool:
        """Stores the state, and shows it as a new version of the referral; False when it isn't ours or not newer.

        `version` is the envelope's: what is newer is told by it, for `at` is some process's clock.
        """

    async def of(self, referral_id: ReferralId) -> list[NotificationFact]: ...

    async def recipients(self, referral_id: ReferralId) -> list[str]:
        """The refs under which notify holds contact data for this referral."""


class AccessLogs(Protocol):
    """Append-only logs of reads and disclosures, inside one transaction."""

    async def used(self, referral: Referral, *, actor: str, action: str, at: datetime) -> None: ...

    async def disclosed(
        self, referral: Referral, *, actor: str, receiver: ReceiverId, event_id: UUID | None, at: datetime
    ) -> None: ...


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """What a request with the same key was, and the answer it got."""

    request_hash: str
    response: bytes


class Answers(Protocol):
    """Answers by Idempotency-Key, inside one transaction."""

    async def find(self, key_hash: str) -> StoredAnswer | None: ...

    async def claim(self, key_hash: str, request_hash: str, *, at: datetime) -> StoredAnswer | None:
        """None when the key is new and now ours; a second asker waits for the first one's transaction."""

    async def store(self, key_hash: str, response: bytes) -> None: ...


class OldAnswers(Protocol):
    """Answers that nobody will ask for again."""

    async def forget(self, *, before: datetime) -> None:
        """Raises TemporaryError while the database is away."""


class Refusals(Protocol):
    """Refused replies, inside one transaction."""

    async def add(
        self, receiver: ReceiverId, reply_id: str, referral_id: ReferralId, code: str, *, at: datetime
    ) -> bool:
        """False when this reply has been refused before."""


class Events(Protocol):
    """Events that are published when, and only when, the transaction commits."""

    async def publish(self, events: Sequence[Outgoing]) -> list[UUID]:
        """The `ce_id` of each."""


@dataclass(frozen=True, slots=True)
class Work:
    """One open transaction."""

    referrals: Referrals
    notifications: Notifications
    logs: AccessLogs
    answers: Answers
    refusals: Refusals
    events: Events


class NewWork(Protocol):
    """Opens a transaction; it commits at the end of the block, and rolls back on an error."""

    def __call__(self) -> AbstractAsyncContextManager[Work]: ...
