"""What a receiver may do with a referral, and from where: one table.

Steps follow the Finnish practice of exercise and wellbeing referrals; every exit is coded. The receiver's acts are
those of `ReplyStatus`. Withdrawing, the client's right, is possible from every state, and so needs no table.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from event_schemas.lifecycle import Step
from event_schemas.referral_reply import ReplyStatus


class State(StrEnum):
    """Where a referral is."""

    ROUTED_BY_HAND = "routed-by-hand"
    SENT = "sent"
    IN_INBOX = "in-inbox"
    RECEIVED = "received"
    ACCEPTED = "accepted"
    CONTACT_ATTEMPTED = "contact-attempted"
    CONTACTED = "contacted"
    STARTED = "started"
    COMPLETED = "completed"
    WRONG_MUNICIPALITY = "rejected-wrong-municipality"
    NOT_ELIGIBLE = "rejected-not-eligible"
    NO_CAPACITY = "no-capacity"
    NOT_REACHED = "not-reached"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Party(StrEnum):
    """Who acts."""

    REFERRER = "referrer"
    RECEIVER = "receiver"
    COORDINATOR = "coordinator"
    """The county's own, for what no referrer and no receiver does."""


SENDING = "sent"
WITHDRAWING = "withdrawn"
REROUTING = "rerouted"

CLOSED = frozenset(
    {
        State.COMPLETED,
        State.WRONG_MUNICIPALITY,
        State.NOT_ELIGIBLE,
        State.NO_CAPACITY,
        State.NOT_REACHED,
        State.DECLINED,
        State.WITHDRAWN,
    }
)

HOW_IT_WENT = frozenset(
    {
        State.CONTACT_ATTEMPTED,
        State.CONTACTED,
        State.STARTED,
        State.COMPLETED,
        State.NOT_REACHED,
        State.DECLINED,
    }
)
"""What the referrer learns only where the consent covers feedback; states, and acts of the same names."""


def _from(source: State, *targets: State) -> dict[tuple[State, str], State]:
    return {(source, ReplyStatus(target)): target for target in targets}


_REFUSALS = (State.WRONG_MUNICIPALITY, State.NOT_ELIGIBLE, State.NO_CAPACITY)
_FIRST_ANSWERS = (State.ACCEPTED, State.DECLINED, *_REFUSALS)
_CONTACTS = (State.CONTACT_ATTEMPTED, State.CONTACTED, State.DECLINED)

TABLE: Mapping[tuple[State, str], State] = {
    **_from(State.SENT, State.RECEIVED, *_FIRST_ANSWERS),
    **_from(State.IN_INBOX, State.RECEIVED, *_FIRST_ANSWERS),
    **_from(State.RECEIVED, *_FIRST_ANSWERS),
    **_from(State.ACCEPTED, *_CONTACTS, *_REFUSALS),
    **_from(State.CONTACT_ATTEMPTED, *_CONTACTS, State.NOT_REACHED),
    **_from(State.CONTACTED, State.STARTED, State.NOT_ELIGIBLE, State.DECLINED),
    **_from(State.STARTED, State.COMPLETED, State.DECLINED),
}
"""(state, act of the receiver) → next state; what is not here is not allowed."""

STEPS: Mapping[State, Step] = {
    State.SENT: Step.SENT,
    State.IN_INBOX: Step.SENT,
    State.RECEIVED: Step.RECEIVED,
    State.ACCEPTED: Step.ACCEPTED,
    State.CONTACTED: Step.CONTACTED,
    State.STARTED: Step.STARTED,
    State.COMPLETED: Step.COMPLETED,
    State.WRONG_MUNICIPALITY: Step.REJECTED,
    State.NOT_ELIGIBLE: Step.REJECTED,
    State.NO_CAPACITY: Step.NO_CAPACITY,
    State.NOT_REACHED: Step.NOT_REACHED,
    State.DECLINED: Step.DECLINED,
    State.WITHDRAWN: Step.WITHDRAWN,
}
"""The step that reaching a state counts as; other states are not counted."""


class Verdict(StrEnum):
    """What becomes of an act."""

    APPLIED = "applied"
    REPEATED = "repeated"
    LATE = "late"
    NOT_ALLOWED = "not-allowed"


@dataclass(frozen=True, slots=True)
class Judgement:
    """`state` is the one after the act; it differs from the one before only when the act is applied."""

    verdict: Verdict
    state: State


def judge(state: State, act: str, done: Collection[str]) -> Judgement:
    """Decides on a receiver's act, given its acts so far.

    A repeated act has no effect, except that each attempt to reach the client counts. What a receiver tells of a
    closed referral is late: worth knowing, without effect.
    """
    if act in done and act != ReplyStatus.CONTACT_ATTEMPTED:
        return Judgement(Verdict.REPEATED, state)
    target = TABLE.get((state, act))
    if target is not None:
        return Judgement(Verdict.APPLIED, target)
    return Judgement(Verdict.LATE if state in CLOSED else Verdict.NOT_ALLOWED, state)
