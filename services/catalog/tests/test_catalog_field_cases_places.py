"""Municipalities that have merged, and postal codes as they are written."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from catalog.adapters.content_files import load_content
from catalog.app.search import Filters
from catalog.app.tray import Ask, Tray
from catalog.domain.addresses import postal_code
from catalog.domain.areas import County, Municipality
from catalog.domain.entries import Content
from catalog.settings import CONTENT
from event_schemas.listing import ListingPublished
from event_schemas.quality import ListingAssessed

from .samples import TODAY, described, live, ptv_id
from .trays import entries_of_all, outcome_of, tray_of

CENTRE = Municipality("214", "Kankaanpää", "Kankaanpää", "kankaanpää")
OLD_CODE = described(ptv_id("old"), "Kylätalon ryhmä", municipalities=("099",))
NEW_CODE = described(ptv_id("new"), "Keskustan ryhmä", municipalities=("214",))
OLD_NAME = described(ptv_id("name"), "Ryhmä", municipalities=("214",), summary={"fi": "Kokoontuu Honkajoella."})


def of_satakunta(on: date = TODAY) -> Content:
    """Our rules as a county would have them that 099 Honkajoki has merged into a municipality of."""
    content = load_content(CONTENT, on=on)
    return replace(content, county=County("17", "04", (CENTRE,), content.county.former))


def names(tray: Tray, text: str = "", place: str | None = None) -> list[str]:
    return [hit.entry.name["fi"].text for hit in tray.search(Ask(text, Filters(place))).hits]


def test_listing_under_an_ended_code_is_shown_under_its_successor() -> None:
    (entry,) = entries_of_all([OLD_CODE], of_satakunta())
    assert [area.model_dump() for area in entry.areas] == [{"kind": "municipality", "code": "214"}]
    assert set(names(tray_of([OLD_CODE, NEW_CODE], of_satakunta()), place="214")) == {
        "Kylätalon ryhmä",
        "Keskustan ryhmä",
    }


def test_old_name_finds_what_the_successor_offers_and_first_what_still_says_it() -> None:
    tray = tray_of([OLD_CODE, NEW_CODE, OLD_NAME], of_satakunta())
    for written in ("Honkajoki", "honkajoella", "ryhmä Honkajoki"):
        assert names(tray, written)[0] == "Ryhmä"
        assert len(names(tray, written)) == 3


def test_before_its_day_a_merger_changes_nothing() -> None:
    (entry,) = entries_of_all([OLD_CODE], of_satakunta(on=date(2020, 12, 31)))
    assert [area.model_dump() for area in entry.areas] == [{"kind": "municipality", "code": "099"}]


def test_day_of_a_merger_files_every_entry_again() -> None:
    assert load_content(CONTENT, on=date(2020, 12, 31)).digest != load_content(CONTENT, on=date(2021, 1, 1)).digest
    assert load_content(CONTENT, on=date(2021, 1, 1)).digest == load_content(CONTENT, on=TODAY).digest


def test_old_code_and_new_code_of_one_place_make_twins() -> None:
    listings = [
        described(ptv_id("twin"), "Tuoliryhmä", municipalities=("099",)),
        described("lahella:9", "Tuoliryhmä", municipalities=("214",)),
    ]
    assert len(entries_of_all(listings, of_satakunta())) == 1


def test_old_municipalities_of_our_own_county_lead_to_hameenlinna() -> None:
    county = load_content(CONTENT, on=TODAY).county
    for written in ("Hauho", "Lammilla", "Tuuloksessa", "083", "Renko,"):
        assert county.municipality_chosen(written) == "109", written


@pytest.mark.parametrize(
    ("code", "written"),
    [
        ("061", "Forssa Forssan Forssassa Forssasta Forssaan"),
        ("082", "Hattula Hattulan Hattulassa Hattulasta Hattulaan"),
        ("086", "Hausjärvi Hausjärven Hausjärvellä Hausjärveltä Hausjärvelle hausjarvella"),
        ("103", "Humppila Humppilan Humppilassa Humppilasta Humppilaan"),
        ("109", "Hämeenlinna Hämeenlinnan Hämeenlinnassa Hämeenlinnasta Hämeenlinnaan Tavastehus"),
        ("165", "Janakkala Janakkalan Janakkalassa Janakkalasta Janakkalaan"),
        ("169", "Jokioinen Jokioisten Jokioisissa Jokioisilla Jokioisilta Jokioisille Jokioisiin Jockis"),
        ("433", "Loppi Lopen Lopella Lopelta Lopelle"),
        ("694", "Riihimäki Riihimäen Riihimäellä Riihimäeltä Riihimäelle riihimaella"),
        ("834", "Tammela Tammelan Tammelassa Tammelasta Tammelaan"),
        ("981", "Ypäjä Ypäjän Ypäjällä Ypäjältä Ypäjälle"),
    ],
)
def test_municipality_is_known_in_every_case_of_its_name(code: str, written: str) -> None:
    county = load_content(CONTENT, on=TODAY).county
    assert {form: county.municipality_named(form) for form in written.split()} == dict.fromkeys(written.split(), code)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("82300 Rääkkylä", "82300"),
        ("Oulu 90670", "90670"),
        ("FI-13100", "13100"),
        (" 13100 ", "13100"),
        ("1234", None),
        ("131000", None),
        ("13100 13200", None),
        ("", None),
    ],
)
def test_postal_code_is_cleaned_or_is_none(written: str, read: str | None) -> None:
    assert postal_code(written) == read


def at(written: str, country: str = "FI") -> dict[str, Any]:
    return {"street": {"fi": {"text": "Kylätie 1"}}, "postal_code": written, "country": country}


def assessed(listing: ListingPublished) -> tuple[list[str | None], ListingAssessed]:
    """Postal codes of the entry's addresses, and what is to be mended."""
    result = outcome_of([live(listing)], load_content(CONTENT, on=TODAY))
    (place,) = result.entries[0].channels
    assert place.kind == "place"
    addresses = (place.address, *(one.address for one in place.further_places), *place.postal_addresses)
    return [one.postal_code for one in addresses if one], result.assessments[0]


def test_unreadable_postal_code_is_left_out_of_every_address_and_becomes_a_finding() -> None:
    further = [{"address": at("1234")}]
    channel = {"kind": "place", "address": at("FI-13100"), "further_places": further, "postal_addresses": [at("Oulu")]}
    codes, assessment = assessed(described(ptv_id("a"), "Ryhmä", classes=("P27.1",), channels=[channel]))
    assert codes == ["13100", None, None]
    assert [finding.code for finding in assessment.findings] == ["unreadable-postal-code"]


def test_postal_code_of_another_country_stays_as_it_is() -> None:
    channel = {"kind": "place", "address": at("SE-114 55", "SE")}
    codes, assessment = assessed(described(ptv_id("a"), "Ryhmä", classes=("P27.1",), channels=[channel]))
    assert (codes, assessment.findings) == (["SE-114 55"], ())


def test_place_whose_name_has_signs_of_patterns_is_found_by_them_alone() -> None:
    place = Municipality("109", "Uusi (Maa", "Nya+Land", "uusi.maa")
    county = County("05", "05", (place,))
    assert [county.municipality_named(name) for name in ("Uusi (Maa", "nya+land", "uusi.maassa")] == ["109"] * 3
    assert county.municipality_named("uusixmaassa") is None
