"""Parts that several objects of the national content share: hours, phones, addresses, links."""

from __future__ import annotations

from random import Random
from typing import Any

Wire = dict[str, Any]
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")
NO_HOURS: Wire = {"hours": [], "holidayServiceHours": None}
NO_ADDRESSES: Wire = {"foreignAddresses": [], "postOfficeBoxAddresses": [], "streetAddresses": []}
_STREETS = ("Asemakatu", "Kirkkokatu", "Koulutie", "Rantatie", "Keskuskatu", "Myllypolku", "Pappilantie", "Torikatu")


def opening_hours(rng: Random) -> Wire:
    """An ordinary week; sometimes with a summer's exception and holidays."""
    opens, closes = rng.choice(("08:00", "09:00", "10:00")), rng.choice(("15:00", "16:00", "18:00", "20:00"))
    hours = [_week(opens, closes)]
    if rng.random() < 0.25:
        hours.append(_closed_in_july())
    holidays = _christmas() if rng.random() < 0.2 else None
    return {"hours": hours, "holidayServiceHours": holidays}


def _week(opens: str, closes: str) -> Wire:
    days = {day: {"hours": [_interval(opens, "11:30"), _interval("12:15", closes)]} for day in _WEEKDAYS}
    return {
        "type": "WeeklyUntilFurtherNoticeServiceHour",
        "heading": {"fi": "Avoinna", "sv": "Öppet"},
        "additionalInformation": {},
        "weeklyHours": days,
    }


def _interval(start: str, end: str) -> Wire:
    return {
        "start": start,
        "end": end,
        "openingStatus": "Open",
        "repetition": "Weekly",
        "additionalInformation": {},
    }


def _closed_in_july() -> Wire:
    return {
        "type": "ExceptionalDateRangeServiceHour",
        "heading": {"fi": "Kesätauko"},
        "additionalInformation": {},
        "fromDate": "2026-07-01",
        "toDate": "2026-07-31",
        "weeklyHours": {},
    }


def _christmas() -> Wire:
    return {
        "repetition": {"type": "RepetitionEveryYear"},
        "holidays": [
            {"holidayName": "ChristmasEve", "hours": []},
            {"holidayName": "ChristmasDay", "hours": []},
        ],
    }


def phone(rng: Random) -> Wire:
    """Numbers begin with zeros: nobody has them."""
    return {
        "type": "DomesticPhone",
        "number": f"000{rng.randrange(10_000_000):07}",
        "chargeType": rng.choice(("Free", "Charged")),
        "chargeDescription": None,
        "additionalInformation": rng.choice((None, "Ajanvaraus", "Vaihde")),
    }


def email(rng: Random) -> Wire:
    return {"email": f"palvelu{rng.randrange(100_000)}@kunta.example"}


def link(rng: Random) -> Wire:
    return {"name": "Lisätietoja verkkosivuilla", "url": f"https://kunta.example/palvelut/{rng.randrange(1_000_000)}"}


def link_with_information(rng: Random) -> Wire:
    return {**link(rng), "additionalInformation": None}


def street_address(rng: Random) -> Wire:
    street = rng.choice(_STREETS)
    return {
        "addressSource": {"source": "Posti"},
        "streetName": {"fi": street, "sv": street},
        "addressDetail": str(rng.randint(1, 99)),
        "postalCode": f"{rng.randrange(1, 999):03}00",
        "coordinates": [
            {
                "system": "EPSG:3067",
                "source": "NLS",
                "easting": rng.randint(250_000, 650_000),
                "northing": rng.randint(6_650_000, 7_500_000),
            }
        ],
        "additionalInformation": {},
    }
