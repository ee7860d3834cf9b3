"""Entries as a pure function of listings."""

from __future__ import annotations

from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.adapters.content_files import load_content
from catalog.domain.entries import Outcome
from catalog.domain.identity import entry_id
from catalog.domain.listing import Listing, latest
from catalog.domain.matching.names import service_name
from catalog.settings import CONTENT
from event_schemas.ids import EntryId, ListingId

from .samples import NGO, TODAY, described, live, ptv_id, removed
from .trays import outcome_of

content = load_content(CONTENT, on=TODAY)
PTV = ptv_id("tuoliryhmä")
TWINS = [
    described(PTV, "Tuoliryhmä", business_id=NGO, classes=("P27.1",), description={"fi": "Lyhyt."}),
    described(
        "lahella:1", "tuoliryhmä ", business_id=NGO, description={"fi": "Pitkä kuvaus."}, price={"charge": "free"}
    ),
]


def computed(*listings: Listing) -> Outcome:
    return outcome_of(listings, content)


def test_twin_from_both_sources_is_one_entry_with_both_origins() -> None:
    result = computed(*(live(one) for one in TWINS))
    (entry,) = result.entries
    assert entry.entry_id == entry_id(ListingId(PTV))
    assert [(member.listing_id, member.origin) for member in entry.members] == [(PTV, "senior"), ("lahella:1", "rule")]
    assert entry.aliases == (entry_id(ListingId("lahella:1")),)


def test_lahella_wins_for_description_and_price_and_ptv_for_name_and_classes() -> None:
    (entry,) = computed(*(live(one) for one in TWINS)).entries
    assert (entry.name["fi"].text, entry.description["fi"].text) == ("Tuoliryhmä", "Pitkä kuvaus.")
    assert entry.price is not None
    assert entry.provenance["description"] == ("lahella:1",)
    assert entry.provenance["name"] == (PTV,)
    assert entry.classification.service_classes[0].endswith("P27.1")


def test_archive_in_ptv_leaves_the_entry_that_lives_in_lahella_and_its_old_id_leads_there() -> None:
    known = latest(live(TWINS[0]), removed(PTV, 2))
    result = computed(known, live(TWINS[1]))
    (entry,) = result.entries
    survivor = entry_id(ListingId("lahella:1"))
    assert entry.entry_id == survivor
    assert result.gone == {entry_id(ListingId(PTV)): survivor}
    assert entry.aliases == (entry_id(ListingId(PTV)),)
    assert [member.listing_id for member in entry.members] == ["lahella:1"]


def test_service_removed_at_every_source_leaves_nothing() -> None:
    result = computed(latest(live(TWINS[0]), removed(PTV, 2)))
    assert result.entries == ()
    assert result.gone == {entry_id(ListingId(PTV)): None}


def test_same_name_in_another_municipality_is_not_linked() -> None:
    elsewhere = described("lahella:1", "Tuoliryhmä", business_id=NGO, municipalities=("061",))
    assert len(computed(live(TWINS[0]), live(elsewhere)).entries) == 2


@pytest.mark.parametrize(
    "area", [{"kind": "region", "code": "05"}, {"kind": "wellbeing-county", "code": "07"}, {"kind": "nationwide"}]
)
def test_wider_area_overlaps_its_municipalities(area: dict[str, str]) -> None:
    wide = described("lahella:1", "Tuoliryhmä", business_id=NGO, areas=[area])
    assert len(computed(live(TWINS[0]), live(wide)).entries) == 1


def test_region_05_is_not_county_05() -> None:
    wide = described("lahella:1", "Tuoliryhmä", business_id=NGO, areas=[{"kind": "wellbeing-county", "code": "05"}])
    assert len(computed(live(TWINS[0]), live(wide)).entries) == 2


def test_two_candidates_are_left_to_a_person() -> None:
    second = described("lahella:2", "Tuoliryhmä", business_id=NGO)
    result = computed(*(live(one) for one in TWINS), live(second))
    assert len(result.entries) == 3
    assert {(pair.one, pair.other) for pair in result.reviews} >= {("lahella:1", PTV), ("lahella:2", PTV)}


@pytest.mark.parametrize("number", [None, "0000000-0", "1234567-8"])
def test_number_that_proves_nothing_links_nothing_and_a_person_is_asked(number: str | None) -> None:
    result = computed(*(live(described(one, "Tuoliryhmä", business_id=number)) for one in (PTV, "lahella:1")))
    assert len(result.entries) == 2
    assert [(pair.one, pair.other) for pair in result.reviews] == [("lahella:1", PTV)]


@pytest.mark.parametrize(
    "name", ["Tuoliryhmä", "  TUOLIRYHMÄ", "Tuoliryhma\u0308", "Tuoliryhmä – Hämeenlinna", "Tuoliryhmä, Hattula"]
)
def test_what_does_not_count_in_a_name_is_normalised_away(name: str) -> None:
    assert service_name(name, content.county) == "tuoliryhmä"


def _events() -> list[Listing]:
    """Two versions each, a removal and a return, a move between blocks."""
    ptv, lahella = TWINS
    moved = described("lahella:2", "Toinen ryhmä", business_id=NGO)
    return [
        live(ptv, 1),
        removed(PTV, 2),
        live(ptv.model_copy(update={"kind": "support"}), 4),
        removed(PTV, 5),
        live(lahella, 1),
        live(lahella.model_copy(update={"kind": "hobby"}), 3),
        live(described("lahella:2", "Tuoliryhmä", business_id=NGO), 1),
        live(moved, 2),
    ]


EVENTS = _events()


def all_entries(events: list[Listing]) -> dict[EntryId, bytes]:
    state: dict[str, Listing] = {}
    for event in events:
        state[event.listing_id] = reduce(latest, [event], state.get(event.listing_id, event))
    return {entry.entry_id: entry.to_json() for entry in computed(*state.values()).entries}


@given(st.permutations(EVENTS), st.lists(st.sampled_from(EVENTS), max_size=6))
def test_any_order_and_repetition_of_events_ends_in_the_same_entries(
    order: list[Listing], repeated: list[Listing]
) -> None:
    assert all_entries([*order, *repeated]) == all_entries(EVENTS)
