"""v11's flat blocks of opening hours as v12's typed ones."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from ptv_ingest.adapters.ptv_v11.words import Wire, rows, texts

_HELSINKI = ZoneInfo("Europe/Helsinki")
_WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def service_hours(given: Any) -> Wire:
    """A block of a kind that nobody knows passes on its type, to be counted as left out."""
    return {"hours": [made for block in rows(given) for made in _blocks(block)], "holidayServiceHours": None}


def _blocks(block: Wire) -> Iterator[Wire]:
    common = {"additionalInformation": texts(block.get("additionalInformation")), **_dates(block)}
    match block.get("serviceHourType"):
        case "Exceptional" | "Exception" | "Special":
            yield _exceptional(block, common)
        case "DaysOfTheWeek" | "Standard":
            yield from _weekly(block, common)
        case "OverMidnight":
            yield from _stretches(block, common)
        case kind:
            yield {"type": f"v11 {kind}", **common}


def _exceptional(block: Wire, common: Wire) -> Wire:
    """No hours means closed; a deviation of one day may lack its last."""
    hours = {} if block.get("isClosed") else _week(block)
    return {
        "type": "ExceptionalDateRangeServiceHour",
        **common,
        "toDate": common["toDate"] or common["fromDate"],
        "weeklyHours": hours,
    }


def _weekly(block: Wire, common: Wire) -> Iterator[Wire]:
    """Versions before `isAlwaysOpen` told "round the clock" by naming no hours."""
    silent = not rows(block.get("openingHour"))
    if block.get("isClosed"):
        if common["fromDate"]:
            yield _exceptional(block, common)
    elif block.get("isAlwaysOpen") or (silent and "isAlwaysOpen" not in block):
        yield {"type": "ContinuousAlwaysValidServiceHour", "openingStatus": _status(block), **common}
    elif not silent:
        ranged = bool(common["fromDate"] or common["toDate"])
        kind = "WeeklyDateRangeServiceHour" if ranged else "WeeklyUntilFurtherNoticeServiceHour"
        yield {"type": kind, **common, "weeklyHours": _week(block)}


def _stretches(block: Wire, common: Wire) -> Iterator[Wire]:
    ranged = bool(common["fromDate"] or common["toDate"])
    kind = "ContinuousDateRangeServiceHour" if ranged else "ContinuousWeekdaysUntilFurtherNoticeServiceHour"
    for one in rows(block.get("openingHour")):
        yield {
            "type": kind,
            **common,
            "openingStatus": _status(block),
            "fromDay": one.get("dayFrom"),
            "toDay": one.get("dayTo") or one.get("dayFrom"),
            "fromTime": _time(one.get("from")),
            "toTime": _time(one.get("to")),
        }


def _week(block: Wire) -> Wire:
    week: dict[str, Wire] = {}
    for one in rows(block.get("openingHour")):
        interval = {"start": _time(one.get("from")), "end": _time(one.get("to")), "openingStatus": _status(block)}
        for day in _days(one):
            week.setdefault(day, {"hours": []})["hours"].append(interval)
    return week


def _days(one: Wire) -> tuple[str, ...]:
    """From a day to a day, which are mostly the same."""
    first, last = (str(one.get(name) or "").lower() for name in ("dayFrom", "dayTo"))
    if first in _WEEK and last in _WEEK and _WEEK.index(last) > _WEEK.index(first):
        return _WEEK[_WEEK.index(first) : _WEEK.index(last) + 1]
    return (first,)


def _status(block: Wire) -> str:
    return "OpenOnReservation" if block.get("isReservation") else "Open"


def _time(written: Any) -> str:
    return str(written or "")[:5]


def _dates(block: Wire) -> Wire:
    return {"fromDate": _date(block.get("validFrom")), "toDate": _date(block.get("validTo"))}


def _date(written: Any) -> str | None:
    """A date of Finland's calendar; a time with a zone is turned to it first."""
    if not isinstance(written, str) or not written:
        return None
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        return written
    local = moment.astimezone(_HELSINKI) if moment.tzinfo else moment
    return local.date().isoformat()
