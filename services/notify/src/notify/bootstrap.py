"""The only place where adapters are built."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from pathlib import Path

from chassis.core.backoff import Backoff
from chassis.core.process import Part
from chassis.core.settings import read_settings
from chassis.kafka.handlers import Subscription
from chassis.sealing.file_keys import FileKeys
from chassis.service.base import Base, Service
from notify.adapters.contact_box import EncryptedContacts
from notify.adapters.postgres_notifications import Transactions
from notify.adapters.quriiri import QuriiriGateway
from notify.adapters.template_files import read_forbidden_stems, read_templates
from notify.app.accept_request import Rules
from notify.app.calls import Calls
from notify.app.policy import Policy
from notify.app.sender import Sender
from notify.domain.timing import QuietHours
from notify.entrypoints.http import receipts_app
from notify.entrypoints.kafka import requests_subscription
from notify.entrypoints.schedule import sending_loop, tidying_loop
from notify.settings import KeySettings, SendingSettings, SmsSettings

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "templates"
_TOKEN_BYTES = 24


def new_token() -> str:
    return secrets.token_urlsafe(_TOKEN_BYTES)


def policy_of(settings: SendingSettings) -> Policy:
    return Policy(
        quiet_hours=QuietHours.parse(settings.quiet_hours) if settings.quiet_hours else None,
        most_attempts=settings.send_attempts,
        backoff=Backoff(settings.send_retry_first, settings.send_retry_most),
        attempt_timeout=settings.send_attempt_timeout,
        receipt_wait=settings.receipt_wait,
        contact_retention=settings.contact_retention,
        at_once=settings.send_at_once,
    )


def requests_of(base: Base) -> Subscription:
    keys = FileKeys(read_settings(KeySettings).keys)
    rules = Rules(
        templates=read_templates(TEMPLATES),
        forbidden_stems=read_forbidden_stems(TEMPLATES),
        keys=keys.private_keys("notify"),
        policy=policy_of(read_settings(SendingSettings)),
    )
    on = transactions(base).on
    return requests_subscription(rules, on=on, box=EncryptedContacts(keys), clock=base.clock)


def transactions(base: Base) -> Transactions:
    return Transactions(base.database, outbox=base.outbox, clock=base.clock)


def requests(base: Base) -> Sequence[Part]:
    return [base.consumer(requests_of(base))]


def sender(base: Base) -> Sequence[Part]:
    sms = read_settings(SmsSettings)
    policy = policy_of(read_settings(SendingSettings))
    gateway = QuriiriGateway(
        sms.sms_url,
        api_key=sms.sms_api_key.get_secret_value(),
        sender=sms.sms_sender,
        clock=base.clock,
        read_timeout=sms.sms_timeout,
    )
    sending = Sender(
        transaction=transactions(base),
        box=EncryptedContacts(FileKeys(read_settings(KeySettings).keys)),
        gateway=gateway,
        templates=read_templates(TEMPLATES),
        policy=policy,
        receipts_url=sms.receipts_url,
        clock=base.clock,
        new_id=base.new_id,
        new_token=new_token,
    )
    calls = Calls(sending)
    loop = sending_loop(calls, health=base.health)
    tidying = tidying_loop(transactions(base), policy=policy, clock=base.clock, health=base.health)
    return [_Closing(gateway), calls, loop, tidying, base.listener({"due": loop.wake})]


def receipts(base: Base) -> Sequence[Part]:
    policy = policy_of(read_settings(SendingSettings))
    return [base.web(receipts_app(transaction=transactions(base), policy=policy, clock=base.clock))]


class _Closing:
    """A part that closes the gateway's connections after the calls that use them have ended."""

    name = "sms gateway"

    def __init__(self, gateway: QuriiriGateway) -> None:
        self._gateway = gateway

    async def start(self) -> None:
        """Connects with the first message."""

    async def stop(self) -> None:
        await self._gateway.close()


SERVICE = Service(
    name="notify",
    migrations_folder=ROOT / "migrations",
    roles={"requests": requests, "sender": sender, "receipts": receipts, "relay": lambda base: base.relay()},
    subscriptions=lambda base: [requests_of(base)],
)
