"""Requests, cancellations and stops, on the real database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import pytest

from chassis.core.errors import PermanentError
from chassis.sealing.file_keys import FileKeys, new_key, write_key_set
from event_schemas.notification import NotificationCancelled, RecipientStopped
from event_schemas.sealed import Sealed
from notify.app.call_off import cancel_notification, stop_recipient
from notify.app.policy import Policy
from notify.app.ports import Outcome
from notify.domain.states import Fact
from notify.domain.timing import QuietHours

if TYPE_CHECKING:
    from services.notify.tests.conftest import Desk

pytestmark = pytest.mark.postgres


async def cancel(desk: Desk, notification_id: UUID, reason: str = "consent-withdrawn") -> None:
    event = NotificationCancelled.model_validate(
        {"notification_id": str(notification_id), "recipient_ref": "r" * 32, "reason": reason}
    )
    async with desk.transaction() as store:
        await cancel_notification(event, store=store, now=desk.now)


async def stop(desk: Desk, recipient_ref: str) -> None:
    event = RecipientStopped.model_validate({"recipient_ref": recipient_ref, "reason": "erased", "at": desk.now})
    async with desk.transaction() as store:
        await stop_recipient(event, store=store, now=desk.now)


@pytest.mark.parametrize(
    ("to", "content", "code"),
    [
        ("+35891234567", {}, "number-landline"),
        ("0800 12345", {}, "number-toll-free"),
        ("12345", {}, "number-invalid"),
        ("maija@posti.example", {"channel": "email"}, "channel-not-offered"),
        ("040 123 4567", {"link": "https://a.example/liikuntalahete/1"}, "link-reveals-content"),
    ],
)
async def test_what_cannot_be_sent_ends_as_failed_and_its_contact_data_is_not_kept(
    desk: Desk, to: str, content: dict[str, Any], code: str
) -> None:
    notification = await desk.accept(desk.requests.make(to, content=content))
    await desk.send()
    assert await desk.told(notification) == [("failed", code)]
    assert (await desk.count("contact"), desk.gateway.sent) == (0, [])


@pytest.mark.parametrize("template", [{"template": "other"}, {"template_version": 99}])
async def test_a_template_that_is_not_approved_fails_the_notification(desk: Desk, template: dict[str, Any]) -> None:
    content = {"template": template["template"]} if "template" in template else {}
    notification = await desk.accept(desk.requests.make(content=content, **template))
    assert await desk.told(notification) == [("failed", "template-not-approved")]


async def test_the_same_request_under_another_event_id_is_stored_once(desk: Desk) -> None:
    event = desk.requests.make()
    first, second = await desk.accept(event), await desk.accept(event)
    await desk.send()
    await desk.send()
    assert first == second
    assert len(desk.gateway.sent) == 1
    assert await desk.states(first) == ["accepted", "sending", "sent"]


async def test_what_is_sealed_for_another_is_refused_and_holds_nobody_up(desk: Desk, tmp_path: Path) -> None:
    stranger = FileKeys.create(tmp_path / "stranger", names={"notify": "enc"})
    desk.requests.keys = stranger
    with pytest.raises(PermanentError) as refusal:
        await desk.accept(desk.requests.make())
    assert (refusal.value.code, refusal.value.parks) == ("unknown-key", False)


async def test_content_of_another_request_is_refused(desk: Desk) -> None:
    with pytest.raises(PermanentError, match="content-of-another"):
        await desk.accept(desk.requests.make(content={"notification_id": str(uuid4())}))
    with pytest.raises(PermanentError, match="content-of-another"):
        await desk.accept(desk.requests.make(content={"template": "other"}))


async def test_a_reference_instead_of_sealed_content_is_refused(desk: Desk) -> None:
    sealed = Sealed(key_id="k", dataref="https://referral.example/sealed/1")
    with pytest.raises(PermanentError, match="dataref-not-read"):
        await desk.accept(desk.requests.make(sealed=sealed))


async def test_what_was_sealed_before_a_rotation_of_our_key_still_opens(desk: Desk, tmp_path: Path) -> None:
    event = desk.requests.make()
    old = list(desk.keys.private_keys("notify"))
    write_key_set(tmp_path / "keys" / "notify.jwks.json", [new_key("notify", "enc"), *old], private=True)
    notification = await desk.accept(event)
    assert await desk.states(notification) == ["accepted"]


async def test_a_cancelled_notification_is_not_sent_and_its_contact_data_is_gone(desk: Desk) -> None:
    notification = await desk.accept(desk.requests.make())
    await cancel(desk, notification)
    await desk.send()
    assert desk.gateway.sent == []
    assert await desk.told(notification) == [("accepted", None), ("cancelled", "consent-withdrawn")]
    assert await desk.count("contact") == 0


async def test_a_cancellation_that_is_read_before_its_request_counts(desk: Desk) -> None:
    event = desk.requests.make()
    await cancel(desk, UUID(event.notification_id))
    notification = await desk.accept(event)
    assert await desk.told(notification) == [("cancelled", "consent-withdrawn")]
    assert await desk.count("contact") == 0


async def test_a_cancellation_during_a_call_stops_the_next_attempt(desk: Desk) -> None:
    notification = await desk.accept(desk.requests.make())
    desk.gateway.outcomes = [Outcome(Fact.NOT_TAKEN, "gateway-status-503")]
    desk.gateway.during = lambda: cancel(desk, notification)
    await desk.send()
    await desk.pass_time(timedelta(hours=1))
    assert len(desk.gateway.sent) == 1
    assert await desk.states(notification) == ["accepted", "sending", "cancelled"]


async def test_a_message_that_is_on_its_way_when_it_is_cancelled_keeps_its_true_state(desk: Desk) -> None:
    notification = await desk.accept(desk.requests.make())
    await desk.send()
    await cancel(desk, notification)
    assert await desk.states(notification) == ["accepted", "sending", "sent"]
    assert await desk.count("contact") == 0


async def test_nothing_more_is_sent_to_a_recipient_that_has_been_stopped(desk: Desk) -> None:
    ref, other = "a" * 32, "b" * 32
    before = await desk.accept(desk.requests.make(recipient_ref=ref))
    unrelated = await desk.accept(desk.requests.make(recipient_ref=other))
    await stop(desk, ref)
    later = await desk.accept(desk.requests.make(recipient_ref=ref))
    await desk.send()
    assert await desk.told(before) == [("accepted", None), ("cancelled", "erased")]
    assert await desk.told(later) == [("cancelled", "erased")]
    assert await desk.states(unrelated) == ["accepted", "sending", "sent"]
    assert await desk.count("contact") == 1


async def test_in_quiet_hours_only_urgent_messages_are_sent(desk: Desk) -> None:
    desk.policy = Policy(quiet_hours=QuietHours.parse("22:00-07:00"))
    desk.now = datetime(2026, 3, 2, 21, 0, tzinfo=UTC)
    calm = await desk.accept(desk.requests.make())
    urgent = await desk.accept(desk.requests.make(urgency="urgent"))
    short = await desk.accept(desk.requests.make(expires_at=datetime(2026, 3, 3, 4, 0, tzinfo=UTC)))
    await desk.send()
    assert (await desk.states(calm), await desk.states(urgent)) == (["accepted"], ["accepted", "sending", "sent"])
    await desk.pass_time(timedelta(hours=8))
    assert await desk.states(calm) == ["accepted", "sending", "sent"]
    assert await desk.told(short) == [("accepted", None), ("expired", "not-sent-in-time")]
    assert len(desk.gateway.sent) == 2


async def test_what_fell_due_while_the_sender_was_away_does_not_break_quiet_hours(desk: Desk) -> None:
    desk.policy = Policy(quiet_hours=QuietHours.parse("22:00-07:00"))
    desk.now = datetime(2026, 3, 2, 19, 59, tzinfo=UTC)
    notification = await desk.accept(desk.requests.make())
    await desk.pass_time(timedelta(minutes=1))
    assert await desk.states(notification) == ["accepted"]
    await desk.pass_time(timedelta(hours=9))
    assert await desk.states(notification) == ["accepted", "sending", "sent"]


async def test_the_time_a_request_names_is_waited_for(desk: Desk) -> None:
    notification = await desk.accept(desk.requests.make(not_before=desk.now + timedelta(hours=2)))
    await desk.pass_time(timedelta(hours=1))
    assert await desk.states(notification) == ["accepted"]
    await desk.pass_time(timedelta(hours=1))
    assert await desk.states(notification) == ["accepted", "sending", "sent"]
