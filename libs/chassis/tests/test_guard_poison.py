"""The guard under poison: each record ends done, dead or unread, one costs only itself, and nothing is dropped."""

from uuid import uuid4

import pytest

from chassis.core.errors import PermanentError
from chassis.core.process import running
from chassis.kafka.follow import read_all
from chassis.kafka.handlers import state_subscription
from chassis.service.dead_letter_commands import replay_one
from chassis.testing.guarded import (
    CONCEPT,
    REMOVED,
    body,
    committed,
    dead_letters,
    failing_on,
    has_dead_letters,
    same_partition,
)
from chassis.testing.read_model import EFFECT_TOPIC, STATE_TOPIC, keep, published, removed
from chassis.testing.reference import Reference, envelope_headers, request
from devstack.testing import eventually

pytestmark = [pytest.mark.kafka, pytest.mark.postgres]


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


async def test_removed_key_is_gone_for_live_and_fresh_readers_alike(reference: Reference) -> None:
    async with running([*reference.base.relay(), reference.state_consumer()], grace=reference.base.guards.stop_grace):
        await reference.write(published("a", "tila"), published("b", "tila"))
        await reference.write(*removed("a"))

        async def gone() -> bool:
            return await reference.names() == {"a": None, "b": "tila"}

        await eventually(gone)
        await eventually(reference.live_equals_fresh)
