"""What is compared and what is dismissed early: nothing that a person would be asked about is missed."""

from __future__ import annotations

from itertools import combinations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.adapters.content_files import load_content
from catalog.app.match import Match
from catalog.bootstrap import MIGRATIONS
from catalog.domain.matching.candidates import pairs_to_compare
from catalog.domain.matching.components import pairs_among
from catalog.domain.matching.evidence import Evidence, evidence_of
from catalog.domain.matching.score import LINK, REVIEW, scored, worth_asking
from catalog.settings import CONTENT
from devstack.testing import MakeBase
from event_schemas.ids import ListingId
from event_schemas.listing import ListingPublished

from .labelled.pairs import labelled_pairs
from .matching_world import MatchingWorld
from .samples import NGO, TODAY, described, live, ptv_id

COUNTY = load_content(CONTENT, on=TODAY).county


def _labelled_evidence() -> list[Evidence]:
    listings = {one.listing_id: one for pair in labelled_pairs() for one in (pair.one, pair.other)}
    return [evidence_of(one, COUNTY) for _, one in sorted(listings.items())]


LABELLED = _labelled_evidence()
SOME = Random(1).sample(LABELLED, 250)


def share_a_key(one: Evidence, other: Evidence) -> bool:
    """Which two listings are compared, said for two."""
    if one.system != other.system:
        return bool(set(one.wanted) & set(other.keys))
    if one.source_key == other.source_key:
        return bool(set(one.name_keys) & set(other.name_keys))
    namesakes = bool(one.namesake_key) and one.namesake_key == other.namesake_key
    return namesakes and bool(set(one.keys) & set(other.keys))


def ids_of(one: str, other: str) -> tuple[str, str]:
    return min(one, other), max(one, other)


def ids(one: Evidence, other: Evidence) -> tuple[str, str]:
    return ids_of(one.listing_id, other.listing_id)


@pytest.mark.parametrize("taken", [0, 1, 40, len(LABELLED)])
def test_exactly_what_shares_a_key_is_compared_and_each_pair_once(taken: int) -> None:
    compared = [ids(*two) for two in pairs_to_compare(LABELLED[:taken], LABELLED[taken:])]
    pairs = ((one, two) for number, one in enumerate(LABELLED[:taken]) for two in LABELLED[number + 1 :])
    assert sorted(compared) == sorted(ids(*pair) for pair in pairs if share_a_key(*pair))


def test_no_labelled_listings_that_a_person_would_be_asked_about_are_dismissed_early() -> None:
    for two in combinations(SOME, 2):
        pair = scored(*two)
        assert worth_asking(*two) == (pair if pair.score >= REVIEW else None)


def some(one: str, other: str) -> st.SearchStrategy[frozenset[str]]:
    return st.sampled_from([frozenset(given) for given in ((), (one,), (other,), (one, other))])


NAMES = ("tuoliryhmä", "tuoliryhmä torstaisin", "tuolirymä", "velkaneuvonta", "senioreiden jumppa 2")
TEXTS = ("", "ohjattua jumppaa tuolilla istuen joka viikko", "ohjattua jumppaa tuolilla", "apua velkoihin ja talouteen")


def made(listing_id: str) -> st.SearchStrategy[Evidence]:
    """Evidence of which much is often the same, so that every kind speaks for and against."""
    return st.builds(
        Evidence,
        listing_id=st.just(ListingId(listing_id)),
        system=st.just(listing_id.partition(":")[0]),
        organization_id=st.just(""),
        business_id=st.sampled_from(("", "2341001-1", "2341002-2")),
        organisation=st.sampled_from(("", "tuki", "tuki toinen", "urheilijat")),
        names=st.fixed_dictionaries({"fi": st.sampled_from(NAMES)}, optional={"sv": st.sampled_from(NAMES)}),
        texts=st.fixed_dictionaries({}, optional={tag: st.sampled_from(TEXTS) for tag in ("fi", "sv")}),
        telling=st.fixed_dictionaries(
            {}, optional={kind: st.sampled_from([frozenset("a"), frozenset("b")]) for kind in ("day", "number")}
        ),
        places_named=some("109", "061"),
        municipalities=some("109", "061"),
        nationwide=st.booleans(),
        phones=some("1", "2"),
        contacts=some("a.example", "b.example"),
        addresses=some("katu 1", "katu 2"),
    )


@given(made("ptv:a"), made("lahella:b"))
def test_nothing_that_a_person_would_be_asked_about_is_dismissed_early(one: Evidence, other: Evidence) -> None:
    pair = scored(one, other)
    expected = pair if pair.score >= REVIEW else None
    assert worth_asking(one, other) == worth_asking(other, one) == expected


def _city(services: int) -> list[ListingPublished]:
    """Every name has the same two words, and a third that nothing but its twin has."""
    chance = Random(3)
    words = ["".join(chance.choices("aeiklmnoprstuvy", k=9)) for _ in range(services)]
    return [
        described(listing_id, f"Avoin neuvontapalvelu {word}", business_id=NGO)
        for word in words
        for listing_id in (ptv_id(word), f"lahella:{word}")
    ]


def test_word_that_every_service_of_a_city_has_in_its_name_hides_no_twin() -> None:
    pairs = pairs_among([evidence_of(one, COUNTY) for one in _city(150)])
    twins = {ids_of(ptv_id(one.name["fi"].text.split()[-1]), one.listing_id) for one in _city(150)[1::2]}
    assert twins <= {(pair.one, pair.other) for pair in pairs if pair.rule and pair.score >= LINK}


@pytest.fixture
async def world(make_base: MakeBase) -> MatchingWorld:
    return MatchingWorld(await make_base("catalog", MIGRATIONS))


@pytest.mark.postgres
async def test_twins_of_a_city_are_found_over_many_turns(world: MatchingWorld) -> None:
    world.match = Match(world.matching, most=17)
    await world.keep(*(live(one) for one in _city(40)))
    await world.settle()
    assert len(await world.stored()) == 40
    assert await world.stored() == world.expected()


@pytest.mark.postgres
async def test_matching_everything_anew_takes_no_entry_apart_on_the_way(world: MatchingWorld) -> None:
    await world.keep(*(live(one) for one in _city(5)))
    await world.settle()
    before = await world.stored()
    async with world.matching.transaction() as tx:
        await world.matching.begin_again(tx)
    while await world.match():
        await world.recompute()
        assert await world.stored() == before


@pytest.mark.postgres
async def test_listing_that_waits_for_its_turn_is_not_joined_by_what_it_no_longer_says(world: MatchingWorld) -> None:
    """The other one's turn comes first, and sees what this one says now."""
    await world.keep(live(described("lahella:1", "Tuoliryhmä", business_id=NGO)))
    await world.keep(live(described(ptv_id("b"), "Tuoliryhmä", business_id=NGO)))
    await world.settle()
    assert len(await world.stored()) == 1
    world.match = Match(world.matching, most=1)
    await world.keep(live(described(ptv_id("b"), "Velkaneuvonta", business_id=NGO), version=2))
    await world.keep(live(described("lahella:1", "Tuoliryhmä", business_id=NGO, summary={"fi": "Joka viikko."}), 2))
    assert await world.match() == 1
    await world.recompute()
    assert len(await world.stored()) == 2
