"""Delivery reports over HTTP, on the real database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from notify.app.ports import Outcome
from notify.domain.states import Fact
from notify.entrypoints.http import receipts_app

if TYPE_CHECKING:
    from uuid import UUID

    from services.notify.tests.conftest import Desk

pytestmark = pytest.mark.postgres

D, F, P = "DELIVERED", "FAILED", "PENDING"


def report(status: str, **changes: str) -> dict[str, str]:
    return {
        "sender": "OmaHame",
        "destination": "+358401234501",
        "status": status,
        "statustime": "2026-03-02T10:00:05Z",
        "smscount": "1",
        "billingref": "",
        **changes,
    }


async def post(desk: Desk, token: str, body: Any) -> httpx.Response:
    app = receipts_app(transaction=desk.transaction, policy=desk.policy, clock=desk.clock)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://notify") as client:
        return await client.post(f"/receipts/{token}", json=body)


async def sent(desk: Desk, *outcomes: Outcome) -> tuple[UUID, str]:
    """A notification after one attempt, and the token of its receipts."""
    desk.gateway.outcomes = list(outcomes)
    notification = await desk.accept(desk.requests.make())
    await desk.send()
    return notification, desk.gateway.sent[-1][2]


@pytest.mark.parametrize(
    ("reports", "end", "effects"),
    [
        ([D], "delivered", ["applied"]),
        ([F], "failed", ["applied"]),
        ([P, D], "delivered", ["noted", "applied"]),
        ([D, P], "delivered", ["applied", "noted"]),
        ([D, D], "delivered", ["applied"]),
        ([F, D], "failed", ["applied", "contradicts"]),
        ([D, F], "delivered", ["applied", "contradicts"]),
        (["BUFFERED"], "sent", ["noted"]),
        (["delivered"], "delivered", ["applied"]),
    ],
)
async def test_reports_in_this_order_end_so(desk: Desk, reports: list[str], end: str, effects: list[str]) -> None:
    notification, token = await sent(desk)
    answers = [(await post(desk, token, report(status))).status_code for status in reports]
    assert answers == [200] * len(reports)
    assert (await desk.states(notification))[-1] == end
    assert [row["effect"] for row in await desk.rows("SELECT effect FROM receipt ORDER BY id")] == effects


async def test_a_second_delivered_with_another_time_changes_nothing(desk: Desk) -> None:
    notification, token = await sent(desk)
    await post(desk, token, report(D))
    await post(desk, token, report(D, statustime="2026-03-02T12:00:06+02:00"))
    assert await desk.states(notification) == ["accepted", "sending", "sent", "delivered"]
    assert await desk.count("receipt") == 2


async def test_a_receipt_that_overtakes_the_answer_of_our_own_call_is_kept(desk: Desk) -> None:
    async def overtake() -> None:
        assert (await post(desk, desk.gateway.sent[-1][2], report(D))).status_code == 200

    desk.gateway.during = overtake
    notification, _ = await sent(desk)
    assert await desk.states(notification) == ["accepted", "sending", "delivered"]
    assert [row["outcome"] for row in await desk.rows("SELECT outcome FROM attempt")] == ["taken"]


async def test_a_receipt_settles_what_was_unknown(desk: Desk) -> None:
    notification, token = await sent(desk, Outcome(Fact.UNCLEAR, "gateway-timeout"))
    await post(desk, token, report(D))
    assert await desk.told(notification) == [
        ("accepted", None),
        ("sending", None),
        ("unknown", "gateway-timeout"),
        ("delivered", None),
    ]


async def test_a_late_receipt_does_not_reopen_a_notification_that_is_settled_as_unknown_for_sending(desk: Desk) -> None:
    notification, token = await sent(desk)
    await desk.pass_time(desk.policy.receipt_wait)
    closed = await desk.rows("SELECT closed_at FROM notification")
    await post(desk, token, report(D))
    assert (await desk.states(notification))[-2:] == ["unknown", "delivered"]
    assert await desk.rows("SELECT closed_at FROM notification") == closed
    await desk.pass_time(desk.policy.receipt_wait)
    assert len(desk.gateway.sent) == 1


async def test_a_failure_report_on_an_earlier_attempt_says_nothing_of_the_later_one(desk: Desk) -> None:
    notification, first = await sent(desk, Outcome(Fact.NOT_TAKEN, "gateway-status-429"))
    await desk.pass_time(desk.policy.backoff.most)
    second = desk.gateway.sent[-1][2]
    await post(desk, first, report(F))
    assert (await desk.states(notification))[-1] == "sent"
    await post(desk, second, report(D))
    assert (await desk.states(notification))[-1] == "delivered"


async def test_a_delivery_of_an_attempt_that_seemed_not_taken_ends_the_trying(desk: Desk) -> None:
    notification, token = await sent(desk, Outcome(Fact.NOT_TAKEN, "gateway-status-429"))
    await post(desk, token, report(D))
    await desk.pass_time(desk.policy.backoff.most)
    assert (await desk.states(notification))[-1] == "delivered"
    assert len(desk.gateway.sent) == 1


async def test_a_token_of_nobody_is_answered_like_any_other_and_changes_nothing(desk: Desk) -> None:
    notification, token = await sent(desk)
    good, guessed = await post(desk, token, report(P)), await post(desk, "guessed", report(D))
    assert (good.status_code, good.content) == (guessed.status_code, guessed.content)
    assert (await desk.states(notification))[-1] == "sent"


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        None,
        report(""),
        report("A" * 41),
        report(D, statustime="yesterday"),
        {"status": D},
        {"statustime": "2026-03-02T10:00:05Z"},
    ],
)
async def test_what_is_not_a_report_is_refused_as_a_problem_without_quoting_it(desk: Desk, body: Any) -> None:
    _, token = await sent(desk)
    answer = await post(desk, token, body)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert "+358" not in answer.text
    assert await desk.count("receipt") == 0


async def test_the_database_does_not_know_the_token_itself(desk: Desk) -> None:
    _, token = await sent(desk)
    rows = await desk.rows("SELECT a::text AS row FROM attempt AS a")
    assert all(token not in row["row"] for row in rows)
    assert len(token) >= 32
