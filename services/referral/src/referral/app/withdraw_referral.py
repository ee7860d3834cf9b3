"""The client's consent is withdrawn: our copy is erased at once, the receiver and notify are told to erase theirs."""

from __future__ import annotations

from chassis.core.clock import Clock
from chassis.postgres.outbox import Outgoing
from event_schemas.ids import ReferralId
from event_schemas.referral import ReferralWithdrawn, WithdrawalReason
from referral.app.errors import UnknownReferral
from referral.app.notify_client import stop_notifying
from referral.app.ports import NewWork, Work
from referral.app.steps import move
from referral.app.topics import referral_topic
from referral.domain.referral import Fact, Referral
from referral.domain.states import WITHDRAWING, Party, State


async def withdraw_referral(referral_id: ReferralId, *, actor: str, new_work: NewWork, clock: Clock) -> Referral:
    """The withdrawn referral; withdrawing again changes nothing.

    Raises:
        UnknownReferral: there is none.
    """
    async with new_work() as work:
        referral = await work.referrals.lock(referral_id)
        if referral is None:
            raise UnknownReferral
        if referral.state == State.WITHDRAWN:
            return referral
        now = clock()
        await work.logs.used(referral, actor=actor, action="withdraw", at=now)
        await _tell(work, referral, clock)
        await work.referrals.erase(referral_id, now)
        return await move(work, referral, State.WITHDRAWN, Fact(Party.REFERRER, WITHDRAWING, now), now=now)


async def _tell(work: Work, referral: Referral, clock: Clock) -> None:
    now = clock()
    told = {event.receiver for event in await work.referrals.sent_events(referral.id)}
    events = [
        ReferralWithdrawn(
            referral_id=referral.id, receiver=receiver, reason=WithdrawalReason.CONSENT_WITHDRAWN, withdrawn_at=now
        )
        for receiver in sorted(told)
    ]
    await work.events.publish([Outgoing(referral_topic(event.receiver), referral.id, event) for event in events])
    await stop_notifying(work, referral.id, now=now)
