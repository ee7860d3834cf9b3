"""Cases that a review of the mapping met."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from ptv_samples import read

from event_schemas.price import Charge, Price
from event_schemas.text import TextOrigin
from ptv_ingest.adapters.ptv_v11.source import PtvV11
from ptv_ingest.adapters.ptv_v12.source import PtvV12
from ptv_ingest.domain.listing import Parts, listing_of
from ptv_ingest.domain.objects import GeneralDescription, Kind, Organization, Service, ServiceChannel
from ptv_ingest.domain.texts import localized, plain

ID = "11111111-1111-4111-8111-111111111111"
OTHER = "22222222-2222-4222-8222-222222222222"
NAMES = [{"language": "fi", "value": "Neuvonta", "type": "Name"}]


def general(**note: str) -> GeneralDescription:
    return GeneralDescription(object_id=OTHER, price=Price(charge=Charge.FREE, note=localized(note)))


def v11_service(said: str | None) -> Service:
    told = [{"language": "fi", "value": said, "type": "ChargeTypeAdditionalInfo"}]
    row = {"id": ID, "serviceNames": NAMES, "serviceChargeType": None, "serviceDescriptions": told}
    found, _ = read(PtvV11, Kind.SERVICE, row)
    assert isinstance(found, Service)
    return found


def test_charge_that_ptv_blanked_is_the_general_descriptions_and_the_services_own_words_stay() -> None:
    price = listing_of(Parts(v11_service("Materiaalit 5 euroa"), general_description=general(fi="Yleinen"))).price
    assert price is not None
    assert (price.charge, price.note["fi"].text, price.note["fi"].origin) == (
        "free",
        "Materiaalit 5 euroa",
        TextOrigin.SOURCE,
    )


def test_words_about_the_charge_are_marked_where_they_are_the_general_descriptions() -> None:
    price = listing_of(Parts(v11_service(None), general_description=general(fi="Yleinen", sv="Allmän"))).price
    assert price is not None
    assert {language: text.origin for language, text in price.note.items()} == {"fi": TextOrigin.GENERAL_DESCRIPTION}


@pytest.mark.parametrize("written", ["61.0", "61", 61, 61.0])
def test_glance_and_reading_agree_on_a_municipality(written: Any) -> None:
    area = {"areaType": "LimitedArea", "municipalities": [written]}
    row = {"contentId": ID, "area": area, "languageVersions": {"fi": {"name": "N"}}}
    found, _ = read(PtvV12, Kind.SERVICE, row)
    assert isinstance(found, Service)
    assert [one.code for one in found.areas] == ["061"]  # type: ignore[union-attr]
    assert PtvV12.outline(Kind.SERVICE, row).areas == ("municipality:061",)


@pytest.mark.parametrize("number", ["0800 12345", "116 117"])
def test_finnish_service_number_is_dialled_without_a_country_code(number: str) -> None:
    phone = {"type": "InternationalPhone", "dialCode": "+358", "number": number}
    block = {"name": "N", "phoneNumbers": [phone]}
    row = {"contentId": ID, "serviceChannelType": "TelephoneService", "languageVersions": {"fi": block}}
    found, _ = read(PtvV12, Kind.CHANNEL, row)
    assert isinstance(found, ServiceChannel)
    assert [one.number for one in found.channel.phones] == [number]


@pytest.mark.parametrize(("broken", "counted"), [("", 0), ("nobody", 1)])
def test_producer_whose_id_cannot_be_read_does_not_take_the_service_along(broken: str, counted: int) -> None:
    producers = {"selfProducedProducers": {"organizations": [broken, OTHER]}}
    row = {"contentId": ID, "producers": producers, "languageVersions": {"fi": {"name": "N"}}}
    found, left_out = read(PtvV12, Kind.SERVICE, row)
    assert isinstance(found, Service)
    assert (found.producer_ids, left_out) == (
        (OTHER,),
        Counter({"unreadable-organization-id": counted} if counted else {}),
    )


def test_business_id_sent_as_a_number_is_the_same() -> None:
    row = {"id": ID, "businessCode": 12345671, "organizationNames": NAMES}
    found, _ = read(PtvV11, Kind.ORGANIZATION, row)
    assert isinstance(found, Organization)
    assert found.provider.business_id == "1234567-1"


@pytest.mark.parametrize("written", ["info@kunta.example.", "<info@kunta.example>", "info@kunta.example;"])
def test_signs_around_an_e_mail_address_are_not_its_own(written: str) -> None:
    block = {"name": "N", "supportEmails": [{"email": written}]}
    row = {"contentId": ID, "serviceChannelType": "TelephoneService", "languageVersions": {"fi": block}}
    found, _ = read(PtvV12, Kind.CHANNEL, row)
    assert isinstance(found, ServiceChannel)
    assert [one.address for one in found.channel.emails] == ["info@kunta.example"]


def test_e_mail_address_in_a_text_stands_there_once() -> None:
    assert plain("Kysy <a@kunta.example>") == "Kysy a@kunta.example"


HOURS = [
    {"type": "WeeklyUntilFurtherNoticeServiceHour", "weeklyHours": {day: {"hours": [{"start": start, "end": end}]}}}
    for day, start, end in (
        ("monday", "08:00", "12:00"),
        ("tuesday", "08:00", "12:00"),
        ("monday", "13:00", "16:00"),
    )
]
CLOSED = {"type": "ExceptionalDateRangeServiceHour", "fromDate": "2026-12-06", "toDate": "2026-12-06"}


@pytest.mark.parametrize("order", [(0, 3, 1, 2), (2, 1, 3, 0)])
def test_torn_week_of_v12_is_one_week_in_any_order(order: tuple[int, ...]) -> None:
    blocks = [*HOURS, CLOSED]
    hours = {"hours": [blocks[index] for index in order], "holidayServiceHours": None}
    row = {
        "contentId": ID,
        "serviceChannelType": "TelephoneService",
        "serviceHours": hours,
        "languageVersions": {"fi": {"name": "N"}},
    }
    found, _ = read(PtvV12, Kind.CHANNEL, row)
    assert isinstance(found, ServiceChannel)
    week, closed = found.channel.hours
    assert [(one.day, one.opens) for one in week.intervals] == [  # type: ignore[union-attr]
        ("monday", "08:00"),
        ("monday", "13:00"),
        ("tuesday", "08:00"),
    ]
    assert (closed.kind, closed.intervals) == ("exception", ())  # type: ignore[union-attr]
