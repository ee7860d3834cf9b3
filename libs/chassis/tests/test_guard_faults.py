"""The guard under poison, bugs and floods: each record ends done, dead, parked or unread, and nothing is dropped."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from uuid import uuid4

import pytest
from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete
from aiokafka.errors import GroupCoordinatorNotAvailableError
from prometheus_client import REGISTRY
from pydantic import SecretStr

from chassis.core.errors import PermanentError, TemporaryError
from chassis.core.health import Health
from chassis.core.process import running
from chassis.kafka.dead_letters import DeadLetter, Failure, read_dead_letters
from chassis.kafka.follow import read_all
from chassis.kafka.guard import Guard
from chassis.kafka.handlers import BatchHandler, state_subscription
from chassis.kafka.parking import Parking
from chassis.kafka.records import Delivery, Record
from chassis.kafka.settings import KafkaSettings
from chassis.kafka.topics import create_topics, missing_topics
from chassis.postgres.database import Connection
from chassis.postgres.migrate import migrations_of
from chassis.postgres.settings import PostgresSettings
from chassis.service.base import Base
from chassis.service.dead_letter_commands import replay_one
from chassis.testing.read_model import EFFECT_TOPIC, MIGRATIONS, STATE_TOPIC, keep, note, published, removed
from chassis.testing.reference import Reference, envelope_headers, request
from devstack.kafka import KafkaServer
from devstack.testing import MakeDatabase, eventually, topic_specs

pytestmark = [pytest.mark.kafka, pytest.mark.postgres]

CONCEPT = "fi.hytevirta.concept.published.v1"
REMOVED = "fi.hytevirta.concept.removed.v1"


async def dead_letters(reference: Reference, topic: str, group: str) -> list[DeadLetter]:
    return [letter async for letter in read_dead_letters(reference.base.kafka, topic=topic, group=group)]


async def committed(reference: Reference, topic: str, group: str, partition: int) -> int:
    """The group's committed offset, -1 while there is none."""
    admin = AIOKafkaAdminClient(bootstrap_servers=reference.base.kafka.kafka)
    await admin.start()
    try:
        offsets = await admin.list_consumer_group_offsets(reference.base.kafka.on_broker(group))
    except GroupCoordinatorNotAvailableError:
        return -1  # a broker that has never had a group
    finally:
        await admin.close()
    named = {(place.topic, place.partition): meta.offset for place, meta in offsets.items()}
    return int(named.get((reference.base.kafka.on_broker(topic), partition), -1))


async def same_partition(reference: Reference, topic: str, key: str) -> int:
    partitions = {r.partition async for r in read_all(reference.base.kafka, topic) if r.key == key.encode()}
    return partitions.pop()


def body(key: str) -> bytes:
    event = published(key, "tila").event
    assert event is not None
    return event.to_json()


def failing_on(key: str, error: Exception) -> BatchHandler:
    async def handler(deliveries: Sequence[Delivery], tx: Connection) -> None:
        if any(delivery.key == key for delivery in deliveries):
            raise error
        await keep(deliveries, tx)

    return handler


async def test_unreadable_bytes_are_dead_before_their_offset_is_committed(reference: Reference) -> None:
    offset = await reference.send_raw(STATE_TOPIC, key=b"k", value=b"\xff\xfe", headers=[("ce_id", b"\xff")])
    async with running([reference.state_consumer()], grace=reference.base.guards.stop_grace):

        async def passed() -> bool:
            return await committed(reference, STATE_TOPIC, "catalog", 0) == offset + 1

        await eventually(passed)
        (letter,) = await dead_letters(reference, STATE_TOPIC, "catalog")
    assert (letter.original.key, letter.original.value, letter.failure.code) == (b"k", b"\xff\xfe", "unreadable")
    assert letter.original.headers == (("ce_id", b"\xff"),)
    assert await reference.model() == {}


@pytest.mark.parametrize(
    ("key", "value"),
    [(b"k", b""), (b"k", b"{}"), (b"k", b"not json"), (b"\xff", b"{}"), (b"", b"{}")],
    ids=["empty value", "missing fields", "no JSON", "key not UTF-8", "empty key"],
)
async def test_record_that_no_retry_makes_readable_is_dead(
    reference: Reference, key: bytes | None, value: bytes
) -> None:
    await reference.send_raw(
        STATE_TOPIC, key=key, value=value, headers=envelope_headers(reference.base, CONCEPT, version=1)
    )
    async with running([reference.state_consumer()], grace=reference.base.guards.stop_grace):

        async def dead() -> bool:
            return len(await dead_letters(reference, STATE_TOPIC, "catalog")) == 1

        await eventually(dead)
    assert await reference.model() == {}


async def test_record_without_key_is_dead_and_parks_nothing(reference: Reference) -> None:
    event = request("recipient-00000001").event
    assert event is not None
    headers = envelope_headers(reference.base, type(event).event_type)
    await reference.send_raw(EFFECT_TOPIC, key=None, value=event.to_json(), headers=headers)
    async with running([reference.effect_consumer()], grace=reference.base.guards.stop_grace):
        await eventually(lambda: has_dead_letters(reference, 1))
    assert await reference.effects() == []
    assert await reference.count("parked") == 0


async def test_null_for_an_unknown_key_and_a_late_tombstone_change_nothing(reference: Reference) -> None:
    async with running([*reference.base.relay(), reference.state_consumer()], grace=reference.base.guards.stop_grace):
        await reference.write(published("a", "tila"))

        async def arrived() -> bool:
            return await reference.names() == {"a": "tila"}

        await eventually(arrived)
        partition = await same_partition(reference, STATE_TOPIC, "a")
        late = envelope_headers(reference.base, REMOVED, version=5)
        await reference.send_raw(STATE_TOPIC, key=b"a", value=None, headers=late, partition=partition)
        await reference.send_raw(STATE_TOPIC, key=b"unknown", value=None, headers=late, partition=partition)
        await reference.write(published("b", "muu"))

        async def passed() -> bool:
            return {"a": "tila", "b": "muu"}.items() <= (await reference.names()).items()

        await eventually(passed)
        await eventually(reference.live_equals_fresh)
    assert await dead_letters(reference, STATE_TOPIC, "catalog") == []


async def test_reader_that_finds_only_the_tombstone_ends_as_the_live_model(reference: Reference) -> None:
    """What compaction leaves: the removed state is gone from the log, only its tombstone is there."""
    headers = envelope_headers(reference.base, REMOVED, version=9)
    await reference.send_raw(STATE_TOPIC, key=b"a", value=None, headers=headers)
    async with running([reference.state_consumer()], grace=reference.base.guards.stop_grace):

        async def arrived() -> bool:
            return await reference.model() == {"a": (9, None)}

        await eventually(arrived)
        await eventually(reference.live_equals_fresh)
        older = envelope_headers(reference.base, CONCEPT, version=8)
        event = published("a", "myöhässä").event
        assert event is not None
        await reference.send_raw(STATE_TOPIC, key=b"a", value=event.to_json(), headers=older)
        await eventually(reference.live_equals_fresh)
    assert await reference.model() == {"a": (9, None)}


async def test_handler_that_always_fails_for_one_key_lets_its_neighbours_through(reference: Reference) -> None:
    handler = failing_on("b", PermanentError("not-wanted", "the test refuses it"))
    reference.refused.add("b")
    headers = {key: envelope_headers(reference.base, CONCEPT, version=3) for key in "abc"}
    offsets = {
        key: await reference.send_raw(STATE_TOPIC, key=key.encode(), value=body(key), headers=headers[key])
        for key in "abc"
    }
    async with running(
        [*reference.base.relay(), reference.state_consumer(handler)], grace=reference.base.guards.stop_grace
    ):

        async def neighbours_applied() -> bool:
            return await reference.names() == {"a": "tila", "c": "tila"}

        await eventually(neighbours_applied)

        async def dead() -> bool:
            letters = await dead_letters(reference, STATE_TOPIC, "catalog")
            return [(x.original.key, x.failure.code) for x in letters] == [(b"b", "not-wanted")]

        await eventually(dead)

        async def all_passed() -> bool:
            return await committed(reference, STATE_TOPIC, "catalog", 0) == offsets["c"] + 1

        await eventually(all_passed)


async def test_one_bad_record_in_a_batch_costs_only_itself(reference: Reference) -> None:
    await reference.write(*[published(f"k{n}", "tila") for n in range(100)])
    handler = failing_on("k50", PermanentError("not-wanted"))
    reference.refused.add("k50")
    async with running(reference.base.relay(), grace=reference.base.guards.stop_grace):
        await eventually(reference.outbox_is_empty)
    async with running([reference.state_consumer(handler)], grace=reference.base.guards.stop_grace):

        async def all_but_one() -> bool:
            return len(await reference.names()) == 99

        await eventually(all_but_one)
    assert [x.original.key for x in await dead_letters(reference, STATE_TOPIC, "catalog")] == [b"k50"]


async def test_next_version_heals_a_key_and_the_replay_of_its_dead_letter_changes_nothing(reference: Reference) -> None:
    handler = failing_on("a", PermanentError("not-wanted"))
    async with running(
        [*reference.base.relay(), reference.state_consumer(handler)], grace=reference.base.guards.stop_grace
    ):
        await reference.write(published("a", "vanha"))

        async def dead() -> bool:
            return len(await dead_letters(reference, STATE_TOPIC, "catalog")) == 1

        await eventually(dead)
    async with running([*reference.base.relay(), reference.state_consumer()], grace=reference.base.guards.stop_grace):
        await reference.write(published("a", "uusi"))

        async def healed() -> bool:
            return await reference.names() == {"a": "uusi"}

        await eventually(healed)
        (letter,) = await dead_letters(reference, STATE_TOPIC, "catalog")
        assert await replay_one(reference.base, state_subscription("catalog", [STATE_TOPIC], keep), letter)
        assert await reference.names() == {"a": "uusi"}
        await eventually(reference.live_equals_fresh)


async def test_replay_goes_to_the_failing_groups_handler_and_not_to_the_topic(reference: Reference) -> None:
    handler = failing_on("a", PermanentError("not-wanted"))
    async with running(
        [*reference.base.relay(), reference.state_consumer(handler)], grace=reference.base.guards.stop_grace
    ):
        await reference.write(published("a", "tila"))

        async def dead() -> bool:
            return len(await dead_letters(reference, STATE_TOPIC, "catalog")) == 1

        await eventually(dead)
    before = [record.place async for record in read_all(reference.base.kafka, STATE_TOPIC)]
    (letter,) = await dead_letters(reference, STATE_TOPIC, "catalog")
    subscription = state_subscription("catalog", [STATE_TOPIC], handler)
    assert not await replay_one(reference.base, subscription, letter)
    assert await replay_one(reference.base, state_subscription("catalog", [STATE_TOPIC], keep), letter)
    assert await reference.names() == {"a": "tila"}
    assert [record.place async for record in read_all(reference.base.kafka, STATE_TOPIC)] == before


async def test_same_event_published_twice_has_one_effect(reference: Reference) -> None:
    event = request("recipient-00000001").event
    assert event is not None
    headers = envelope_headers(reference.base, type(event).event_type, event_id=str(uuid4()))
    for _ in range(2):
        await reference.send_raw(EFFECT_TOPIC, key=b"recipient-00000001", value=event.to_json(), headers=headers)
    async with running([reference.effect_consumer()], grace=reference.base.guards.stop_grace):

        async def both_read() -> bool:
            return await committed(reference, EFFECT_TOPIC, "notify", 0) == 2

        await eventually(both_read)
        await reference.send_raw(EFFECT_TOPIC, key=b"recipient-00000001", value=event.to_json(), headers=headers)

        async def third_read() -> bool:
            return await committed(reference, EFFECT_TOPIC, "notify", 0) == 3

        await eventually(third_read)
    assert await reference.effects() == ["recipient-00000001"]


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


async def has_dead_letters(reference: Reference, count: int) -> bool:
    return len(await dead_letters(reference, EFFECT_TOPIC, "notify")) == count


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


async def test_bug_stops_the_consumer_and_readiness_and_loses_nothing(reference: Reference) -> None:
    calls = 0

    async def handler(_deliveries: Sequence[Delivery], _tx: Connection) -> None:
        nonlocal calls
        calls += 1
        raise KeyError("a bug")

    await reference.write(*[published(f"k{n}", "tila") for n in range(10)])
    async with running(
        [*reference.base.relay(), reference.state_consumer(handler)], grace=reference.base.guards.stop_grace
    ):

        async def stopped() -> bool:
            return any("unknown errors in a row" in reason for reason in reference.base.health.reasons().values())

        await eventually(stopped)
        seen = calls
        await asyncio.sleep(1)  # long enough for a hot loop to show itself
        assert calls == seen <= 2 + reference.base.guards.guard_bug_limit
    assert await dead_letters(reference, STATE_TOPIC, "catalog") == []
    async with running([reference.state_consumer()], grace=reference.base.guards.stop_grace):
        await eventually(reference.live_equals_fresh)
    assert len(await reference.model()) == 10


async def test_missing_dead_letter_topic_stops_progress_until_it_is_there(reference: Reference) -> None:
    topic = f"{STATE_TOPIC}.catalog.dlq"
    admin = AIOKafkaAdminClient(bootstrap_servers=reference.base.kafka.kafka)
    await admin.start()
    await admin.delete_topics([reference.base.kafka.on_broker(topic)])
    await admin.close()

    async def is_gone() -> bool:
        return bool(await missing_topics(reference.base.kafka, [topic]))

    await eventually(is_gone)
    offset = await reference.send_raw(STATE_TOPIC, key=b"k", value=b"junk", headers=())
    async with running([reference.state_consumer()], grace=reference.base.guards.stop_grace):

        async def waits() -> bool:
            return any(reason.startswith("waiting") for reason in reference.base.health.reasons().values())

        await eventually(waits)
        assert await committed(reference, STATE_TOPIC, "catalog", 0) <= offset
        await create_topics(reference.base.kafka, topic_specs(STATE_TOPIC))

        async def dead_and_passed() -> bool:
            letters = await dead_letters(reference, STATE_TOPIC, "catalog")
            return len(letters) == 1 and await committed(reference, STATE_TOPIC, "catalog", 0) == offset + 1

        await eventually(dead_and_passed)
        assert reference.base.health.reasons() == {}


async def test_flood_of_dead_letters_stops_the_consumer(reference: Reference) -> None:
    limits = reference.base.guards.model_copy(update={"guard_window": 10, "guard_dead_share": 0.8})
    reference.base.guards = limits
    for _ in range(30):
        await reference.send_raw(STATE_TOPIC, key=b"k", value=b"junk")
    async with running([reference.state_consumer()], grace=reference.base.guards.stop_grace):

        async def stopped() -> bool:
            return any("became dead letters" in reason for reason in reference.base.health.reasons().values())

        await eventually(stopped)
    assert len(await dead_letters(reference, STATE_TOPIC, "catalog")) < 30


async def test_event_of_a_later_version_of_the_contracts_is_counted_and_passed_over(reference: Reference) -> None:
    headers = envelope_headers(reference.base, "fi.hytevirta.concept.split.v1", version=3)
    offset = await reference.send_raw(STATE_TOPIC, key=b"k", value=b"{}", headers=headers)
    async with running([reference.state_consumer()], grace=reference.base.guards.stop_grace):

        async def passed() -> bool:
            return await committed(reference, STATE_TOPIC, "catalog", 0) == offset + 1

        await eventually(passed)
    assert await dead_letters(reference, STATE_TOPIC, "catalog") == []


async def test_bare_null_for_a_known_key_is_a_dead_letter_and_changes_nothing(reference: Reference) -> None:
    """A foreign tool's tombstone has no version: nobody can tell whether it is newer than what is there."""
    headers = envelope_headers(reference.base, CONCEPT, version=3)
    await reference.send_raw(STATE_TOPIC, key=b"a", value=body("a"), headers=headers)
    await reference.send_raw(STATE_TOPIC, key=b"a", value=None)
    async with running([reference.state_consumer()], grace=reference.base.guards.stop_grace):

        async def dead() -> bool:
            return len(await dead_letters(reference, STATE_TOPIC, "catalog")) == 1

        await eventually(dead)
    assert await reference.names() == {"a": "tila"}


async def test_record_that_puzzles_the_guard_itself_is_not_passed_over(
    reference: Reference, monkeypatch: pytest.MonkeyPatch
) -> None:
    """FastStream swallows what a handler raises; the batch must come again, not be lost with the next commit."""
    calls = 0

    async def broken(_self: Guard, _records: Sequence[Record]) -> None:
        nonlocal calls
        calls += 1
        raise RuntimeError("a bug of the guard")

    headers = envelope_headers(reference.base, CONCEPT, version=3)
    await reference.send_raw(STATE_TOPIC, key=b"a", value=body("a"), headers=headers)
    with monkeypatch.context() as patched:
        patched.setattr(Guard, "handle", broken)
        async with running([reference.state_consumer()], grace=reference.base.guards.stop_grace):

            async def stopped() -> bool:
                return any("unknown errors in a row" in reason for reason in reference.base.health.reasons().values())

            await eventually(stopped)
            assert calls == reference.base.guards.guard_bug_limit
    assert await committed(reference, STATE_TOPIC, "catalog", 0) == -1


@pytest.mark.parametrize(
    ("key", "event_id"), [("k" * 600, "id"), ("k", "i" * 12_000)], ids=["key of 600 bytes", "id of 12 kB"]
)
async def test_key_or_id_that_fits_no_index_is_a_dead_letter(reference: Reference, key: str, event_id: str) -> None:
    event = request("recipient-00000001").event
    assert event is not None
    kind = type(event).event_type
    headers = [(n, event_id.encode() if n == "ce_id" else v) for n, v in envelope_headers(reference.base, kind)]
    await reference.send_raw(EFFECT_TOPIC, key=key.encode(), value=event.to_json(), headers=headers)
    async with running([reference.effect_consumer()], grace=reference.base.guards.stop_grace):
        await eventually(lambda: has_dead_letters(reference, 1))
    assert reference.base.health.reasons() == {}


async def test_biggest_record_that_a_topic_takes_fits_its_dead_letter_topic(reference: Reference) -> None:
    await reference.send_raw(STATE_TOPIC, key=b"k", value=b"j" * 1_047_000)
    async with running([reference.state_consumer()], grace=reference.base.guards.stop_grace):

        async def dead() -> bool:
            return [len(x.original.value or b"") for x in await dead_letters(reference, STATE_TOPIC, "catalog")] == [
                1_047_000
            ]

        await eventually(dead)


async def test_foreign_headers_named_like_ours_stay_the_originals(reference: Reference) -> None:
    foreign = (("dlq_code", b"\xff"), ("dlq_topic", b"elsewhere"))
    await reference.send_raw(STATE_TOPIC, key=b"k", value=b"junk", headers=foreign)
    async with running([reference.state_consumer()], grace=reference.base.guards.stop_grace):

        async def dead() -> bool:
            return [x.original.headers for x in await dead_letters(reference, STATE_TOPIC, "catalog")] == [foreign]

        await eventually(dead)


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


async def test_quiet_consumer_is_alive_and_one_whose_broker_is_gone_is_not_ready(
    own_kafka: KafkaServer, make_database: MakeDatabase
) -> None:
    dsn = await make_database(migrations_of("catalog", MIGRATIONS))
    settings = KafkaSettings(kafka=own_kafka.bootstrap)
    await create_topics(settings, topic_specs(STATE_TOPIC))
    now = 0.0
    health = Health(stuck_after=timedelta(seconds=60), monotonic=lambda: now)
    postgres = PostgresSettings(database_url=SecretStr(dsn))
    reference = Reference(Base("catalog", postgres=postgres, kafka=settings, health=health))
    await reference.base.database.start()
    async with running([reference.state_consumer()], grace=reference.base.guards.stop_grace):
        await eventually(lambda: as_true(not health.reasons()), what="ready")
        now = 59.0
        await eventually(
            lambda: as_true("watch catalog" in health._beats and health._beats["consumer catalog"] == 59.0)
        )
        now = 100.0
        assert health.stuck() == []
        await asyncio.to_thread(own_kafka.kill)
        await eventually(lambda: as_true(any(r.startswith("waiting") for r in health.reasons().values())), seconds=40)
        await asyncio.to_thread(own_kafka.start)
        await eventually(lambda: as_true(not health.reasons()), seconds=40)
    await reference.base.database.stop()


async def as_true(holds: bool) -> bool:
    return holds


async def test_records_that_retention_took_unread_are_told_of_and_the_rest_is_read(reference: Reference) -> None:
    event = request("recipient-00000001").event
    assert event is not None

    async def send() -> None:
        headers = envelope_headers(reference.base, type(event).event_type)
        await reference.send_raw(EFFECT_TOPIC, key=b"recipient-00000001", value=event.to_json(), headers=headers)

    await send()
    async with running([reference.effect_consumer()], grace=reference.base.guards.stop_grace):
        await eventually(lambda: read_up_to(reference, 1))
    for _ in range(4):
        await send()
    admin = AIOKafkaAdminClient(bootstrap_servers=reference.base.kafka.kafka)
    await admin.start()
    partition = TopicPartition(reference.base.kafka.on_broker(EFFECT_TOPIC), 0)
    await admin.delete_records({partition: RecordsToDelete(before_offset=4)})
    await admin.close()
    labels = {"topic": EFFECT_TOPIC, "group": "notify"}
    before = REGISTRY.get_sample_value("messaging_records_lost_total", labels) or 0.0
    async with running([reference.effect_consumer()], grace=reference.base.guards.stop_grace):
        await eventually(lambda: read_up_to(reference, 5))
    assert REGISTRY.get_sample_value("messaging_records_lost_total", labels) == before + 3
    assert len(await reference.effects()) == 2


async def read_up_to(reference: Reference, offset: int) -> bool:
    return await committed(reference, EFFECT_TOPIC, "notify", 0) == offset


async def test_removed_key_is_gone_for_live_and_fresh_readers_alike(reference: Reference) -> None:
    async with running([*reference.base.relay(), reference.state_consumer()], grace=reference.base.guards.stop_grace):
        await reference.write(published("a", "tila"), published("b", "tila"))
        await reference.write(*removed("a"))

        async def gone() -> bool:
            return await reference.names() == {"a": None, "b": "tila"}

        await eventually(gone)
        await eventually(reference.live_equals_fresh)
