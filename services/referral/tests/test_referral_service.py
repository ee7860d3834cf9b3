"""The service as it is deployed: a process with its environment, one role or all."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import httpx
import pytest

from chassis.core.clock import new_id
from chassis.core.errors import StartError
from chassis.core.process import running
from chassis.core.settings import read_settings
from devstack.municipal_system import MunicipalSystem
from devstack.processes import Process, free_port, wait_until
from event_schemas.referral_reply import ReplyStatus
from referral.bootstrap import SERVICE
from referral.settings import ReferralSettings

from .conftest import TOKEN, World, canary_words_in, referral_body

pytestmark = [pytest.mark.kafka, pytest.mark.postgres]


def environment(world: World, health_port: int, http_port: int) -> dict[str, str]:
    settings = world.keys.settings
    return {
        "PATH": os.environ["PATH"],
        "HYTE_DATABASE_URL": world.base.postgres.dsn(),
        "HYTE_KAFKA": world.base.kafka.kafka,
        "HYTE_TOPIC_PREFIX": world.base.kafka.topic_prefix,
        "HYTE_KEYS": str(settings.keys),
        "HYTE_RECEIVER_KEYS": str(settings.receiver_keys),
        "HYTE_NOTIFY_KEY": str(settings.notify_key),
        "HYTE_PUBLIC_URL": settings.public_url,
        "HYTE_DEVELOPMENT_TOKEN": TOKEN,
        "HYTE_HEALTH_PORT": str(health_port),
        "HYTE_HTTP_PORT": str(http_port),
    }


def answers(url: str) -> bool:
    try:
        return httpx.get(url).status_code == 200
    except httpx.TransportError:
        return False


@pytest.mark.usefixtures("world_topics")
async def test_all_roles_in_one_process_take_a_referral_to_its_withdrawal_without_a_word_of_the_client(
    still_world: World, tmp_path: Path
) -> None:
    health, web = free_port(), free_port()
    keys = still_world.keys
    system = MunicipalSystem(
        still_world.base.kafka, "kunta-109", keys=keys.municipal["kunta-109"], county_key=keys.county_key
    )
    process = Process(
        "referral",
        [sys.executable, "-m", "referral", "run"],
        log=tmp_path / "log",
        env=environment(still_world, health, web),
    )
    try:
        url = f"http://127.0.0.1:{health}/ready"
        wait_until(lambda: answers(url), seconds=15, what="referral", process=process)
        headers = {"Authorization": f"Bearer {TOKEN}"}
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{web}", headers=headers) as client:
            world = World(still_world.base, keys, client, {"kunta-109": system})
            await refer_reply_and_withdraw(world)
    finally:
        process.stop()
    assert process.returncode == 0, process.last_words()
    log = (tmp_path / "log").read_text()
    assert "reply taken" in log
    assert canary_words_in(log + await still_world.dump() + await still_world.raw_records()) == []


async def refer_reply_and_withdraw(world: World) -> None:
    referral_id = await world.create()
    assert (await world.post()).status_code == 409
    received = await world.sent(referral_id)
    await world.hameenlinna.reply(received, ReplyStatus.ACCEPTED)
    await world.state_becomes(referral_id, "accepted")
    answer = await world.client.post(f"/v1/referrals/{referral_id}/withdraw")
    assert (answer.status_code, answer.json()["state"]) == (200, "withdrawn")
    # Signed by Hämeenlinna for one record and carried by another: refused.
    forged = world.hameenlinna.sealed_reply(
        world.hameenlinna.statement(received, ReplyStatus.CONTACTED, ce_id=new_id())
    )
    await world.hameenlinna.publish(forged, ce_id=new_id())

    async def refused() -> bool:
        return await world.dead_letter_codes("kunta-109") == ["not-bound"]

    await world.becomes(refused, "the dead letter of the forged reply")


async def test_answers_are_forgotten_when_they_are_older_than_the_setting(
    still_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment(still_world, 1, 2).items():
        monkeypatch.setenv(name, value)
    await still_world.create()
    await still_world.create(referral_body(confirm_duplicate=True))
    async with still_world.base.database.connection() as connection:
        older = "UPDATE idempotency SET created_at = created_at - interval '7 days 1 minute' WHERE key_hash = $1"
        kept, old = [row["key_hash"] for row in await connection.fetch("SELECT key_hash FROM idempotency")]
        await connection.execute(older, old)

    async def forgotten() -> bool:
        async with still_world.base.database.connection() as connection:
            return [row["key_hash"] for row in await connection.fetch("SELECT key_hash FROM idempotency")] == [kept]

    forgetting, _ = SERVICE.roles["web"](still_world.base)
    async with running([forgetting], grace=still_world.base.guards.stop_grace):
        await still_world.becomes(forgotten, "one answer less")


def test_channels_are_a_json_list_and_a_wrong_one_is_named(still_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in environment(still_world, 1, 2).items():
        monkeypatch.setenv(name, value)
    assert read_settings(ReferralSettings).notify_channels == ("sms",)
    monkeypatch.setenv("HYTE_NOTIFY_CHANNELS", '["sms", "email"]')
    assert read_settings(ReferralSettings).notify_channels == ("sms", "email")
    monkeypatch.setenv("HYTE_NOTIFY_CHANNELS", '["pigeon"]')
    with pytest.raises(StartError, match="HYTE_NOTIFY_CHANNELS"):
        read_settings(ReferralSettings)


@pytest.mark.parametrize("missing", ["HYTE_KEYS", "HYTE_DEVELOPMENT_TOKEN", "HYTE_RECEIVER_KEYS"])
async def test_a_missing_setting_is_one_sentence_that_names_it(
    still_world: World, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    for name, value in environment(still_world, 1, 2).items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv(missing)
    with pytest.raises(StartError, match=missing):
        SERVICE.roles["web"](still_world.base)


def test_the_dead_letters_of_every_topic_receiver_can_be_replayed(
    still_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment(still_world, 1, 2).items():
        monkeypatch.setenv(name, value)
    (subscription,) = SERVICE.subscriptions(still_world.base)
    assert "hyte.referral-replies.kunta-109.v1" in subscription.topics
    assert "hyte.notifications.status.v1" in subscription.topics
