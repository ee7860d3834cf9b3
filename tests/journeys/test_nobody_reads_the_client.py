"""A canary client goes through the whole journey; then everything that is kept is searched for it."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Iterator
from urllib.parse import quote, quote_plus
from uuid import uuid4

import httpx
import pytest
from aiokafka.admin import AIOKafkaAdminClient

from chassis.kafka.dead_letters import read_dead_letters
from chassis.kafka.follow import read_all
from chassis.kafka.settings import KafkaSettings
from chassis.sealing.file_keys import new_key
from devstack.journey.referring import municipal_system, referral_body, send_referral, status_of
from devstack.journey.world import World, until
from devstack.settings import DEVELOPMENT_TOKEN, SERVICES, package
from devstack.show import Journey
from devstack.stack import Stack
from event_schemas.referral_reply import ReplyStatus

pytestmark = [pytest.mark.kafka, pytest.mark.postgres]

NAME = "Kanarialintu Äänislahti"
IDENTITY_CODE = "010594Y9032"
PHONE = "+358405550177"
EMAIL = "kanaria.aanislahti@canary.example"
WISH = "Haluaisin juosta Ahveniston harjulla kuten nuorena"
CANARIES = {"name": NAME, "identity code": IDENTITY_CODE, "phone": PHONE, "e-mail": EMAIL, "wish": WISH}
CLIENT = {"name": NAME, "phone": "040 555 0177", "email": EMAIL, "identity_code": IDENTITY_CODE, "language": "fi"}


def spellings(text: str) -> Iterator[bytes]:
    """The text as it is, as a URL and JSON would write it, and in base64 at each of the three alignments."""
    yield text.encode()
    yield quote(text).encode()
    yield quote_plus(text).encode()
    yield json.dumps(text)[1:-1].encode()
    yield text.encode().hex().encode()
    for shift in range(3):
        # The first and last signs depend on the neighbours, the middle does not.
        encoded = base64.b64encode(b"\0" * shift + text.encode())
        middle = encoded[4 if shift else 0 : -4]
        yield middle
        yield middle.replace(b"+", b"-").replace(b"/", b"_")


# The phone number is also looked for as people write it.
NEEDLES = {
    (what, spelling)
    for what, text in [*CANARIES.items(), ("phone", "0405550177"), ("phone", "040 555 0177"), ("name", NAME.split()[0])]
    for spelling in spellings(text)
}


def found_in(haystack: bytes) -> set[str]:
    """What of the client stands in it, whatever the case of its letters."""
    folded = haystack.lower()
    return {what for what, needle in NEEDLES if needle in haystack or needle.lower() in folded}


@pytest.fixture(scope="module")
def travelled(whole_stack: Stack) -> Stack:
    """The stack after the canary's whole journey: sent, opened, accepted, told, and asked for."""
    asyncio.run(_travel(whole_stack))
    return whole_stack


async def _travel(stack: Stack) -> None:
    async with httpx.AsyncClient(timeout=15) as http:
        world = World(stack, Journey(), http, KafkaSettings(kafka=stack.kafka))
        referral_id = await send_referral(world, referral_body(CLIENT, wish=WISH))
        await _refused_requests(world)
        system = municipal_system(world)

        async def received() -> object:
            return [one for one in await system.referrals() if one.event.referral_id == referral_id]

        await until(received, seconds=20, what="the referral")
        (referral,) = [one for one in await system.referrals() if one.event.referral_id == referral_id]
        assert referral.content.client.name == NAME
        await system.reply(referral, ReplyStatus.ACCEPTED)

        async def told() -> bool:
            return any(one["state"] == "delivered" for one in (await status_of(world, referral_id))["notifications"])

        await until(told, seconds=20, what="the SMS")
        forged = system.sealed_reply(
            system.statement(referral, ReplyStatus.STARTED, ce_id=uuid4()), signer=new_key("kunta-109", "sig")
        )
        await system.publish(forged, ce_id=uuid4())
        answer = await http.get(f"{stack.referral_url}/v1/referrals/{referral_id}", headers=_signed_in())
        assert found_in(answer.content) >= {"name", "identity code"}, "the professional reads the client in the clear"
        await _refused_and_dead(world)
        withdrawn = await http.post(f"{stack.referral_url}/v1/referrals/{referral_id}/withdraw", headers=_signed_in())
        assert withdrawn.json()["state"] == "withdrawn"


async def _refused_and_dead(world: World) -> None:
    async def refused() -> bool:
        letters = read_dead_letters(world.kafka, topic="hyte.referral-replies.kunta-109.v1", group="referral")
        return [letter async for letter in letters] != []

    await until(refused, seconds=20, what="the dead letter of the forged reply")


def _signed_in() -> dict[str, str]:
    return {"Authorization": f"Bearer {DEVELOPMENT_TOKEN}"}


async def _refused_requests(world: World) -> None:
    """The canary also in requests that fail: errors are where such things leak."""
    url = f"{world.stack.referral_url}/v1/referrals"
    changes: tuple[dict[str, object], ...] = (
        {"municipality": NAME},
        {"type": NAME},
        {NAME: WISH},
        {"consent": None},
        {"client": {"name": NAME}},
    )
    for number, change in enumerate(changes):
        body = {**referral_body(CLIENT, wish=WISH), **change}
        answer = await world.http.post(url, json=body, headers={**_signed_in(), "Idempotency-Key": f"refused-{number}"})
        assert answer.status_code >= 400
        assert not found_in(answer.content)
    await world.http.post(url, content=NAME.encode(), headers={**_signed_in(), "Idempotency-Key": "k"})
    await world.search(f"{NAME} {IDENTITY_CODE}")


async def test_no_topic_holds_the_client_in_key_header_or_value(travelled: Stack) -> None:
    settings = KafkaSettings(kafka=travelled.kafka)
    admin = AIOKafkaAdminClient(bootstrap_servers=travelled.kafka)
    await admin.start()
    topics = [topic for topic in await admin.list_topics() if not topic.startswith("__")]
    await admin.close()
    records = 0
    for topic in topics:
        async for record in read_all(settings, topic):
            records += 1
            whole = b"\0".join(
                [record.key or b"", record.value or b"", *(n.encode() + b"=" + v for n, v in record.headers)]
            )
            assert not found_in(whole), f"{topic} holds the client"
    assert records > 100


@pytest.mark.parametrize("service", SERVICES)
def test_no_database_holds_the_client(travelled: Stack, service: str) -> None:
    assert travelled.postgres_server is not None
    dump = travelled.postgres_server.dump(package(service))
    assert "stream_version" in dump
    # A dump writes bytea in hex; `spellings` has that too.
    assert not found_in(dump.encode())


def test_no_log_and_no_trace_holds_the_client(travelled: Stack) -> None:
    files = [
        *travelled.folders.run.rglob("*.log"),
        *travelled.folders.run.rglob("*.jsonl"),
        travelled.folders.postgres / "postgres.log",
        travelled.folders.kafka / "kafka.log",
    ]
    assert {file.stem for file in files} >= set(SERVICES)
    for file in files:
        if file.stem != "simulator-sms":  # the gateway is the one that has to know the number
            assert not found_in(file.read_bytes()), f"{file.name} holds the client"


@pytest.mark.parametrize("service", SERVICES)
def test_no_metric_holds_the_client(travelled: Stack, service: str) -> None:
    answer = httpx.get(travelled.health_url(service, "/metrics"))
    assert "python_info" in answer.text
    assert not found_in(answer.content)


def test_gateway_knows_the_recipient_and_nothing_else(travelled: Stack) -> None:
    messages = httpx.get(f"{travelled.simulator_url('sms')}/_control/messages").json()
    (message,) = [one for one in messages if one["destination"] == PHONE]
    assert found_in(json.dumps({**message, "destination": ""}, ensure_ascii=False).encode()) == set()


def test_notify_deletes_the_contact_after_the_final_state(travelled: Stack) -> None:
    async def deleted() -> bool:
        import asyncpg

        connection = await asyncpg.connect(travelled.databases["notify"])
        try:
            return not await connection.fetchval("SELECT count(*) FROM contact")
        finally:
            await connection.close()

    asyncio.run(until(deleted, seconds=20, what="the deletion of contact data"))
