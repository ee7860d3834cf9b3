"""The state table and how a notification follows it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from event_schemas.notification import NotificationState as State
from notify.domain.notification import Notification, after, call_off
from notify.domain.states import FINAL, NEXT, Fact, contradicts, next_state

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
WAIT = timedelta(hours=72)
SETTLING = {Fact.REPORTED_DELIVERED, Fact.REPORTED_FAILED, Fact.NO_REPORT}

facts = st.lists(st.sampled_from(Fact), max_size=20)


def fresh() -> Notification:
    return Notification(
        id=UUID(int=1),
        recipient_ref="a" * 16,
        channel="sms",
        template="new-message",
        template_version=1,
        language="fi",
        urgent=False,
        not_before=NOW,
        expires_at=NOW + timedelta(days=1),
        next_attempt_at=NOW,
    )


def history(given_facts: list[Fact]) -> list[Notification]:
    steps = [fresh()]
    for fact in given_facts:
        steps.append(after(steps[-1], fact, now=NOW, receipt_wait=WAIT, next_attempt_at=NOW))
    return steps


@given(facts)
def test_a_final_state_is_never_left(given_facts: list[Fact]) -> None:
    states = [step.state for step in history(given_facts)]
    first = next((place for place, state in enumerate(states) if state in FINAL), len(states))
    assert len(set(states[first:])) <= 1


@given(facts)
def test_unknown_is_left_only_by_a_report_so_nothing_is_sent_again(given_facts: list[Fact]) -> None:
    steps = history(given_facts)
    for before, fact, step in zip(steps, given_facts, steps[1:], strict=False):
        if before.state is State.UNKNOWN and step.state is not State.UNKNOWN:
            assert fact in SETTLING


@given(facts)
def test_only_what_waits_for_an_attempt_has_a_next_attempt(given_facts: list[Fact]) -> None:
    assert all((step.next_attempt_at is not None) == (step.state is State.ACCEPTED) for step in history(given_facts))


@given(facts)
def test_what_is_final_is_closed_and_what_waits_for_a_report_has_an_end(given_facts: list[Fact]) -> None:
    for step in history(given_facts):
        if step.state in FINAL:
            assert (step.closed_at, step.settle_at) == (NOW, None)
        if step.state in (State.SENT, State.UNKNOWN):
            assert step.closed_at is not None or step.settle_at == NOW + WAIT


@given(facts, st.integers(min_value=0, max_value=20))
def test_once_called_off_no_further_attempt_begins(given_facts: list[Fact], when: int) -> None:
    stopped = call_off(history(given_facts[:when])[-1], reason="consent-withdrawn", now=NOW)
    for fact in given_facts[when:]:
        begun = after(stopped, fact, now=NOW, receipt_wait=WAIT, next_attempt_at=NOW)
        assert not (begun.state is State.SENDING and stopped.state is not State.SENDING)
        stopped = begun


def test_every_state_but_the_first_is_reached_by_some_fact() -> None:
    assert {State.ACCEPTED, *NEXT.values()} == set(State)


@pytest.mark.parametrize(
    ("told", "end"),
    [
        ([Fact.REPORTED_DELIVERED, Fact.TAKEN], State.DELIVERED),
        ([Fact.TAKEN, Fact.REPORTED_DELIVERED, Fact.TAKEN], State.DELIVERED),
        ([Fact.TAKEN, Fact.REPORTED_FAILED, Fact.REPORTED_DELIVERED], State.FAILED),
        ([Fact.TAKEN, Fact.REPORTED_DELIVERED, Fact.REPORTED_FAILED], State.DELIVERED),
        ([Fact.UNCLEAR, Fact.REPORTED_DELIVERED], State.DELIVERED),
        ([Fact.UNCLEAR, Fact.NO_REPORT], State.UNKNOWN),
        ([Fact.UNCLEAR, Fact.NO_REPORT, Fact.REPORTED_DELIVERED], State.DELIVERED),
        ([Fact.TAKEN, Fact.NO_REPORT], State.UNKNOWN),
        ([Fact.NOT_TAKEN, Fact.REPORTED_DELIVERED], State.DELIVERED),
        ([Fact.NOT_TAKEN, Fact.REPORTED_FAILED], State.ACCEPTED),
        ([Fact.NOT_TAKEN, Fact.TIME_PASSED], State.EXPIRED),
    ],
)
def test_facts_in_this_order_end_so(told: list[Fact], end: State) -> None:
    assert history([Fact.ATTEMPT_BEGUN, *told])[-1].state is end


def test_a_message_called_off_during_a_call_may_still_be_delivered() -> None:
    sending = after(fresh(), Fact.ATTEMPT_BEGUN, now=NOW, receipt_wait=WAIT)
    marked = call_off(sending, reason="erased", now=NOW)
    assert after(marked, Fact.TAKEN, now=NOW, receipt_wait=WAIT).state is State.SENT
    assert after(marked, Fact.NOT_TAKEN, now=NOW, receipt_wait=WAIT).state is State.CANCELLED


def test_a_late_report_that_agrees_is_no_contradiction() -> None:
    assert contradicts(State.FAILED, Fact.REPORTED_DELIVERED)
    assert contradicts(State.CANCELLED, Fact.REPORTED_DELIVERED)
    assert not contradicts(State.DELIVERED, Fact.REPORTED_DELIVERED)
    assert not contradicts(State.SENT, Fact.REPORTED_FAILED)


def test_what_changes_nothing_gives_the_same_notification() -> None:
    delivered = replace(fresh(), state=State.DELIVERED)
    assert after(delivered, Fact.TAKEN, now=NOW, receipt_wait=WAIT) is delivered
    assert next_state(State.DELIVERED, Fact.TAKEN) is None
