"""Both versions of PTV's interface show the same content: one suite for both, and for both as a list."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from event_schemas.channel import Channel
from event_schemas.ingest_run import RunMode, RunOutcome
from event_schemas.listing import ListingPublished

if TYPE_CHECKING:
    from conftest import Bench, MakeBench

pytestmark = [pytest.mark.kafka, pytest.mark.postgres]

NAME = "Liikuntaneuvonta"
HOUR = timedelta(hours=1)
VERSIONS: dict[str, dict[str, Any]] = {
    "v12": {},
    "v11": {"ptv_api_key": None, "ptv_v11_url": "http://ptv"},
    "both": {"ptv_v11_url": "http://ptv"},
}
each_version = pytest.mark.parametrize("version", VERSIONS)


@each_version
async def test_first_reading_publishes_every_service_of_the_county(make_bench: MakeBench, version: str) -> None:
    bench = await make_bench(**VERSIONS[version])
    ended = await bench.run()
    assert (ended.mode, ended.outcome, ended.counts.rejected) == (RunMode.FULL, RunOutcome.COMPLETED, ())
    assert set(await bench.state()) == set(bench.truth)


@each_version
async def test_second_reading_whole_or_not_changes_nothing(make_bench: MakeBench, version: str) -> None:
    bench = await make_bench(**VERSIONS[version])
    await bench.run()
    for whole in (False, True):
        bench.clock.forward(minutes=30)
        ended = await bench.run(full=whole)
        assert (ended.outcome, ended.counts.changed, ended.counts.removed) == (RunOutcome.COMPLETED, 0, 0)


@each_version
async def test_change_is_read_by_the_next_incremental_round(make_bench: MakeBench, version: str) -> None:
    bench = await make_bench(**VERSIONS[version])
    await bench.run()
    key = (bench.service_named(NAME),)
    bench.clock.forward(minutes=10)
    edit(bench, "service", key, lambda wire: with_text(wire, "summary", "Uusi tiivistelmä"))
    ended = await bench.run()
    assert (ended.mode, ended.counts.changed) == (RunMode.INCREMENTAL, 1)
    assert (await bench.state())[f"ptv:{key[0]}"].summary["fi"].text == "Uusi tiivistelmä"


@each_version
async def test_archived_service_is_removed_and_comes_back(make_bench: MakeBench, version: str) -> None:
    bench = await make_bench(**VERSIONS[version])
    await bench.run()
    key = (bench.service_named(NAME),)
    bench.clock.forward(minutes=10)
    bench.world.archive("service", key)
    assert (await bench.run()).counts.removed == 1
    bench.clock.forward(minutes=10)
    bench.world.unarchive("service", key)
    assert (await bench.run()).counts.changed == 1
    assert (await bench.state())[f"ptv:{key[0]}"].channels


@each_version
async def test_connection_dropped_silently_is_gone_after_a_whole_reading(make_bench: MakeBench, version: str) -> None:
    bench = await make_bench(**VERSIONS[version])
    await bench.run()
    service = bench.service_named(NAME)
    pair = next(key for key in bench.world.shelves["connection"].live if key[0] == service)
    bench.vanish("connection", pair)
    bench.clock.forward(minutes=10)
    assert (await bench.run(full=True)).counts.changed >= 1
    left = [channel.channel_id for channel in (await bench.state())[f"ptv:{service}"].channels]
    assert f"ptv:{pair[1]}" not in left


@each_version
async def test_whole_reading_goes_on_where_a_failed_one_stopped(make_bench: MakeBench, version: str) -> None:
    bench = await make_bench(**VERSIONS[version])
    await bench.fault(path="/[Ss]ervice-?[Cc]hannel", kind="504-html")
    failed = await bench.run()
    assert (failed.outcome, failed.reason) == (RunOutcome.FAILED, "source-busy")
    await bench.clear_faults()
    resumed = await bench.run()
    assert (resumed.run_id, resumed.outcome) == (failed.run_id, RunOutcome.COMPLETED)
    assert set(await bench.state()) == set(bench.truth)


async def test_listings_of_both_versions_say_the_same(make_bench: MakeBench) -> None:
    """But for what v11 does not know (every second week, holidays, register keys) or writes otherwise (numbers)."""
    by_v12, by_v11 = await make_bench(), await make_bench(**VERSIONS["v11"])
    await by_v12.run()
    await by_v11.run()
    ours, theirs = await by_v12.state(), await by_v11.state()
    assert {key: comparable(one) for key, one in theirs.items()} == {key: comparable(one) for key, one in ours.items()}


async def test_what_v12_shows_wins_and_what_only_v11_shows_is_added(make_bench: MakeBench) -> None:
    bench = await make_bench(**VERSIONS["both"])
    key = (bench.service_named(NAME),)
    bench.world.copy_lag = HOUR
    edit(bench, "service", key, lambda wire: with_text(wire, "summary", "Vasta v11:ssä"))
    only_v11 = {**bench.wire("service", key), "contentId": "11111111-1111-4111-8111-111111111111"}
    bench.world.put("service", {name: part for name, part in only_v11.items() if name != "publishedAt"})
    await bench.run()
    state = await bench.state()
    assert state[f"ptv:{key[0]}"].summary["fi"].text != "Vasta v11:ssä"
    assert "ptv:11111111-1111-4111-8111-111111111111" in state
    bench.clock.forward(hours=2)
    ended = await bench.run()
    assert (await bench.state())[f"ptv:{key[0]}"].summary["fi"].text == "Vasta v11:ssä"
    assert ended.counts.removed == 0


async def test_source_that_is_away_does_not_hold_up_the_other(make_bench: MakeBench) -> None:
    bench = await make_bench(**VERSIONS["both"])
    await bench.run()
    key = (bench.service_named(NAME),)
    bench.clock.forward(minutes=10)
    edit(bench, "service", key, lambda wire: with_text(wire, "summary", "Luettu silti"))
    await bench.fault(path="/api/v11/", kind="504-html")
    ended = await bench.run()
    assert (ended.outcome, ended.reason, ended.counts.changed) == (RunOutcome.FAILED, "source-busy", 1)
    assert (await bench.state())[f"ptv:{key[0]}"].summary["fi"].text == "Luettu silti"


def edit(bench: Bench, kind: str, key: tuple[str, ...], change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    wire = {name: part for name, part in bench.wire(kind, key).items() if name != "publishedAt"}
    bench.world.put(kind, change(wire))


def with_text(wire: dict[str, Any], field: str, text: str) -> dict[str, Any]:
    versions = wire["languageVersions"]
    return {**wire, "languageVersions": {**versions, "fi": {**versions["fi"], field: text}}}


def comparable(listing: ListingPublished) -> dict[str, Any]:
    found = listing.model_dump(mode="json", exclude={"source", "provider", "other_providers", "channels"})
    found["provider"] = listing.provider.name, listing.provider.business_id, listing.provider.type
    found["channels"] = [shown(channel) for channel in listing.channels]
    return found


def shown(channel: Channel) -> dict[str, Any]:
    return channel.model_dump(
        mode="json",
        include={"channel_id", "kind", "name", "summary", "description", "languages", "emails", "links", "point"},
    ) | {"phones": len(channel.phones)}
