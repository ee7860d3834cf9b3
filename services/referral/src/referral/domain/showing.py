"""What a referrer may see of a referral: without feedback in the consent, nothing of how it went."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from referral.domain.referral import Fact, Referral
from referral.domain.states import HOW_IT_WENT, Party, State


@dataclass(frozen=True, slots=True)
class Shown:
    """`version` is that of what is shown: it moves exactly when something shown does."""

    state: State
    version: int
    facts: list[Fact]


def shown(referral: Referral, facts: Sequence[Fact], *, feedback: bool) -> Shown:
    """The referral as its referrer may see it; `facts` in the order they were recorded."""
    if feedback:
        return Shown(referral.state, referral.version, list(facts))
    visible = [fact for fact in facts if _is_shown(fact)]
    # Not simply `accepted`: a client may decline before anybody has accepted anything.
    state = State(_last_step(visible)) if referral.state in HOW_IT_WENT else referral.state
    return Shown(state, referral.version - (len(facts) - len(visible)), visible)


def _last_step(visible: Sequence[Fact]) -> str:
    """The newest act that is a state; to be rerouted is none."""
    return next(fact.act for fact in reversed(visible) if fact.party != Party.COORDINATOR)


def _is_shown(fact: Fact) -> bool:
    """What a receiver says too late would tell that the referral is closed, and so is not shown either."""
    return fact.party != Party.RECEIVER or (fact.applied and fact.act not in HOW_IT_WENT)
