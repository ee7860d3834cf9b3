"""Parked records: who waits for whom, and who is next. Database only."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chassis.kafka.dead_letters import Failure
from chassis.kafka.parking import Parking
from chassis.kafka.records import Delivery, Record, decode
from chassis.postgres.database import Connection
from chassis.testing.read_model import EFFECT_TOPIC, MIGRATIONS
from chassis.testing.reference import Reference, envelope_headers, request
from devstack.testing import MakeBase

pytestmark = pytest.mark.postgres

NOW = datetime(2025, 6, 1, 12, 0, tzinfo=UTC)
ANNA, BERTTA = "recipient-anna0000", "recipient-bertta00"


@pytest.fixture
async def reference(make_base: MakeBase) -> Reference:
    """On a database only: nothing here comes from a topic."""
    return Reference(await make_base("catalog", MIGRATIONS))


def delivery(reference: Reference, key: str, offset: int) -> Delivery:
    event = request(key).event
    assert event is not None
    headers = (*envelope_headers(reference.base, type(event).event_type), ("foreign", b"\xff\x00"))
    return decode(Record(EFFECT_TOPIC, 0, offset, NOW, key.encode(), event.to_json(), headers))


def parking_at(now: datetime, *, blocking: bool = True) -> Parking:
    return Parking(group="notify", blocking=blocking, clock=lambda: now)


async def offsets(tx: Connection) -> dict[int, str]:
    return {row["offset"]: row["state"] for row in await tx.fetch('SELECT "offset", state FROM parked')}


async def test_record_behind_a_dead_one_of_its_key_waits_and_others_pass(reference: Reference) -> None:
    parking = parking_at(NOW)
    async with reference.base.database.transaction() as tx:
        await parking.park_dead(tx, delivery(reference, ANNA, 5).record, Failure("no", "", "PermanentError", 1))
        batch = [delivery(reference, ANNA, 6), delivery(reference, BERTTA, 7), delivery(reference, ANNA, 8)]
        assert [d.record.offset for d in await parking.pass_or_park(tx, batch)] == [7]
        assert await offsets(tx) == {5: "dead", 6: "waiting", 8: "waiting"}
        assert await parking.count(tx) == 3


async def test_redelivered_batch_passes_what_came_before_the_dead_one_and_parks_nothing_twice(
    reference: Reference,
) -> None:
    """The group's offset may lie before the dead letter: the inbox stops what was done, the row stands for the rest."""
    parking = parking_at(NOW)
    batch = [delivery(reference, ANNA, offset) for offset in (4, 5, 6)]
    async with reference.base.database.transaction() as tx:
        await parking.park_dead(tx, batch[1].record, Failure("no", "", "PermanentError", 1))
        for _ in range(2):
            assert [d.record.offset for d in await parking.pass_or_park(tx, batch)] == [4]
        assert await offsets(tx) == {5: "dead", 6: "waiting"}


async def test_failed_state_does_not_hold_up_its_next_version(reference: Reference) -> None:
    parking = parking_at(NOW, blocking=False)
    batch = [delivery(reference, ANNA, offset) for offset in (5, 6)]
    async with reference.base.database.transaction() as tx:
        await parking.park_dead(tx, batch[0].record, Failure("no", "", "PermanentError", 1))
        assert await offsets(tx) == {}
        await parking.park_retry(tx, batch[0].record, code="busy", attempts=1, due=NOW)
        assert await parking.pass_or_park(tx, batch) == batch


async def test_records_of_a_key_go_on_one_after_the_other_in_their_order(reference: Reference) -> None:
    parking = parking_at(NOW)
    waiting = [delivery(reference, ANNA, offset) for offset in (7, 6)]
    async with reference.base.database.transaction() as tx:
        head = delivery(reference, ANNA, 5).record
        await parking.park_retry(tx, head, code="busy", attempts=3, due=NOW)
        await parking.pass_or_park(tx, waiting)
        taken = []
        while (due := await parking.due(tx)) is not None:
            taken.append((due[0].offset, due[1]))
            await parking.release(tx, due[0])
        assert taken == [(5, 3), (6, 0), (7, 0)]
        assert await parking.count(tx) == 0


async def test_parked_record_comes_back_byte_for_byte(reference: Reference) -> None:
    record = delivery(reference, ANNA, 5).record
    tombstone = replace(record, offset=6, key=BERTTA.encode(), value=None)
    async with reference.base.database.transaction() as tx:
        for one in (record, tombstone):
            await parking_at(NOW).park_retry(tx, one, code="busy", attempts=1, due=NOW)
            assert await parking_at(NOW).due(tx) == (one, 1)
            await parking_at(NOW).release(tx, one)


async def test_record_is_due_only_when_its_time_has_come(reference: Reference) -> None:
    later = NOW + timedelta(minutes=1)
    async with reference.base.database.transaction() as tx:
        record = delivery(reference, ANNA, 5).record
        await parking_at(NOW).park_retry(tx, record, code="busy", attempts=1, due=later)
        assert await parking_at(NOW).due(tx) is None
        assert await parking_at(later).due(tx) == (record, 1)


async def test_dead_head_holds_its_key_until_it_is_discarded(reference: Reference) -> None:
    parking = parking_at(NOW)
    head, behind = delivery(reference, ANNA, 5), delivery(reference, ANNA, 6)
    async with reference.base.database.transaction() as tx:
        await parking.park_dead(tx, head.record, Failure("no", "", "PermanentError", 1))
        await parking.pass_or_park(tx, [behind])
        assert await parking.due(tx) is None
        await parking.discard(tx, head.record)
        assert await parking.due(tx) == (behind.record, 0)
        assert await tx.fetchval("SELECT event FROM inbox") == head.event_id


async def test_two_replicas_never_work_on_one_record(reference: Reference) -> None:
    parking = parking_at(NOW)
    async with reference.base.database.transaction() as tx:
        for key, offset in ((ANNA, 5), (BERTTA, 6)):
            record = delivery(reference, key, offset).record
            await parking.park_retry(tx, record, code="busy", attempts=1, due=NOW)
        await parking.pass_or_park(tx, [delivery(reference, ANNA, 7)])
    async with (
        reference.base.database.transaction() as one,
        reference.base.database.transaction() as two,
        reference.base.database.transaction() as three,
    ):
        first, second, third = await parking.due(one), await parking.due(two), await parking.due(three)
    assert first is not None
    assert second is not None
    assert {first[0].offset, second[0].offset} == {5, 6}
    assert third is None


async def test_queues_of_two_groups_are_their_own(reference: Reference) -> None:
    other = Parking(group="referral", blocking=True, clock=lambda: NOW)
    behind = delivery(reference, ANNA, 6)
    async with reference.base.database.transaction() as tx:
        await parking_at(NOW).park_dead(tx, delivery(reference, ANNA, 5).record, Failure("no", "", "PermanentError", 1))
        assert await other.pass_or_park(tx, [behind]) == [behind]
        assert await other.count(tx) == 0
