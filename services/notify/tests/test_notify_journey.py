"""From a request on the topic to the phone and back, on the real broker and database."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from chassis.kafka.dead_letters import read_dead_letters
from chassis.kafka.follow import read_all
from chassis.kafka.records import decode
from chassis.sealing.file_keys import FileKeys
from devstack.testing import eventually
from event_schemas.base import Event
from event_schemas.notification import (
    NotificationCancelled,
    NotificationRequested,
    NotificationStatusChanged,
    RecipientStopped,
)
from event_schemas.paths import data_root
from notify.adapters.postgres_notifications import STATUS_TOPIC
from notify.bootstrap import requests_of
from notify.entrypoints.kafka import GROUP, REQUESTS_TOPIC

if TYPE_CHECKING:
    from services.notify.tests.conftest import Journey

pytestmark = [pytest.mark.kafka, pytest.mark.postgres]

ALL = ("relay", "receipts", "sender", "requests")
NOW = "2026-03-02T10:00:00Z"
HAPPY, LATE, FAILING = "+358401234501", "+358401234502", "+358401234503"


async def published_states(journey: Journey, notification_id: str) -> list[str]:
    events = [decode(record).event async for record in read_all(journey.base.kafka, STATUS_TOPIC)]
    return [
        str(event.state)
        for event in events
        if isinstance(event, NotificationStatusChanged) and event.notification_id == notification_id
    ]


async def test_a_request_becomes_one_sms_and_its_receipt_ends_as_delivered(journey: Journey) -> None:
    event = journey.requests.make(HAPPY, language="sv")
    async with journey.running(*ALL):
        await journey.publish(event)
        await eventually(lambda: journey.are(delivered=1))

        async def told() -> bool:
            return (await published_states(journey, event.notification_id))[-1:] == ["delivered"]

        await eventually(told)
    (message,) = await journey.messages()
    assert (message["sender"], message["destination"]) == ("OmaHame", HAPPY)
    assert message["text"] == "Du har ett nytt meddelande. Logga in för att läsa det: https://asiointi.example/v/7Yq2"
    states = await published_states(journey, event.notification_id)
    # The simulator's receipt may overtake the answer to our own call.
    assert [state for state in states if state != "sent"] == ["accepted", "sending", "delivered"]


async def test_a_late_and_a_failing_number_end_as_the_gateway_reports(journey: Journey) -> None:
    async with journey.running(*ALL):
        await journey.publish(journey.requests.make(LATE), journey.requests.make(FAILING))
        await eventually(lambda: journey.are(sent=1, failed=1))
        await eventually(lambda: journey.are(delivered=1, failed=1))
    assert len(await journey.messages()) == 2


async def test_a_landline_is_refused_without_a_dead_letter_and_without_holding_others_up(journey: Journey) -> None:
    landline = journey.requests.make("+35891234567")
    async with journey.running(*ALL):
        await journey.publish(landline, journey.requests.make(HAPPY, recipient_ref=landline.recipient_ref))
        await eventually(lambda: journey.are(failed=1, delivered=1))
        letters = read_dead_letters(journey.base.kafka, topic=REQUESTS_TOPIC, group=GROUP)
        assert [letter async for letter in letters] == []
    assert [message["destination"] for message in await journey.messages()] == [HAPPY]


async def test_a_request_sealed_for_another_is_a_dead_letter_and_a_stop_behind_it_still_counts(
    journey: Journey, tmp_path: Path
) -> None:
    good = journey.requests.make(not_before="2029-12-31T00:00:00Z")
    journey.requests.keys = FileKeys.create(tmp_path / "stranger", names={"notify": "enc"})
    stranger = journey.requests.make(recipient_ref=good.recipient_ref)
    stop = RecipientStopped.model_validate({"recipient_ref": good.recipient_ref, "reason": "erased", "at": NOW})
    async with journey.running(*ALL):
        await journey.publish(good, stranger, stop)
        await eventually(lambda: journey.are(cancelled=1))
    letters = read_dead_letters(journey.base.kafka, topic=REQUESTS_TOPIC, group=GROUP)
    assert [letter.failure.code async for letter in letters] == ["unknown-key"]
    assert await journey.messages() == []


async def test_every_example_of_the_contracts_is_handled_or_refused_with_its_code(journey: Journey) -> None:
    events: list[Event] = [
        model.from_json(file.read_bytes())
        for model in (NotificationRequested, NotificationCancelled, RecipientStopped)
        for file in sorted((data_root() / "examples" / model.event_type).glob("*.json"))
    ]
    async with journey.running(*ALL):
        await journey.publish(*events)
        await eventually(lambda: is_stopped(journey))
    letters = read_dead_letters(journey.base.kafka, topic=REQUESTS_TOPIC, group=GROUP)
    codes = {letter.failure.code async for letter in letters}
    assert codes == {"dataref-not-read", "unknown-key"}


async def is_stopped(journey: Journey) -> bool:
    """The stops are the last of the key that all examples share."""
    async with journey.base.database.connection() as connection:
        return bool(await connection.fetchval("SELECT count(*) > 0 FROM recipient_stop"))


async def test_a_redelivered_request_is_one_sms(journey: Journey) -> None:
    async with journey.running(*ALL):
        await journey.publish(journey.requests.make(HAPPY))
        await eventually(lambda: journey.are(delivered=1))
        again = [record async for record in read_all(journey.base.kafka, REQUESTS_TOPIC)]
        await journey.base.guard(requests_of(journey.base)).handle(again)
        await journey.publish(journey.requests.make(HAPPY))
        await eventually(lambda: journey.are(delivered=2))
    assert len(await journey.messages()) == 2


async def test_a_request_cancelled_before_its_time_is_never_sent(journey: Journey) -> None:
    event = journey.requests.make(not_before="2029-12-31T00:00:00Z")
    cancel = NotificationCancelled(
        notification_id=event.notification_id, recipient_ref=event.recipient_ref, reason="consent-withdrawn"
    )
    async with journey.running(*ALL):
        await journey.publish(event, cancel)
        await eventually(lambda: journey.are(cancelled=1))
    assert await journey.messages() == []


async def test_a_busy_gateway_is_tried_again_until_it_takes_the_message(journey: Journey) -> None:
    await journey.control("faults", {"path": "/messages", "kind": "429", "times": 2, "retry_after": 0})
    async with journey.running(*ALL):
        await journey.publish(journey.requests.make(HAPPY))
        await eventually(lambda: journey.are(delivered=1))
    assert len(await journey.messages()) == 1


async def test_a_gateway_that_cannot_be_reached_is_tried_again(
    journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HYTE_SMS_URL", "http://127.0.0.1:9")
    await journey.publish(journey.requests.make(HAPPY))
    async with journey.running("relay", "requests", "sender"):
        await eventually(lambda: tried_again(journey))
    monkeypatch.setenv("HYTE_SMS_URL", journey.gateway_url)
    async with journey.running("sender", "receipts"):
        await eventually(lambda: journey.are(delivered=1))
    assert len(await journey.messages()) == 1


async def tried_again(journey: Journey) -> bool:
    async with journey.base.database.connection() as connection:
        return bool(await connection.fetchval("SELECT count(*) > 1 FROM attempt WHERE outcome = 'not-taken'"))


async def test_a_time_out_of_a_proxy_before_the_gateway_is_unknown_and_not_sent_again(journey: Journey) -> None:
    await journey.control("faults", {"path": "/messages", "kind": "504-html", "times": 1})
    async with journey.running(*ALL):
        await journey.publish(journey.requests.make(HAPPY))
        await eventually(lambda: journey.are(unknown=1))
        await journey.publish(journey.requests.make(HAPPY))
        await eventually(lambda: journey.are(unknown=1, delivered=1))
    assert len(await journey.messages()) == 1


async def test_a_slow_gateway_is_unknown_until_its_receipt_settles_it(
    journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HYTE_SMS_TIMEOUT", "PT0.1S")
    journey.answers.delay = timedelta(seconds=1)
    event = journey.requests.make(LATE)
    async with journey.running(*ALL):
        await journey.publish(event)
        await eventually(lambda: journey.are(delivered=1))
    assert "unknown" in await published_states(journey, event.notification_id)
    assert len(await journey.messages()) == 1


async def test_twenty_requests_through_a_restart_and_a_second_process_are_one_sms_each(journey: Journey) -> None:
    journey.answers.delay = timedelta(seconds=0.3)
    events = [journey.requests.make(f"+3584012345{number:02}") for number in range(10, 30)]
    async with journey.running("relay", "receipts"):
        async with journey.running("requests", "sender"):
            await journey.publish(*events[:10])
            await eventually(lambda: calls_under_way(journey))
            async with journey.running("requests", "sender"):
                await journey.publish(*events[10:])
                await eventually(lambda: calls_under_way(journey))
        async with journey.running("requests", "sender"):
            await eventually(lambda: journey.are(delivered=20))
    destinations = [message["destination"] for message in await journey.messages()]
    assert sorted(destinations) == sorted(f"+3584012345{number:02}" for number in range(10, 30))


async def calls_under_way(journey: Journey) -> bool:
    async with journey.base.database.connection() as connection:
        return bool(await connection.fetchval("SELECT EXISTS (SELECT FROM attempt WHERE outcome IS NULL)"))


async def test_contact_data_is_gone_after_the_end(journey: Journey, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HYTE_CONTACT_RETENTION", "PT0S")

    async def gone() -> bool:
        async with journey.base.database.connection() as connection:
            return bool(await connection.fetchval("SELECT count(*) = 0 FROM contact"))

    async with journey.running(*ALL):
        await journey.publish(journey.requests.make(HAPPY))
        await eventually(lambda: journey.are(delivered=1))
        await eventually(gone)
