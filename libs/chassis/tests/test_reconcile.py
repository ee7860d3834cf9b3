"""A read model that has lost or kept too much is made equal to its log again, beside the live consumer."""

import pytest

from chassis.core.errors import PermanentError
from chassis.core.process import running
from chassis.kafka.handlers import state_subscription
from chassis.kafka.reconcile import Reconciled, reconcile
from chassis.postgres.database import Connection
from chassis.testing.read_model import STATE_TOPIC, keep, live_keys, published
from chassis.testing.reference import Reference
from devstack.testing import eventually

pytestmark = [pytest.mark.kafka, pytest.mark.postgres]

SUBSCRIPTION = state_subscription("catalog", [STATE_TOPIC], keep, live_keys=live_keys)


async def test_lost_rows_come_back_and_strays_are_swept(reference: Reference) -> None:
    base = reference.base
    async with running([*base.relay(), reference.state_consumer()], grace=base.guards.stop_grace):
        await reference.write(published("a", "tila"), published("b", "tila"))
        await eventually(reference.live_equals_fresh)
        async with base.database.connection() as connection:
            await connection.execute("DELETE FROM concept WHERE key = 'a'")
            await connection.execute("INSERT INTO concept VALUES ('stray', 5, 'jäänne')")
        done = await reconcile(SUBSCRIPTION, STATE_TOPIC, kafka=base.kafka, database=base.database, clock=base.clock)
        assert (done.read, done.unreadable, done.swept) == (2, 0, 1)
        assert await reference.names() == {"a": "tila", "b": "tila", "stray": None}
        await reference.write(published("stray", "palannut"))

        async def back() -> bool:
            return (await reference.names())["stray"] == "palannut"

        await eventually(back)


async def test_key_written_while_the_log_is_read_is_left_alone(reference: Reference) -> None:
    """It is in the model and, since it came later, not in what was read."""
    base = reference.base
    reference.refused.add("late")
    looks = 0

    async def late_look(topic: str, tx: Connection) -> dict[str, int]:
        nonlocal looks
        looks += 1
        if looks == 2:
            await tx.execute("INSERT INTO concept VALUES ('late', 1, 'uusi')")
        return await live_keys(topic, tx)

    subscription = state_subscription("catalog", [STATE_TOPIC], keep, live_keys=late_look)
    done = await reconcile(subscription, STATE_TOPIC, kafka=base.kafka, database=base.database, clock=base.clock)
    assert (looks, done.swept) == (2, 0)
    assert await reference.names() == {"late": "uusi"}


async def test_key_whose_record_is_unreadable_is_in_the_log_all_the_same(reference: Reference) -> None:
    base = reference.base
    reference.refused.add("a")
    await reference.send_raw(STATE_TOPIC, key=b"a", value=b"junk")
    async with base.database.connection() as connection:
        await connection.execute("INSERT INTO concept VALUES ('a', 5, 'tila')")
    done = await reconcile(SUBSCRIPTION, STATE_TOPIC, kafka=base.kafka, database=base.database, clock=base.clock)
    assert (done.unreadable, done.swept) == (1, 0)


async def test_topic_that_lost_its_data_sweeps_nothing_unless_that_is_accepted(reference: Reference) -> None:
    base = reference.base
    reference.refused |= {f"k{n}" for n in range(10)}
    async with base.database.connection() as connection:
        await connection.execute("INSERT INTO concept SELECT 'k' || n, 1, 'tila' FROM generate_series(0, 9) AS n")

    async def run(*, accept_removals: bool) -> Reconciled:
        return await reconcile(
            SUBSCRIPTION,
            STATE_TOPIC,
            kafka=base.kafka,
            database=base.database,
            clock=base.clock,
            accept_removals=accept_removals,
        )

    with pytest.raises(PermanentError, match="10 of 10 keys"):
        await run(accept_removals=False)
    assert set((await reference.names()).values()) == {"tila"}
    assert (await run(accept_removals=True)).swept == 10
