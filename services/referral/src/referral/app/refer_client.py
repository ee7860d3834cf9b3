"""A professional refers a client: checked, encrypted, routed, sent, all or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import orjson

from chassis.core.clock import Clock, NewId
from chassis.core.errors import PermanentError
from chassis.postgres.outbox import Outgoing
from chassis.sealing.seal import seal
from chassis.sealing.vault import Vault
from event_schemas.ids import CaseId, ReferralId
from event_schemas.receivers import Delivery, Receiver
from event_schemas.referral import ReferralSent
from event_schemas.sealed import Sealed
from referral.app.content import StoredContent, content_for
from referral.app.errors import AlreadyReferred
from referral.app.ports import NewWork, Pseudonyms, Receivers, StoredAnswer, Work
from referral.app.read_referral import read_status
from referral.app.steps import LOCAL_ZONE, count
from referral.app.topics import referral_topic
from referral.domain.referral import Fact, GivenConsent, NewReferral, Referral, SentEvent, likenesses_of
from referral.domain.states import SENDING, Party, State

_CLOCK_TOLERANCE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Tools:
    """What referring works with."""

    work: NewWork
    receivers: Receivers
    vault: Vault
    pseudonyms: Pseudonyms
    clock: Clock
    new_id: NewId
    random_id: NewId
    """An id that holds no time, unlike `new_id`'s."""


@dataclass(frozen=True, slots=True)
class Request:
    """One POST: who asks, under which key, and the whole body as one text to tell a repetition by."""

    actor: str
    idempotency_key: str
    body: str


@dataclass(frozen=True, slots=True)
class Answer:
    """`body` is JSON; the same for each repetition of the request."""

    body: bytes
    replayed: bool


@dataclass(frozen=True, slots=True)
class _Prepared:
    """Everything that is computed before the transaction begins."""

    referral: Referral
    receiver: Receiver
    consent: GivenConsent
    stored: StoredContent
    likenesses: list[str]
    sent: ReferralSent | None
    duplicate_confirmed: bool


class _FoundLike(Exception):
    """Rolls back: an open referral of the same client is there."""

    def __init__(self, referral_id: ReferralId) -> None:
        super().__init__("already referred")
        self.referral_id = referral_id


async def refer_client(new: NewReferral, request: Request, tools: Tools) -> Answer:
    """Creates the referral and sends it, or leaves it waiting in the receiver's inbox or for routing by hand.

    Raises:
        PermanentError: with a code for each rule that refuses it; AlreadyReferred for a second one of the same day.
    """
    key_hash = tools.pseudonyms.pseudonym(f"{request.actor} {request.idempotency_key}", purpose="idempotency-key")
    request_hash = tools.pseudonyms.pseudonym(request.body, purpose="idempotent-request")
    async with tools.work() as work:
        # First of all: neither a change of the registry nor of a key turns a repeated request into a refused one.
        known = await work.answers.find(key_hash)
    if known is not None:
        return _repeated(known, request_hash)
    prepared = _prepared(new, tools)
    try:
        return await _refer(prepared, key_hash, request_hash, request.actor, tools)
    except _FoundLike as found:
        raise await _already_referred(found.referral_id, request.actor, tools) from found


async def _refer(prepared: _Prepared, key_hash: str, request_hash: str, actor: str, tools: Tools) -> Answer:
    encrypted = tools.vault.encrypt(prepared.referral.id, prepared.stored.to_json())
    async with tools.work() as work:
        known = await work.answers.claim(key_hash, request_hash, at=tools.clock())
        if known is not None:
            return _repeated(known, request_hash)
        await _require_first(work, prepared)
        await work.referrals.add(prepared.referral, encrypted, prepared.consent, prepared.likenesses)
        await _hand_over(work, prepared, actor=actor)
        answer = _answer(prepared.referral)
        await work.answers.store(key_hash, answer)
    return Answer(answer, replayed=False)


def _repeated(known: StoredAnswer, request_hash: str) -> Answer:
    if known.request_hash != request_hash:
        raise PermanentError("idempotency-key-reused", "the key was used for another request")
    return Answer(known.response, replayed=True)


async def _already_referred(referral_id: ReferralId, actor: str, tools: Tools) -> AlreadyReferred:
    """To say so is to show that the client was referred: logged as a read, in a transaction that commits."""
    status = await read_status(
        referral_id, actor=actor, new_work=tools.work, clock=tools.clock, action="find-duplicate"
    )
    return AlreadyReferred(referral_id, status.shown.state)


def _prepared(new: NewReferral, tools: Tools) -> _Prepared:
    now = tools.clock()
    consent = _required_consent(new, now)
    receiver = tools.receivers.route(new.municipality, new.referral_type, on=now.astimezone(LOCAL_ZONE).date())
    if consent.receiver not in (None, receiver.id):
        raise PermanentError("consent-names-another-receiver", "the consent does not cover the municipality's receiver")
    referral = _referral(new, receiver, tools, now)
    stored = content_for(referral.id, new, consent, receiver)
    likenesses = [
        tools.pseudonyms.pseudonym(likeness, purpose="likeness") for likeness in likenesses_of(stored.content.client)
    ]
    sent = sealed_for(referral, receiver, stored, tools, now) if referral.state == State.SENT else None
    return _Prepared(referral, receiver, consent, stored, likenesses, sent, new.confirm_duplicate)


def _required_consent(new: NewReferral, now: datetime) -> GivenConsent:
    if new.consent is None:
        raise PermanentError("consent-missing", "a referral is a disclosure: it needs the client's consent")
    if new.consent.given_at > now + _CLOCK_TOLERANCE:
        raise PermanentError("consent-in-the-future", "the consent is dated in the future")
    return new.consent


def _referral(new: NewReferral, receiver: Receiver, tools: Tools, now: datetime) -> Referral:
    protected = new.client.non_disclosure
    return Referral(
        id=ReferralId(str(tools.new_id())),
        # Drawn at random: an id that holds its time would tie the statistics to the referral.
        case_id=CaseId(str(tools.random_id())),
        referral_type=new.referral_type,
        municipality=None if protected else new.municipality,
        receiver=None if protected else receiver.id,
        state=_first_state(receiver, protected=protected),
        version=1,
        client_ref=_client_ref(new, tools),
        created_at=now,
        created_on=now.astimezone(LOCAL_ZONE).date(),
        acknowledge_by=None if protected else now + receiver.time_limits.acknowledge,
    )


def _first_state(receiver: Receiver, *, protected: bool) -> State:
    if protected:
        return State.ROUTED_BY_HAND
    return State.SENT if receiver.delivery == Delivery.TOPIC else State.IN_INBOX


def _client_ref(new: NewReferral, tools: Tools) -> str:
    code = new.client.identity_code
    return tools.pseudonyms.pseudonym(code, purpose="client") if code else tools.random_id().hex


def sealed_for(
    referral: Referral, receiver: Receiver, stored: StoredContent, tools: Tools, now: datetime, *, attempt: int = 1
) -> ReferralSent:
    """The event for the receiver's topic. Raises TemporaryError where the receiver has no key yet."""
    key = tools.receivers.sealing_key(receiver)
    return ReferralSent(
        referral_id=referral.id,
        receiver=receiver.id,
        referral_type=referral.referral_type,
        attempt=attempt,
        sent_at=now,
        acknowledge_by=now + receiver.time_limits.acknowledge,
        sealed=Sealed(key_id=str(key.kid), jwe=seal(stored.content.to_json(), key)),
    )


async def _require_first(work: Work, prepared: _Prepared) -> None:
    referral = prepared.referral
    like = await work.referrals.like(prepared.likenesses, referral.referral_type, referral.created_on)
    if like is not None and not prepared.duplicate_confirmed:
        raise _FoundLike(like)


async def _hand_over(work: Work, prepared: _Prepared, *, actor: str) -> None:
    referral, receiver = prepared.referral, prepared.receiver
    now = referral.created_at
    await work.logs.used(referral, actor=actor, action="create", at=now)
    if referral.state == State.ROUTED_BY_HAND:
        return
    event_id = await send(work, prepared.sent) if prepared.sent is not None else None
    await work.referrals.add_fact(referral.id, Fact(Party.REFERRER, SENDING, now), now=now)
    await work.logs.disclosed(referral, actor=actor, receiver=receiver.id, event_id=event_id, at=now)
    await count(work, referral, now=now)


async def send(work: Work, sent: ReferralSent) -> UUID:
    """Publishes the sealed referral, and remembers the event: replies must answer it."""
    (event_id,) = await work.events.publish([Outgoing(referral_topic(sent.receiver), sent.referral_id, sent)])
    await work.referrals.add_sent(sent.referral_id, SentEvent(event_id, sent.receiver, sent.attempt, sent.sent_at))
    return event_id


def _answer(referral: Referral) -> bytes:
    created = referral.created_at.astimezone(UTC).isoformat()
    return orjson.dumps(
        {"referral_id": referral.id, "state": referral.state, "version": referral.version, "created_at": created}
    )
