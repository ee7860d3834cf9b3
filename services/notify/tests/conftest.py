"""A notify with its own database, keys and clock; and one that runs whole against the SMS gateway's simulator."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import orjson
import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis.core.clock import new_id
from chassis.core.process import Part, running
from chassis.http.server import WebServer
from chassis.http.settings import HttpSettings
from chassis.postgres.outbox import Outbox, Outgoing
from chassis.sealing.file_keys import FileKeys
from chassis.sealing.seal import seal
from chassis.service.base import Base
from devstack.simulators import sms
from devstack.testing import MakeBase, MakeTopics
from event_schemas.base import Event
from event_schemas.notification import NotificationContent, NotificationRequested
from event_schemas.sealed import Sealed
from notify.adapters.contact_box import EncryptedContacts
from notify.adapters.postgres_notifications import STATUS_TOPIC, Transactions
from notify.adapters.template_files import read_forbidden_stems, read_templates
from notify.app.accept_request import Rules, accept_request
from notify.app.calls import Calls
from notify.app.policy import Policy
from notify.app.ports import Outcome
from notify.app.sender import Sender
from notify.app.tidy_up import tidy_up
from notify.bootstrap import SERVICE, TEMPLATES, new_token
from notify.domain.states import Fact
from notify.entrypoints.kafka import REQUESTS_TOPIC

API_KEY = "key-for-tests"
START = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
LINK = "https://asiointi.example/v/7Yq2"


@dataclass
class ScriptedGateway:
    """Answers as told, TAKEN when it is told no more; `during` runs in the middle of each call."""

    outcomes: list[Outcome] = field(default_factory=list)
    sent: list[tuple[str, str, str]] = field(default_factory=list)
    during: Callable[[], Awaitable[None]] | None = None

    async def send(self, *, to: str, text: str, receipts_to: str) -> Outcome:
        self.sent.append((to, text, receipts_to.rsplit("/", 1)[-1]))
        if self.during is not None:
            await self.during()
        return self.outcomes.pop(0) if self.outcomes else Outcome(Fact.TAKEN)


@dataclass
class Requests:
    """Makes requests as referral does: sealed for notify's newest key."""

    keys: FileKeys

    def make(self, to: str = "+358401234501", **changes: Any) -> NotificationRequested:
        notification_id = str(uuid4())
        content = {
            "notification_id": notification_id,
            "channel": "sms",
            "to": to,
            "language": "fi",
            "template": "new-message",
            "link": LINK,
            **changes.pop("content", {}),
        }
        key = self.keys.public_key("notify")
        sealed = Sealed(key_id=str(key.kid), jwe=seal(NotificationContent.model_validate(content).to_json(), key))
        asked = {
            "notification_id": notification_id,
            "recipient_ref": uuid4().hex,
            "template": "new-message",
            "language": "fi",
            "expires_at": datetime(2030, 1, 1, tzinfo=UTC),
            "sealed": sealed,
            **changes,
        }
        return NotificationRequested.model_validate(asked)


@dataclass
class Desk:
    """The use cases on a real database, with a clock that stands still until it is moved."""

    base: Base
    keys: FileKeys
    policy: Policy = field(default_factory=Policy)
    gateway: ScriptedGateway = field(default_factory=ScriptedGateway)
    now: datetime = START

    def __post_init__(self) -> None:
        self.requests = Requests(self.keys)
        self.box = EncryptedContacts(self.keys)
        outbox = Outbox(source="urn:test", clock=self.clock, new_id=new_id)
        self.transaction = Transactions(self.base.database, outbox=outbox, clock=self.clock)

    def clock(self) -> datetime:
        return self.now

    async def accept(self, event: NotificationRequested) -> UUID:
        rules = Rules(
            templates=read_templates(TEMPLATES),
            forbidden_stems=read_forbidden_stems(TEMPLATES),
            keys=self.keys.private_keys("notify"),
            policy=self.policy,
        )
        async with self.transaction() as store:
            await accept_request(event, rules=rules, store=store, box=self.box, now=self.now)
        return UUID(event.notification_id)

    async def send(self, **changes: Any) -> int:
        """Looks once at what is due and waits for the calls; a failure among them is raised when all have ended."""
        calls = Calls(self.sender(**changes))
        looked_at = await calls.begin_due()
        await calls.stop()
        for error in calls.broken:
            raise error
        return looked_at

    def sender(self, **changes: Any) -> Sender:
        sender = Sender(
            transaction=self.transaction,
            box=self.box,
            gateway=self.gateway,
            templates=read_templates(TEMPLATES),
            policy=self.policy,
            receipts_url="https://notify.example",
            clock=self.clock,
            new_id=new_id,
            new_token=new_token,
        )
        return replace(sender, **changes)

    async def tidy(self) -> None:
        async with self.transaction() as store:
            await tidy_up(store=store, policy=self.policy, now=self.now)

    async def pass_time(self, time: timedelta) -> None:
        """Moves the clock, then does what time brings."""
        self.now += time
        await self.tidy()
        await self.send()

    async def told(self, notification_id: UUID) -> list[tuple[str, str | None]]:
        """States and codes published, in order."""
        rows = await self.rows("SELECT payload FROM outbox WHERE aggregateid = $1 ORDER BY seq", str(notification_id))
        bodies = [orjson.loads(row["payload"]) for row in rows]
        return [(body["state"], body.get("code")) for body in bodies]

    async def states(self, notification_id: UUID) -> list[str]:
        return [state for state, _ in await self.told(notification_id)]

    async def rows(self, sql: str, *given: object) -> Sequence[Any]:
        async with self.base.database.connection() as connection:
            return await connection.fetch(sql, *given)

    async def count(self, table: str) -> int:
        return int((await self.rows(f"SELECT count(*) AS n FROM {table}"))[0]["n"])  # noqa: S608 - names of ours


@pytest.fixture
def keys(tmp_path: Path) -> FileKeys:
    return FileKeys.create(tmp_path / "keys", names={"notify": "enc"})


@pytest.fixture
async def desk(make_base: MakeBase, keys: FileKeys) -> Desk:
    return Desk(await make_base("notify", SERVICE.migrations_folder), keys)


@dataclass
class SlowAnswers:
    """The gateway takes a message at once and lets the sender wait for its answer."""

    app: ASGIApp
    delay: timedelta = timedelta(0)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def late(message: Message) -> None:
            if scope["path"] == "/messages" and message["type"] == "http.response.start":
                await asyncio.sleep(self.delay.total_seconds())
            await send(message)

        await self.app(scope, receive, late)


@dataclass
class Journey:
    """notify's roles as they run, on the real broker and database, with a gateway over real HTTP."""

    base: Base
    requests: Requests
    gateway_url: str
    answers: SlowAnswers

    @asynccontextmanager
    async def running(self, *roles: str) -> AsyncIterator[None]:
        parts: list[Part] = [part for role in roles for part in SERVICE.roles[role](self.base)]
        async with running(parts, grace=self.base.guards.stop_grace):
            yield

    async def publish(self, *events: Event) -> None:
        """Puts events on the requests topic through the outbox; a running relay role takes them there."""
        out = [Outgoing(REQUESTS_TOPIC, str(event.model_dump()["recipient_ref"]), event) for event in events]
        async with self.base.database.transaction() as tx:
            await self.base.outbox.append(tx, out)

    async def states(self) -> dict[str, int]:
        async with self.base.database.connection() as connection:
            rows = await connection.fetch("SELECT state, count(*) AS n FROM notification GROUP BY state")
        return {row["state"]: row["n"] for row in rows}

    async def are(self, **states: int) -> bool:
        return await self.states() == states

    async def messages(self) -> list[dict[str, Any]]:
        async with httpx.AsyncClient(base_url=self.gateway_url) as client:
            sent: list[dict[str, Any]] = (await client.get("/_control/messages")).json()
        return sent

    async def control(self, path: str, body: dict[str, Any], method: str = "POST") -> None:
        async with httpx.AsyncClient(base_url=self.gateway_url) as client:
            (await client.request(method, f"/_control/{path}", json=body)).raise_for_status()


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


@pytest.fixture
def health_port() -> int:
    return free_port()


@pytest.fixture
async def journey(
    make_base: MakeBase, make_topics: MakeTopics, keys: FileKeys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Journey]:
    await make_topics(REQUESTS_TOPIC, STATUS_TOPIC)
    base = await make_base("notify", SERVICE.migrations_folder)
    base.http = HttpSettings(http_port=free_port())
    gateway_port = free_port()
    settings = {
        "KEYS": str(tmp_path / "keys"),
        "SMS_URL": f"http://127.0.0.1:{gateway_port}",
        "SMS_API_KEY": API_KEY,
        "RECEIPTS_URL": f"http://127.0.0.1:{base.http.http_port}",
        "SEND_RETRY_FIRST": "PT0.2S",
    }
    for name, value in settings.items():
        monkeypatch.setenv(f"HYTE_{name}", value)
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(httpx.AsyncClient(timeout=5))
        app = sms.create_app(
            API_KEY,
            late_delay=timedelta(seconds=0.5),
            retry_delay=timedelta(seconds=0.1),
            client=client,
        )
        answers = SlowAnswers(app)
        server = WebServer(answers, name="sms", host="127.0.0.1", port=gateway_port)
        await server.start()
        stack.push_async_callback(server.stop)
        yield Journey(base, Requests(keys), settings["SMS_URL"], answers)
