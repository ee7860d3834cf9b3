"""The service as it is deployed: a process with its environment, one role or all."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import httpx
import pytest

from chassis.core.errors import StartError
from devstack.processes import Process, free_port, wait_until
from referral.bootstrap import SERVICE

from .conftest import TOKEN, World, referral_body

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
def test_all_roles_run_in_one_process_take_a_referral_and_end_on_sigterm(still_world: World, tmp_path: Path) -> None:
    health, web = free_port(), free_port()
    process = Process(
        "referral",
        [sys.executable, "-m", "referral", "run"],
        log=tmp_path / "log",
        env=environment(still_world, health, web),
    )
    try:
        url = f"http://127.0.0.1:{health}/ready"
        wait_until(lambda: answers(url), seconds=15, what="referral", process=process)
        headers = {"Authorization": f"Bearer {TOKEN}", "Idempotency-Key": "one"}
        answer = httpx.post(f"http://127.0.0.1:{web}/v1/referrals", json=referral_body(), headers=headers)
        assert answer.status_code == 201
    finally:
        process.stop()
    assert process.returncode == 0, process.last_words()


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
