"""Listings derived again from what is stored, and what a person asked to have removed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from event_schemas.ingest_run import RunMode, RunOutcome
from event_schemas.listing import ListingKind
from ptv_ingest.adapters.ptv_v12 import services
from ptv_ingest.bootstrap import sync_of
from ptv_ingest.domain.objects import Service

if TYPE_CHECKING:
    from conftest import Bench

pytestmark = [pytest.mark.kafka, pytest.mark.postgres]

NAME = "Liikuntaneuvonta"
QUIET: Any = {"report": lambda *_: None}


@pytest.fixture
async def unreachable(bench: Bench) -> Bench:
    """After a first reading, PTV is away."""
    await bench.run()
    await bench.fault(path="/api/", kind="504-html")
    bench.clock.forward(minutes=10)
    return bench


async def test_replay_after_a_change_of_the_mapping_publishes_what_differs_without_calling_ptv(
    unreachable: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = len(await unreachable.published())
    mapped = unreachable.sync.sources[0].read

    def louder(kind: Any, row: Any, left_out: Any) -> Any:
        found = mapped(kind, row, left_out)
        return found.model_copy(update={"alternative_name": found.name}) if isinstance(found, Service) else found

    monkeypatch.setattr("ptv_ingest.adapters.ptv_v12.source.PtvV12.read", staticmethod(louder))
    monkeypatch.setattr("ptv_ingest.bootstrap.FORM", 99)
    newer = sync_of(unreachable.base, unreachable.settings, unreachable.clients.sources)
    ended = await newer(**QUIET)
    assert ended is not None
    assert ended.outcome == RunOutcome.FAILED
    state = await unreachable.state()
    assert all(one.alternative_name == one.name for one in state.values())
    assert len(await unreachable.published()) == told + len(state)


async def test_another_scope_publishes_and_removes_by_what_is_stored(unreachable: Bench) -> None:
    before = set(await unreachable.state())
    narrower = unreachable.settings.model_copy(update={"ptv_municipalities": frozenset({"109"})})
    await sync_of(unreachable.base, narrower, unreachable.clients.sources)(**QUIET)
    inside = set(await unreachable.state())
    assert inside < before
    await sync_of(unreachable.base, unreachable.settings, unreachable.clients.sources)(**QUIET)
    assert set(await unreachable.state()) == before


async def test_replay_is_told_as_a_run_of_its_own(unreachable: Bench) -> None:
    ended = await unreachable.sync.replay(**QUIET, everything=True)
    assert ended is not None
    assert (ended.mode, ended.outcome, ended.counts.changed) == (RunMode.REPLAY, RunOutcome.COMPLETED, 0)


async def test_rejected_object_is_tried_again_by_a_replay(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    key = bench.service_named(NAME)
    bench.world.put("service", {**bench.wire("service", (key,)), "serviceType": "Drone"})
    await bench.run()
    assert [one.reason for one in await bench.overview.rejected()] == ["unknown-service-type"]
    assert f"ptv:{key}" not in await bench.state()
    monkeypatch.setitem(services._KINDS, "Drone", ListingKind.SERVICE)
    ended = await bench.sync.replay(**QUIET, everything=False)
    assert ended is not None
    assert ended.counts.changed == 1
    assert await bench.overview.rejected() == []
    assert f"ptv:{key}" in await bench.state()


async def test_broken_row_leaves_the_last_good_one_standing_until_it_is_mended(bench: Bench) -> None:
    await bench.run()
    channel = next(iter(bench.world.shelves["channel"].live))
    good = {name: part for name, part in bench.wire("channel", channel).items() if name != "publishedAt"}
    before = await bench.state()
    bench.clock.forward(minutes=10)
    bench.world.put("channel", {"contentId": channel[0], "serviceChannelType": 7})
    broken = await bench.run()
    assert (broken.outcome, broken.counts.changed) == (RunOutcome.COMPLETED, 0)
    assert [(one.reason, one.examples) for one in broken.counts.rejected] == [("unreadable-channel", (channel[0],))]
    assert await bench.state() == before
    bench.clock.forward(minutes=10)
    bench.world.put("channel", good)
    assert (await bench.run()).counts.changed == 0
    assert await bench.overview.rejected() == []


async def test_forgotten_contact_is_gone_from_listings_and_bodies_and_stays_gone(bench: Bench) -> None:
    await bench.run()
    email, key = next(
        (email.address, one.listing_id)
        for one in (await bench.state()).values()
        for channel in one.channels
        for email in channel.emails
    )
    found = await bench.sync.forget([email], **QUIET)
    assert found is not None
    redacted, ended = found
    assert redacted > 0
    assert ended.counts.changed > 0
    assert email not in "".join(one.model_dump_json() for one in (await bench.state()).values())
    service = (key.removeprefix("ptv:"),)
    for kind, keys in (("channel", list(bench.world.shelves["channel"].live)), ("service", [service])):
        for one in keys:
            wire = {name: part for name, part in bench.wire(kind, one).items() if name != "publishedAt"}
            bench.world.put(kind, {**wire, "serviceLanguages": ["fi", "sv", "en", "se"]})
    bench.clock.forward(minutes=10)
    await bench.run()
    assert email not in "".join(one.model_dump_json() for one in (await bench.state()).values())
    async with bench.base.database.connection() as connection:
        for table in ("ptv_object", "superseded_object"):
            bodies = await connection.fetch(f"SELECT body FROM {table}")  # noqa: S608 - a name of ours
            assert all(email.encode() not in row["body"] for row in bodies)


async def test_reading_since_a_time_after_the_watermark_leaves_the_watermark(bench: Bench) -> None:
    await bench.run()
    before = (await bench.sync.runs.progress()).watermarks
    bench.clock.forward(hours=2)
    bench.world.skew = timedelta(hours=2)
    await bench.run(since=bench.clock.now)
    assert (await bench.sync.runs.progress()).watermarks == before
    await bench.run(since=bench.clock.now.replace(year=2020))
    assert (await bench.sync.runs.progress()).watermarks != before


async def test_earlier_versions_of_an_object_are_kept_for_their_time_and_no_longer(bench: Bench) -> None:
    await bench.run()
    key = (bench.service_named(NAME),)
    for summary in ("Yksi", "Kaksi"):
        bench.clock.forward(minutes=10)
        wire = {name: part for name, part in bench.wire("service", key).items() if name != "publishedAt"}
        versions = {**wire["languageVersions"], "fi": {**wire["languageVersions"]["fi"], "summary": summary}}
        bench.world.put("service", {**wire, "languageVersions": versions})
        await bench.run()
    async with bench.base.database.connection() as connection:
        assert await connection.fetchval("SELECT count(*) FROM superseded_object") == 2
        bench.clock.forward(days=91)
        await bench.run()
        assert await connection.fetchval("SELECT count(*) FROM superseded_object") == 0


async def test_rules_of_a_run_can_be_changed_by_settings(bench: Bench) -> None:
    strict = replace(bench.sync, rules=replace(bench.sync.rules, most_absent=0.0))
    await strict(**QUIET)
    bench.vanish("service", (bench.service_named(NAME),))
    bench.clock.forward(days=1)
    ended = await strict(**QUIET, full=True)
    assert ended is not None
    assert (ended.outcome, ended.reason) == (RunOutcome.HELD, "too-many-absent")
