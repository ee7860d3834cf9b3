"""A refusal is answered in a transaction of its own while the batch's is still open: neither may wait for the other."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from uuid import UUID

import pytest

from chassis.core.clock import new_id
from chassis.kafka.records import Delivery, Record, decode
from devstack.municipal_system import MunicipalSystem, ReceivedReferral
from event_schemas.codec import headers_of
from event_schemas.envelope import Envelope
from event_schemas.referral import ReferralSent
from event_schemas.referral_reply import ReferralReplied, ReplyStatus
from referral.bootstrap import replies
from referral.domain.binding import ReplyRefused

from .conftest import World, referral_body

pytestmark = [pytest.mark.postgres]


def delivered(event: ReferralReplied, ce_id: UUID, offset: int, *, source: str = "urn:municipal-system") -> Delivery:
    now = datetime.now(UTC)
    envelope = Envelope(str(ce_id), source, event.event_type, now, None, None)
    topic = f"hyte.referral-replies.{event.receiver}.v1"
    record = Record(topic, 0, offset, now, event.referral_id.encode(), event.to_json(), headers_of(envelope))
    return decode(record)


def system_of(world: World) -> MunicipalSystem:
    keys = world.keys
    return MunicipalSystem(world.base.kafka, "kunta-109", keys=keys.municipal["kunta-109"], county_key=keys.county_key)


async def appended(world: World) -> ReceivedReferral:
    """The referral as its event stands in the outbox, unread by anybody."""
    async with world.base.database.connection() as connection:
        row = await connection.fetchrow("SELECT id, payload FROM outbox WHERE aggregatetype LIKE 'hyte.referrals.%'")
    assert row is not None
    return system_of(world).opened(str(row["id"]), ReferralSent.from_json(row["payload"]))


async def test_a_late_reply_and_a_forged_one_in_one_batch_do_not_lock_each_other_out(still_world: World) -> None:
    system = system_of(still_world)
    referral_id = await still_world.create()
    received = await appended(still_world)
    await still_world.client.post(f"/v1/referrals/{referral_id}/withdraw")
    late, forged = new_id(), new_id()
    batch = [
        # The late one is answered in the batch's own transaction, on the key that the refusal is answered on.
        delivered(system.sealed_reply(system.statement(received, ReplyStatus.ACCEPTED, ce_id=late)), late, 0),
        delivered(system.sealed_reply(system.statement(received, ReplyStatus.ACCEPTED, ce_id=late)), forged, 1),
    ]
    subscription = replies(still_world.base, still_world.keys.settings)
    for _ in range(2):
        with pytest.raises(ReplyRefused):
            async with asyncio.timeout(10), still_world.base.database.transaction() as tx:
                await subscription.handler(batch, tx)
    async with still_world.base.database.connection() as connection:
        refused = await connection.fetch("SELECT reply_id, code FROM reply_refusal")
        answers = await connection.fetch("SELECT type FROM outbox WHERE type LIKE '%reply-refused%'")
    assert [(row["reply_id"], row["code"]) for row in refused] == [(str(forged), "not-bound")]
    assert len(answers) == 1


async def test_a_reply_whose_id_breaks_the_contract_is_refused_without_an_answer(still_world: World) -> None:
    await still_world.create()
    received = await appended(still_world)
    system = system_of(still_world)
    event = system.sealed_reply(system.statement(received, ReplyStatus.ACCEPTED, ce_id=new_id()))
    envelope = Envelope("id with spaces", "urn:x", event.event_type, datetime.now(UTC), None, None)
    topic, key = "hyte.referral-replies.kunta-109.v1", event.referral_id.encode()
    record = Record(topic, 0, 0, datetime.now(UTC), key, event.to_json(), headers_of(envelope))
    with pytest.raises(ReplyRefused, match="not-bound"):
        async with still_world.base.database.transaction() as tx:
            await replies(still_world.base, still_world.keys.settings).handler([decode(record)], tx)
    async with still_world.base.database.connection() as connection:
        assert await connection.fetchval("SELECT count(*) FROM reply_refusal") == 0


async def take(world: World, *batch: Delivery) -> None:
    async with world.base.database.transaction() as tx:
        await replies(world.base, world.keys.settings).handler(batch, tx)


async def acts(world: World, referral_id: str) -> list[tuple[str, bool]]:
    return [(fact["act"], fact["applied"]) for fact in (await world.status(referral_id))["facts"]]


@pytest.mark.parametrize("closed", [False, True])
async def test_a_reply_sent_again_under_another_source_is_a_repetition(still_world: World, closed: bool) -> None:
    system = system_of(still_world)
    referral_id = await still_world.create()
    received = await appended(still_world)
    await still_world.happened(referral_id, "accepted", *(["declined"] if closed else []))
    before = await acts(still_world, referral_id)
    ce_id = new_id()
    reply = system.sealed_reply(system.statement(received, ReplyStatus.CONTACT_ATTEMPTED, ce_id=ce_id))
    await take(still_world, delivered(reply, ce_id, 0), delivered(reply, ce_id, 1, source="urn:another"))
    await take(still_world, delivered(reply, ce_id, 2, source="urn:a-third"))
    assert await acts(still_world, referral_id) == [*before, ("contact-attempted", not closed)]


async def test_a_late_fact_is_a_new_version_of_what_is_shown(still_world: World) -> None:
    system = system_of(still_world)
    referral_id = await still_world.create()
    received = await appended(still_world)
    await still_world.client.post(f"/v1/referrals/{referral_id}/withdraw")
    before = (await still_world.status(referral_id))["version"]
    ce_id = new_id()
    reply = system.sealed_reply(system.statement(received, ReplyStatus.ACCEPTED, ce_id=ce_id))
    await take(still_world, delivered(reply, ce_id, 0))
    assert (await still_world.status(referral_id))["version"] == before + 1


async def test_a_client_whom_no_offered_channel_may_tell_is_not_told_and_the_status_says_so(still_world: World) -> None:
    system = system_of(still_world)
    referral_id = await still_world.create(referral_body(consent={"safe_channels": ["email", "suomifi"]}))
    received = await appended(still_world)
    ce_id = new_id()
    reply = system.sealed_reply(system.statement(received, ReplyStatus.ACCEPTED, ce_id=ce_id))
    await take(still_world, delivered(reply, ce_id, 0))
    (notification,) = (await still_world.status(referral_id))["notifications"]
    told = (notification["matter"], notification["channel"], notification["state"])
    assert told == ("accepted", "none", "no-safe-channel")
    await still_world.client.post(f"/v1/referrals/{referral_id}/withdraw")
    async with still_world.base.database.connection() as connection:
        to_notify = "SELECT count(*) FROM outbox WHERE aggregatetype = 'hyte.notifications.requested.v1'"
        assert await connection.fetchval(to_notify) == 0
