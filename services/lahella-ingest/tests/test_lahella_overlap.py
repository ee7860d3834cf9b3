"""A reading that meets what falls due, or another reading."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace

import pytest
from lahella_activities import RULES, moment, ms, wire
from lahella_reader import Reader

from chassis.core.errors import TemporaryError
from devstack.testing import eventually
from event_schemas.listing import RemovalReason
from lahella_ingest.app.apply_verdicts import apply_verdicts
from lahella_ingest.app.ports import Found, LahellaSource, Page
from lahella_ingest.domain.activity import read_activity
from lahella_ingest.domain.verdict import judge

pytestmark = pytest.mark.postgres

WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
END_THE_READER = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND state = 'idle'
  AND pid IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory')
"""


@dataclass
class LosingTheSession:
    """A source during whose answer by key the session that holds the reader's lock ends."""

    inner: LahellaSource
    reader: Reader

    async def page(self, skip: int) -> Page:
        return await self.inner.page(skip)

    async def one(self, key: str) -> Found | None:
        async with self.reader.base.database.connection() as connection:
            await connection.execute(END_THE_READER)
        return await self.inner.one(key)


async def test_listing_that_falls_due_while_its_activity_is_removed_does_not_stay(reader: Reader) -> None:
    await reader.put(wire("1", tags={"visibility": {"start": ms("2026-03-20 00:00")}}))
    await reader.run()
    await reader.delete("1")
    reader.now = moment("2026-03-20 00:00")
    async with reader.store.transaction() as work:
        (due,) = await work.due(reader.now, 1)
        verdict = judge(read_activity(due.raw), due.organization, RULES, reader.now)
        assert (await apply_verdicts([verdict], work=work)).published == ("1",)
        removing = asyncio.create_task(reader.run())
        await eventually(lambda: somebody_waits(reader), what="the run at the row that falls due")
    assert (await removing).counts.removed == 1
    async with reader.store.transaction() as work:
        assert await work.remove(["1"], RemovalReason.ABSENT) == []


async def somebody_waits(reader: Reader) -> bool:
    async with reader.base.database.connection() as connection:
        return bool(await connection.fetchval(WAITING))


async def test_reader_that_lost_its_session_removes_nothing_and_the_next_reading_tells_its_end(reader: Reader) -> None:
    await reader.run()
    await reader.events()
    await reader.delete("710001")
    whole = reader.read
    reader.read = replace(whole, source=LosingTheSession(reader.source, reader))
    with pytest.raises(TemporaryError, match="run-lost"):
        await reader.run()
    kinds, _, _ = await reader.told()
    assert kinds == {"started": 1}
    reader.read = whole
    assert (await reader.run()).counts.removed == 1
    _, _, ends = await reader.told()
    assert [end.outcome for end in ends] == ["interrupted", "completed"]
