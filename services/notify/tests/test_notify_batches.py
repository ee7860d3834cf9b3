"""What works on many notifications takes as many statements as on a few."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

from event_schemas.notification import RecipientStopped
from notify.app.call_off import stop_recipient
from notify.app.claim_due import claim_due
from notify.app.policy import Policy
from notify.app.ports import Notifications
from notify.app.tidy_up import tidy_up

if TYPE_CHECKING:
    from services.notify.tests.conftest import Desk

pytestmark = pytest.mark.postgres

RECIPIENT = "recipient-of-many-0001"
FEW, MANY = 2, 20


@dataclass
class Counted:
    """Opens transactions of a desk and keeps the statements made in them."""

    desk: Desk
    statements: list[str] = field(default_factory=list)

    @asynccontextmanager
    async def __call__(self) -> AsyncIterator[Notifications]:
        async with self.desk.base.database.transaction() as tx:
            with tx.query_logger(lambda made: self.statements.append(made.query)):
                yield self.desk.transaction.on(tx)


async def claim(desk: Desk, transaction: Counted) -> None:
    await claim_due(desk.sender(transaction=transaction), MANY)


async def let_expire(desk: Desk, transaction: Counted) -> None:
    desk.now = datetime.fromisoformat("2031-01-01T00:00:00Z")
    await claim_due(desk.sender(transaction=transaction), MANY)


async def stop(desk: Desk, transaction: Counted) -> None:
    event = RecipientStopped(recipient_ref=RECIPIENT, reason="erased", at=desk.now)
    async with transaction() as store:
        await stop_recipient(event, store=store, now=desk.now)


async def give_up_abandoned(desk: Desk, transaction: Counted) -> None:
    await claim_due(desk.sender(), MANY)
    await pass_time(desk, transaction)


async def settle(desk: Desk, transaction: Counted) -> None:
    desk.policy = Policy(at_once=MANY)
    await desk.send()
    desk.now += desk.policy.receipt_wait
    await pass_time(desk, transaction)


async def pass_time(desk: Desk, transaction: Counted) -> None:
    desk.now += desk.policy.attempt_timeout
    async with transaction() as store:
        await tidy_up(store=store, policy=desk.policy, now=desk.now)


@pytest.mark.parametrize(
    ("work", "end"),
    [
        (claim, "sending"),
        (let_expire, "expired"),
        (stop, "cancelled"),
        (give_up_abandoned, "unknown"),
        (settle, "unknown"),
    ],
)
async def test_many_take_no_more_statements_than_few(desk: Desk, work: Any, end: str) -> None:
    made: list[list[str]] = []
    # The first time asyncpg also looks types up.
    for many in (FEW, FEW, MANY):
        ids = [await desk.accept(desk.requests.make(recipient_ref=RECIPIENT)) for _ in range(many)]
        counted = Counted(desk)
        await work(desk, counted)
        assert [(await desk.states(one))[-1] for one in ids] == [end] * many
        made.append(counted.statements)
        await desk.rows("TRUNCATE notification, recipient_stop CASCADE")
    assert made[1]
    assert made[2] == made[1]
