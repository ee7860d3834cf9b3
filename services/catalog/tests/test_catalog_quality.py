"""What is to be mended, on its topic: one state per listing, and no event for no change."""

from __future__ import annotations

import pytest

from catalog.adapters.postgres_entries import QUALITY
from chassis.kafka.follow import read_all
from chassis.kafka.records import decode
from chassis.service.base import Base
from devstack.testing import eventually
from event_schemas.base import Event
from event_schemas.quality import AssessmentWithdrawn, ListingAssessed

from .conftest import publish, remove, running_catalog
from .samples import NGO, described

pytestmark = [pytest.mark.kafka, pytest.mark.postgres]

LAHELLA = "lahella:7"


async def told(base: Base) -> list[Event | None]:
    """Everything on the topic so far; None is a tombstone."""
    return [decode(record).event async for record in read_all(base.kafka, QUALITY)]


async def told_becomes(base: Base, events: int) -> list[Event | None]:
    async def there() -> bool:
        return len(await told(base)) == events

    await eventually(there, what=f"{events} records on {QUALITY}")
    return await told(base)


def codes(event: Event | None) -> list[str]:
    assert isinstance(event, ListingAssessed)
    return [finding.code for finding in event.findings]


async def test_finding_is_told_then_mended_then_withdrawn_and_never_repeated(base: Base) -> None:
    without = described(LAHELLA, "Tuoliryhmä", business_id=None, classes=("P27.1",))
    mended = described(LAHELLA, "Tuoliryhmä", business_id=NGO, classes=("P27.1",))
    async with running_catalog(base):
        await publish(base, without)
        await told_becomes(base, 1)
        await publish(base, mended)
        await told_becomes(base, 2)
        await remove(base, LAHELLA)
        first, second, gone, tombstone = await told_becomes(base, 4)
    assert codes(first) == ["lahella-without-business-id"]
    assert codes(second) == []
    assert isinstance(gone, AssessmentWithdrawn)
    assert tombstone is None


async def test_entry_filed_again_without_a_change_tells_nothing_new(base: Base) -> None:
    async with running_catalog(base):
        await publish(base, described(LAHELLA, "Tuoliryhmä", business_id=None))
        await told_becomes(base, 1)
    async with base.database.transaction() as tx:
        await tx.execute("UPDATE filed_by SET digest = 'older'")
        await tx.execute("UPDATE entry SET body = 'old'")
    async with running_catalog(base):

        async def filed_again() -> bool:
            async with base.database.connection() as connection:
                query = "SELECT body <> 'old' AND NOT EXISTS (SELECT FROM outbox) FROM entry"
                return bool(await connection.fetchval(query))

        await eventually(filed_again, what="entry filed again, outbox empty")
    assert len(await told(base)) == 1
