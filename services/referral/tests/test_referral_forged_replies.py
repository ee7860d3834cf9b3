"""Replies that are not what they claim: refused with a code, dead-lettered, and no hindrance to the true receiver."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from joserfc.jwk import ECKey

from chassis.core.clock import new_id
from chassis.sealing.file_keys import new_key
from chassis.sealing.seal import seal
from devstack.municipal_system import MunicipalSystem, ReceivedReferral
from event_schemas.ids import EventId, ReceiverId
from event_schemas.referral import ReferralReplyRefused
from event_schemas.referral_reply import ReplyStatus
from event_schemas.sealed import Sealed

from .conftest import World, canary_words_in

pytestmark = [pytest.mark.kafka, pytest.mark.postgres]

Forge = Callable[[World, ReceivedReferral], Awaitable[None]]


async def signed_by_another_key_of_the_same_name(world: World, received: ReceivedReferral) -> None:
    system, ce_id = world.hameenlinna, new_id()
    forged = ECKey.generate_key("P-256", {"kid": str(system.keys.sig.kid), "use": "sig"})
    statement = system.statement(received, ReplyStatus.ACCEPTED, ce_id=ce_id)
    await system.publish(system.sealed_reply(statement, signer=forged), ce_id=ce_id)


async def signed_by_an_unregistered_key(world: World, received: ReceivedReferral) -> None:
    system, ce_id = world.hameenlinna, new_id()
    statement = system.statement(received, ReplyStatus.ACCEPTED, ce_id=ce_id)
    await system.publish(system.sealed_reply(statement, signer=new_key("stranger", "sig")), ce_id=ce_id)


async def sealed_to_an_unknown_key(world: World, received: ReceivedReferral) -> None:
    system, ce_id = world.hameenlinna, new_id()
    stranger = new_key("stranger", "enc")
    event = system.sealed_reply(system.statement(received, ReplyStatus.ACCEPTED, ce_id=ce_id))
    sealed = Sealed(key_id=str(stranger.kid), jwe=seal(b"anything", stranger))
    await system.publish(event.model_copy(update={"sealed": sealed}), ce_id=ce_id)


async def sealed_without_a_signature(world: World, received: ReceivedReferral) -> None:
    system, ce_id = world.hameenlinna, new_id()
    statement = system.statement(received, ReplyStatus.ACCEPTED, ce_id=ce_id)
    sealed = Sealed(key_id=str(world.keys.county_key.kid), jwe=seal(statement.to_json(), world.keys.county_key))
    event = system.sealed_reply(statement).model_copy(update={"sealed": sealed})
    await system.publish(event, ce_id=ce_id)


async def a_statement_played_again_in_a_record_of_its_own(world: World, received: ReceivedReferral) -> None:
    system = world.hameenlinna
    event = system.sealed_reply(system.statement(received, ReplyStatus.ACCEPTED, ce_id=new_id()))
    await system.publish(event, ce_id=new_id())


async def an_answer_to_an_event_that_was_never_sent(world: World, received: ReceivedReferral) -> None:
    system, ce_id = world.hameenlinna, new_id()
    statement = system.statement(received, ReplyStatus.ACCEPTED, ce_id=ce_id)
    statement = statement.model_copy(update={"answers": EventId(str(new_id()))})
    await system.publish(system.sealed_reply(statement), ce_id=ce_id)


async def completed_before_anything_was_done(world: World, received: ReceivedReferral) -> None:
    await world.hameenlinna.reply(received, ReplyStatus.COMPLETED)


async def a_status_that_nobody_knows(world: World, received: ReceivedReferral) -> None:
    system, ce_id = world.hameenlinna, new_id()
    statement = system.statement(received, ReplyStatus.ACCEPTED, ce_id=ce_id)
    statement = statement.model_copy(update={"status": "teleported"})
    await system.publish(system.sealed_reply(statement), ce_id=ce_id)


async def a_statement_in_another_receivers_name(world: World, received: ReceivedReferral) -> None:
    system, ce_id = world.hameenlinna, new_id()
    statement = system.statement(received, ReplyStatus.ACCEPTED, ce_id=ce_id)
    statement = statement.model_copy(update={"receiver": ReceiverId("kunta-061")})
    await system.publish(system.sealed_reply(statement), ce_id=ce_id)


REFUSED: list[tuple[Forge, str]] = [
    (signed_by_another_key_of_the_same_name, "bad-signature"),
    (signed_by_an_unregistered_key, "unknown-key"),
    (sealed_to_an_unknown_key, "unknown-key"),
    (sealed_without_a_signature, "unreadable"),
    (a_statement_played_again_in_a_record_of_its_own, "not-bound"),
    (an_answer_to_an_event_that_was_never_sent, "not-bound"),
    (completed_before_anything_was_done, "not-allowed"),
    (a_status_that_nobody_knows, "not-allowed"),
    (a_statement_in_another_receivers_name, "wrong-receiver"),
]


async def refusals(system: MunicipalSystem) -> list[ReferralReplyRefused]:
    return [event async for _, event in system.events() if isinstance(event, ReferralReplyRefused)]


async def test_each_forgery_is_answered_and_dead_lettered_once_and_the_true_reply_still_counts(world: World) -> None:
    referral_id = await world.create()
    received = await world.sent(referral_id)
    for forge, _ in REFUSED:
        await forge(world, received)
    await world.hameenlinna.reply(received, ReplyStatus.ACCEPTED)
    await world.state_becomes(referral_id, "accepted")

    async def answered() -> bool:
        return len(await refusals(world.hameenlinna)) == len(REFUSED)

    await world.becomes(answered, "one refusal each")
    codes = [code for _, code in REFUSED]
    assert [str(refusal.code) for refusal in await refusals(world.hameenlinna)] == codes
    assert await world.dead_letter_codes("kunta-109") == codes
    facts = [fact["act"] for fact in (await world.status(referral_id))["facts"]]
    assert facts == ["sent", "accepted"]


async def test_no_record_on_any_topic_dead_letters_included_holds_a_word_of_the_client(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    referral_id = await world.create()
    received = await world.sent(referral_id)
    for forge, _ in REFUSED:
        await forge(world, received)
    await world.hameenlinna.reply(received, ReplyStatus.ACCEPTED)
    await world.state_becomes(referral_id, "accepted")
    await world.client.post(f"/v1/referrals/{referral_id}/withdraw")
    # The statement is a true one and what it says can't be: refused after it was opened, beside a late one.
    await world.hameenlinna.reply(received, ReplyStatus.CONTACTED)
    await a_statement_played_again_in_a_record_of_its_own(world, received)

    async def answered() -> bool:
        return len(await refusals(world.hameenlinna)) == len(REFUSED) + 2

    await world.becomes(answered, "a refusal each, and one for the late reply")
    records = await world.raw_records()
    assert referral_id in records
    assert "dlq_code" in records
    assert "referral.withdrawn" in records
    assert "recipient.stopped" in records
    assert canary_words_in(records + await world.dump() + "".join(capsys.readouterr())) == []


async def test_a_reply_on_another_receivers_topic_is_refused_there_and_unheard_by_the_true_one(world: World) -> None:
    referral_id = await world.create()
    received = await world.sent(referral_id)
    # Forssa signs with its own, valid key about a referral that is Hämeenlinna's.
    await world.forssa.reply(received, ReplyStatus.ACCEPTED)
    ce_id = new_id()
    stolen = world.hameenlinna.sealed_reply(world.hameenlinna.statement(received, ReplyStatus.ACCEPTED, ce_id=ce_id))
    await world.forssa.publish(stolen, ce_id=ce_id)

    async def answered() -> bool:
        return len(await refusals(world.forssa)) == 2

    await world.becomes(answered, "two refusals to Forssa")
    assert {str(refusal.code) for refusal in await refusals(world.forssa)} == {"wrong-receiver"}
    assert await refusals(world.hameenlinna) == []
    assert (await world.status(referral_id))["state"] == "sent"


async def test_a_reply_about_no_referral_is_refused(world: World) -> None:
    received = await world.sent(await world.create())
    unknown = received.event.model_copy(update={"referral_id": str(new_id())})
    await world.hameenlinna.reply(ReceivedReferral(received.event_id, unknown, received.content), ReplyStatus.ACCEPTED)

    async def answered() -> bool:
        return [str(one.code) for one in await refusals(world.hameenlinna)] == ["unknown-referral"]

    await world.becomes(answered, "the refusal")
