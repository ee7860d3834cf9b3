"""A receiver's reply: opened, verified, bound, judged; then a fact, and where the state table has it, a step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from joserfc.jwk import ECKey

from chassis.core.clock import Clock
from chassis.core.errors import PermanentError
from chassis.postgres.outbox import Outgoing
from chassis.sealing.seal import unseal, verify
from event_schemas.codec import UnreadableRecord
from event_schemas.referral import RefusalCode
from event_schemas.referral_reply import ReplyStatement
from referral.app.notify_client import ACCEPTED, NotifyTools, notify_client
from referral.app.ports import Receivers, Work
from referral.app.refuse_reply import refusal_event
from referral.app.steps import move, stay
from referral.app.topics import referral_topic
from referral.domain.binding import Reply, ReplyRefused, require_bound, require_own_topic
from referral.domain.referral import Fact, Referral, acts_of
from referral.domain.states import Judgement, Party, State, Verdict, judge

_CODES = {"unknown-key": RefusalCode.UNKNOWN_KEY, "bad-signature": RefusalCode.BAD_SIGNATURE}


@dataclass(frozen=True, slots=True)
class ReplyTools:
    """What taking a reply works with; `county_keys` open what receivers seal for the county."""

    county_keys: Sequence[ECKey]
    receivers: Receivers
    notify: NotifyTools
    clock: Clock


async def take_reply(reply: Reply, work: Work, tools: ReplyTools) -> Verdict:
    """Has the reply's effect; a repetition has none.

    Raises:
        ReplyRefused: with the code that the receiver is answered with.
    """
    statement = _opened(reply, tools)
    referral = await work.referrals.lock(reply.referral_id)
    _require_its_receiver(reply, referral)
    if referral is None:
        raise ReplyRefused(RefusalCode.UNKNOWN_REFERRAL, "there is no such referral", reply=reply)
    await _require_answer_to_ours(reply, statement, work)
    facts = await work.referrals.facts(referral.id)
    if any(fact.reply_id == reply.reply_id for fact in facts):
        # The inbox knows a reply by source and id, the signature binds only the id: a copy under another source is new
        # to the one and true to the other.
        return Verdict.REPEATED
    judgement = judge(referral.state, statement.status, acts_of(Party.RECEIVER, facts))
    await _apply(judgement, reply, statement, referral, work, tools)
    return judgement.verdict


def _opened(reply: Reply, tools: ReplyTools) -> ReplyStatement:
    require_own_topic(reply)
    if reply.event.sealed.jwe is None:
        raise ReplyRefused(RefusalCode.UNREADABLE, "the reply carries no sealed statement", reply=reply)
    try:
        signed = unseal(reply.event.sealed.jwe, tools.county_keys).decode("ascii")
        statement = ReplyStatement.from_json(verify(signed, tools.receivers.signing_keys(reply.receiver)))
    except PermanentError as exc:
        code = _CODES.get(exc.code, RefusalCode.UNREADABLE)
        raise ReplyRefused(code, exc.explanation, reply=reply) from exc
    except (UnicodeDecodeError, UnreadableRecord) as exc:
        raise ReplyRefused(RefusalCode.UNREADABLE, "what was sealed is no signed statement", reply=reply) from exc
    require_bound(reply, statement)
    return statement


def _require_its_receiver(reply: Reply, referral: Referral | None) -> None:
    if referral is not None and referral.receiver != reply.receiver:
        raise ReplyRefused(RefusalCode.WRONG_RECEIVER, "the referral is another receiver's", reply=reply)


async def _require_answer_to_ours(reply: Reply, statement: ReplyStatement, work: Work) -> None:
    sent = await work.referrals.sent_events(reply.referral_id)
    if not any(str(event.event_id) == statement.answers and event.receiver == reply.receiver for event in sent):
        raise ReplyRefused(RefusalCode.NOT_BOUND, "the statement answers no event of this referral", reply=reply)


async def _apply(
    judgement: Judgement, reply: Reply, statement: ReplyStatement, referral: Referral, work: Work, tools: ReplyTools
) -> None:
    now = tools.clock()
    match judgement.verdict:
        case Verdict.APPLIED:
            fact = _fact(reply, statement, applied=True)
            await move(work, referral, judgement.state, fact, now=now)
            if judgement.state == State.ACCEPTED:
                await notify_client(work, referral.id, ACCEPTED, tools.notify, now=now)
        case Verdict.LATE:
            await _keep_late(reply, statement, referral, work, now)
        case Verdict.NOT_ALLOWED:
            raise ReplyRefused(RefusalCode.NOT_ALLOWED, "the referral's state does not allow this", reply=reply)
        case Verdict.REPEATED:
            pass


async def _keep_late(reply: Reply, statement: ReplyStatement, referral: Referral, work: Work, now: datetime) -> None:
    """Not a forgery, so no dead letter: the coordinator sees it, and the receiver learns that it came too late."""
    await stay(work, referral, _fact(reply, statement, applied=False), now=now)
    event = refusal_event(reply, RefusalCode.STALE, now)
    await work.events.publish([Outgoing(referral_topic(reply.receiver), reply.referral_id, event)])


def _fact(reply: Reply, statement: ReplyStatement, *, applied: bool) -> Fact:
    return Fact(
        Party.RECEIVER,
        str(statement.status),
        statement.at,
        reply_id=reply.reply_id,
        outcome=statement.outcome,
        applied=applied,
    )
