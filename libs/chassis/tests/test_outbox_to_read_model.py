"""Outbox, relay, topic, guard and database together, on the real broker and database."""

import pytest

from chassis.core.process import running
from chassis.kafka.handlers import state_subscription
from chassis.service.base import Base
from chassis.testing.read_model import MIGRATIONS, STATE_TOPIC, fresh_reader, keep, published, removed, stored
from devstack.testing import MakeBase, MakeTopics, eventually

pytestmark = [pytest.mark.kafka, pytest.mark.postgres]


async def live_equals_fresh(base: Base) -> None:
    async def same() -> bool:
        async with base.database.connection() as connection:
            return await stored(connection) == await fresh_reader(base.kafka)

    await eventually(same, what="live model equal to a fresh reader")


async def test_state_reaches_a_reader_and_a_fresh_reader_agrees(make_base: MakeBase, make_topics: MakeTopics) -> None:
    await make_topics(STATE_TOPIC)
    base = await make_base("catalog", MIGRATIONS)
    parts = [*base.relay(), base.consumer(state_subscription("catalog", [STATE_TOPIC], keep))]
    async with running(parts, grace=base.guards.stop_grace):
        async with base.database.transaction() as tx:
            await base.outbox.append(tx, [published("a", "yksi"), published("b", "kaksi"), published("a", "kolme")])
        async with base.database.transaction() as tx:
            await base.outbox.append(tx, removed("b"))

        async def arrived() -> bool:
            async with base.database.connection() as connection:
                return {key: name for key, (_, name) in (await stored(connection)).items()} == {"a": "kolme", "b": None}

        await eventually(arrived)
        await live_equals_fresh(base)
