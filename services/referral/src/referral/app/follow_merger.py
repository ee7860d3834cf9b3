"""A municipality has merged into another: its open referrals follow, each to the successor's receiver."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime

from chassis.postgres.outbox import Outgoing
from event_schemas.ids import MunicipalityCode, ReceiverId, ReferralId
from event_schemas.receivers import Delivery, Receiver
from event_schemas.referral import ReferralType, ReferralWithdrawn, WithdrawalReason
from referral.app.content import StoredContent, stored_content
from referral.app.ports import Work
from referral.app.refer_client import Tools, sealed_for, send
from referral.app.steps import LOCAL_ZONE
from referral.app.topics import referral_topic
from referral.domain.referral import Fact, Referral
from referral.domain.states import CLOSED, REROUTING, Party, State

_UNSEEN = (State.SENT, State.IN_INBOX)


@dataclass(frozen=True, slots=True)
class Merger:
    """Which municipality has joined which."""

    former: MunicipalityCode
    successor: MunicipalityCode


@dataclass(frozen=True, slots=True)
class Followed:
    """A referral that went from one receiver to another; `state` is the one it is in now."""

    referral_id: ReferralId
    state: State
    before: ReceiverId | None
    after: ReceiverId


class _Rehearsed(Exception):
    """Rolls back: everything was done but for the last step."""


async def follow_merger(merger: Merger, tools: Tools, *, actor: str, rehearse: bool) -> AsyncIterator[Followed]:
    """Moves the open referrals, one transaction each, so that it can be stopped and begun again.

    A rehearsal does all of it, sealing included, and rolls back. Referrals under turvakielto are routed by hand and not
    met here: nothing in the clear tells their municipality. Steps already counted keep the municipality and day that
    they had, and moving counts as none.

    Raises:
        PermanentError: the successor has no receiver for a type of referral.
        TemporaryError: its receiver has no key to seal for yet.
    """
    async with tools.work() as work:
        waiting = await work.referrals.open_of(merger.former)
    for referral_id in waiting:
        if (followed := await _follow(referral_id, merger, tools, actor=actor, rehearse=rehearse)) is not None:
            yield followed


async def _follow(
    referral_id: ReferralId, merger: Merger, tools: Tools, *, actor: str, rehearse: bool
) -> Followed | None:
    followed: Followed | None = None
    try:
        async with tools.work() as work:
            referral = await work.referrals.lock(referral_id)
            if referral is None or referral.municipality != merger.former or referral.state in CLOSED:
                return None
            followed = await _move(work, referral, merger, tools, actor=actor)
            if rehearse:
                raise _Rehearsed
    except _Rehearsed:
        pass
    return followed


async def _move(work: Work, referral: Referral, merger: Merger, tools: Tools, *, actor: str) -> Followed:
    now = tools.clock()
    receiver = tools.receivers.route(
        merger.successor, ReferralType(referral.referral_type), on=now.astimezone(LOCAL_ZONE).date()
    )
    moved = _rerouted(referral, merger, receiver, now)
    await work.referrals.reroute(moved)
    await work.referrals.add_fact(referral.id, Fact(Party.COORDINATOR, REROUTING, now), now=now)
    await work.logs.used(moved, actor=actor, action="follow-merger", at=now)
    await _release(work, referral, now)
    await _hand_over(work, moved, merger, receiver, tools, actor=actor, now=now)
    return Followed(referral.id, moved.state, referral.receiver, receiver.id)


def _rerouted(referral: Referral, merger: Merger, receiver: Receiver, now: datetime) -> Referral:
    """What the former receiver had not yet looked at begins anew; what it had begun goes on where it is."""
    unseen = referral.state in _UNSEEN
    first = State.SENT if receiver.delivery == Delivery.TOPIC else State.IN_INBOX
    return replace(
        referral,
        municipality=merger.successor,
        receiver=receiver.id,
        state=first if unseen else referral.state,
        version=referral.version + 1,
        acknowledge_by=now + receiver.time_limits.acknowledge if unseen else referral.acknowledge_by,
    )


async def _release(work: Work, referral: Referral, now: datetime) -> None:
    """Whoever holds a copy from a topic is told to erase it."""
    told = {event.receiver for event in await work.referrals.sent_events(referral.id)}
    events = [
        ReferralWithdrawn(referral_id=referral.id, receiver=one, reason=WithdrawalReason.REROUTED, withdrawn_at=now)
        for one in sorted(told)
    ]
    await work.events.publish([Outgoing(referral_topic(event.receiver), referral.id, event) for event in events])


async def _hand_over(
    work: Work, moved: Referral, merger: Merger, receiver: Receiver, tools: Tools, *, actor: str, now: datetime
) -> None:
    stored = await stored_content(work, tools.vault, moved.id)
    if stored is None:
        return
    stored = _for_receiver(stored, merger, receiver)
    await work.referrals.replace_content(moved.id, tools.vault.encrypt(moved.id, stored.to_json()))
    event_id = None
    if receiver.delivery == Delivery.TOPIC:
        attempt = 1 + len(await work.referrals.sent_events(moved.id))
        event_id = await send(work, sealed_for(moved, receiver, stored, tools, now, attempt=attempt))
    await work.logs.disclosed(moved, actor=actor, receiver=receiver.id, event_id=event_id, at=now)


def _for_receiver(stored: StoredContent, merger: Merger, receiver: Receiver) -> StoredContent:
    """The consent named the former municipality's receiver; its successor takes over rights and duties by law."""
    consent = stored.content.consent.model_copy(update={"receiver": receiver.id})
    content = stored.content.model_copy(update={"consent": consent})
    return stored.model_copy(update={"municipality": merger.successor, "content": content})
