"""What made others' importers fall over, in both shapes of PTV: nothing is lost but the part that cannot be read."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from event_schemas.channel import PlaceChannel, PrintableFormChannel
from event_schemas.hours import ExceptionHours, WeeklyHours
from ptv_ingest.adapters.ptv_v11.source import PtvV11, _sighting
from ptv_ingest.adapters.ptv_v12.source import PtvV12
from ptv_ingest.app.ports import PtvSource
from ptv_ingest.domain.objects import Kind, Service, ServiceChannel, SourceObject

ID = "11111111-1111-4111-8111-111111111111"
OWNER = "22222222-2222-4222-8222-222222222222"


def read(source: type[PtvSource], kind: Kind, row: dict[str, Any]) -> tuple[Any, Counter[str]]:
    left_out: Counter[str] = Counter()
    found: SourceObject = source.read(kind, row, left_out)
    return (found.channel if isinstance(found, ServiceChannel) else found), +left_out


def texts(**by_language: str | None) -> list[dict[str, Any]]:
    return [{"language": language, "value": value} for language, value in by_language.items()]


def v11_service(**more: Any) -> dict[str, Any]:
    names = [{"language": "fi", "value": "Neuvonta", "type": "Name"}]
    owner = {"organization": {"id": OWNER, "name": "Kunta"}, "roleType": "Responsible"}
    return {"id": ID, "type": "Service", "serviceNames": names, "organizations": [owner], **more}


def v11_channel(kind: str, **more: Any) -> dict[str, Any]:
    names = [{"language": "fi", "value": "Piste", "type": "Name"}]
    return {"id": ID, "serviceChannelType": kind, "serviceChannelNames": names, **more}


def v12_channel(kind: str, block: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    return {
        "contentId": ID,
        "serviceChannelType": kind,
        "languageVersions": {"fi": {"name": "Piste", **(block or {})}},
        **more,
    }


def v11_street(**more: Any) -> dict[str, Any]:
    street = {"street": texts(fi="Katu"), "streetNumber": "1", "postalCode": "13100", **more}
    return {"type": "Location", "subType": "Single", "streetAddress": street}


class TestNullsAndNovelties:
    """A1."""

    def test_service_whose_channel_list_is_null_has_no_connections(self) -> None:
        found, left_out = read(PtvV11, Kind.SERVICE, v11_service(serviceChannels=None, futureThing={"x": 1}))
        assert isinstance(found, Service)
        assert left_out == {}

    def test_form_address_whose_recipients_are_all_null_stays_without_recipient(self) -> None:
        street = {"street": texts(fi="Katu"), "streetNumber": "1", "postalCode": "13100"}
        by_v11 = {"subType": "Street", "streetAddress": street, "receiver": texts(fi=None, sv=None)}
        by_v12 = {
            "deliveryAddressType": "StreetAddress",
            "streetName": {"fi": "Katu"},
            "addressDetail": "1",
            "postalCode": "13100",
            "recipient": {"fi": None, "sv": None},
        }
        forms: list[tuple[type[PtvSource], dict[str, Any]]] = [
            (PtvV11, v11_channel("PrintableForm", deliveryAddresses=[by_v11])),
            (PtvV12, v12_channel("PrintableForm", deliveryAddresses=[by_v12])),
        ]
        for source, row in forms:
            form, left_out = read(source, Kind.CHANNEL, row)
            assert isinstance(form, PrintableFormChannel)
            (address,) = form.delivery_addresses
            assert (address.street["fi"].text, address.postal_code, address.note, left_out) == (
                "Katu 1",
                "13100",
                {},
                {},
            )

    @pytest.mark.parametrize(
        ("latitude", "longitude"), [("", "n/a"), (None, None), ("0", "0"), ("6,7", "3"), ("6764985", None)]
    )
    def test_v11_place_without_usable_coordinates_has_no_point(self, latitude: Any, longitude: Any) -> None:
        address = v11_street(latitude=latitude, longitude=longitude, coordinateState="Ok")
        place, _ = read(PtvV11, Kind.CHANNEL, v11_channel("ServiceLocation", addresses=[address]))
        assert isinstance(place, PlaceChannel)
        assert place.address is not None
        assert place.point is None

    def test_coordinates_that_were_not_found_are_no_point_even_if_there_are_some(self) -> None:
        address = v11_street(latitude="6764985", longitude="362860", coordinateState="MultipleResultsReceived")
        place, _ = read(PtvV11, Kind.CHANNEL, v11_channel("ServiceLocation", addresses=[address]))
        assert place.point is None

    def test_v12_place_with_only_an_unknown_system_has_no_point(self) -> None:
        street = {"streetName": {"fi": "Katu"}, "coordinates": [{"system": "Unknown"}]}
        place, _ = read(PtvV12, Kind.CHANNEL, v12_channel("ServiceLocation", location={"streetAddresses": [street]}))
        assert place.point is None

    def test_phone_with_a_null_prefix_is_shown_as_dialled(self) -> None:
        phone = {"prefixNumber": None, "number": "0800 12 345", "language": "fi", "isFinnishServiceNumber": True}
        found, _ = read(PtvV11, Kind.CHANNEL, v11_channel("Phone", phoneNumbers=[phone]))
        assert [one.number for one in found.phones] == ["0800 12 345"]

    def test_address_of_an_unknown_kind_is_left_out_and_counted_and_the_rest_stays(self) -> None:
        drone = {"type": "Location", "subType": "Drone", "droneAddress": {"x": 1}}
        place, left_out = read(PtvV11, Kind.CHANNEL, v11_channel("ServiceLocation", addresses=[drone, v11_street()]))
        assert place.address.street["fi"].text == "Katu 1"
        assert (place.further_places, left_out) == ((), {"unknown-address": 1})

    def test_hours_of_an_unknown_kind_are_left_out_and_counted(self) -> None:
        rows: list[tuple[type[PtvSource], dict[str, Any]]] = [
            (PtvV11, v11_channel("Phone", serviceHours=[{"serviceHourType": "Lunar", "openingHour": []}])),
            (PtvV12, v12_channel("TelephoneService", serviceHours={"hours": [{"type": "LunarServiceHour"}]})),
        ]
        for source, row in rows:
            found, left_out = read(source, Kind.CHANNEL, row)
            assert (found.hours, left_out) == ((), {"unknown-hours": 1})


def block(day: str, opens: str, closes: str, **more: Any) -> dict[str, Any]:
    hours = [{"dayFrom": day, "dayTo": "", "from": f"{opens}:00", "to": f"{closes}:00"}]
    return {"serviceHourType": "DaysOfTheWeek", "isAlwaysOpen": False, "openingHour": hours, **more}


CLOSED: dict[str, Any] = {
    "serviceHourType": "Exceptional",
    "validFrom": "2026-12-06T00:00:00",
    "validTo": None,
    "isClosed": True,
    "openingHour": [],
}
TORN = [
    block("Monday", "08:00", "12:00"),
    CLOSED,
    block("Tuesday", "08:00", "12:00"),
    block("Monday", "13:00", "16:00"),
]


class TestTornWeeks:
    """A4."""

    def test_blocks_of_one_kind_with_others_between_are_one_week(self) -> None:
        found, _ = read(PtvV11, Kind.CHANNEL, v11_channel("Phone", serviceHours=TORN))
        week, exception = found.hours
        assert isinstance(week, WeeklyHours)
        assert [(one.day, one.opens, one.closes) for one in week.intervals] == [
            ("monday", "08:00", "12:00"),
            ("monday", "13:00", "16:00"),
            ("tuesday", "08:00", "12:00"),
        ]
        assert isinstance(exception, ExceptionHours)
        assert (str(exception.valid_from), str(exception.valid_to), exception.intervals) == (
            "2026-12-06",
            "2026-12-06",
            (),
        )

    def test_other_order_of_the_blocks_is_the_same_object_and_the_same_digest(self) -> None:
        one, other = (v11_channel("Phone", serviceHours=hours) for hours in (TORN, TORN[::-1]))
        assert read(PtvV11, Kind.CHANNEL, one) == read(PtvV11, Kind.CHANNEL, other)
        assert _sighting(Kind.CHANNEL, one).digest == _sighting(Kind.CHANNEL, other).digest

    def test_two_undated_blocks_with_different_texts_both_stay(self) -> None:
        hours = [
            block("Monday", "08:00", "12:00", additionalInformation=texts(fi="Neuvonta")),
            block("Monday", "08:00", "12:00", additionalInformation=texts(fi="Kassa")),
        ]
        found, _ = read(PtvV11, Kind.CHANNEL, v11_channel("Phone", serviceHours=hours))
        assert {week.note["fi"].text for week in found.hours} == {"Neuvonta", "Kassa"}


LINKS = [
    ("hhttps://esim.example", "https://esim.example"),
    ("http//esim.example", "http://esim.example"),
    ("https:/esim.example", "https://esim.example"),
    ("www. esim.example", "https://www.esim.example"),
    ("www,esim.example", "https://www.esim.example"),
    ("https://esim.example/a?x=1,2#b ", "https://esim.example/a?x=1,2#b"),
]


class TestAddressesOfPeople:
    """A6."""

    @pytest.mark.parametrize(("written", "working"), LINKS)
    def test_slips_in_web_addresses_are_repaired(self, written: str, working: str) -> None:
        page = [{"url": written, "value": "Sivu", "language": "fi"}]
        for source, row in (
            (PtvV11, v11_channel("WebPage", webPages=page)),
            (PtvV12, v12_channel("WebPage", {"webAddress": {"name": "Sivu", "url": written}})),
        ):
            found, _ = read(source, Kind.CHANNEL, row)
            assert [link.url for link in found.addresses] == [working]
            assert found.unlinked == ()

    @pytest.mark.parametrize("written", ["javascript:alert(1)", "kysy toimistosta", "JavaScript:alert(1)//https://x"])
    def test_what_makes_no_link_is_shown_as_text_and_counted(self, written: str) -> None:
        row = v12_channel("WebPage", {"webAddress": {"name": None, "url": written}})
        found, left_out = read(PtvV12, Kind.CHANNEL, row)
        assert found.addresses == ()
        assert [one["fi"].text for one in found.unlinked] == [written]
        assert left_out == {"unreadable-link": 1}

    @pytest.mark.parametrize(
        ("written", "address"),
        [
            ("Liikunta.Neuvonta@Kunta.example", "Liikunta.Neuvonta@Kunta.example"),
            ("sähkö@itäsali.example", "sähkö@itäsali.example"),
            ("info@kunta.example ", "info@kunta.example"),
        ],
    )
    def test_capitals_umlauts_and_spaces_in_e_mail_addresses_are_usable(self, written: str, address: str) -> None:
        found, left_out = read(PtvV11, Kind.CHANNEL, v11_channel("Phone", supportEmails=texts(fi=written)))
        assert [email.address for email in found.emails] == [address]
        assert left_out == {}


@pytest.mark.parametrize("code", ["61", 61, "061", 61.0])
def test_forssa_is_one_however_its_code_is_written(code: Any) -> None:
    """G4."""
    area = {"areaType": "LimitedArea", "municipalities": [code]}
    by_v12 = {"contentId": ID, "languageVersions": {"fi": {"name": "N"}}, "organizationContentId": OWNER, "area": area}
    by_v11 = v11_service(areaType="LimitedType", areas=[{"type": "Municipality", "municipalities": [{"code": code}]}])
    for source, row in ((PtvV12, by_v12), (PtvV11, by_v11)):
        found, _ = read(source, Kind.SERVICE, row)
        assert [one.code for one in found.areas] == ["061"]
        assert source.outline(Kind.SERVICE, row).areas == ("municipality:061",)


@pytest.mark.parametrize("written", ["1234567-1", "12345671", "FI12345671", " 1234567–1"])
def test_business_id_is_one_however_it_is_written(written: str) -> None:
    """G3."""
    row = {
        "id": ID,
        "businessCode": written,
        "organizationNames": [{"language": "fi", "value": "Yhdistys", "type": "Name"}],
    }
    found, _ = read(PtvV11, Kind.ORGANIZATION, row)
    assert found.provider.business_id == "1234567-1"
