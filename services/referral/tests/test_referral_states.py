"""The state table, whatever is done in whatever order."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from event_schemas.referral_reply import ReplyStatus
from referral.domain.states import CLOSED, TABLE, WITHDRAWING, Party, State, Verdict, is_shown, judge, shown

ACTS = st.tuples(st.sampled_from(Party), st.sampled_from([*map(str, ReplyStatus), WITHDRAWING]))
ORDER = ["accepted", "contacted", "started", "completed"]


def run(acts: list[tuple[Party, str]], first: State) -> list[tuple[Party, str, Verdict, State]]:
    """Every act with its verdict and the state after it."""
    state, history = first, []
    done: dict[Party, set[str]] = {party: set() for party in Party}
    for party, act in acts:
        judgement = judge(state, party, act, done[party])
        if judgement.verdict in (Verdict.APPLIED, Verdict.LATE):
            done[party].add(act)
        state = judgement.state
        history.append((party, act, judgement.verdict, state))
    return history


@given(st.lists(ACTS, max_size=30), st.sampled_from([State.SENT, State.IN_INBOX, State.ROUTED_BY_HAND]))
def test_no_sequence_skips_a_step_reopens_a_closed_referral_or_undoes_a_withdrawal(
    acts: list[tuple[Party, str]], first: State
) -> None:
    before = first
    applied: list[str] = []
    for party, act, verdict, after in run(acts, first):
        if verdict != Verdict.APPLIED:
            assert after == before
        else:
            assert TABLE[before, party, act] == after
            assert before not in CLOSED or after == State.WITHDRAWN
            applied.append(act)
        before = after
    reached = [act for act in applied if act in ORDER]
    assert reached == ORDER[: len(reached)]
    assert applied.count(WITHDRAWING) <= 1


@given(st.lists(ACTS, max_size=30))
def test_doing_everything_twice_ends_where_doing_it_once_does(acts: list[tuple[Party, str]]) -> None:
    twice = [one for act in acts for one in (act, act)]
    once_end = run(acts, State.SENT)[-1][3] if acts else State.SENT
    twice_end = run(twice, State.SENT)[-1][3] if acts else State.SENT
    assert twice_end == once_end


@given(st.lists(ACTS, max_size=20), st.sampled_from([State.SENT, State.IN_INBOX]))
def test_a_party_never_has_the_effect_of_another(acts: list[tuple[Party, str]], first: State) -> None:
    for party, act, verdict, _ in run(acts, first):
        if verdict == Verdict.APPLIED:
            assert (act == WITHDRAWING) == (party == Party.REFERRER)


def test_a_referral_under_routing_by_hand_takes_no_reply() -> None:
    for act in ReplyStatus:
        assert judge(State.ROUTED_BY_HAND, Party.RECEIVER, act, ()).verdict == Verdict.NOT_ALLOWED


def test_every_open_state_but_routing_by_hand_lets_the_receiver_act() -> None:
    open_states = set(State) - CLOSED - {State.ROUTED_BY_HAND}
    assert {state for state, party, _ in TABLE if party == Party.RECEIVER} == open_states


def test_how_it_went_is_shown_only_with_feedback() -> None:
    for state in State:
        assert shown(state, feedback=True) == state
        assert shown(state, feedback=False) not in {State.COMPLETED, State.NOT_REACHED, State.DECLINED}
    assert is_shown("received", feedback=False)
    assert not is_shown("declined", feedback=False)
