"""Records the guard sets aside: those of a failed key wait in order, and a retry is a row."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import pytest

from chassis.core.errors import PermanentError, TemporaryError
from chassis.core.process import running
from chassis.kafka.dead_letters import Failure
from chassis.kafka.follow import read_all
from chassis.kafka.parking import Parking
from chassis.kafka.records import Delivery, Record
from chassis.postgres.database import Connection
from chassis.service.dead_letter_commands import replay_one
from chassis.testing.guarded import dead_letters, has_dead_letters
from chassis.testing.read_model import EFFECT_TOPIC, STATE_TOPIC, note, published
from chassis.testing.reference import Reference, envelope_headers, request
from devstack.testing import eventually

pytestmark = [pytest.mark.kafka, pytest.mark.postgres]


async def test_parked_key_waits_while_others_flow_and_goes_on_in_order_after_replay(reference: Reference) -> None:
    refuse = True

    async def handler(delivery: Delivery, tx: Connection) -> None:
        if refuse and delivery.key == "recipient-bad00000":
            raise PermanentError("not-wanted")
        await note(delivery, tx)

    consumer = reference.effect_consumer(handler)
    async with running([*reference.base.relay(), consumer], grace=reference.base.guards.stop_grace):
        for _ in range(3):
            await reference.write(request("recipient-bad00000"), request("recipient-good0000"))

        async def good_flow_and_bad_waits() -> bool:
            return await reference.effects() == ["recipient-good0000"] * 3 and await reference.count("parked") == 3

        await eventually(good_flow_and_bad_waits)
        (letter,) = await dead_letters(reference, EFFECT_TOPIC, "notify")
        refuse = False
        assert await replay_one(reference.base, reference.effect_subscription(handler), letter)

        async def bad_went_on() -> bool:
            return (await reference.effects()).count("recipient-bad00000") == 3 and await reference.count("parked") == 0

        await eventually(bad_went_on)
    async with reference.base.database.connection() as connection:
        events = [
            r["event"]
            for r in await connection.fetch("SELECT event FROM effect WHERE key LIKE '%bad%' ORDER BY number")
        ]
    sent = [r.headers async for r in read_all(reference.base.kafka, EFFECT_TOPIC) if r.key == b"recipient-bad00000"]
    assert events == [f"{dict(h)['ce_source'].decode()}#{dict(h)['ce_id'].decode()}" for h in sent]


async def test_event_that_parks_nothing_does_not_hold_up_its_key(reference: Reference) -> None:
    forged: set[str] = set()

    async def handler(delivery: Delivery, tx: Connection) -> None:
        if not forged or delivery.event_id in forged:
            forged.add(delivery.event_id)
            raise PermanentError("forged", parks=False)
        await note(delivery, tx)

    async with running(
        [*reference.base.relay(), reference.effect_consumer(handler)], grace=reference.base.guards.stop_grace
    ):
        await reference.write(request("recipient-00000001"))
        await eventually(lambda: has_dead_letters(reference, 1))
        await reference.write(request("recipient-00000001"))

        async def second_done() -> bool:
            return await reference.effects() == ["recipient-00000001"]

        await eventually(second_done)


async def test_temporary_error_is_retried_in_place_and_then_becomes_a_row_that_succeeds(reference: Reference) -> None:
    attempts = 0

    async def handler(delivery: Delivery, tx: Connection) -> None:
        nonlocal attempts
        attempts += 1
        if attempts < 12:
            raise TemporaryError("busy", delay=timedelta(milliseconds=150))
        await note(delivery, tx)

    async with running(
        [*reference.base.relay(), reference.effect_consumer(handler)], grace=reference.base.guards.stop_grace
    ):
        await reference.write(request("recipient-00000001"))

        async def parked() -> bool:
            return await reference.count("parked") == 1

        await eventually(parked)
        assert attempts > 2
        async with reference.base.database.connection() as connection:
            await connection.execute("UPDATE parked SET next_attempt_at = now()")

        async def done() -> bool:
            return await reference.effects() == ["recipient-00000001"] and await reference.count("parked") == 0

        await eventually(done)
    assert not await dead_letters(reference, EFFECT_TOPIC, "notify")


async def test_row_that_turns_permanent_is_one_dead_letter_and_is_tried_no_more(reference: Reference) -> None:
    error: Exception = TemporaryError("busy", delay=timedelta(seconds=2))

    async def handler(_deliveries: Sequence[Delivery], _tx: Connection) -> None:
        raise error

    reference.refused.add("a")
    async with running(
        [*reference.base.relay(), reference.state_consumer(handler)], grace=reference.base.guards.stop_grace
    ):
        await reference.write(published("a", "tila"))

        async def parked() -> bool:
            return await reference.count("parked") == 1

        await eventually(parked)
        error = PermanentError("not-wanted")
        async with reference.base.database.connection() as connection:
            await connection.execute("UPDATE parked SET next_attempt_at = now()")

        async def gone() -> bool:
            return await reference.count("parked") == 0

        await eventually(gone)
        await asyncio.sleep(2)  # two more turns of the loop, had the row stayed
    assert len(await dead_letters(reference, STATE_TOPIC, "catalog")) == 1


async def test_bug_in_a_parked_row_counts_like_any_other_and_the_row_stays(reference: Reference) -> None:
    fails: Exception = TemporaryError("busy", delay=timedelta(seconds=2))

    async def handler(_delivery: Delivery, _tx: Connection) -> None:
        raise fails

    consumer = reference.effect_consumer(handler)
    async with running([*reference.base.relay(), consumer], grace=reference.base.guards.stop_grace) as failed:
        await reference.write(request("recipient-00000001"))

        async def parked() -> bool:
            return await reference.count("parked") == 1

        await eventually(parked)
        fails = KeyError("a bug")

        async def stopped() -> bool:
            async with reference.base.database.connection() as connection:
                await connection.execute("UPDATE parked SET next_attempt_at = now() WHERE next_attempt_at > now()")
            return any("unknown errors in a row" in reason for reason in reference.base.health.reasons().values())

        await eventually(stopped)
        assert not failed.is_set()
    assert await reference.count("parked") == 1


async def test_record_parked_while_its_head_is_released_is_not_forgotten(reference: Reference) -> None:
    """The consumer sees the head, the retry loop releases it, the consumer parks behind nothing: both take one lock."""
    subscription = reference.effect_subscription()
    guard = reference.base.guard(subscription)
    head, behind = request("recipient-00000001").event, request("recipient-00000001").event
    assert head is not None
    assert behind is not None
    kind = type(head).event_type
    records = [
        Record(
            EFFECT_TOPIC,
            0,
            n,
            reference.base.clock(),
            b"recipient-00000001",
            e.to_json(),
            tuple(envelope_headers(reference.base, kind)),
        )
        for n, e in enumerate((head, behind))
    ]
    parking = Parking(group="notify", blocking=True, clock=reference.base.clock)
    async with reference.base.database.transaction() as tx:
        await parking.park_dead(tx, records[0], Failure("no", "", "PermanentError", 1))
    async with reference.base.database.transaction() as releasing:
        await parking.release(releasing, records[0])
        consuming = asyncio.create_task(guard.handle([records[1]]))
        await eventually(lambda: reference.waits_for_a_lock(), what="the consumer waits for the key")
    await consuming
    assert await reference.effects() == ["recipient-00000001"]
    assert await reference.count("parked") == 0
