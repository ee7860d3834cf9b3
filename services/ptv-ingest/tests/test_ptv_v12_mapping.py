"""Reading v12's objects: nulls, novelties and broken parts cost nothing but themselves."""

from __future__ import annotations

from collections import Counter
from datetime import UTC
from typing import Any

import pytest

from event_schemas.channel import PlaceChannel, PrintableFormChannel
from event_schemas.hours import ExceptionHours, HolidayHours, WeeklyHours
from event_schemas.provider import ProviderType
from ptv_ingest.adapters.ptv_v12 import wire_parts
from ptv_ingest.adapters.ptv_v12.channels import connection, service_channel
from ptv_ingest.adapters.ptv_v12.contacts import phones
from ptv_ingest.adapters.ptv_v12.opening_hours import opening_hours
from ptv_ingest.adapters.ptv_v12.places import areas, point
from ptv_ingest.adapters.ptv_v12.services import organization, service
from ptv_ingest.app.ports import RowRejected

ID = "11111111-1111-4111-8111-111111111111"
OTHER = "22222222-2222-4222-8222-222222222222"
WEEK = "WeeklyUntilFurtherNoticeServiceHour"


def a_channel(kind: str, **more: Any) -> dict[str, Any]:
    block = {"name": "Piste", **more.pop("block", {})}
    return {"contentId": ID, "serviceChannelType": kind, "languageVersions": {"fi": block}, **more}


def day(start: str, end: str, status: str = "Open") -> dict[str, Any]:
    return {"hours": [{"start": start, "end": end, "openingStatus": status, "repetition": "Weekly"}]}


def hours_of(*entries: dict[str, Any], holidays: dict[str, Any] | None = None) -> tuple[Any, ...]:
    given = wire_parts.ServiceHours.model_validate({"hours": list(entries), "holidayServiceHours": holidays})
    return opening_hours(given, Counter())


def test_unknown_fields_and_null_parts_leave_a_whole_channel() -> None:
    row = a_channel(
        "ServiceLocation",
        futureThing={"x": 1},
        area=None,
        serviceHours=None,
        serviceLanguages=None,
        location={"streetAddresses": [{"streetName": {"fi": "Katu"}, "coordinates": [{"system": "Unknown"}]}]},
        contactAddresses=None,
        block={"contactPhoneNumbers": None, "contactEmails": [{"email": None}], "summary": ""},
    )
    left_out: Counter[str] = Counter()
    found = service_channel(row, left_out).channel
    assert isinstance(found, PlaceChannel)
    assert found.address is not None
    assert (found.point, found.summary, found.phones) == (None, {}, ())
    assert left_out["unreadable-part"] == 1


@pytest.mark.parametrize(
    ("written", "hour"),
    [("2026-10-14T07:32:52.026Z", 7), ("2026-10-14T07:32:52.1234567+03:00", 4), ("14.10.2026", None)],
)
def test_time_of_publishing_is_read_with_any_fraction_or_left_open(written: str, hour: int | None) -> None:
    found = service_channel(a_channel("WebPage", publishedAt=written), Counter()).published_at
    assert (found.astimezone(UTC).hour if found else None) == hour


def test_unknown_kind_of_hours_is_counted_and_the_others_stay() -> None:
    left_out: Counter[str] = Counter()
    hours = {"hours": [{"type": "LunarServiceHour"}, {"type": WEEK, "weeklyHours": {"monday": day("08:00", "12:00")}}]}
    found = service_channel(a_channel("TelephoneService", serviceHours=hours), left_out).channel
    assert [one.kind for one in found.hours] == ["weekly"]
    assert left_out["unknown-hours"] == 1


def test_channel_of_an_unknown_type_is_rejected_by_reason() -> None:
    with pytest.raises(RowRejected, match="unknown-channel-type"):
        service_channel(a_channel("Hologram"), Counter())


def test_service_without_any_name_is_rejected_by_reason() -> None:
    row = {"contentId": ID, "organizationContentId": OTHER, "languageVersions": {"fi": {"name": " "}}}
    with pytest.raises(RowRejected, match="nameless-service"):
        service(row, Counter())


@pytest.mark.parametrize("name", ["channelContentId", "serviceChannelContentId"])
def test_connection_is_read_under_either_name_of_its_channel(name: str) -> None:
    found = connection({"serviceContentId": ID, name: OTHER}, Counter())
    assert found.object_id == f"{ID}/{OTHER}"


def test_torn_week_becomes_one_week_whatever_the_order_of_its_blocks() -> None:
    blocks = [
        {"type": WEEK, "weeklyHours": {"monday": day("08:00", "12:00")}},
        {
            "type": "ExceptionalDateRangeServiceHour",
            "fromDate": "2026-12-06",
            "toDate": "2026-12-06",
            "weeklyHours": {"sunday": day("00:00", "23:59", "Closed")},
        },
        {"type": WEEK, "weeklyHours": {"tuesday": day("08:00", "12:00")}},
        {"type": WEEK, "weeklyHours": {"monday": day("13:00", "16:00")}},
    ]
    week, exception = hours_of(*blocks)
    assert isinstance(week, WeeklyHours)
    assert [(one.day, one.opens) for one in week.intervals] == [
        ("monday", "08:00"),
        ("monday", "13:00"),
        ("tuesday", "08:00"),
    ]
    assert isinstance(exception, ExceptionHours)
    assert exception.intervals == ()
    assert hours_of(*reversed(blocks)) == (week, exception)


def test_undated_blocks_with_different_texts_both_stay() -> None:
    texts = [{"type": WEEK, "heading": {"fi": heading}} for heading in ("Talvi", "Kesä")]
    assert len(hours_of(*texts)) == 2


def test_holidays_keep_their_years_and_closed_means_no_interval() -> None:
    holidays = {
        "repetition": {"type": "RepetitionInSelectedYears", "years": [2027, 2026]},
        "holidays": [{"holidayName": "MidsummerEve", "hours": day("00:00", "23:59", "Closed")["hours"]}],
    }
    (found,) = hours_of(holidays=holidays)
    assert isinstance(found, HolidayHours)
    assert (found.holiday, found.years, found.intervals) == ("midsummer-eve", (2026, 2027), ())


@pytest.mark.parametrize(
    ("dial_code", "number", "shown"),
    [
        (None, "03 621 2000", "+35836212000"),
        ("+358", "36212000", "+35836212000"),
        ("+358", "00358 3 621 2000", "+35836212000"),
        ("+358", "(0)40 123 4567", "+358401234567"),
        (None, "040 ABC DEFG", "040 ABC DEFG"),
        (None, "0800 12 345", "0800 12 345"),
        (None, "000 0000 001", "000 0000 001"),
        (None, "vaihde", "vaihde"),
    ],
)
def test_phone_is_e164_where_it_can_be_else_as_dialled(dial_code: str | None, number: str, shown: str) -> None:
    phone = wire_parts.Phone.model_validate({"dialCode": dial_code, "number": number})
    assert [one.number for one in phones({"fi": phone}, lambda one: [one], Counter())] == [shown]


def test_number_given_in_two_languages_is_one_phone() -> None:
    blocks = {
        language: [wire_parts.Phone.model_validate({"number": "03 621 2000", "additionalInformation": note})]
        for language, note in (("fi", "Neuvonta"), ("sv", "Rådgivning"))
    }
    (found,) = phones(blocks, lambda one: one, Counter())
    assert found.languages == ("fi", "sv")
    assert {language: text.text for language, text in found.note.items()} == {"fi": "Neuvonta", "sv": "Rådgivning"}


def test_coordinates_outside_the_national_grid_are_no_point() -> None:
    coordinates = [
        wire_parts.Coordinate(system="EPSG:3067", easting=0, northing=0),
        wire_parts.Coordinate(system="Unknown", easting=362860.6, northing=6764985.4),
    ]
    assert point(coordinates) is None
    found = point([wire_parts.Coordinate(system="EPSG:3067", easting=362860.587, northing=6764985.364)])
    assert found is not None
    assert (found.latitude, found.longitude) == pytest.approx((60.996, 24.464), abs=0.001)


def test_place_that_a_map_can_show_comes_first_and_the_others_follow() -> None:
    somewhere = {"system": "EPSG:3067", "source": "NLS", "easting": 362860.587, "northing": 6764985.364}
    location = {
        "streetAddresses": [{"streetName": {"fi": "Katu"}}, {"streetName": {"fi": "Tie"}, "coordinates": [somewhere]}],
        "foreignAddresses": [{"address": {"fi": "Tallinna"}, "countryCode": "EE"}],
    }
    found = service_channel(a_channel("ServiceLocation", location=location), Counter()).channel
    assert isinstance(found, PlaceChannel)
    places = [found.address, *(one.address for one in found.further_places)]
    assert [(one.street["fi"].text, one.country) for one in places if one is not None] == [
        ("Tie", "FI"),
        ("Katu", "FI"),
        ("Tallinna", "EE"),
    ]
    assert (found.point is not None, [one.point for one in found.further_places]) == (True, [None, None])


@pytest.mark.parametrize(
    ("written", "code", "unreadable"),
    [
        ("13100", "13100", 0),
        (13100, "13100", 0),
        ("FI-13100", "13100", 0),
        ("82300 Rääkkylä", "82300", 0),
        ("Oulu 90670", "90670", 0),
        ("1234", None, 1),
        ("123456", None, 1),
        (None, None, 0),
    ],
)
def test_postal_code_is_cleaned_or_left_out_and_counted(written: Any, code: str | None, unreadable: int) -> None:
    left_out: Counter[str] = Counter()
    location = {"streetAddresses": [{"streetName": {"fi": "Katu"}, "postalCode": written}]}
    found = service_channel(a_channel("ServiceLocation", location=location), left_out).channel
    assert isinstance(found, PlaceChannel)
    assert found.address is not None
    assert (found.address.postal_code, left_out["unreadable-postal-code"]) == (code, unreadable)


def test_broken_text_or_language_costs_itself_alone() -> None:
    left_out: Counter[str] = Counter()
    blocks = {"fi": {"name": "Piste"}, "sv": 7, "string": {"name": "string"}, "en": None}
    found = service_channel({**a_channel("WebPage"), "languageVersions": blocks}, left_out).channel
    assert {language: text.text for language, text in found.name.items()} == {"fi": "Piste"}
    assert left_out["unreadable-part"] == 2


def test_web_address_of_an_organisation_that_makes_no_link_is_kept_as_text() -> None:
    block = {"name": "Kunta", "contactWebPages": [{"name": "Sivut", "url": "katso netistä"}]}
    row = {"contentId": ID, "organizationType": "Municipality", "languageVersions": {"fi": block}}
    left_out: Counter[str] = Counter()
    provider = organization(row, left_out).provider
    assert ([one["fi"].text for one in provider.unlinked], provider.links) == (["katso netistä"], ())
    assert left_out["unreadable-link"] == 1


def test_form_file_without_a_working_address_is_kept_as_text() -> None:
    files = [
        {"name": "Lomake", "url": "https://e.example/a.pdf", "type": "pdf"},
        {"name": "Toinen", "url": "L:\\\\b.doc"},
    ]
    found = service_channel(a_channel("PrintableForm", block={"formFiles": files}), Counter()).channel
    assert isinstance(found, PrintableFormChannel)
    assert [file.url for file in found.files] == ["https://e.example/a.pdf"]
    assert [one["fi"].text for one in found.unlinked] == ["L:\\\\b.doc"]


def test_three_code_lists_of_areas_stay_apart() -> None:
    given = wire_parts.Area.model_validate(
        {
            "areaType": "LimitedArea",
            "municipalities": ["109", "x"],
            "regions": ["05"],
            "wellbeingServicesCounties": None,
        }
    )
    left_out: Counter[str] = Counter()
    assert [one.model_dump() for one in areas(given, left_out)] == [
        {"kind": "municipality", "code": "109"},
        {"kind": "region", "code": "05"},
    ]
    assert left_out["unreadable-area"] == 1


@pytest.mark.parametrize(
    ("written", "number"),
    [
        *(("0000000-0", None), ("00000000", None), ("FI00000000", None), ("2345678-1", None), (None, None)),
        *(("0116297-6", "0116297-6"), ("112038-9", "0112038-9"), ("FI 2345678\u20130", "2345678-0")),
    ],
)
def test_only_a_real_business_id_counts(written: str | None, number: str | None) -> None:
    row: dict[str, Any] = {
        "contentId": ID,
        "organizationType": "Company",
        "businessId": written,
        "languageVersions": {},
    }
    assert organization(row, Counter()).provider.business_id == number


@pytest.mark.parametrize(
    ("kind", "name", "area", "expected"),
    [
        ("Municipality", "Kunta", {"areaType": "LimitedArea", "municipalities": ["109"]}, ProviderType.MUNICIPALITY),
        ("RegionalOrganization", "Alue", {"wellbeingServicesCounties": ["07"]}, ProviderType.WELLBEING_COUNTY),
        ("RegionalOrganization", "Liitto", {"regions": ["05"]}, ProviderType.OTHER),
        ("RegionalOrganization", "Keksitty hyvinvointialue", {"regions": ["05"]}, ProviderType.WELLBEING_COUNTY),
        ("Organization", "Keksityn seurakunta", {}, ProviderType.PARISH),
        ("Organization", "Keksityn seurakuntayhtymä", {}, ProviderType.PARISH),
        ("Organization", "Uppdiktade svenska församling", {}, ProviderType.PARISH),
        ("Company", "Seurakuntamatkat", {}, ProviderType.COMPANY),
        ("Organization", "Yhdistys", {}, ProviderType.NGO),
        ("Guild", "Kilta", {}, ProviderType.OTHER),
    ],
)
def test_provider_type_is_read_from_organisation_type_name_and_area(
    kind: str, name: str, area: dict[str, Any], expected: ProviderType
) -> None:
    row = {"contentId": ID, "organizationType": kind, "area": area, "languageVersions": {"fi": {"name": name}}}
    assert organization(row, Counter()).provider.type == expected
