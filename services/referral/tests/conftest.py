"""The referral service on the real broker and database, with two municipal systems beside it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from joserfc.jwk import ECKey
from pydantic import SecretStr

from chassis.core.process import running
from chassis.kafka.follow import read_all
from chassis.sealing.file_keys import FileKeys, new_key, write_key_set
from chassis.service.base import Base
from devstack.municipal_system import MunicipalKeys, MunicipalSystem, ReceivedReferral
from devstack.testing import MakeBase, MakeTopics, eventually
from event_schemas.base import Event
from event_schemas.codec import read_record
from event_schemas.ids import ReferralId
from event_schemas.registry import dead_letter_topic, model_for, topic_for
from referral.adapters.postgres_work import work_in
from referral.app.refer_client import Tools
from referral.app.steps import move
from referral.bootstrap import SERVICE, referring_tools, replies
from referral.domain.referral import Fact
from referral.domain.states import Party, State
from referral.entrypoints.http import referral_app
from referral.settings import ReferralSettings

RECEIVERS = ("kunta-061", "kunta-109", "kunta-694")
LIFECYCLE = "hyte.referral-lifecycle.v1"
REQUESTED = "hyte.notifications.requested.v1"
STATUS = "hyte.notifications.status.v1"
WORLD_TOPICS = (
    *(f"hyte.referral{kind}.{receiver}.v1" for receiver in RECEIVERS for kind in ("s", "-replies")),
    LIFECYCLE,
    REQUESTED,
    STATUS,
)
TOKEN = "a-token-for-tests-only"

# Nothing of this client may be found anywhere but in what is sealed or encrypted.
CANARY = {
    "name": "Kanaria Sirkuttaja",
    "phone": "040 7654321",
    "email": "kanaria@posti.example",
    "identity_code": "010594y9032",
    "best_time": "Kanariatunti",
    "preferred_channel": "sms",
}
CANARY_WORDS = (
    "Kanaria",
    "Sirkuttaja",
    "7654321",
    "kanaria@posti",
    "010594Y9032",
    "010594y9032",
    "Kanariatunti",
    "kanarialaulu",
    "Lähettäjä-Liisa",
)


def referral_body(**changed: Any) -> dict[str, Any]:
    """A whole referral to Hämeenlinna; `client` and `consent` are merged, the rest replaced."""
    body: dict[str, Any] = {
        "type": "liikuntalahete",
        "municipality": "109",
        "client": deepcopy(CANARY),
        "reasons": ["inactivity"],
        "free_text": "kanarialaulu",
        "referrer": {"name": "Lähettäjä-Liisa", "title": "hoitaja", "unit_oid": "1.2.246.10.33248811.10.4"},
        "consent": {
            "text_version": "2026-1-fi",
            "given_at": (datetime.now(UTC) - timedelta(minutes=1)).isoformat(),
            "form": "oral",
            "feedback": True,
            "safe_channels": ["sms"],
        },
    }
    for name, value in changed.items():
        merge = name in ("client", "consent") and isinstance(value, dict)
        body[name] = {**body[name], **value} if merge else value
    return body


def canary_words_in(text: str) -> list[str]:
    """The words of the client that a text gives away."""
    return [word for word in CANARY_WORDS if word.casefold() in text.casefold()]


@dataclass
class Keys:
    """Folders with the keys of all parties."""

    settings: ReferralSettings
    county_key: ECKey
    notify_keys: list[ECKey]
    municipal: dict[str, MunicipalKeys]


@pytest.fixture
def referral_keys(tmp_path: Path) -> Keys:
    own = FileKeys.create(tmp_path / "own", names={"county": "enc"})
    municipal = {
        receiver: MunicipalKeys.create(receiver, private=tmp_path / "municipal", public=tmp_path / "public")
        for receiver in RECEIVERS
    }
    notify = new_key("notify", "enc")
    write_key_set(tmp_path / "notify.jwks.json", [notify], private=False)
    settings = ReferralSettings(
        keys=tmp_path / "own",
        receiver_keys=tmp_path / "public",
        notify_key=tmp_path / "notify.jwks.json",
        public_url="https://asiointi.example/",
    )
    county = ECKey.import_key(own.public_key("county").as_dict(private=False))
    return Keys(settings, county, [notify], municipal)


def client_for(base: Base, keys: Keys) -> httpx.AsyncClient:
    return client_of(referring_tools(base, keys.settings))


def client_of(tools: Tools) -> httpx.AsyncClient:
    app = referral_app(tools, token=SecretStr(TOKEN))
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    headers = {"Authorization": f"Bearer {TOKEN}"}
    return httpx.AsyncClient(transport=transport, base_url="http://referral.example", headers=headers)


def _readable(value: object) -> object:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value


@dataclass
class World:
    """Everything a journey needs."""

    base: Base
    keys: Keys
    client: httpx.AsyncClient
    systems: dict[str, MunicipalSystem] = field(default_factory=dict)

    @property
    def hameenlinna(self) -> MunicipalSystem:
        return self.systems["kunta-109"]

    @property
    def forssa(self) -> MunicipalSystem:
        return self.systems["kunta-061"]

    async def post(self, body: dict[str, Any] | None = None, *, key: str | None = None) -> httpx.Response:
        headers = {"Idempotency-Key": key or uuid4().hex, "Content-Type": "application/json"}
        content = json.dumps(body or referral_body())
        return await self.client.post("/v1/referrals", content=content, headers=headers)

    async def create(self, body: dict[str, Any] | None = None) -> str:
        answer = await self.post(body)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["referral_id"])

    async def status(self, referral_id: str) -> dict[str, Any]:
        answer = await self.client.get(f"/v1/referrals/{referral_id}/status")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def happened(self, referral_id: str, *acts: str) -> None:
        """The receiver's acts, one after another, as taking its replies would store them."""
        async with self.base.database.transaction() as tx:
            work = work_in(tx, self.base.outbox)
            for act in acts:
                referral = await work.referrals.lock(ReferralId(referral_id))
                assert referral is not None
                now = self.base.clock()
                await move(work, referral, State(act), Fact(Party.RECEIVER, act, now), now=now)

    async def sent(self, referral_id: str, system: MunicipalSystem | None = None) -> ReceivedReferral:
        """The referral as the municipal system has read it, once it is on the topic."""
        found: list[ReceivedReferral] = []

        async def there() -> bool:
            referrals = await (system or self.hameenlinna).referrals()
            found[:] = [one for one in referrals if one.event.referral_id == referral_id]
            return bool(found)

        await eventually(there, what="the referral on its topic")
        return found[0]

    async def state_becomes(self, referral_id: str, state: str) -> None:
        async def reached() -> bool:
            return bool((await self.status(referral_id))["state"] == state)

        await eventually(reached, what=f"state {state}")

    async def events(self, topic: str) -> list[tuple[str, Event]]:
        """Key and event of everything on a topic."""
        found = []
        async for record in read_all(self.base.kafka, topic):
            envelope, data = read_record(record.headers, record.value)
            assert data is not None
            found.append(((record.key or b"").decode(), model_for(envelope.type).from_json(data)))
        return found

    async def dead_letter_codes(self, receiver: str) -> list[str]:
        topic = dead_letter_topic(f"hyte.referral-replies.{receiver}.v1", "referral")
        return [
            value.decode()
            async for record in read_all(self.base.kafka, topic)
            for name, value in record.headers
            if name == "dlq_code"
        ]

    async def dump(self) -> str:
        """All rows of all tables of the database, as text."""
        rows: list[object] = []
        async with self.base.database.connection() as connection:
            tables = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            for table in tables:
                for row in await connection.fetch(f"SELECT * FROM {table['tablename']}"):  # noqa: S608 - a table of ours
                    rows += [_readable(value) for value in row.values()]
        return "\n".join(map(str, rows))

    async def raw_records(self) -> str:
        """Keys, headers and values of everything on every topic, dead letters included, as text."""
        parts: list[object] = []
        for name in WORLD_TOPICS:
            dead = [dead_letter_topic(name, group) for group in topic_for(name).groups]
            for topic in [name, *dead]:
                async for record in read_all(self.base.kafka, topic):
                    parts += [_readable(record.key), _readable(record.value), *map(str, record.headers)]
        return "\n".join(map(str, parts))

    async def becomes(self, condition: Callable[[], Awaitable[bool]], what: str) -> None:
        await eventually(condition, what=what)


@pytest.fixture
async def still_world(make_base: MakeBase, referral_keys: Keys) -> AsyncIterator[World]:
    """The API on a database of its own; nothing relays, nothing consumes."""
    base = await make_base("referral", SERVICE.migrations_folder)
    async with client_for(base, referral_keys) as client:
        yield World(base, referral_keys, client)


@pytest.fixture
async def world_topics(make_topics: MakeTopics) -> None:
    await make_topics(*WORLD_TOPICS)


@pytest.fixture
async def world(still_world: World, make_topics: MakeTopics) -> AsyncIterator[World]:
    """The whole service running, with the municipal systems of Forssa and Hämeenlinna."""
    base, keys = still_world.base, still_world.keys
    await make_topics(*WORLD_TOPICS)
    still_world.systems = {
        receiver: MunicipalSystem(base.kafka, receiver, keys=keys.municipal[receiver], county_key=keys.county_key)
        for receiver in RECEIVERS
    }
    parts = [*base.relay(), base.consumer(replies(base, keys.settings))]
    async with running(parts, grace=base.guards.stop_grace):
        yield still_world
