"""Listings in, entries out, found by search: on the real broker and database."""

from __future__ import annotations

import pytest
from aiokafka import AIOKafkaProducer
from prometheus_client import REGISTRY

from catalog.adapters.content_files import load_content
from catalog.adapters.postgres_listings import PostgresListings
from catalog.app.search import Filters
from catalog.app.tray import Ask, Tray
from catalog.bootstrap import subscriptions
from catalog.domain.identity import entry_id
from catalog.entrypoints.follow import ENTRIES
from catalog.entrypoints.kafka import LISTINGS
from catalog.settings import CONTENT
from chassis.kafka.follow import read_all
from chassis.kafka.records import decode
from chassis.service.base import Base
from devstack.testing import eventually
from event_schemas.ids import ListingId
from event_schemas.listing import ListingPublished

from .conftest import (
    becomes,
    entries_in,
    entries_of,
    fresh_tray,
    publish,
    publish_concepts,
    remove,
    remove_concept,
    running_catalog,
    running_projector,
)
from .samples import CLASS_URI, CONCEPTS, NGO, TODAY, concept, described, live, ptv_id

pytestmark = [pytest.mark.kafka, pytest.mark.postgres]

PASSED_OVER = "catalog_replica_records_passed_over_total"
PTV = ptv_id("tuoliryhmä")
OLD, SURVIVOR = entry_id(ListingId("lahella:1")), entry_id(ListingId(PTV))
FROM_PTV = described(PTV, "Tuoliryhmä", business_id=NGO, classes=("P27.1",))
FROM_LAHELLA = described("lahella:1", "Tuoliryhmä", business_id=NGO, description={"fi": "Jumpataan tuolilla."})


def ids(tray: Tray, text: str = "", **filters: str) -> list[str]:
    return [hit.entry.entry_id for hit in tray.search(Ask(text, Filters(**filters))).hits]  # type: ignore[arg-type]


async def test_listing_is_found_by_search_with_its_theme_and_gone_after_its_removal(base: Base) -> None:
    async with running_catalog(base) as tray:
        await publish_concepts(base, *CONCEPTS)
        await publish(base, FROM_PTV)
        await becomes(lambda: ids(tray, "idrott") == [SURVIVOR], "entry found by the Swedish name of its class")
        (hit,) = tray.search(Ask("tuoliryhmä", Filters(themes=("exercise",)))).hits
        await becomes(lambda: _reason_names(tray) == ["Liikunta ja urheilu"], "reason with the name of the class")
        assert hit.entry.members[0].listing_id == PTV
        await remove(base, PTV)
        await becomes(lambda: len(tray) == 0, "entry removed")
        assert ids(tray, "tuoliryhmä") == []


def _reason_names(tray: Tray) -> list[str]:
    entry = tray.entry(SURVIVOR)
    reasons = entry.placements[0].reasons if entry and entry.placements else ()
    return [reason.name["fi"].text for reason in reasons if "fi" in reason.name]


async def test_twin_that_comes_later_joins_and_the_old_id_leads_to_the_survivor(base: Base) -> None:
    async with running_catalog(base) as tray:
        await publish(base, FROM_LAHELLA)
        await becomes(lambda: ids(tray) == [OLD], "entry of the first source")
        await publish(base, FROM_PTV)
        await becomes(lambda: ids(tray) == [SURVIVOR], "one entry of both sources")
        entry = tray.entry(SURVIVOR)
        assert entry is not None
        assert [member.system for member in entry.members] == ["ptv", "lahella"]
        assert tray.survivor(OLD) == SURVIVOR
        await remove(base, PTV)
        await becomes(lambda: ids(tray) == [OLD], "entry lives on in Lähellä")
        assert tray.survivor(SURVIVOR) == OLD


async def test_survivor_is_published_before_the_absorbed_id_is_removed(base: Base) -> None:
    async with running_catalog(base) as tray:
        await publish(base, FROM_LAHELLA)
        await becomes(lambda: ids(tray) == [OLD], "entry of the first source")
    async with running_projector(base):
        await _unrelayed(base, FROM_PTV)
        rows = await _outbox(base)
    assert [(row[0], row[1]) for row in rows] == [
        (SURVIVOR, "fi.hytevirta.entry.published.v1"),
        (OLD, "fi.hytevirta.entry.removed.v1"),
        (OLD, "fi.hytevirta.entry.removed.v1"),
    ]


async def _unrelayed(base: Base, listing: ListingPublished) -> None:
    """Straight into the listings table: with no relay running, the outbox keeps what the worker writes."""
    listings = PostgresListings(load_content(CONTENT, on=TODAY).county)
    async with base.database.transaction() as tx:
        await listings.keep(tx, [live(listing)], base.clock())
    await eventually(lambda: _written(base), what="outbox rows of the merge")


async def _written(base: Base) -> bool:
    return bool(await _outbox(base))


async def _outbox(base: Base) -> list[tuple[str, str]]:
    async with base.database.connection() as connection:
        query = "SELECT aggregateid, type FROM outbox WHERE aggregatetype = $1 ORDER BY seq"
        rows = await connection.fetch(query, ENTRIES)
    return [(row["aggregateid"], row["type"]) for row in rows]


async def test_moving_listing_leaves_its_twin_and_comes_back(base: Base) -> None:
    async with running_catalog(base) as tray:
        await publish(base, FROM_PTV, FROM_LAHELLA)
        await becomes(lambda: ids(tray) == [SURVIVOR], "one entry")
        await publish(base, described(PTV, "Aivan muu ryhmä", business_id=NGO))
        await becomes(lambda: set(ids(tray)) == {OLD, SURVIVOR}, "two entries")
        await publish(base, FROM_PTV)
        await becomes(lambda: ids(tray) == [SURVIVOR], "one entry again")


async def test_whole_topic_delivered_again_in_reverse_changes_nothing(base: Base) -> None:
    async with running_catalog(base) as tray:
        await publish(base, FROM_PTV)
        await remove(base, PTV)
        await publish(base, FROM_PTV, FROM_LAHELLA)
        await remove(base, FROM_LAHELLA.listing_id)
        await becomes(lambda: ids(tray) == [SURVIVOR] and tray.survivor(OLD) == SURVIVOR, "last state")
        (subscription,) = subscriptions(base)
        again = [decode(record) async for record in read_all(base.kafka, LISTINGS)]
        async with base.database.transaction() as tx:
            for delivery in reversed(again):
                await subscription.handler([delivery], tx)
            assert await tx.fetchval("SELECT count(*) FROM dirty_listing") == 0
        assert await _live(base) == {PTV}


async def _live(base: Base) -> set[str]:
    async with base.database.connection() as connection:
        return {row["listing_id"] for row in await connection.fetch("SELECT listing_id FROM listing WHERE live")}


async def test_fresh_reader_ends_equal_to_the_live_tray_and_to_the_database(base: Base) -> None:
    many = [described(ptv_id(str(n)), f"Ryhmä {n}", classes=("P27.1",)) for n in range(60)]
    async with running_catalog(base) as tray:
        await publish(base, *many, FROM_PTV, FROM_LAHELLA)
        for one in many[::3]:
            await remove(base, one.listing_id)
        await becomes(lambda: len(tray) == 41, "all entries")
        followed = entries_of(tray)
    assert entries_of(await fresh_tray(base)) == followed
    assert await entries_in(base) == followed


async def test_changed_content_files_every_entry_again(base: Base) -> None:
    async with running_catalog(base) as tray:
        await publish(base, FROM_PTV)
        await becomes(lambda: ids(tray) == [SURVIVOR], "entry")
    async with base.database.transaction() as tx:
        await tx.execute("UPDATE filed_by SET digest = 'older'")
        await tx.execute("UPDATE entry SET body = 'old'")
    async with running_projector(base):

        async def refiled() -> bool:
            async with base.database.connection() as connection:
                return bool(await connection.fetchval("SELECT body <> 'old' FROM entry"))

        await eventually(refiled, what="entry filed again")


# The Swedish name is no word of any theme or synonym.
ONLY_NAME = concept(f"{CLASS_URI}P27.1", "service-class", fi="Liikunta ja urheilu", sv="Kroppskultur")
NO_URI = concept("service-class:P27.1", "service-class", fi="Liikunta", sv="Idrott")


async def test_removed_class_loses_its_name_in_tray_and_database_and_fresh_replica(base: Base) -> None:
    async with running_catalog(base) as tray:
        await publish_concepts(base, ONLY_NAME)
        await publish(base, FROM_PTV)
        await becomes(lambda: ids(tray, "kroppskultur") == [SURVIVOR], "entry found by the name of its class")
        await becomes(lambda: _reason_names(tray) == ["Liikunta ja urheilu"], "reason with the name of the class")
        await remove_concept(base, ONLY_NAME)
        await becomes(lambda: ids(tray, "kroppskultur") == [] and _reason_names(tray) == [], "name gone")
    fresh = await fresh_tray(base)
    assert (entries_of(fresh), ids(fresh, "kroppskultur")) == (entries_of(tray), [])


async def test_class_written_as_uri_and_as_code_keeps_the_name_that_is_left(base: Base) -> None:
    async with running_catalog(base) as tray:
        await publish_concepts(base, NO_URI, CONCEPTS[0])
        await publish(base, FROM_PTV)
        await becomes(lambda: _reason_names(tray) == ["Liikunta"], "name of the greater id")
        await remove_concept(base, NO_URI)
        await becomes(lambda: _reason_names(tray) == ["Liikunta ja urheilu"], "name of the id that is left")
        await becomes(lambda: ids(tray, "motion och idrott") == [SURVIVOR], "found by the name that is left")


async def test_replica_counts_a_record_it_cannot_read_and_goes_on(base: Base) -> None:
    labels = {"topic": ENTRIES, "error": "UnreadableRecord"}
    before = REGISTRY.get_sample_value(PASSED_OVER, labels) or 0
    async with running_catalog(base) as tray:
        async with AIOKafkaProducer(bootstrap_servers=base.kafka.kafka) as producer:
            await producer.send_and_wait(base.kafka.on_broker(ENTRIES), key=SURVIVOR.encode(), value=b"junk")
        await becomes(lambda: REGISTRY.get_sample_value(PASSED_OVER, labels) == before + 1, "record counted")
        await publish(base, FROM_PTV)
        await becomes(lambda: ids(tray) == [SURVIVOR], "entry after the unreadable record")
