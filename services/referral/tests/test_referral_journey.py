"""From the professional to the municipality and back, and the client told, on the real broker and database."""

from __future__ import annotations

import pytest

from chassis.core.clock import new_id
from chassis.sealing.seal import unseal
from event_schemas.lifecycle import ReferralStepTaken
from event_schemas.notification import NotificationContent, NotificationRequested, RecipientStopped
from event_schemas.referral import ReferralWithdrawn
from event_schemas.referral_reply import ReplyStatus

from .conftest import World

pytestmark = [pytest.mark.kafka, pytest.mark.postgres]

REQUESTED = "hyte.notifications.requested.v1"


async def requests(world: World) -> list[tuple[str, NotificationRequested]]:
    return [(key, event) for key, event in await world.events(REQUESTED) if isinstance(event, NotificationRequested)]


async def test_an_accepted_referral_closes_the_loop_and_tells_the_client_by_sms(world: World) -> None:
    referral_id = await world.create()
    received = await world.sent(referral_id)
    assert received.content.client.phone == "+358407654321"
    assert received.content.client.identity_code == "010594Y9032"
    assert received.content.consent.receiver == "kunta-109"

    await world.hameenlinna.reply(received, ReplyStatus.RECEIVED)
    await world.hameenlinna.reply(received, ReplyStatus.ACCEPTED)
    await world.state_becomes(referral_id, "accepted")

    async def told() -> bool:
        return len(await requests(world)) == 1

    await world.becomes(told, "one notification request")
    ((key, request),) = await requests(world)
    content = NotificationContent.from_json(unseal(request.sealed.jwe or "", world.keys.notify_keys))
    assert key == request.recipient_ref
    assert (content.channel, content.to, content.template) == ("sms", "+358407654321", "new-message")
    assert content.link == "https://asiointi.example/"


async def test_the_whole_way_to_completed_is_counted_by_dates_under_a_random_case_id(world: World) -> None:
    referral_id = await world.create()
    received = await world.sent(referral_id)
    for status in (
        ReplyStatus.ACCEPTED,
        ReplyStatus.CONTACT_ATTEMPTED,
        ReplyStatus.CONTACT_ATTEMPTED,
        ReplyStatus.CONTACTED,
        ReplyStatus.STARTED,
        ReplyStatus.COMPLETED,
    ):
        await world.hameenlinna.reply(received, status)
    await world.state_becomes(referral_id, "completed")
    facts = [fact["act"] for fact in (await world.status(referral_id))["facts"]]
    assert facts.count("contact-attempted") == 2

    async def counted() -> bool:
        return len(await world.events("hyte.referral-lifecycle.v1")) == 5

    await world.becomes(counted, "five steps")
    events = await world.events("hyte.referral-lifecycle.v1")
    steps = [event for _, event in events if isinstance(event, ReferralStepTaken)]
    assert [str(step.step) for step in steps] == ["sent", "accepted", "contacted", "started", "completed"]
    assert {step.municipality for step in steps} == {"109"}
    assert referral_id not in {step.case_id for step in steps}
    assert len({step.case_id for step in steps}) == 1


async def test_the_same_reply_delivered_thrice_and_accepted_twice_is_one_sms_and_one_fact(world: World) -> None:
    referral_id = await world.create()
    received = await world.sent(referral_id)
    system = world.hameenlinna
    ce_id = new_id()
    statement = system.statement(received, ReplyStatus.ACCEPTED, ce_id=ce_id)
    await system.publish(system.sealed_reply(statement), ce_id=ce_id, copies=3)
    await system.reply(received, ReplyStatus.ACCEPTED)
    await system.reply(received, ReplyStatus.CONTACTED)
    await world.state_becomes(referral_id, "contacted")
    facts = [fact["act"] for fact in (await world.status(referral_id))["facts"]]
    assert facts == ["sent", "accepted", "contacted"]

    async def relayed() -> bool:
        async with world.base.database.connection() as connection:
            return bool(await connection.fetchval("SELECT count(*) = 0 FROM outbox"))

    await world.becomes(relayed, "an empty outbox")
    assert len(await requests(world)) == 1
    assert await world.dead_letter_codes("kunta-109") == []


async def test_withdrawal_tells_the_receiver_and_notify_and_leaves_nothing_to_read(world: World) -> None:
    referral_id = await world.create()
    received = await world.sent(referral_id)
    await world.hameenlinna.reply(received, ReplyStatus.ACCEPTED)
    await world.state_becomes(referral_id, "accepted")

    for _ in range(2):
        answer = await world.client.post(f"/v1/referrals/{referral_id}/withdraw")
        assert (answer.status_code, answer.json()["state"]) == (200, "withdrawn")
    assert (await world.client.get(f"/v1/referrals/{referral_id}")).json()["content"] is None

    async def both_told() -> bool:
        to_receiver = [event async for _, event in world.hameenlinna.events() if isinstance(event, ReferralWithdrawn)]
        to_notify = [event for _, event in await world.events(REQUESTED) if isinstance(event, RecipientStopped)]
        return len(to_receiver) == len(to_notify) == 1

    await world.becomes(both_told, "one withdrawal each")
    async with world.base.database.connection() as connection:
        for table in ("referral_key", "referral_content"):
            assert await connection.fetchval(f"SELECT count(*) FROM {table}") == 0  # noqa: S608


async def test_what_a_receiver_tells_of_a_withdrawn_referral_is_kept_as_a_fact_without_effect(world: World) -> None:
    referral_id = await world.create()
    received = await world.sent(referral_id)
    await world.client.post(f"/v1/referrals/{referral_id}/withdraw")
    await world.hameenlinna.reply(received, ReplyStatus.ACCEPTED)

    async def kept() -> bool:
        facts = (await world.status(referral_id))["facts"]
        return [(fact["act"], fact["applied"]) for fact in facts][-1] == ("accepted", False)

    await world.becomes(kept, "a late fact")
    assert (await world.status(referral_id))["state"] == "withdrawn"
    assert await requests(world) == []
