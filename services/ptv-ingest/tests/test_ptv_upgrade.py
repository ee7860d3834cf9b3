"""From the version that stored objects in a form of its own: nothing published is lost or left behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from event_schemas.ingest_run import RunMode, RunOutcome

if TYPE_CHECKING:
    from conftest import Bench

pytestmark = [pytest.mark.kafka, pytest.mark.postgres]

FORGET_ALL_BUT_WHAT_IS_PUBLISHED = """
TRUNCATE ptv_object, superseded_object, object_change, source_watermark, derived_form, seen_page, run_stream
"""


@pytest.fixture
async def upgraded(bench: Bench) -> Bench:
    """As after the migration: listings are published and runs known, and the new tables are empty."""
    await bench.run()
    async with bench.base.database.connection() as connection:
        await connection.execute(FORGET_ALL_BUT_WHAT_IS_PUBLISHED)
    bench.clock.forward(minutes=10)
    return bench


async def test_first_round_of_the_new_version_reads_everything_and_tells_nothing_twice(upgraded: Bench) -> None:
    told = len(await upgraded.published())
    ended = await upgraded.run()
    assert (ended.mode, ended.outcome, ended.counts.changed) == (RunMode.FULL, RunOutcome.COMPLETED, 0)
    assert len(await upgraded.published()) == told
    upgraded.clock.forward(minutes=10)
    assert (await upgraded.run()).mode == RunMode.INCREMENTAL


async def test_listing_whose_service_went_while_the_versions_changed_is_removed(upgraded: Bench) -> None:
    gone = upgraded.service_named("Liikuntaneuvonta")
    upgraded.vanish("service", (gone,))
    assert (await upgraded.run()).counts.removed == 1
    assert f"ptv:{gone}" not in await upgraded.state()


async def test_listing_of_which_ptv_gives_no_clear_word_stays(upgraded: Bench) -> None:
    gone = upgraded.service_named("Liikuntaneuvonta")
    upgraded.vanish("service", (gone,))
    await upgraded.fault(path=f"service/{gone}", kind="504-html")
    ended = await upgraded.run()
    assert [one.reason for one in ended.counts.rejected] == ["removal-unconfirmed"]
    assert f"ptv:{gone}" in await upgraded.state()
