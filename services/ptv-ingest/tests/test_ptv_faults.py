"""PTV down, slow, lying, or half there: nothing is lost, nothing is removed on hearsay."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from event_schemas.ingest_run import RunMode, RunOutcome

if TYPE_CHECKING:
    from conftest import Bench, MakeBench

pytestmark = [pytest.mark.kafka, pytest.mark.postgres]

NAME = "Liikuntaneuvonta"


@pytest.fixture
async def small_world(bench: Bench) -> Bench:
    """After the first whole reading."""
    await bench.run()
    bench.clock.forward(days=1)
    return bench


@pytest.mark.parametrize("kind", ["504-html", "bad-json"])
async def test_fault_that_passes_within_the_retries_is_not_noticed(small_world: Bench, kind: str) -> None:
    await small_world.fault(path="service/search", kind=kind, times=1)
    ended = await small_world.run(full=True)
    assert (ended.outcome, ended.counts.changed, ended.counts.removed) == (RunOutcome.COMPLETED, 0, 0)


@pytest.mark.parametrize(
    ("kind", "reason"), [("504-html", "source-busy"), ("bad-json", "source-not-json"), ("401", "source-refuses")]
)
async def test_stream_that_stays_broken_ends_the_run_without_moving_the_watermark_or_removing(
    small_world: Bench, kind: str, reason: str
) -> None:
    before = (await small_world.sync.runs.progress()).watermarks
    await small_world.fault(path="service-channel/search", kind=kind)
    ended = await small_world.run(full=True)
    assert (ended.outcome, ended.reason, ended.counts.removed) == (RunOutcome.FAILED, reason, 0)
    assert (await small_world.sync.runs.progress()).watermarks == before
    await small_world.clear_faults()
    resumed = await small_world.run(full=True)
    assert (resumed.outcome, resumed.counts.removed) == (RunOutcome.COMPLETED, 0)
    assert resumed.run_id == ended.run_id


async def test_null_for_every_empty_list_loses_nothing(bench: Bench) -> None:
    await bench.fault(path="/api/v12/", kind="null-lists")
    ended = await bench.run()
    assert (ended.outcome, ended.counts.rejected) == (RunOutcome.COMPLETED, ())
    with_nulls = await bench.state()
    await bench.clear_faults()
    assert (await bench.run(full=True)).counts.changed == 0
    assert len(with_nulls) == len(bench.world.shelves["service"].live)


async def test_broken_row_is_rejected_by_reason_and_the_rest_is_read(small_world: Bench) -> None:
    content_id = small_world.service_named(NAME)
    small_world.world.put("service", {"contentId": content_id, "serviceType": "Drone", "languageVersions": 7})
    small_world.world.put("service", {"contentId": "not-a-uuid"})
    channel = small_world.wire("channel", next(iter(small_world.world.shelves["channel"].live)))
    small_world.world.put("channel", {**channel, "publishedAt": None, "migratedAt": "eilen"})
    ended = await small_world.run(full=True)
    rejected = {one.reason: one.count for one in ended.counts.rejected}
    assert rejected == {"unreadable-service": 1, "unreadable-id": 1}
    assert (ended.outcome, ended.counts.removed) == (RunOutcome.COMPLETED, 0)
    assert f"ptv:{content_id}" in await small_world.state()


async def test_archived_service_that_answers_503_by_id_is_kept_until_it_answers_404(small_world: Bench) -> None:
    content_id = small_world.service_named(NAME)
    small_world.world.archive("service", (content_id,))
    await small_world.fault(path=f"service/{content_id}", kind="504-html")
    unclear = await small_world.run()
    assert {one.reason for one in unclear.counts.rejected} == {"removal-unconfirmed"}
    assert f"ptv:{content_id}" in await small_world.state()
    small_world.clock.forward(days=1)
    await small_world.clear_faults()
    assert (await small_world.run()).counts.removed == 1


async def test_more_than_the_guarded_share_absent_holds_the_run_until_it_is_accepted(small_world: Bench) -> None:
    services = list(small_world.world.shelves["service"].live)
    gone = services[: len(services) // 10]
    for key in gone:
        small_world.vanish("service", key)
    held = await small_world.run(full=True)
    assert (held.outcome, held.reason, held.counts.removed) == (RunOutcome.HELD, "too-many-absent", 0)
    accepted = await small_world.accept_removals(held.run_id)
    assert (accepted.outcome, accepted.counts.removed) == (RunOutcome.COMPLETED, len(gone))
    quiet = await small_world.run(full=True)
    assert (quiet.outcome, quiet.counts.removed) == (RunOutcome.COMPLETED, 0)


async def test_what_earlier_removals_left_behind_does_not_trip_the_guard(small_world: Bench) -> None:
    services = list(small_world.world.shelves["service"].live)
    for key in services[: len(services) // 5]:
        small_world.world.archive("service", key)
    await small_world.run()
    assert (await small_world.run(full=True)).outcome == RunOutcome.COMPLETED


async def test_absence_within_the_guard_is_removed_after_a_404_by_id(small_world: Bench) -> None:
    content_id = small_world.service_named(NAME)
    small_world.vanish("service", (content_id,))
    assert (await small_world.run(full=True)).counts.removed == 1
    assert f"ptv:{content_id}" not in await small_world.state()


async def test_run_cancelled_at_any_stream_then_repeated_ends_equal_to_the_source(make_bench: MakeBench) -> None:
    untroubled = await make_bench()
    await untroubled.run()
    truth = await untroubled.state()
    troubled = await make_bench()
    for stream in ("v12 organization", "v12 service", "v12 connection", "listings"):
        await cancel_at(troubled, stream)
    ended = await troubled.run()
    assert (ended.mode, ended.outcome) == (RunMode.FULL, RunOutcome.COMPLETED)
    assert await troubled.state() == truth


async def cancel_at(bench: Bench, stream: str) -> None:
    """Ends a run as a lost process does, once it reports this stream."""
    reached = asyncio.Event()

    def report(reported: str, *_: int) -> None:
        if reported == stream:
            reached.set()

    run = asyncio.create_task(bench.sync(report=report))
    await reached.wait()
    run.cancel()
    with pytest.raises(asyncio.CancelledError):
        await run


async def test_only_one_process_reads_at_a_time(small_world: Bench) -> None:
    async with small_world.sync.runs.lock() as free:
        assert free
        assert await small_world.sync(report=lambda *_: None) is None
    assert await small_world.sync(report=lambda *_: None) is not None


async def test_list_that_changes_its_length_while_it_is_read_is_read_again(make_bench: MakeBench) -> None:
    bench = await make_bench()
    shelf = bench.world.shelves["service"]
    template = next(iter(shelf.live.values())).wire
    for number in range(250):
        bench.world.put("service", {**template, "contentId": f"00000000-0000-4000-8000-{number:012d}"})
    first = next(iter(shelf.live))
    pages = 0

    def report(stream: str, *_: int) -> None:
        nonlocal pages
        pages += stream == "v12 service"
        if stream == "v12 service" and pages == 1:
            bench.vanish("service", first)

    ended = await bench.sync(report=report)
    assert ended is not None
    assert ended.outcome == RunOutcome.COMPLETED
    assert {f"ptv:{key[0]}" for key in shelf.live} <= set(await bench.state())
