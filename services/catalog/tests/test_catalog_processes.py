"""The catalogue as processes: `reconcile` from the command line, and two projectors side by side."""

from __future__ import annotations

import asyncio
import sys
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import pairwise
from pathlib import Path

import httpx
import pytest

from catalog.adapters.content_files import load_content
from catalog.adapters.postgres_listings import PostgresListings
from catalog.domain.identity import entry_id
from catalog.entrypoints.follow import ENTRIES
from catalog.settings import CONTENT
from chassis.core.process import running
from chassis.kafka.follow import read_all
from chassis.service.base import Base
from devstack.processes import free_port
from devstack.testing import eventually
from event_schemas.ids import EntryId, ListingId
from event_schemas.listing import ListingPublished

from .conftest import (
    becomes,
    entries_in,
    entries_of,
    environment,
    fresh_tray,
    publish,
    publish_concepts,
    remove,
    running_catalog,
)
from .samples import CONCEPTS, NGO, TODAY, described, live, ptv_id

pytestmark = [pytest.mark.kafka, pytest.mark.postgres]


def id_of(listing: ListingPublished) -> EntryId:
    return entry_id(ListingId(listing.listing_id))


async def test_reconcile_sweeps_a_stray_and_brings_a_lost_row_back(base: Base) -> None:
    kept, lost, stray = (described(ptv_id(name), f"Ryhmä {name}") for name in ("kept", "lost", "stray"))
    async with running_catalog(base) as tray:
        await publish(base, kept, lost)
        listings = PostgresListings(load_content(CONTENT, on=TODAY).county)
        async with base.database.transaction() as tx:
            await listings.keep(tx, [live(stray)], base.clock())
        await becomes(lambda: set(entries_of(tray)) == {id_of(kept), id_of(lost), id_of(stray)}, "three entries")
        async with base.database.connection() as connection:
            await connection.execute("DELETE FROM listing WHERE listing_id = $1", lost.listing_id)
        await command(base, "reconcile")
        await becomes(lambda: set(entries_of(tray)) == {id_of(kept), id_of(lost)}, "entry of the stray gone")
        async with base.database.connection() as connection:
            rows = await connection.fetch("SELECT listing_id FROM listing WHERE live")
        assert {row["listing_id"] for row in rows} == {kept.listing_id, lost.listing_id}
    assert entries_of(await fresh_tray(base)) == entries_of(tray) == await entries_in(base)


async def command(base: Base, *words: str) -> None:
    """Runs `python -m catalog` to its end; fails with what it said."""
    pipe = asyncio.subprocess.PIPE
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "catalog", *words, env=environment(base), stdout=pipe, stderr=pipe
    )
    told, complaints = await child.communicate()
    assert child.returncode == 0, told + complaints


async def test_two_projectors_end_right_and_publish_no_change_twice(base: Base, tmp_path: Path) -> None:
    ptv = [described(ptv_id(str(n)), f"Ryhmä {n}", business_id=NGO, classes=("P27.1",)) for n in range(80)]
    twins = [described(f"lahella:{n}", f"Ryhmä {n}", business_id=NGO) for n in range(0, 80, 2)]
    moved = [described(one.listing_id, "Muuttanut ryhmä", business_id=NGO) for one in ptv[:10]]
    logs = [tmp_path / "one.log", tmp_path / "two.log"]
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(running(base.relay(), grace=base.guards.stop_grace))
        await asyncio.gather(*(stack.enter_async_context(projector_process(base, log)) for log in logs))
        await publish(base, *twins, *ptv)
        await publish_concepts(base, *CONCEPTS)
        await publish(base, *moved)
        for one in ptv[70:]:
            await remove(base, one.listing_id)
        expected = {id_of(one) for one in (*ptv[:70], *twins[:5], *twins[35:])}
        await eventually(lambda: settled(base, expected), what="entries of the last state")
    assert all("components recomputed" in log.read_text() for log in logs)
    assert entries_of(await fresh_tray(base)) == await entries_in(base)
    histories = await published(base)
    assert [key for key, bodies in histories.items() if any(one == other for one, other in pairwise(bodies))] == []


@asynccontextmanager
async def projector_process(base: Base, log: Path) -> AsyncIterator[None]:
    """A projector of its own process, once it is ready."""
    port = free_port()
    variables = {**environment(base), "HYTE_HEALTH_PORT": str(port), "HYTE_CATALOG_BATCH": "3"}
    words = ("-m", "catalog", "run", "--role", "projector")
    with log.open("wb") as output:
        child = await asyncio.create_subprocess_exec(
            sys.executable, *words, env=variables, stdout=output, stderr=output
        )
    try:
        await eventually(lambda: is_ready(port), what="projector ready")
        yield
    finally:
        child.terminate()
        await child.wait()


async def is_ready(port: int) -> bool:
    async with httpx.AsyncClient() as client:
        try:
            return (await client.get(f"http://127.0.0.1:{port}/ready")).is_success
        except httpx.ConnectError:
            return False


async def settled(base: Base, expected: set[EntryId]) -> bool:
    """The entries expected, with the names of their classes, nothing left to recompute or to publish."""
    async with base.database.connection() as connection:
        waiting = await connection.fetchval(
            "SELECT (SELECT count(*) FROM dirty_listing) + (SELECT count(*) FROM outbox)"
            " + (SELECT count(*) FROM listing WHERE to_match)"
        )
    entries = await entries_in(base)
    reasons = [reason for one in entries.values() if one for p in one.placements for reason in p.reasons]
    return waiting == 0 and entries.keys() == expected and bool(reasons) and all(reason.name for reason in reasons)


async def published(base: Base) -> dict[str, list[bytes | None]]:
    """What was said of every entry, in order."""
    histories: defaultdict[str, list[bytes | None]] = defaultdict(list)
    async for record in read_all(base.kafka, ENTRIES):
        histories[(record.key or b"").decode()].append(record.value)
    return histories
