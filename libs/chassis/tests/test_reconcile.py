"""A read model that has lost or kept too much is made equal to its log again, beside the live consumer."""

import pytest

from chassis.core.process import running
from chassis.kafka.handlers import state_subscription
from chassis.kafka.reconcile import reconcile
from chassis.testing.read_model import STATE_TOPIC, keep, live_keys, published
from chassis.testing.reference import Reference
from devstack.testing import eventually

pytestmark = [pytest.mark.kafka, pytest.mark.postgres]

SUBSCRIPTION = state_subscription("catalog", [STATE_TOPIC], keep, live_keys=live_keys)


async def test_lost_rows_come_back_strays_are_swept_and_young_keys_are_left_alone(reference: Reference) -> None:
    base = reference.base
    async with running([*base.relay(), reference.state_consumer()], grace=base.guards.stop_grace):
        await reference.write(published("a", "tila"), published("b", "tila"))
        await eventually(reference.live_equals_fresh)
        young = 2**62
        async with base.database.connection() as connection:
            await connection.execute("DELETE FROM concept WHERE key = 'a'")
            await connection.execute("INSERT INTO concept VALUES ('stray', 5, 'jäänne'), ('young', $1, 'uusi')", young)
        done = await reconcile(SUBSCRIPTION, STATE_TOPIC, kafka=base.kafka, database=base.database, clock=base.clock)
        assert (done.read, done.unreadable, done.swept) == (2, 0, 1)
        assert await reference.names() == {"a": "tila", "b": "tila", "stray": None, "young": "uusi"}
        await reference.write(published("stray", "palannut"))

        async def back() -> bool:
            return (await reference.names())["stray"] == "palannut"

        await eventually(back)
