"""Who may do what with a referral, and from where: one table.

Steps follow the Finnish practice of exercise and wellbeing referrals; every exit is coded. The receiver's acts are
those of `ReplyStatus`; withdrawing is the client's right at any time, exercised by the referrer.
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


SENDING = "sent"
WITHDRAWING = "withdrawn"

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

_HOW_IT_WENT = frozenset(
    {
        State.CONTACT_ATTEMPTED,
        State.CONTACTED,
        State.STARTED,
        State.COMPLETED,
        State.NOT_REACHED,
        State.DECLINED,
    }
)


def _receiver(source: State, *targets: State) -> dict[tuple[State, Party, str], State]:
    return {(source, Party.RECEIVER, ReplyStatus(target)): target for target in targets}


_REFUSALS = (State.WRONG_MUNICIPALITY, State.NOT_ELIGIBLE, State.NO_CAPACITY)
_FIRST_ANSWERS = (State.ACCEPTED, State.DECLINED, *_REFUSALS)
_CONTACTS = (State.CONTACT_ATTEMPTED, State.CONTACTED, State.DECLINED)

TABLE: Mapping[tuple[State, Party, str], State] = {
    **_receiver(State.SENT, State.RECEIVED, *_FIRST_ANSWERS),
    **_receiver(State.IN_INBOX, State.RECEIVED, *_FIRST_ANSWERS),
    **_receiver(State.RECEIVED, *_FIRST_ANSWERS),
    **_receiver(State.ACCEPTED, *_CONTACTS, *_REFUSALS),
    **_receiver(State.CONTACT_ATTEMPTED, *_CONTACTS, State.NOT_REACHED),
    **_receiver(State.CONTACTED, State.STARTED, State.NOT_ELIGIBLE, State.DECLINED),
    **_receiver(State.STARTED, State.COMPLETED, State.DECLINED),
    **{(state, Party.REFERRER, WITHDRAWING): State.WITHDRAWN for state in State if state != State.WITHDRAWN},
}
"""(state, party, act) → next state; what is not here is not allowed."""

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


def judge(state: State, party: Party, act: str, done: Collection[str]) -> Judgement:
    """Decides on an act, given the acts of the same party so far.

    A repeated act has no effect, except that each attempt to reach the client counts. What a receiver tells of a
    closed referral is late: worth knowing, without effect.
    """
    if act in done and act != ReplyStatus.CONTACT_ATTEMPTED:
        return Judgement(Verdict.REPEATED, state)
    target = TABLE.get((state, party, act))
    if target is not None:
        return Judgement(Verdict.APPLIED, target)
    return Judgement(Verdict.LATE if state in CLOSED else Verdict.NOT_ALLOWED, state)


def shown(state: State, *, feedback: bool) -> State:
    """The state as the referrer may see it: how it went only where the client's consent covers feedback."""
    return State.ACCEPTED if state in _HOW_IT_WENT and not feedback else state


def is_shown(act: str, *, feedback: bool) -> bool:
    """Whether the referrer may see that a receiver has said this."""
    return feedback or act not in _HOW_IT_WENT
