"""Sending on the real database: attempts before calls, retries as rows, unknown instead of twice, what time does."""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from chassis.core.backoff import Backoff
from chassis.core.errors import TemporaryError
from notify.adapters.contact_box import EncryptedContacts
from notify.app.claim_due import until_next_due
from notify.app.policy import Policy
from notify.app.ports import Notifications, Outcome, Transaction
from notify.domain.notification import Contact
from notify.domain.states import Fact
from notify.domain.templates import Templates

if TYPE_CHECKING:
    from uuid import UUID

    from services.notify.tests.conftest import Desk

pytestmark = pytest.mark.postgres

BUSY = Outcome(Fact.NOT_TAKEN, "gateway-status-429")


@dataclass
class AwayAfterFirst:
    """Opens one transaction, then fails `outages` times."""

    transaction: Transaction
    outages: int
    opened: int = 0

    def __call__(self) -> AbstractAsyncContextManager[Notifications]:
        self.opened += 1
        if 1 < self.opened <= 1 + self.outages:
            raise TemporaryError("database-away")
        return self.transaction()


class ProcessKilled(BaseException):
    """Nothing after the call is done, as when the process dies."""


async def die() -> None:
    raise ProcessKilled


async def send_and_die(desk: Desk) -> UUID:
    notification = await desk.accept(desk.requests.make())
    desk.gateway.during = die
    with pytest.raises(ProcessKilled):
        await desk.send()
    desk.gateway.during = None
    return notification


async def test_the_attempt_is_a_row_before_the_gateway_is_called(desk: Desk) -> None:
    seen: list[int] = []

    async def look() -> None:
        seen.append(len(await desk.rows("SELECT FROM attempt WHERE outcome IS NULL")))

    await desk.accept(desk.requests.make())
    desk.gateway.during = look
    await desk.send()
    assert seen == [1]
    assert [row["outcome"] for row in await desk.rows("SELECT outcome FROM attempt")] == ["taken"]


async def test_no_transaction_is_open_while_the_gateway_is_called(desk: Desk) -> None:
    seen: list[int] = []

    async def look() -> None:
        sql = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'"
        seen.append(len(await desk.rows(sql)))

    await desk.accept(desk.requests.make())
    desk.gateway.during = look
    await desk.send()
    assert seen == [0]


async def test_a_crash_during_the_call_ends_as_unknown_and_is_never_sent_again(desk: Desk) -> None:
    notification = await send_and_die(desk)
    await desk.pass_time(timedelta(seconds=10))
    assert await desk.states(notification) == ["accepted", "sending"]
    await desk.pass_time(timedelta(hours=1))
    await desk.pass_time(timedelta(days=30))
    assert await desk.told(notification) == [("accepted", None), ("sending", None), ("unknown", "interrupted")]
    assert len(desk.gateway.sent) == 1


async def test_a_process_that_wakes_up_after_its_attempt_was_given_up_changes_nothing(desk: Desk) -> None:
    async def sleep_too_long() -> None:
        desk.now += desk.policy.attempt_timeout
        await desk.tidy()

    notification = await desk.accept(desk.requests.make())
    desk.gateway.during = sleep_too_long
    desk.gateway.outcomes = [BUSY]
    await desk.send()
    desk.gateway.during = None
    await desk.pass_time(timedelta(hours=1))
    assert await desk.states(notification) == ["accepted", "sending", "unknown"]
    assert len(desk.gateway.sent) == 1


@pytest.mark.parametrize(("outages", "end"), [(1, "sent"), (1000, "unknown")])
async def test_a_database_that_is_away_after_the_call_delays_the_outcome_or_leaves_it_unknown(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, outages: int, end: str
) -> None:
    monkeypatch.setattr("notify.app.attempt._RECORDING_PATIENCE", timedelta(seconds=1))
    notification = await desk.accept(desk.requests.make())
    await desk.send(transaction=AwayAfterFirst(desk.transaction, outages))
    await desk.pass_time(desk.policy.attempt_timeout)
    assert (await desk.states(notification))[-1] == end
    assert len(desk.gateway.sent) == 1


async def test_two_senders_never_take_the_same_notification(desk: Desk) -> None:
    for _ in range(30):
        await desk.accept(desk.requests.make())
    looked_at = 1
    while looked_at:
        looked_at = sum(await asyncio.gather(desk.send(), desk.send(), desk.send()))
    tokens = [token for _, _, token in desk.gateway.sent]
    assert (len(tokens), len(set(tokens))) == (30, 30)
    assert await desk.count("attempt") == 30


async def test_what_was_not_taken_is_tried_again_after_a_growing_wait(desk: Desk) -> None:
    desk.gateway.outcomes = [BUSY, BUSY]
    notification = await desk.accept(desk.requests.make())
    await desk.send()
    await desk.pass_time(timedelta(seconds=4))
    assert len(desk.gateway.sent) == 1
    await desk.pass_time(timedelta(seconds=6))
    assert len(desk.gateway.sent) == 2
    await desk.pass_time(timedelta(seconds=20))
    waits = [("sending", None), ("accepted", "gateway-status-429")]
    assert await desk.told(notification) == [("accepted", None), *waits, *waits, ("sending", None), ("sent", None)]
    assert len({token for _, _, token in desk.gateway.sent}) == 3


async def test_a_longer_wait_that_the_gateway_asks_for_is_kept(desk: Desk) -> None:
    desk.gateway.outcomes = [Outcome(Fact.NOT_TAKEN, "gateway-status-429", timedelta(minutes=5))]
    await desk.accept(desk.requests.make())
    await desk.send()
    await desk.pass_time(timedelta(minutes=4))
    assert len(desk.gateway.sent) == 1
    await desk.pass_time(timedelta(minutes=1))
    assert len(desk.gateway.sent) == 2


async def test_attempts_end_and_the_last_one_fails(desk: Desk) -> None:
    desk.policy = Policy(most_attempts=3, backoff=Backoff(timedelta(seconds=1), timedelta(seconds=1)))
    desk.gateway.outcomes = [BUSY] * 10
    notification = await desk.accept(desk.requests.make())
    for _ in range(10):
        await desk.pass_time(timedelta(seconds=1))
    assert len(desk.gateway.sent) == 3
    assert (await desk.told(notification))[-1] == ("failed", "attempts-used-up")


async def test_a_message_that_cannot_be_sent_in_time_expires(desk: Desk) -> None:
    desk.gateway.outcomes = [BUSY] * 100
    notification = await desk.accept(desk.requests.make(expires_at=desk.now + timedelta(minutes=1)))
    await desk.send()
    await desk.pass_time(timedelta(minutes=1))
    assert (await desk.told(notification))[-1] == ("expired", "not-sent-in-time")
    assert len(desk.gateway.sent) == 1


async def test_a_refusal_by_the_gateway_is_final(desk: Desk) -> None:
    desk.gateway.outcomes = [Outcome(Fact.REFUSED, "gateway-refused")]
    notification = await desk.accept(desk.requests.make())
    await desk.send()
    await desk.pass_time(timedelta(hours=1))
    assert (await desk.told(notification))[-1] == ("failed", "gateway-refused")
    assert len(desk.gateway.sent) == 1


async def test_a_call_without_answer_is_unknown_and_stays_so_without_a_receipt(desk: Desk) -> None:
    desk.gateway.outcomes = [Outcome(Fact.UNCLEAR, "gateway-timeout")]
    notification = await desk.accept(desk.requests.make())
    await desk.send()
    await desk.pass_time(timedelta(hours=72))
    assert (await desk.told(notification))[-1] == ("unknown", "gateway-timeout")
    assert (await desk.rows("SELECT closed_at FROM notification"))[0]["closed_at"] == desk.now
    assert len(desk.gateway.sent) == 1


async def test_a_sent_message_nobody_reports_on_becomes_unknown(desk: Desk) -> None:
    notification = await desk.accept(desk.requests.make())
    await desk.send()
    await desk.pass_time(timedelta(hours=71))
    assert (await desk.states(notification))[-1] == "sent"
    await desk.pass_time(timedelta(hours=1))
    assert (await desk.told(notification))[-1] == ("unknown", "no-receipt")


async def test_contact_data_is_deleted_a_set_time_after_the_end(desk: Desk) -> None:
    desk.gateway.outcomes = [Outcome(Fact.REFUSED, "gateway-refused")]
    await desk.accept(desk.requests.make())
    await desk.send()
    await desk.pass_time(desk.policy.contact_retention - timedelta(seconds=1))
    assert await desk.count("contact") == 1
    await desk.pass_time(timedelta(seconds=1))
    assert await desk.count("contact") == 0


async def test_a_template_that_loses_its_approval_is_not_sent(desk: Desk) -> None:
    notification = await desk.accept(desk.requests.make())
    await desk.send(templates=Templates([]))
    assert (await desk.told(notification))[-1] == ("failed", "template-not-approved")
    assert desk.gateway.sent == []


async def test_words_that_got_into_the_link_are_stopped_at_the_moment_of_sending(desk: Desk) -> None:
    notification = await desk.accept(desk.requests.make())
    told_more = desk.box.seal(notification, Contact("+358401234501", "https://a.example/v/1 Tervetuloa"))
    await desk.rows("UPDATE contact SET wrapped_key = $1, sealed = $2", told_more.wrapped_key, told_more.sealed)
    await desk.send()
    assert (await desk.told(notification))[-1] == ("failed", "text-not-approved")
    assert desk.gateway.sent == []


async def test_contact_data_of_one_notification_does_not_open_for_another(desk: Desk) -> None:
    first, second = [await desk.accept(desk.requests.make()) for _ in range(2)]
    async with desk.transaction() as store:
        sealed = await store.contacts([first])
    assert EncryptedContacts(desk.keys).open(first, sealed[first]).to == "+358401234501"
    await desk.rows(
        "UPDATE contact AS c SET wrapped_key = o.wrapped_key, sealed = o.sealed FROM contact AS o"
        " WHERE c.notification_id = $1 AND o.notification_id = $2",
        second,
        first,
    )
    await desk.send()
    assert (await desk.told(second))[-1] == ("failed", "wrong-key")


async def test_the_sender_rests_until_the_next_one_is_due(desk: Desk) -> None:
    most = timedelta(seconds=5)
    assert await until_next_due(desk.sender(), most=most) == most
    await desk.accept(desk.requests.make(not_before=desk.now + timedelta(seconds=2)))
    assert await until_next_due(desk.sender(), most=most) == timedelta(seconds=2)


async def test_a_database_that_is_away_is_a_temporary_error(desk: Desk) -> None:
    with pytest.raises(TemporaryError, match="database-away"):
        async with desk.transaction():
            raise ConnectionResetError
