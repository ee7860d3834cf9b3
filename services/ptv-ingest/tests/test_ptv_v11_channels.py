"""What channels of v11 and its predecessors write otherwise than v12: hours, places, contacts, connections."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import pytest
from ptv_rows import ID, OTHER, channel, named, texts, words

from event_schemas.channel import PlaceChannel, PrintableFormChannel
from event_schemas.hours import ContinuousHours, ExceptionHours, OpeningHours, WeeklyHours
from ptv_ingest.adapters.ptv_v11.source import PtvV11
from ptv_ingest.domain.objects import Connection, Kind


def hours_of(**block: Any) -> tuple[OpeningHours, ...]:
    found: tuple[OpeningHours, ...] = channel("Phone", serviceHours=[block]).hours
    return found


def opening(day: str | None = "Monday", to: str | None = "", begin: str = "08:00:00", end: str = "16:00:00") -> Any:
    return [{"dayFrom": day, "dayTo": to, "from": begin, "to": end}]


@pytest.mark.parametrize("kind", ["Exceptional", "Exception"])
def test_deviation_without_a_weekday_holds_for_each_of_its_days(kind: str) -> None:
    dates = {"validFrom": "2026-12-23T00:00:00", "validTo": "2026-12-24T00:00:00"}
    (found,) = hours_of(serviceHourType=kind, openingHour=opening("", None, "10:00:00", "12:00:00"), **dates)
    assert isinstance(found, ExceptionHours)
    assert [(one.day, one.opens) for one in found.intervals] == [("wednesday", "10:00"), ("thursday", "10:00")]


def test_deviation_open_around_the_clock_and_one_that_is_closed() -> None:
    day: dict[str, Any] = {
        "serviceHourType": "Exceptional",
        "validFrom": "2026-12-23T00:00:00",
        "validTo": None,
        "openingHour": [],
    }
    (open_all_day,) = hours_of(**day, isAlwaysOpen=True)
    (closed,) = hours_of(**day, isClosed=True, isAlwaysOpen=True)
    assert isinstance(open_all_day, ExceptionHours)
    assert isinstance(closed, ExceptionHours)
    assert [(one.day, one.opens, one.closes) for one in open_all_day.intervals] == [("wednesday", "00:00", "24:00")]
    assert closed.intervals == ()


@pytest.mark.parametrize("kind", ["OverMidnight", "Special"])
def test_hours_over_midnight_are_one_unbroken_stretch(kind: str) -> None:
    (found,) = hours_of(serviceHourType=kind, openingHour=opening("Friday", "Monday", "18:00:00", "07:00:00"))
    assert isinstance(found, ContinuousHours)
    assert (found.from_day, found.from_time, found.to_day, found.to_time) == ("friday", "18:00", "monday", "07:00")


@pytest.mark.parametrize("block", [{"isAlwaysOpen": True}, {"openingHour": []}])
def test_round_the_clock_is_told_by_a_flag_and_before_it_by_silence(block: dict[str, Any]) -> None:
    (found,) = hours_of(serviceHourType="DaysOfTheWeek", **block)
    assert isinstance(found, ContinuousHours)
    assert (found.from_day, found.status) == (None, "open")


def test_week_with_a_text_alone_keeps_the_text() -> None:
    note = texts(fi="Sopimuksen mukaan")
    (found,) = hours_of(serviceHourType="DaysOfTheWeek", isAlwaysOpen=False, openingHour=[], additionalInformation=note)
    assert (found.kind, words(found.note)) == ("weekly", {"fi": "Sopimuksen mukaan"})


def test_dates_with_a_zone_are_days_of_finlands_calendar_and_the_end_of_time_is_no_fault() -> None:
    (found,) = hours_of(
        serviceHourType="DaysOfTheWeek",
        validFrom="2026-12-31T22:00:00Z",
        validTo="9999-12-31T00:00:00",
        isReservation=True,
        openingHour=opening("Monday", "Wednesday", "8.00"),
    )
    assert isinstance(found, WeeklyHours)
    assert (found.valid_from, found.valid_to) == (date(2027, 1, 1), date(9999, 12, 31))
    assert [(one.day, one.opens, one.status) for one in found.intervals] == [
        ("monday", "08:00", "on-reservation"),
        ("tuesday", "08:00", "on-reservation"),
        ("wednesday", "08:00", "on-reservation"),
    ]
    (endless,) = hours_of(serviceHourType="DaysOfTheWeek", validTo="9999-12-31T23:59:59Z", openingHour=opening())
    assert isinstance(endless, WeeklyHours)
    assert endless.valid_to is None


def street(**more: Any) -> dict[str, Any]:
    return {"street": texts(fi="Mallikatu", sv="Modellgatan"), "streetNumber": "12 B", "postalCode": "13100", **more}


def test_address_keeps_the_municipality_and_post_office_that_v12_does_not_tell() -> None:
    located = street(municipality={"code": "61"}, postOffice=texts(fi="FORSSA"))
    place = channel("ServiceLocation", addresses=[{"type": "Location", "subType": "Single", "streetAddress": located}])
    assert place.address is not None
    assert words(place.address.street) == {"fi": "Mallikatu 12 B", "sv": "Modellgatan 12 B"}
    assert (place.address.municipality, words(place.address.post_office)) == ("061", {"fi": "FORSSA"})


def test_main_entrance_is_the_point_and_its_sentences_are_kept_line_by_line() -> None:
    sentence = {"sentence": texts(fi="Ovi avautuu käsin helposti.", en="The door opens easily.")}
    entrance = {
        "name": texts(fi="Pihan puoli"),
        "isMainEntrance": True,
        "coordinates": {"latitude": "6764995,869", "longitude": "362877.237"},
        "accessibilitySentences": [{"sentenceGroup": texts(fi="Sisäänkäynti"), "sentences": [sentence]}],
    }
    located = street(latitude="6764985.364", longitude="362860.587", coordinateState="Ok")
    place = channel(
        "ServiceLocation", addresses=[{"type": "Location", "streetAddress": located, "entrances": [entrance]}]
    )
    assert place.point is not None
    # Of the entrance; the building's longitude would be 24.4643.
    assert (place.point.latitude, place.point.longitude) == pytest.approx((60.996, 24.4646), abs=0.00001)
    assert place.accessibility is not None
    assert words(place.accessibility.note) == {
        "fi": "Pihan puoli\nSisäänkäynti\nOvi avautuu käsin helposti.",
        "en": "The door opens easily.",
    }


def test_address_of_an_unknown_kind_is_counted() -> None:
    left_out: Counter[str] = Counter()
    drone = {"type": "Location", "subType": "Drone", "droneAddress": {"x": 1}}
    place = channel("ServiceLocation", left_out, addresses=[drone, {"type": "Location", "streetAddress": street()}])
    assert isinstance(place, PlaceChannel)
    assert place.further_places == ()
    assert left_out["unknown-address"] == 1


def test_place_has_fax_apart_and_e_mails_under_either_name() -> None:
    phones = [
        {"type": "Fax", "number": "36212001", "prefixNumber": "+358", "language": "fi"},
        {"type": None, "number": "36212000", "prefixNumber": "+358", "language": "fi", "serviceChargeType": "Charged"},
        {"type": "Fax", "number": None, "language": "fi"},
    ]
    place = channel(
        "ServiceLocation", phoneNumbers=phones, emails=texts(fi="a@e.example"), supportEmails=texts(sv="b@e.example")
    )
    assert {(one.number, one.kind, one.charge) for one in place.phones} == {
        ("+35836212001", "fax", "unknown"),
        ("+35836212000", "voice", "local"),
    }
    assert {one.address for one in place.emails} == {"a@e.example", "b@e.example"}


def test_accessibility_is_read_per_language_or_flat_and_its_statement_becomes_a_link() -> None:
    stated = {
        "language": "fi",
        "accessibilityClassificationLevel": "PartiallyCompliant",
        "accessibilityStatementWebPageName": "Saavutettavuusseloste",
        "accessibilityStatementWebPage": "https://e.example/seloste",
    }
    page = channel("WebPage", accessibilityClassification=[stated])
    assert (page.accessibility, [link.url for link in page.links]) == ("partial", ["https://e.example/seloste"])
    assert channel("WebPage", accessibilityClassificationLevel="FullyCompliant").accessibility == "full"


def test_form_of_older_versions_has_one_address_and_one_receiver() -> None:
    form = channel(
        "PrintableForm",
        deliveryAddress={"subType": "Street", "streetAddress": street()},
        formReceiver=texts(fi="Kirjaamo"),
        channelUrls=[{"language": "fi", "value": "https://e.example/a.pdf", "type": "PDF"}],
    )
    assert isinstance(form, PrintableFormChannel)
    (address,) = form.delivery_addresses
    assert (words(address.street)["fi"], words(address.note)) == ("Mallikatu 12 B", {"fi": "Kirjaamo"})
    assert [(file.url, file.file_type) for file in form.files] == [("https://e.example/a.pdf", "pdf")]


def test_connection_brings_its_own_hours_contacts_address_and_charge() -> None:
    held = {
        "serviceChannel": {"id": OTHER, "name": "Piste"},
        "serviceChargeType": "Chargeable",
        "description": [*named("Description", fi="Huone 2"), *named("ChargeTypeAdditionalInfo", fi="3 euroa")],
        "serviceHours": [{"serviceHourType": "DaysOfTheWeek", "openingHour": opening("Tuesday")}],
        "contactDetails": {
            "emails": texts(fi="etsiva@e.example"),
            "phoneNumbers": [{"type": "Sms", "prefixNumber": "+358", "number": "401234567", "language": "fi"}],
            "webPages": [{"language": "fi", "value": "Sivu", "url": "www.e.example"}],
            "addresses": [{"type": "Postal", "subType": "PostOfficeBox", "postOfficeBoxAddress": BOX}],
        },
    }
    found = PtvV11.read(Kind.CONNECTION, {"serviceId": ID, "connection": held}, Counter())
    assert isinstance(found, Connection)
    assert (found.object_id, words(found.description)) == (f"{ID}/{OTHER}", {"fi": "Huone 2"})
    assert found.price is not None
    assert (found.price.charge, words(found.price.note)) == ("charged", {"fi": "3 euroa"})
    assert [(one.number, one.kind) for one in found.phones] == [("+358401234567", "sms")]
    assert ([one.address for one in found.emails], [one.url for one in found.links]) == (
        ["etsiva@e.example"],
        ["https://www.e.example"],
    )
    assert [words(one.post_box) for one in found.postal_addresses] == [{"fi": "PL 84"}]
    assert [one.kind for one in found.hours] == ["weekly"]


BOX = {"postOfficeBox": texts(fi="PL 84"), "postalCode": "13101"}
