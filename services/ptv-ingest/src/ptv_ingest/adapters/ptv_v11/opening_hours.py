"""v11's flat blocks of opening hours as v12's typed ones."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from ptv_ingest.adapters.ptv_v11.words import Wire, rows, texts, word

_HELSINKI = ZoneInfo("Europe/Helsinki")
_WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_HOURS_AND_MINUTES = re.compile(r"[0-9]{1,2}[:.][0-9]{2}")
_AROUND_THE_CLOCK = {"start": "00:00", "end": "24:00"}


def service_hours(given: Any) -> Wire:
    """A block of a kind that nobody knows passes on its type, to be counted as left out."""
    return {"hours": [made for block in rows(given) for made in _blocks(block)], "holidayServiceHours": None}


def _blocks(block: Wire) -> Iterator[Wire]:
    common = {"additionalInformation": texts(block.get("additionalInformation")), **_dates(block)}
    match block.get("serviceHourType"):
        case "Exceptional" | "Exception":
            yield _exceptional(block, common)
        case "DaysOfTheWeek" | "Standard":
            yield from _weekly(block, common)
        case "OverMidnight" | "Special":
            yield from _stretches(block, common)
        case kind:
            yield {"type": f"v11 {kind}", **common}


def _exceptional(block: Wire, common: Wire) -> Wire:
    """No hours means closed; a deviation of one day may lack its last."""
    last = common["toDate"] or common["fromDate"]
    hours = {} if block.get("isClosed") else _deviation(block, _days_between(common["fromDate"], last))
    return {"type": "ExceptionalDateRangeServiceHour", **common, "toDate": last, "weeklyHours": hours}


def _deviation(block: Wire, days: tuple[str, ...]) -> Wire:
    """Hours that name no weekday hold for all of the days."""
    if block.get("isAlwaysOpen"):
        return {day: {"hours": [_AROUND_THE_CLOCK | {"openingStatus": _status(block)}]} for day in days}
    return _week(block, days)


def _weekly(block: Wire, common: Wire) -> Iterator[Wire]:
    """Versions before `isAlwaysOpen` told "round the clock" by naming no hours; others may do so with a text alone."""
    silent = not rows(block.get("openingHour"))
    closed = bool(block.get("isClosed"))
    if closed and common["fromDate"]:
        yield _exceptional(block, common)
    elif not closed and (block.get("isAlwaysOpen") or (silent and block.get("isAlwaysOpen") is None)):
        yield {"type": "ContinuousAlwaysValidServiceHour", "openingStatus": _status(block), **common}
    elif closed or not silent or common["additionalInformation"]:
        ranged = bool(common["fromDate"] or common["toDate"])
        kind = "WeeklyDateRangeServiceHour" if ranged else "WeeklyUntilFurtherNoticeServiceHour"
        yield {"type": kind, **common, "weeklyHours": {} if closed else _week(block)}


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


def _week(block: Wire, default_days: tuple[str, ...] = ()) -> Wire:
    week: dict[str, Wire] = {}
    for one in rows(block.get("openingHour")):
        interval = {"start": _time(one.get("from")), "end": _time(one.get("to")), "openingStatus": _status(block)}
        for day in _days(one) or default_days or ("",):
            week.setdefault(day, {"hours": []})["hours"].append(interval)
    return week


def _days(one: Wire) -> tuple[str, ...]:
    """From a day to a day, which are mostly the same; a deviation may name none."""
    first, last = (str(one.get(name) or "").lower() for name in ("dayFrom", "dayTo"))
    if first in _WEEK and last in _WEEK and _WEEK.index(last) > _WEEK.index(first):
        return _WEEK[_WEEK.index(first) : _WEEK.index(last) + 1]
    return (first,) if first else ()


def _days_between(first: str | None, last: str | None) -> tuple[str, ...]:
    """Weekdays that two inclusive dates hold; none where they are no dates."""
    try:
        start, end = date.fromisoformat(first or ""), date.fromisoformat(last or "")
    except ValueError:
        return ()
    many = min(max((end - start).days + 1, 0), len(_WEEK))
    return tuple(_WEEK[(start.weekday() + further) % len(_WEEK)] for further in range(many))


def _status(block: Wire) -> str:
    return "OpenOnReservation" if block.get("isReservation") else "Open"


def _time(written: Any) -> str:
    """Hours and minutes: seconds and their fractions say nothing."""
    match = _HOURS_AND_MINUTES.match(word(written))
    return match[0] if match else word(written)


def _dates(block: Wire) -> Wire:
    return {"fromDate": _date(block.get("validFrom")), "toDate": _date(block.get("validTo"))}


def _date(written: Any) -> str | None:
    """A date of Finland's calendar; a time with a zone is turned to it first."""
    if not isinstance(written, str) or not written:
        return None
    try:
        moment = datetime.fromisoformat(written)
        local = moment.astimezone(_HELSINKI) if moment.tzinfo else moment
    except OverflowError:  # "no end", written as the end of time
        return None
    except ValueError:
        return written
    return local.date().isoformat()
