"""Calls side by side: a slow one and a broken one leave the others alone."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from chassis.core.health import Health
from chassis.core.process import running
from devstack.testing import eventually
from notify.app.calls import Calls
from notify.app.policy import Policy
from notify.app.ports import Outcome
from notify.domain.states import Fact
from notify.entrypoints.schedule import sending_loop

if TYPE_CHECKING:
    from services.notify.tests.conftest import Desk

pytestmark = pytest.mark.postgres

GRACE = timedelta(seconds=5)


async def outcomes(desk: Desk) -> dict[str | None, int]:
    rows = await desk.rows("SELECT outcome, count(*) AS n FROM attempt GROUP BY outcome")
    return {row["outcome"]: row["n"] for row in rows}


async def accept(desk: Desk, many: int) -> None:
    for _ in range(many):
        await desk.accept(desk.requests.make())


async def test_a_slow_call_holds_up_neither_the_outcomes_nor_the_beginning_of_others(desk: Desk) -> None:
    desk.policy = Policy(at_once=2)
    answer = asyncio.Event()

    async def first_is_slow() -> None:
        if len(desk.gateway.sent) == 1:
            await answer.wait()

    async def five_have_ended() -> bool:
        return await outcomes(desk) == {"taken": 5, None: 1}

    desk.gateway.during = first_is_slow
    await accept(desk, 6)
    calls = Calls(desk.sender())
    async with running([calls, sending_loop(calls, health=Health())], grace=GRACE):
        await eventually(five_have_ended)
        answer.set()
    assert await outcomes(desk) == {"taken": 6}


async def test_a_call_that_breaks_unexpectedly_fails_the_part_and_loses_no_outcome_of_others(desk: Desk) -> None:
    go_on = asyncio.Event()

    async def second_breaks() -> None:
        if len(desk.gateway.sent) == 2:
            raise RuntimeError("a bug")
        await go_on.wait()

    desk.gateway.during = second_breaks
    await accept(desk, 3)
    calls = Calls(desk.sender())
    async with running([calls, sending_loop(calls, health=Health())], grace=GRACE) as failed:
        await asyncio.wait_for(failed.wait(), GRACE.total_seconds())
        go_on.set()
    assert str(await calls.failure()) == "a bug"
    assert await outcomes(desk) == {"taken": 2, None: 1}
    desk.gateway.during = None
    await desk.pass_time(desk.policy.attempt_timeout)
    assert await outcomes(desk) == {"taken": 2, "unclear": 1}
    assert len(desk.gateway.sent) == 3


async def test_no_more_calls_than_allowed_are_under_way(desk: Desk) -> None:
    desk.policy = Policy(at_once=3)
    under_way: set[int] = set()
    seen: list[int] = []

    async def note() -> None:
        number = len(desk.gateway.sent)
        under_way.add(number)
        seen.append(len(under_way))
        await asyncio.sleep(0.01)
        under_way.remove(number)

    async def all_have_ended() -> bool:
        return await outcomes(desk) == {"taken": 10}

    desk.gateway.during = note
    await accept(desk, 10)
    calls = Calls(desk.sender())
    async with running([calls, sending_loop(calls, health=Health())], grace=GRACE):
        await eventually(all_have_ended)
    assert max(seen) == 3


async def test_the_loop_is_told_of_an_end_when_the_next_attempt_is_known(desk: Desk) -> None:
    ends: list[int] = []

    async def look() -> None:
        due = await desk.rows("SELECT next_attempt_at FROM notification WHERE next_attempt_at IS NOT NULL")
        ends.append(len(due))

    looks: list[asyncio.Task[None]] = []
    desk.gateway.outcomes = [Outcome(Fact.NOT_TAKEN, "gateway-status-429")]
    await accept(desk, 1)
    calls = Calls(desk.sender())
    calls.at_each_end(lambda: looks.append(asyncio.create_task(look())))
    await calls.begin_due()
    await calls.stop()
    await asyncio.gather(*looks)
    assert ends == [1]
