"""The state table, whatever is done in whatever order, and what of it is shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import pairwise
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from event_schemas.ids import CaseId, MunicipalityCode, ReceiverId, ReferralId
from event_schemas.referral_reply import ReplyStatus
from referral.domain.referral import Fact, Referral
from referral.domain.showing import Shown, shown
from referral.domain.states import CLOSED, HOW_IT_WENT, SENDING, TABLE, WITHDRAWING, Party, State, Verdict, judge

NOW = datetime(2026, 11, 3, 8, 5, tzinfo=UTC)
ACTS = st.sampled_from([*map(str, ReplyStatus), WITHDRAWING])
ORDER = ["accepted", "contacted", "started", "completed"]


def run(acts: list[str], first: State) -> list[tuple[str, Verdict, State]]:
    """Every act of a receiver with its verdict and the state after it."""
    state, history = first, []
    done: set[str] = set()
    for act in acts:
        judgement = judge(state, act, done)
        if judgement.verdict in (Verdict.APPLIED, Verdict.LATE):
            done.add(act)
        state = judgement.state
        history.append((act, judgement.verdict, state))
    return history


@given(st.lists(ACTS, max_size=30), st.sampled_from(State))
def test_no_sequence_skips_a_step_reopens_a_closed_referral_or_undoes_a_withdrawal(
    acts: list[str], first: State
) -> None:
    before = first
    applied: list[str] = []
    for act, verdict, after in run(acts, first):
        if verdict != Verdict.APPLIED:
            assert after == before
        else:
            assert TABLE[before, act] == after
            assert before not in CLOSED
            applied.append(act)
        before = after
    reached = [act for act in applied if act in ORDER]
    start = ORDER.index(reached[0]) if reached and first not in (State.SENT, State.IN_INBOX) else 0
    assert reached == ORDER[start : start + len(reached)]
    assert WITHDRAWING not in applied


@given(st.lists(ACTS, max_size=30))
def test_doing_everything_twice_ends_where_doing_it_once_does(acts: list[str]) -> None:
    twice = [one for act in acts for one in (act, act)]
    once_end = run(acts, State.SENT)[-1][2] if acts else State.SENT
    twice_end = run(twice, State.SENT)[-1][2] if acts else State.SENT
    assert twice_end == once_end


def test_a_referral_under_routing_by_hand_takes_no_reply() -> None:
    for act in ReplyStatus:
        assert judge(State.ROUTED_BY_HAND, act, ()).verdict == Verdict.NOT_ALLOWED


def test_every_open_state_but_routing_by_hand_lets_the_receiver_act() -> None:
    assert {state for state, _ in TABLE} == set(State) - CLOSED - {State.ROUTED_BY_HAND}


def history(acts: list[str], *, feedback: bool) -> list[tuple[Fact, Shown]]:
    """A sent referral's facts, each with what its referrer is shown after it; repetitions and the impossible left out.

    Every act is the receiver's but withdrawing, which is the referrer's.
    """
    referral = Referral(
        id=ReferralId("r"),
        case_id=CaseId(str(UUID(int=0))),
        referral_type="liikuntalahete",
        municipality=MunicipalityCode("109"),
        receiver=ReceiverId("kunta-109"),
        state=State.SENT,
        version=1,
        client_ref="c",
        created_at=NOW,
        created_on=date(2026, 11, 3),
    )
    facts = [Fact(Party.REFERRER, SENDING, NOW)]
    found = [(facts[0], shown(referral, facts, feedback=feedback))]
    for act in acts:
        if act == WITHDRAWING:
            if referral.state == State.WITHDRAWN:
                continue
            state, fact = State.WITHDRAWN, Fact(Party.REFERRER, act, NOW)
        else:
            judgement = judge(referral.state, act, {one.act for one in facts if one.party == Party.RECEIVER})
            if judgement.verdict not in (Verdict.APPLIED, Verdict.LATE):
                continue
            state, fact = judgement.state, Fact(Party.RECEIVER, act, NOW, applied=judgement.verdict == Verdict.APPLIED)
        referral = replace(referral, state=state, version=referral.version + 1)
        facts.append(fact)
        found.append((fact, shown(referral, facts, feedback=feedback)))
    return found


@given(st.lists(ACTS, max_size=30))
def test_without_feedback_nothing_shown_moves_when_something_hidden_happens(acts: list[str]) -> None:
    shows = history(acts, feedback=False)
    for (_, before), (fact, after) in pairwise(shows):
        hidden = fact.party == Party.RECEIVER and (fact.act in HOW_IT_WENT or not fact.applied)
        assert (after == before) == hidden
        assert after.version == before.version + (not hidden)
        assert after.state not in HOW_IT_WENT


@given(st.lists(ACTS, max_size=30))
def test_with_feedback_every_fact_is_a_version_and_the_state_is_the_true_one(acts: list[str]) -> None:
    shows = history(acts, feedback=True)
    assert [after.version for _, after in shows] == list(range(1, len(shows) + 1))
    assert [fact for fact, _ in shows] == shows[-1][1].facts


def test_a_client_who_declines_before_anybody_accepts_is_not_shown_as_accepted() -> None:
    _, (_, after) = history(["declined"], feedback=False)
    assert (after.state, after.version) == (State.SENT, 1)
