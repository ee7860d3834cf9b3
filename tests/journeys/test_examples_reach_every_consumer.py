"""Every example of a contract goes through every consumer of its topic, on the consumer's own database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from uuid import uuid4

import pytest

from catalog.bootstrap import make_tray
from catalog.entrypoints.follow import TrayFollower
from catalog.settings import CatalogSettings
from chassis.core.errors import PermanentError
from chassis.core.settings import read_settings
from chassis.kafka.handlers import Subscription
from chassis.kafka.records import Record, decode
from chassis.service.base import Base, Service
from devstack.provision import create_keys
from devstack.settings import DEVELOPMENT_TOKEN, package
from devstack.testing import MakeBase
from event_schemas.codec import headers_of
from event_schemas.contracts import SEALED_IN
from event_schemas.envelope import Envelope
from event_schemas.registry import topic_for, topics
from event_schemas.rules import examples

pytestmark = [pytest.mark.kafka, pytest.mark.postgres]

CONSUMING = ("catalog", "notify", "referral")
CANNOT_BE_OPENED = {event.event_type for event in SEALED_IN.values()}
"""Their examples hold sealed parts that no key of ours has made: refused with a code is all that can become of them."""


@pytest.fixture(autouse=True)
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    create_keys(tmp_path)
    monkeypatch.setenv("HYTE_RECEIVER_KEYS", str(tmp_path / "receivers-public"))
    monkeypatch.setenv("HYTE_NOTIFY_KEY", str(tmp_path / "public" / "notify.jwks.json"))
    monkeypatch.setenv("HYTE_PUBLIC_URL", "http://127.0.0.1")
    monkeypatch.setenv("HYTE_DEVELOPMENT_TOKEN", DEVELOPMENT_TOKEN)


def service_named(name: str) -> Service:
    found = import_module(f"{package(name)}.bootstrap").SERVICE
    assert isinstance(found, Service)
    return found


def records_of(topic: str) -> Iterator[Record]:
    """One record per example of each event that the topic carries, each under its own key."""
    declared = topic_for(topic)
    for event_type in declared.events:
        for file in examples(event_type):
            yield example_record(topic, event_type, file)


def example_record(topic: str, event_type: str, file: Path) -> Record:
    now = datetime.now(UTC)
    envelope = Envelope(
        id=str(uuid4()),
        source="urn:hytevirta:07:examples",
        type=event_type,
        time=now,
        subject=None,
        dataschema=None,
        version=1,
    )
    key = f"{file.parent.name}-{file.stem}".encode()
    return Record(topic, 0, 0, now, key, file.read_bytes(), tuple(headers_of(envelope)))


async def outcome(base: Base, subscription: Subscription, record: Record) -> str:
    """`applied`, or the code with which the handler refuses the event for good; anything else is a bug."""
    try:
        async with base.database.transaction() as tx:
            await subscription.handler([decode(record)], tx)
    except PermanentError as exc:
        return exc.code
    return "applied"


@pytest.mark.parametrize("name", CONSUMING)
async def test_every_example_goes_through_the_handlers_of_its_topics(
    name: str, make_base: MakeBase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HYTE_KEYS", str(tmp_path / name))
    service = service_named(name)
    base = await make_base(service.name, service.migrations_folder)
    met = set()
    for subscription in service.subscriptions(base):
        for record in (one for topic in subscription.topics for one in records_of(topic)):
            delivery = decode(record)
            met.add(delivery.envelope.type)
            came_of_it = await outcome(base, subscription, record)
            if delivery.envelope.type not in CANNOT_BE_OPENED:
                assert came_of_it == "applied", f"{record.key!r} on {record.topic}: {came_of_it}"
            else:
                assert came_of_it != "applied", "a seal that nobody made was opened"
    assert met, f"{name} reads no topic"


async def test_every_example_of_an_entry_or_concept_reaches_the_tray_of_a_web_replica() -> None:
    tray = make_tray(read_settings(CatalogSettings).content_folder)
    follower = TrayFollower(tray)
    topics = ("hyte.vocabularies.v1", "hyte.catalog.entries.v1")
    records = [record for topic in topics for record in records_of(topic)]
    assert records
    await follower(records)


def test_every_group_that_reads_a_topic_is_met_here() -> None:
    groups = {group for topic in topics() for group in topic.groups}
    assert groups == set(CONSUMING), "a new consumer: send it the examples too"
