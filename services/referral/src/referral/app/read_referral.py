"""Reading a referral: every read leaves a row in the usage log, and shows no more than the consent covers."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.core.clock import Clock
from chassis.sealing.vault import Vault
from event_schemas.ids import ReferralId
from referral.app.content import StoredContent, stored_content
from referral.app.errors import UnknownReferral
from referral.app.ports import NewWork, Work
from referral.domain.referral import NotificationFact, Referral
from referral.domain.showing import Shown, shown


@dataclass(frozen=True, slots=True)
class Status:
    """Where the referral is, as its referrer may know it: codes and times only."""

    referral: Referral
    shown: Shown
    notifications: list[NotificationFact]


async def read_status(
    referral_id: ReferralId, *, actor: str, new_work: NewWork, clock: Clock, action: str = "read-status"
) -> Status:
    """The status; `action` stands in the usage log. Raises UnknownReferral."""
    async with new_work() as work:
        referral = await _logged(work, referral_id, actor, action, clock)
        return await _status(work, referral)


async def read_referral(
    referral_id: ReferralId, *, actor: str, new_work: NewWork, vault: Vault, clock: Clock
) -> tuple[Status, StoredContent | None]:
    """Status and content; the content is None once erased. Raises UnknownReferral."""
    async with new_work() as work:
        referral = await _logged(work, referral_id, actor, "read", clock)
        return await _status(work, referral), await stored_content(work, vault, referral_id)


async def _logged(work: Work, referral_id: ReferralId, actor: str, action: str, clock: Clock) -> Referral:
    referral = await work.referrals.get(referral_id)
    if referral is None:
        raise UnknownReferral
    await work.logs.used(referral, actor=actor, action=action, at=clock())
    return referral


async def _status(work: Work, referral: Referral) -> Status:
    feedback = await work.referrals.feedback(referral.id)
    facts = await work.referrals.facts(referral.id)
    notifications = await work.notifications.of(referral.id)
    return Status(referral, shown(referral, facts, feedback=feedback), notifications)
