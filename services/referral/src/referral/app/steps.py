"""Moving a referral one step: state, fact and the pseudonymous lifecycle event, always together."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from chassis.postgres.outbox import Outgoing
from event_schemas.lifecycle import ReferralStepTaken
from referral.app.ports import Work
from referral.app.topics import LIFECYCLE_TOPIC
from referral.domain.referral import Fact, Referral
from referral.domain.states import STEPS, State

LOCAL_ZONE = ZoneInfo("Europe/Helsinki")


async def move(work: Work, referral: Referral, state: State, fact: Fact, *, now: datetime) -> Referral:
    """The referral in its new state."""
    moved = replace(referral, state=state, version=referral.version + 1)
    await work.referrals.save(moved)
    await work.referrals.add_fact(referral.id, fact, now=now)
    await count(work, moved, now=now)
    return moved


async def stay(work: Work, referral: Referral, fact: Fact, *, now: datetime) -> None:
    """A fact that moves nothing, and yet is new to see."""
    await work.referrals.save(replace(referral, version=referral.version + 1))
    await work.referrals.add_fact(referral.id, fact, now=now)


async def count(work: Work, referral: Referral, *, now: datetime) -> None:
    """Publishes the step that the referral's state counts as: a date and no time, under a random case id."""
    step = STEPS.get(referral.state)
    if step is None:
        return
    taken = ReferralStepTaken(
        case_id=referral.case_id,
        step=step,
        on=now.astimezone(LOCAL_ZONE).date(),
        municipality=referral.municipality,
        referral_type=referral.referral_type,
    )
    await work.events.publish([Outgoing(LIFECYCLE_TOPIC, referral.case_id, taken)])
