"""What sending needs, and what an attempt begun is made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from chassis.core.clock import Clock, NewId
from notify.app.policy import Policy
from notify.app.ports import ContactBox, SealedContact, SmsGateway, Transaction
from notify.domain.notification import Attempt, Notification, after
from notify.domain.states import Fact
from notify.domain.templates import Templates


@dataclass(frozen=True, slots=True)
class Claim:
    """An attempt begun, with what it needs. `token` is the secret part of the address for its receipts."""

    notification: Notification
    attempt: Attempt
    contact: SealedContact | None
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Sender:
    """What sending needs."""

    transaction: Transaction
    box: ContactBox
    gateway: SmsGateway
    templates: Templates
    policy: Policy
    receipts_url: str
    clock: Clock
    new_id: NewId
    new_token: Callable[[], str]

    def moved(
        self,
        notification: Notification,
        fact: Fact,
        *,
        code: str | None = None,
        next_attempt_at: datetime | None = None,
    ) -> Notification:
        """The notification once `fact` is known, by this sender's clock and policy."""
        return after(
            notification,
            fact,
            now=self.clock(),
            receipt_wait=self.policy.receipt_wait,
            code=code,
            next_attempt_at=next_attempt_at,
        )


def token_digest(token: str) -> bytes:
    """What is kept of a token: whoever reads the database can't report in the gateway's name."""
    return sha256(token.encode()).digest()
