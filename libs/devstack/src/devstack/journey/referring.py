"""Steps 6 to 8: a referral reaches its municipality and nobody else, is answered, and the client is told."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import yaml

from chassis.kafka.follow import read_all
from chassis.sealing.file_keys import read_key_set
from devstack.journey.world import World, expect, until
from devstack.municipal_system import MunicipalKeys, MunicipalSystem, ReceivedReferral
from devstack.places import ROOT
from devstack.settings import DEVELOPMENT_TOKEN
from event_schemas.receivers import Delivery, load_receivers
from event_schemas.referral_reply import ReplyStatus

RECEIVER = "kunta-109"
_TEMPLATE = ROOT / "services" / "notify" / "templates" / "new-message" / "1.yaml"


def referral_body(client: dict[str, Any], *, wish: str) -> dict[str, Any]:
    """A liikuntalähete for a client of Hämeenlinna, with consent recorded and SMS as the one safe channel."""
    consent = {"text_version": "2026-1", "given_at": datetime.now(UTC).isoformat(), "form": "oral", "feedback": True}
    return {
        "type": "liikuntalahete",
        "municipality": "109",
        "client": client,
        "reasons": ["inactivity"],
        "wish": wish,
        "referrer": {
            "name": "Terveydenhoitaja Esimerkki",
            "title": "terveydenhoitaja",
            "unit_oid": "1.2.246.10.1.10.1",
        },
        "consent": {**consent, "safe_channels": ["sms"]},
        # Every demo refers the same invented client anew.
        "confirm_duplicate": True,
    }


DEMO_CLIENT = {"name": "Tuuli Testinen", "phone": "040 555 0101", "birth_year": 1961, "language": "fi"}


async def send_referral(world: World, body: dict[str, Any]) -> str:
    headers = {"Authorization": f"Bearer {DEVELOPMENT_TOKEN}", "Idempotency-Key": str(uuid4())}
    answer = await world.http.post(f"{world.stack.referral_url}/v1/referrals", json=body, headers=headers)
    expect(answer.status_code == 201, f"the referral was refused: {answer.status_code} {answer.text}")
    return str(answer.json()["referral_id"])


async def status_of(world: World, referral_id: str) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {DEVELOPMENT_TOKEN}"}
    answer = await world.http.get(f"{world.stack.referral_url}/v1/referrals/{referral_id}/status", headers=headers)
    answer.raise_for_status()
    status: dict[str, Any] = answer.json()
    return status


def municipal_system(world: World, receiver: str = RECEIVER) -> MunicipalSystem:
    keys = world.stack.folders.keys
    enc, sig = read_key_set(keys / "receivers" / f"{receiver}.jwks.json")
    (county, *_) = read_key_set(keys / "public" / "county.jwks.json")
    return MunicipalSystem(world.kafka, receiver, keys=MunicipalKeys(enc, sig), county_key=county)


async def a_referral_reaches_its_municipality(world: World) -> tuple[str, ReceivedReferral]:
    with world.show.step(
        "A liikuntalähete for a client in Hämeenlinna reaches Hämeenlinna's topic, sealed, and no other"
    ):
        referral_id = await send_referral(world, referral_body(DEMO_CLIENT, wish="Haluan taas jaksaa kävellä portaat."))
        world.show.tell(f"the professional sent referral {referral_id}, the client's consent is recorded")
        received, took = await until(
            lambda: _received(world, referral_id), seconds=15, what="the referral on its topic"
        )
        world.show.tell(
            f"it stands on hyte.referrals.{RECEIVER}.v1 after {took:.2f} s; the municipal system opened it with its key"
        )
        expect(received.content.client.name == DEMO_CLIENT["name"], "the opened referral is not the one sent")
        others = await _on_other_topics(world, referral_id)
        expect(not others, f"the referral stands on {', '.join(others)} too")
        world.show.tell("no other receiver's topic has it")
    return referral_id, received


async def _received(world: World, referral_id: str) -> ReceivedReferral | None:
    found = [one for one in await municipal_system(world).referrals() if one.event.referral_id == referral_id]
    return found[0] if found else None


async def _on_other_topics(world: World, referral_id: str) -> list[str]:
    receivers = {r.id for r in load_receivers() if r.delivery is Delivery.TOPIC} - {RECEIVER}
    topics = [f"hyte.referrals.{receiver}.v1" for receiver in sorted(receivers)]
    return [t for t in topics if any([r.key == referral_id.encode() async for r in read_all(world.kafka, t)])]


async def the_municipality_accepts(world: World, referral_id: str, received: ReceivedReferral) -> None:
    with world.show.step("The municipality answers with a signed reply, and the professional sees “accepted”"):
        await municipal_system(world).reply(received, ReplyStatus.ACCEPTED)

        async def accepted() -> dict[str, Any] | None:
            status = await status_of(world, referral_id)
            return status if status["state"] == "accepted" else None

        _, took = await until(accepted, seconds=15, what="“accepted”")
        world.show.tell(f"the reply's signature and binding were checked; “accepted” after {took:.2f} s")
        world.show.look(f"{world.stack.referral_url}/v1/referrals/{referral_id}/status  (Bearer {DEVELOPMENT_TOKEN})")


async def the_client_is_told(world: World, referral_id: str) -> None:
    with world.show.step("The client is told by the one channel that was allowed, in the approved words"):
        _, took = await until(lambda: _delivered(world, referral_id), seconds=20, what="the delivery report of the SMS")
        world.show.tell(f"the gateway has delivered it ({took:.2f} s)")
        messages = [m for m in await _messages(world) if m["destination"].endswith("405550101")]
        expect(len(messages) == 1, f"the client was sent {len(messages)} messages, not one")
        (message,) = messages
        approved = yaml.safe_load(_TEMPLATE.read_text())["texts"]["fi"]
        expected = approved.replace("{link}", world.stack.referral_url)
        expect(message["text"] == expected, "the SMS is not the approved template")
        world.show.tell(f"the SMS reads: {message['text']}")
        world.show.look(f"{world.stack.simulator_url('sms')}/_control/messages")


async def _delivered(world: World, referral_id: str) -> bool | None:
    status = await status_of(world, referral_id)
    return any(one["state"] == "delivered" for one in status["notifications"]) or None


async def _messages(world: World) -> list[dict[str, Any]]:
    answer = await world.http.get(f"{world.stack.simulator_url('sms')}/_control/messages")
    answer.raise_for_status()
    body = answer.json()
    messages: list[dict[str, Any]] = body["messages"] if isinstance(body, dict) else body
    return messages
