"""The catalogue on the real broker and database."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from shutil import copytree, ignore_patterns

import pytest

from catalog.adapters.postgres_entries import QUALITY
from catalog.app.tray import Ask, Tray
from catalog.bootstrap import MIGRATIONS, make_tray, projector
from catalog.entrypoints.follow import ENTRIES, TrayFollower
from catalog.entrypoints.kafka import LISTINGS, VOCABULARIES
from catalog.settings import CONTENT
from chassis.core.process import Part, running
from chassis.kafka.follow import Follower, read_all
from chassis.postgres.outbox import Outgoing, removal
from chassis.service.base import Base
from devstack.testing import MakeBase, MakeTopics, eventually
from event_schemas.entry import EntryPublished
from event_schemas.listing import ListingPublished, ListingRemoved
from event_schemas.vocabulary import ConceptPublished, ConceptRemoved


@pytest.fixture(scope="session")
def bare_content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The content pack without the county's own entries, which would count beside those of a test."""
    folder = tmp_path_factory.mktemp("content")
    return Path(copytree(CONTENT, folder, ignore=ignore_patterns("entries"), dirs_exist_ok=True))


@pytest.fixture(autouse=True)
def content_folder(bare_content: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also for the processes that a test starts."""
    monkeypatch.setenv("HYTE_CONTENT_FOLDER", str(bare_content))


@asynccontextmanager
async def running_projector(base: Base, *more: Part) -> AsyncIterator[None]:
    """The projector, once it has begun to read."""
    async with running([*more, *projector(base)], grace=base.guards.stop_grace):
        await becomes(lambda: not base.health.reasons(), "every part ready")
        yield


@asynccontextmanager
async def running_catalog(base: Base) -> AsyncIterator[Tray]:
    """Projector, relay and one web replica's tray."""
    tray = make_tray(CONTENT)
    follower = Follower(base.kafka, [VOCABULARIES, ENTRIES], TrayFollower(tray), health=base.health)
    async with running_projector(base, *base.relay(), follower):
        yield tray


@pytest.fixture
async def base(make_base: MakeBase, make_topics: MakeTopics) -> Base:
    await make_topics(LISTINGS, VOCABULARIES, ENTRIES, QUALITY)
    return await make_base("catalog", MIGRATIONS)


async def publish(base: Base, *listings: ListingPublished) -> None:
    """As an ingest would: through an outbox (here the catalogue's own) to the listings topic."""
    async with base.database.transaction() as tx:
        await base.outbox.append(tx, [Outgoing(LISTINGS, one.listing_id, one) for one in listings])


async def publish_concepts(base: Base, *concepts: ConceptPublished) -> None:
    async with base.database.transaction() as tx:
        await base.outbox.append(tx, [Outgoing(VOCABULARIES, one.concept_id, one) for one in concepts])


async def remove_concept(base: Base, concept: ConceptPublished) -> None:
    event = ConceptRemoved(concept_id=concept.concept_id, scheme=concept.scheme)
    async with base.database.transaction() as tx:
        await base.outbox.append(tx, removal(VOCABULARIES, concept.concept_id, event))


async def remove(base: Base, listing_id: str) -> None:
    event = ListingRemoved.model_validate({"listing_id": listing_id, "reason": "archived"})
    async with base.database.transaction() as tx:
        await base.outbox.append(tx, removal(LISTINGS, listing_id, event))


async def becomes(condition: Callable[[], bool], what: str) -> None:
    async def held() -> bool:
        return condition()

    await eventually(held, what=what)


Entries = dict[str, EntryPublished | None]


def entries_of(tray: Tray) -> Entries:
    """Everything in a tray, by following its cursors."""
    found: Entries = {}
    cursor: str | None = ""
    while cursor is not None:
        page = tray.search(Ask(limit=100, cursor=cursor))
        found |= {hit.entry.entry_id: hit.entry for hit in page.hits}
        cursor = page.cursor
    return found


async def fresh_tray(base: Base) -> Tray:
    """A replica that reads the topics as they are now."""
    tray = make_tray(CONTENT)
    for topic in (VOCABULARIES, ENTRIES):
        await TrayFollower(tray)([record async for record in read_all(base.kafka, topic)])
    return tray


async def entries_in(base: Base) -> Entries:
    """What the database holds."""
    async with base.database.connection() as connection:
        rows = await connection.fetch("SELECT entry_id::text, body FROM entry")
    return {row["entry_id"]: EntryPublished.from_json(row["body"]) for row in rows}


def environment(base: Base) -> dict[str, str]:
    """What a process of the service needs to work on the test's own database and topics."""
    return {
        **os.environ,
        "HYTE_DATABASE_URL": base.postgres.dsn(),
        "HYTE_KAFKA": base.kafka.kafka,
        "HYTE_TOPIC_PREFIX": base.kafka.topic_prefix,
    }
