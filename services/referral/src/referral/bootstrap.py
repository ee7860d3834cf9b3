"""The composition root: settings are read and adapters built here only."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

from chassis.core.process import Part
from chassis.core.settings import read_settings
from chassis.kafka.handlers import Subscription
from chassis.sealing.file_keys import FileKeys, read_key_set
from chassis.sealing.vault import Vault
from chassis.service.base import Base, Service
from chassis.service.dead_letter_commands import opened
from referral.adapters.postgres_records import PostgresOldAnswers
from referral.adapters.postgres_work import new_work, work_in
from referral.adapters.registered_receivers import RegisteredReceivers
from referral.app.notify_client import NotifyTools
from referral.app.refer_client import Tools
from referral.app.take_reply import ReplyTools
from referral.entrypoints.http import referral_app
from referral.entrypoints.kafka import replies_subscription
from referral.entrypoints.schedule import forgetting_loop
from referral.settings import ReferralSettings, WebSettings

COUNTY_KEYS = "county"


def web_parts(base: Base, settings: ReferralSettings, web: WebSettings) -> Sequence[Part]:
    old_answers = PostgresOldAnswers(base.database)
    forgetting = forgetting_loop(old_answers, kept=web.idempotency_retention, clock=base.clock)
    return [forgetting, base.web(referral_app(referring_tools(base, settings), token=web.development_token))]


def referring_tools(base: Base, settings: ReferralSettings) -> Tools:
    keys = FileKeys(settings.keys)
    return Tools(
        work=new_work(base.database, base.outbox),
        receivers=RegisteredReceivers.read(settings.receiver_keys),
        vault=Vault(keys),
        pseudonyms=keys,
        clock=base.clock,
        new_id=base.new_id,
        random_id=uuid4,
    )


def replies(base: Base, settings: ReferralSettings) -> Subscription:
    keys = FileKeys(settings.keys)
    receivers = RegisteredReceivers.read(settings.receiver_keys)
    notify = NotifyTools(
        vault=Vault(keys),
        pseudonyms=keys,
        notify_key=read_key_set(settings.notify_key)[0],
        link=settings.public_url,
        channels=settings.notify_channels,
        new_id=base.new_id,
    )
    tools = ReplyTools(keys.private_keys(COUNTY_KEYS), receivers, notify, base.clock)
    return replies_subscription(
        receivers.with_topics(),
        tools,
        work_in=lambda tx: work_in(tx, base.outbox),
        new_work=new_work(base.database, base.outbox),
        clock=base.clock,
    )


def _replies(base: Base) -> Subscription:
    return replies(base, read_settings(ReferralSettings))


SERVICE = Service(
    name="referral",
    migrations_folder=Path(__file__).parents[2] / "migrations",
    roles={
        "web": lambda base: web_parts(base, read_settings(ReferralSettings), read_settings(WebSettings)),
        "replies": lambda base: [base.consumer(_replies(base))],
        "relay": lambda base: base.relay(),
    },
    subscriptions=lambda base: [_replies(base)],
)


@asynccontextmanager
async def open_tools() -> AsyncIterator[Tools]:
    """What referring works with, for one command."""
    async with opened(SERVICE) as base:
        yield referring_tools(base, read_settings(ReferralSettings))
