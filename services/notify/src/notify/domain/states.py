"""Which fact moves a notification from which state to which; whatever is not in the table changes nothing.

Receipts come late, twice and out of order: a final state is never left, and `unknown` is left only by a receipt.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from event_schemas.notification import NotificationState as State


class Fact(StrEnum):
    """Something that has happened to a notification."""

    ATTEMPT_BEGUN = "attempt-begun"
    TAKEN = "taken"
    """The gateway has accepted the message."""
    NOT_TAKEN = "not-taken"
    """The gateway has surely not accepted it, and may do so later."""
    REFUSED = "refused"
    """It will never be accepted, by the gateway or by our own rules."""
    UNCLEAR = "unclear"
    """The call ended without an answer: the message may have left."""
    REPORTED_DELIVERED = "reported-delivered"
    REPORTED_FAILED = "reported-failed"
    NO_REPORT = "no-report"
    """The wait for a receipt is over."""
    TIME_PASSED = "time-passed"
    """It could not be sent while it was of use."""
    CALLED_OFF = "called-off"


FINAL = frozenset({State.DELIVERED, State.FAILED, State.EXPIRED, State.CANCELLED})

NEXT: Mapping[tuple[State, Fact], State] = {
    (State.ACCEPTED, Fact.ATTEMPT_BEGUN): State.SENDING,
    (State.ACCEPTED, Fact.REFUSED): State.FAILED,
    (State.ACCEPTED, Fact.TIME_PASSED): State.EXPIRED,
    (State.ACCEPTED, Fact.CALLED_OFF): State.CANCELLED,
    # An earlier attempt that looked as if it had not been taken.
    (State.ACCEPTED, Fact.REPORTED_DELIVERED): State.DELIVERED,
    (State.SENDING, Fact.TAKEN): State.SENT,
    (State.SENDING, Fact.NOT_TAKEN): State.ACCEPTED,
    (State.SENDING, Fact.REFUSED): State.FAILED,
    (State.SENDING, Fact.UNCLEAR): State.UNKNOWN,
    (State.SENDING, Fact.CALLED_OFF): State.CANCELLED,
    # A receipt may overtake the answer to our own call.
    (State.SENDING, Fact.REPORTED_DELIVERED): State.DELIVERED,
    (State.SENDING, Fact.REPORTED_FAILED): State.FAILED,
    (State.SENT, Fact.REPORTED_DELIVERED): State.DELIVERED,
    (State.SENT, Fact.REPORTED_FAILED): State.FAILED,
    (State.SENT, Fact.NO_REPORT): State.UNKNOWN,
    (State.UNKNOWN, Fact.REPORTED_DELIVERED): State.DELIVERED,
    (State.UNKNOWN, Fact.REPORTED_FAILED): State.FAILED,
    (State.UNKNOWN, Fact.NO_REPORT): State.UNKNOWN,
}

_REPORTED = {Fact.REPORTED_DELIVERED: State.DELIVERED, Fact.REPORTED_FAILED: State.FAILED}


class Effect(StrEnum):
    """What a receipt did."""

    APPLIED = "applied"
    NOTED = "noted"
    """It changed nothing."""
    CONTRADICTS = "contradicts"
    """It says the opposite of the final state, which stays."""


def next_state(state: State, fact: Fact) -> State | None:
    """The state after `fact`, or None where it changes nothing."""
    return NEXT.get((state, fact))


def contradicts(state: State, fact: Fact) -> bool:
    """Whether a receipt says the opposite of a final state."""
    return state in FINAL and fact in _REPORTED and _REPORTED[fact] is not state
