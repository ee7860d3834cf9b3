"""What went wrong for others who read such sources: each case with its own inputs, and what must come of them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from lahella_activities import REGIONS, RULES, activity, channel, moment, ms, weekly, wire
from lahella_reader import Reader

from chassis.core.errors import StartError
from event_schemas.area import MunicipalityArea
from event_schemas.channel import PlaceChannel
from event_schemas.listing import ListingPublished
from event_schemas.text import text_in
from lahella_ingest.adapters.operator_files import read_business_ids
from lahella_ingest.domain.organization import Organization
from lahella_ingest.domain.verdict import judge

NOW = moment("2026-03-18 12:00")


def listing(traits: dict[str, Any], organization: Organization | None = None) -> ListingPublished:
    verdict = judge(activity(traits=traits), organization, RULES, NOW)
    assert verdict.listing is not None, verdict
    return verdict.listing


# Web addresses: about three in a hundred of a national register were malformed, and one of them stopped a whole record.

LINKS = {
    "hhttps://esim.example": "https://esim.example",
    "http//esim.example": "http://esim.example",
    "https:/esim.example": "https://esim.example",
    "www. esim.example": "https://www.esim.example",
    "www,esim.example": "https://www.esim.example",
    "https://esim.example/a?x=1,2#b ": "https://esim.example/a?x=1,2#b",
}
EMAILS = {
    "Liikunta.Neuvonta@Kunta.example": "Liikunta.Neuvonta@Kunta.example",
    "sähkö@itäsali.example": "sähkö@itäsali.example",
    "info@kunta.example ": "info@kunta.example",
}


def test_repairable_web_addresses_become_working_links_and_all_emails_are_usable() -> None:
    contacts = [{"type": "www", "value": value} for value in LINKS] + [
        {"type": "email", "value": value} for value in EMAILS
    ]
    (place,) = listing({"contacts": contacts, "channels": [channel()]}).channels
    assert [link.url for link in place.links] == list(LINKS.values())
    assert [email.address for email in place.emails] == list(EMAILS.values())
    assert place.unlinked == ()


@pytest.mark.parametrize("written", ["javascript:alert(1)", "kysy toimistosta", "https://esim", "http://a b.example"])
def test_unrepairable_web_address_is_shown_as_text_and_the_listing_survives(written: str) -> None:
    contacts = [{"type": "www", "value": written}]
    with_channel = listing({"contacts": contacts, "channels": [channel(registrationUrl=written)]})
    (place,) = with_channel.channels
    assert (place.links, [text_in(each, "fi") for each in place.unlinked]) == ((), [written, written])
    assert with_channel.enrolment is not None
    assert with_channel.enrolment.url is None
    provider = listing({"contacts": contacts}).provider
    assert [text_in(each, "fi") for each in provider.unlinked] == [written]


def test_email_in_the_field_for_web_addresses_is_an_email_and_the_other_way_round() -> None:
    contacts = [{"type": "www", "value": "info@esim.example"}, {"type": "email", "value": "www.esim.example"}]
    provider = listing({"contacts": contacts}).provider
    assert ([each.address for each in provider.emails], [each.url for each in provider.links]) == (
        ["info@esim.example"],
        ["https://www.esim.example"],
    )


# One activity reaches a reader twice: from Lähellä, and copied into PTV by machine when the NGO has a Y-tunnus.

CHAIR_GROUP: dict[str, Any] = {
    "type": "support",
    "translations": {"fi": {"name": "Toimintakykyä tukeva tuoliryhmä", "summary": "<p>Jumppaa istuen.</p>"}},
    "region": ["city/FI/Hämeenlinna"],
}


@pytest.mark.parametrize("number", ["2345678-0", None])
def test_chair_group_tells_its_organisation_with_or_without_business_id(number: str | None) -> None:
    provider = listing(CHAIR_GROUP, Organization("7199", "Hämeen Tuoliryhmät", number)).provider
    assert (provider.organization_id, provider.business_id, provider.type) == ("lahella:7199", number, "ngo")


@pytest.mark.postgres
async def test_chair_group_whose_time_changes_is_one_new_version_and_its_expiry_a_removal_that_says_so(
    reader: Reader,
) -> None:
    def meeting(begins: str, ends: str) -> dict[str, Any]:
        return wire(
            "1", traits={**CHAIR_GROUP, "channels": [channel(events=[weekly("2026-01-12 00:00", 2, begins, ends)])]}
        )

    await reader.put(meeting("10:00", "11:00"))
    await reader.run()
    await reader.events()
    await reader.put(meeting("12:00", "13:00"))
    await reader.run()
    _, listings, _ = await reader.told()
    assert list(listings) == ["lahella:1"]
    assert listings["lahella:1"].sessions[0].start == moment("2026-03-17 12:00")
    await reader.put({**meeting("12:00", "13:00"), "tags": {"visibility": {"end": ms("2026-03-19 00:00")}}})
    await reader.run()
    await reader.events()
    assert (await reader.pass_time("2026-03-19 00:00")).removed == ("1",)
    assert b'"reason":"expired"' in (await reader.events())[0][2]  # type: ignore[operator]


# Tags were removed without a space, entities hid words, `&nbsp;` and `<b>` were shown as text.


def test_words_around_tags_stay_apart_entities_are_signs_and_nothing_of_the_markup_is_seen() -> None:
    text = "Ohjaaja<br/>paikalla<li>tiistaisin</li>t&auml;m&auml; on maksuton&nbsp;ryhm&auml;"
    found = text_in(listing({"translations": {"fi": {"name": text, "description": text}}}).description, "fi")
    assert found is not None
    assert found.replace("•", " ").split() == [
        *["Ohjaaja", "paikalla", "tiistaisin", "tämä", "on", "maksuton", "ryhmä"]
    ]


def test_literal_sentence_with_signs_of_markup_is_unharmed_and_links_keep_their_address() -> None:
    texts = {"name": "5 < 6 & 7", "summary": '<p>5 < 6 & 7, <a href="https://esim.example">Ilmoittaudu</a>tästä</p>'}
    described = listing({"translations": {"fi": texts}})
    assert text_in(described.name, "fi") == "5 < 6 & 7"
    assert text_in(described.summary, "fi") == "5 < 6 & 7, Ilmoittaudu (https://esim.example) tästä"


# A Y-tunnus in many spellings: two spellings never make two organisations, and what has no valid check digit is none.


@pytest.mark.parametrize("written", ["1000008-0", "1000008-1", "1000008-10", "0000000-0"])
def test_impossible_business_id_is_none(written: str) -> None:
    assert listing({}, Organization("1", "Ry", written)).provider.business_id is None


@pytest.mark.parametrize("written", ["1234567-1", "12345671", "FI12345671", " 1234567\u20131"])
def test_spellings_of_one_business_id_are_one_whether_the_source_or_the_operator_gives_them(
    written: str, tmp_path: Any
) -> None:
    assert listing({}, Organization("1", "Ry", written)).provider.business_id == "1234567-1"
    file = tmp_path / "ids.csv"
    file.write_text(f'1,"{written}"\n')
    assert read_business_ids(file) == {"1": "1234567-1"}


def test_six_digits_of_an_old_business_id_are_padded_and_then_checked() -> None:
    assert listing({}, Organization("1", "Ry", "234567-8")).provider.business_id == "0234567-8"
    assert listing({}, Organization("1", "Ry", "234567-9")).provider.business_id is None


def test_operators_list_with_a_wrong_number_is_refused_in_one_sentence_with_its_line(tmp_path: Any) -> None:
    file = tmp_path / "ids.csv"
    file.write_text("1,1234567-1\n2,1000008-10\n")
    with pytest.raises(StartError) as caught:
        read_business_ids(file)
    assert str(caught.value) == f"{file}, line 2: expected `group id,Y-tunnus` with a valid Y-tunnus"


# Municipalities merge, codes lose their zeros, and a postal code was taken from "82300 Rääkkylä".


@pytest.mark.parametrize(
    ("region", "day", "code"),
    [
        ("city/FI/Honkajoki", date(2026, 3, 18), "214"),
        ("city/FI/Honkajoki", date(2020, 12, 31), "099"),
        ("city/FI/Honkajoki", date(2021, 1, 1), "214"),
        ("city/FI/Valtimo", date(2026, 3, 18), "541"),
        ("city/FI/forssa ", date(2026, 3, 18), "061"),
    ],
)
def test_merged_municipality_is_found_by_its_old_name_and_shown_as_the_new_one(
    region: str, day: date, code: str
) -> None:
    assert REGIONS.at(day).areas([region]) == (MunicipalityArea(code=code),)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("82300 Rääkkylä", "82300"),
        ("Oulu 90670", "90670"),
        ("FI-13100", "13100"),
        ("13100", "13100"),
        ("1234", None),
        ("123456", None),
        ("13100 tai 13200", None),
    ],
)
def test_postal_code_is_cleaned_or_left_out(written: str, code: str | None) -> None:
    address = {"street": "Kylätie 5", "postalCode": written, "city": "Loppi", "country": "Suomi"}
    (place,) = listing({"channels": [channel(translations={"fi": {"address": address}})]}).channels
    assert isinstance(place, PlaceChannel)
    assert place.address is not None
    assert (place.address.postal_code, place.address.municipality, place.address.country) == (code, "433", "FI")


@pytest.mark.parametrize("coordinates", [["", ""], [], [0, 0], [None, 60.9], [24.4], [200.0, 60.9], "n/a"])
def test_coordinates_that_are_none_make_no_point_and_no_fault(coordinates: Any) -> None:
    (place,) = listing({"channels": [channel(map={"center": {"coordinates": coordinates}})]}).channels
    assert isinstance(place, PlaceChannel)
    assert place.point is None
