"""What happens in PTV between two runs, and what readers of the topic see of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from event_schemas.ingest_run import RunMode, RunOutcome
from event_schemas.listing import ListingPublished, ListingRemoved, RemovalReason

if TYPE_CHECKING:
    from conftest import Bench

pytestmark = [pytest.mark.kafka, pytest.mark.postgres]

NAME = "Liikuntaneuvonta"


@pytest.fixture
async def read_once(bench: Bench) -> Bench:
    """After the first whole reading; a day has passed, so nothing old is in the window."""
    await bench.run()
    bench.clock.forward(days=1)
    await bench.run()
    bench.clock.forward(minutes=5)
    return bench


def edited(wire: dict[str, Any], **fi: Any) -> dict[str, Any]:
    """As an author publishes it: new Finnish texts, a new time."""
    versions = {**wire["languageVersions"], "fi": {**wire["languageVersions"]["fi"], **fi}}
    rest = {name: part for name, part in wire.items() if name not in ("publishedAt", "migratedAt")}
    return {**rest, "languageVersions": versions}


async def test_edited_service_is_published_once_and_others_are_left_alone(read_once: Bench) -> None:
    before = len(await read_once.published())
    content_id = read_once.service_named(NAME)
    read_once.world.put("service", edited(read_once.wire("service", (content_id,)), summary="Uusi tiivistelmä"))
    ended = await read_once.run()
    again = await read_once.run()
    assert (ended.mode, ended.counts.changed, again.counts.changed) == (RunMode.INCREMENTAL, 1, 0)
    assert len(await read_once.published()) == before + 1
    assert (await read_once.state())[f"ptv:{content_id}"].summary["fi"].text == "Uusi tiivistelmä"


async def test_republishing_with_other_white_space_and_unicode_form_is_no_change(read_once: Bench) -> None:
    wire = read_once.wire("service", (read_once.service_named(NAME),))
    fi = wire["languageVersions"]["fi"]
    spaced = edited(
        wire,
        name=f"  {fi['name']} ",
        summary=fi["summary"].replace(" ", "  ").replace("ö", "o\u0308"),
        description=fi["description"].replace("\n", " \r\n"),
    )
    read_once.world.put("service", {**spaced, "serviceLanguages": list(reversed(wire["serviceLanguages"]))})
    ended = await read_once.run()
    assert ended.counts.changed == 0
    assert (await read_once.run(full=True)).counts.changed == 0


async def test_removed_blank_line_between_paragraphs_is_a_change(read_once: Bench) -> None:
    wire = read_once.wire("service", (read_once.service_named(NAME),))
    read_once.world.put("service", edited(wire, description="Yksi.\n\nKaksi."))
    assert (await read_once.run()).counts.changed == 1
    read_once.world.put("service", edited(wire, description="Yksi.\nKaksi."))
    assert (await read_once.run()).counts.changed == 1


async def test_archived_service_is_removed_with_an_event_and_a_tombstone(read_once: Bench) -> None:
    content_id = read_once.service_named(NAME)
    read_once.world.archive("service", (content_id,))
    ended = await read_once.run()
    assert ended.counts.removed == 1
    removed, tombstone = [one for one in await read_once.published() if one.key == f"ptv:{content_id}"][-2:]
    assert isinstance(removed.event, ListingRemoved)
    assert (removed.event.reason, tombstone.event) == (RemovalReason.ARCHIVED, None)
    assert tombstone.version > removed.version
    assert (await read_once.run()).counts.removed == 0


async def test_unarchived_service_with_the_same_publishing_time_comes_back_with_a_higher_version(
    read_once: Bench,
) -> None:
    content_id = read_once.service_named(NAME)
    wire = read_once.wire("service", (content_id,))
    connections = [
        stored.wire for key, stored in read_once.world.shelves["connection"].live.items() if key[0] == content_id
    ]
    read_once.world.archive("service", (content_id,))
    await read_once.run()
    read_once.clock.forward(minutes=5)
    read_once.world.put("service", wire)
    for connection in connections:
        read_once.world.put("connection", connection)
    await read_once.run()
    deliveries = [one for one in await read_once.published() if one.key == f"ptv:{content_id}"]
    assert isinstance(deliveries[-1].event, ListingPublished)
    assert deliveries[-1].version > max(one.version for one in deliveries[:-1])
    assert len(deliveries[-1].event.channels) == len(connections)


async def test_change_of_a_channel_reaches_every_listing_that_uses_it(read_once: Bench) -> None:
    pairs = list(read_once.world.shelves["connection"].live)
    channel_id = max((pair[1] for pair in pairs), key=[pair[1] for pair in pairs].count)
    users = {f"ptv:{service}" for service, channel in pairs if channel == channel_id}
    read_once.world.put("channel", edited(read_once.wire("channel", (channel_id,)), name="Uusi nimi"))
    assert (await read_once.run()).counts.changed == len(users) > 1
    state = await read_once.state()
    for key in users:
        names = {(one.channel_id, one.name["fi"].text) for one in state[key].channels}
        assert (f"ptv:{channel_id}", "Uusi nimi") in names


async def test_change_of_an_organisation_reaches_the_listings_of_its_services(read_once: Bench) -> None:
    organization = read_once.wire("service", (read_once.service_named(NAME),))["organizationContentId"]
    read_once.world.put("organization", edited(read_once.wire("organization", (organization,)), name="Uusi kaupunki"))
    assert (await read_once.run()).counts.changed >= 1
    providers = [one.provider for one in (await read_once.state()).values()]
    names = {one.name["fi"].text for one in providers if one.organization_id == f"ptv:{organization}"}
    assert names == {"Uusi kaupunki"}


async def test_removed_connection_takes_its_channel_from_the_listing_though_the_archive_names_no_pair(
    read_once: Bench,
) -> None:
    content_id = read_once.service_named(NAME)
    pair = next(key for key in read_once.world.shelves["connection"].live if key[0] == content_id)
    read_once.world.archive("connection", pair)
    assert (await read_once.run()).counts.changed == 1
    channels = {one.channel_id for one in (await read_once.state())[f"ptv:{content_id}"].channels}
    assert channels
    assert f"ptv:{pair[1]}" not in channels


async def test_archived_channel_leaves_its_listings_and_returns_to_them(read_once: Bench) -> None:
    content_id = read_once.service_named(NAME)
    channel_id = next(key[1] for key in read_once.world.shelves["connection"].live if key[0] == content_id)
    read_once.world.archive("channel", (channel_id,))
    await read_once.run()
    without = (await read_once.state())[f"ptv:{content_id}"].channels
    read_once.world.unarchive("channel", (channel_id,))
    await read_once.run()
    with_it = (await read_once.state())[f"ptv:{content_id}"].channels
    assert f"ptv:{channel_id}" not in {one.channel_id for one in without}
    assert f"ptv:{channel_id}" in {one.channel_id for one in with_it}


async def test_service_moved_out_of_the_county_is_removed_as_out_of_scope(read_once: Bench) -> None:
    content_id = read_once.service_named(NAME)
    area = {"areaType": "LimitedArea", "municipalities": ["091"], "regions": [], "wellbeingServicesCounties": []}
    read_once.world.put("service", {**edited(read_once.wire("service", (content_id,))), "area": area})
    assert (await read_once.run()).counts.removed == 1
    removed = [one.event for one in await read_once.published() if one.key == f"ptv:{content_id}"][-2]
    assert isinstance(removed, ListingRemoved)
    assert removed.reason == RemovalReason.OUT_OF_SCOPE


async def test_runs_are_told_on_their_topic_with_counts(read_once: Bench) -> None:
    events = [one.event for one in await read_once.published("hyte.ingest-runs.v1")]
    kinds = [type(event).__name__ for event in events]
    assert kinds == ["IngestRunStarted", "IngestRunEnded"] * 2
    assert [getattr(event, "outcome", None) for event in events[1::2]] == [RunOutcome.COMPLETED] * 2
