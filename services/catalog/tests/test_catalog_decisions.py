"""Matching step by step, and curators' decisions, on the real database: in the end it is as computed from scratch."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from random import Random

import pytest

from catalog.app.decide import decide
from catalog.app.ports import Known
from catalog.bootstrap import MIGRATIONS
from catalog.domain.identity import entry_id
from catalog.domain.linking import Verdict
from catalog.domain.listing import Listing
from chassis.core.errors import PermanentError
from devstack.testing import MakeBase
from event_schemas.entry import EntryPublished
from event_schemas.ids import ListingId
from event_schemas.listing import ListingPublished

from .matching_world import MatchingWorld
from .samples import NGO, described, live, ptv_id, removed

pytestmark = pytest.mark.postgres
PTV, OTHER_PTV, LAHELLA, OTHER_LAHELLA = ptv_id("a"), ptv_id("b"), "lahella:1", "lahella:2"
COPY = described(PTV, "Tuoliryhmä – Hämeenlinna", business_id=NGO)
ORIGIN = described(LAHELLA, "Tuoliryhmä", business_id=NGO)
LOOK_ALIKE = described(OTHER_LAHELLA, "Tuoliryhmä torstaisin", business_id=NGO)
STRANGER = described(OTHER_PTV, "Velkaneuvonta", business_id=NGO)


@pytest.fixture
async def world(make_base: MakeBase) -> MatchingWorld:
    return MatchingWorld(await make_base("catalog", MIGRATIONS))


async def members(world: MatchingWorld) -> list[list[str]]:
    await world.settle()
    entries = [EntryPublished.from_json(body) for body in (await world.stored()).values()]
    return sorted(sorted(member.listing_id for member in entry.members) for entry in entries)


async def test_word_of_a_person_joins_what_no_rule_would(world: MatchingWorld) -> None:
    await world.keep(live(COPY), live(STRANGER))
    await world.decide(PTV, OTHER_PTV, Verdict.SAME)
    assert await members(world) == [sorted([PTV, OTHER_PTV])]
    (body,) = (await world.stored()).values()
    origins = {member.listing_id: member.origin for member in EntryPublished.from_json(body).members}
    assert sorted(origins.values()) == ["review", "senior"]


async def test_word_of_a_person_parts_what_a_rule_has_joined_and_keeps_it_apart(world: MatchingWorld) -> None:
    await world.keep(live(COPY), live(ORIGIN))
    assert await members(world) == [sorted([PTV, LAHELLA])]
    await world.decide(LAHELLA, PTV, Verdict.DIFFERENT)
    assert await members(world) == [[LAHELLA], [PTV]]
    await world.keep(live(ORIGIN.model_copy(update={"kind": "hobby"}), version=2))
    assert await members(world) == [[LAHELLA], [PTV]]


async def test_newest_word_on_a_pair_holds_and_the_older_ones_are_kept(world: MatchingWorld) -> None:
    await world.keep(live(COPY), live(STRANGER))
    for verdict in (Verdict.SAME, Verdict.DIFFERENT, Verdict.SAME):
        await world.decide(PTV, OTHER_PTV, verdict)
    assert await members(world) == [sorted([PTV, OTHER_PTV])]
    async with world.matching.transaction() as tx:
        words = await world.matching.decisions_on(tx, *sorted((ListingId(PTV), ListingId(OTHER_PTV))))
    assert [one.verdict for one in words] == [Verdict.SAME, Verdict.DIFFERENT, Verdict.SAME]


async def test_newest_word_holds_though_it_came_by_a_clock_that_is_behind(world: MatchingWorld) -> None:
    await world.keep(live(COPY), live(STRANGER))
    for verdict, hour in ((Verdict.SAME, 12), (Verdict.DIFFERENT, 11), (Verdict.SAME, 10)):
        word = Known(verdict, None, "kuraattori-1", datetime(2026, 11, 1, hour, tzinfo=UTC))
        async with world.matching.transaction() as tx:
            await decide(tx, ListingId(PTV), ListingId(OTHER_PTV), word, matching=world.matching)
        assert len(await members(world)) == (1 if verdict == Verdict.SAME else 2)


async def test_decision_outlives_the_removal_and_return_of_a_listing(world: MatchingWorld) -> None:
    await world.keep(live(COPY), live(STRANGER))
    await world.decide(PTV, OTHER_PTV, Verdict.SAME)
    await world.keep(removed(OTHER_PTV, 2))
    assert await members(world) == [[PTV]]
    await world.keep(live(STRANGER, version=3))
    assert await members(world) == [sorted([PTV, OTHER_PTV])]


async def test_id_of_a_part_leads_to_the_entry_that_took_it_in(world: MatchingWorld) -> None:
    await world.keep(live(COPY), live(STRANGER))
    await world.decide(PTV, OTHER_PTV, Verdict.SAME)
    await world.settle()
    (body,) = (await world.stored()).values()
    entry = EntryPublished.from_json(body)
    assert {entry.entry_id, *entry.aliases} == {entry_id(ListingId(PTV)), entry_id(ListingId(OTHER_PTV))}


async def test_decided_pair_leaves_the_queue(world: MatchingWorld) -> None:
    unnumbered = described(LAHELLA, "Tuoliryhmä", business_id=None)
    await world.keep(live(COPY), live(unnumbered))
    await world.settle()
    assert await world.reviews() == {(LAHELLA, PTV)}
    await world.decide(LAHELLA, PTV, Verdict.DIFFERENT)
    await world.settle()
    assert await world.reviews() == set()


async def test_duplicate_organisations_of_ptv_reach_the_queue_and_are_not_linked(world: MatchingWorld) -> None:
    def under(organization: str, listing_id: str) -> ListingPublished:
        provider = {"organization_id": f"ptv:{organization}", "name": {"fi": {"text": "Hämeen Tuki ry"}}}
        return described(listing_id, "Avoin kohtaamispaikka", provider=provider)

    await world.keep(live(under("1" * 8, PTV)), live(under("2" * 8, OTHER_PTV)))
    assert len(await members(world)) == 2
    assert await world.reviews() == {tuple(sorted([PTV, OTHER_PTV]))}


@pytest.mark.parametrize(("other", "code"), [(LAHELLA, "one-listing"), ("lahella:unheard-of", "unknown-listing")])
async def test_word_on_what_is_no_pair_is_refused(world: MatchingWorld, other: str, code: str) -> None:
    await world.keep(live(ORIGIN))
    with pytest.raises(PermanentError) as refused:
        await world.decide(LAHELLA, other, Verdict.SAME)
    assert refused.value.code == code


async def test_change_that_no_evidence_shows_matches_nothing_anew(world: MatchingWorld) -> None:
    await world.keep(live(COPY), live(ORIGIN))
    await world.settle()
    await world.keep(live(ORIGIN.model_copy(update={"kind": "hobby"}), version=2))
    assert await world.match() == 0
    assert await world.recompute() is not None


def _histories() -> list[Listing]:
    """Twins, look-alikes, removals, returns, a name that moves a listing to another component and back."""
    renamed = described(LAHELLA, "Velkaneuvonta", business_id=NGO)
    unnumbered = described("lahella:3", "Tuoliryhmä", business_id=None)
    return [
        live(COPY, 1),
        removed(PTV, 2),
        live(COPY, 3),
        live(ORIGIN, 1),
        live(renamed, 2),
        live(ORIGIN, 4),
        removed(LAHELLA, 5),
        live(LOOK_ALIKE, 1),
        live(STRANGER, 1),
        live(unnumbered, 1),
    ]


EVENTS = _histories()
IDS = sorted({one.listing_id for one in EVENTS})


@pytest.mark.parametrize("seed", range(12))
async def test_any_order_repetition_and_decisions_end_in_the_entries_computed_from_scratch(
    world: MatchingWorld, seed: int
) -> None:
    chance = Random(seed)
    events = [*EVENTS, *chance.choices(EVENTS, k=4)]
    chance.shuffle(events)
    for event in events:
        await world.keep(event)
        if chance.random() < 0.4:
            await world.step()
        heard = sorted(world.kept)
        if len(heard) > 1 and chance.random() < 0.3:
            one, other = chance.sample(heard, 2)
            await world.decide(one, other, chance.choice(list(Verdict)))
    await world.settle()
    assert await world.stored() == world.expected()
    assert await world.reviews() == world.expected_reviews()


async def test_several_workers_side_by_side_come_to_the_same(world: MatchingWorld) -> None:
    others = [MatchingWorld(world.base) for _ in range(2)]
    listings = [
        live(described(listing_id, f"Ryhmä {number:02}", business_id=NGO))
        for number in range(20)
        for listing_id in (ptv_id(f"ryhmä-{number}"), f"lahella:ryhma-{number}")
    ]
    Random(1).shuffle(listings)

    async def storing() -> None:
        for one in listings:
            await world.keep(one)

    async def working(worker: MatchingWorld) -> None:
        while not stored.done():
            await worker.step()

    async with asyncio.timeout(20), asyncio.TaskGroup() as group:
        stored = group.create_task(storing())
        for worker in (world, *others):
            group.create_task(working(worker))
    await world.settle()
    assert await world.stored() == world.expected()
    assert len(world.expected()) == 20
