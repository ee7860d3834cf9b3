"""Authored opening rules to PTV service hours."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from devstack.simulators.ptv.authoring import HolidaySheet, HoursSheet

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SHORT = {day[:3]: position for position, day in enumerate(DAYS)}
_STRETCH = re.compile(r"(?P<from_day>\w+) (?P<from>\d\d:\d\d) - (?P<to_day>\w+) (?P<to>\d\d:\d\d)")


def service_hours(rules: Sequence[HoursSheet], holidays: HolidaySheet | None) -> dict[str, Any]:
    """The `serviceHours` block; no rules and no holidays is the block that says "no own hours"."""
    return {
        "hours": [_entry(rule) for rule in rules],
        "holidayServiceHours": None if holidays is None else _holidays(holidays),
    }


def _entry(rule: HoursSheet) -> dict[str, Any]:
    common = {"heading": rule.heading, "additionalInformation": rule.note}
    if rule.week is not None:
        return common | _week(rule)
    if rule.exception is not None:
        return common | _dates(rule) | _typed("ExceptionalDateRange", weeklyHours=_weekly(rule.exception))
    if rule.stretch is not None:
        return common | _stretch(rule)
    return common | _typed("ContinuousAlwaysValid", openingStatus="Open")


def _typed(name: str, **fields: Any) -> dict[str, Any]:
    return {"type": f"{name}ServiceHour", **fields}


def _dates(rule: HoursSheet) -> dict[str, Any]:
    if rule.start is None or rule.end is None:
        raise ValueError("an opening rule for a period needs both start and end")
    return {"fromDate": rule.start.isoformat(), "toDate": rule.end.isoformat()}


def _week(rule: HoursSheet) -> dict[str, Any]:
    weekly = _weekly(rule.week or {})
    if rule.start is None:
        return _typed("WeeklyUntilFurtherNotice", weeklyHours=weekly)
    return _typed("WeeklyDateRange", weeklyHours=weekly) | _dates(rule)


def _stretch(rule: HoursSheet) -> dict[str, Any]:
    found = _STRETCH.fullmatch(rule.stretch or "")
    if found is None:
        raise ValueError(f"a stretch is written 'Thursday 18:00 - Monday 07:00', not {rule.stretch!r}")
    limits = {
        "openingStatus": "Open",
        "fromDay": found["from_day"],
        "toDay": found["to_day"],
        "fromTime": found["from"],
        "toTime": found["to"],
    }
    if rule.start is None:
        return _typed("ContinuousWeekdaysUntilFurtherNotice", **limits)
    return _typed("ContinuousDateRange", **limits) | _dates(rule)


def _weekly(week: dict[str, str]) -> dict[str, Any]:
    return {day: {"hours": _intervals(times)} for days, times in week.items() for day in _expand_days(days)}


def _expand_days(days: str) -> list[str]:
    expanded: list[str] = []
    for part in days.split(","):
        first, _, last = part.strip().partition("-")
        expanded += DAYS[_SHORT[first] : _SHORT[last or first] + 1]
    return expanded


def _intervals(times: str) -> list[dict[str, Any]]:
    return [{**_interval(part.split()), "repetition": _repetition(part)} for part in times.split(",")]


def _interval(words: list[str]) -> dict[str, Any]:
    if words[0] == "closed":
        return {"start": "00:00", "end": "23:59", "openingStatus": "Closed", "additionalInformation": {}}
    start, _, end = words[0].partition("-")
    status = "OpenOnReservation" if "reservation" in words else "Open"
    return {"start": start, "end": end, "openingStatus": status, "additionalInformation": {}}


def _repetition(part: str) -> str:
    words = part.split()
    return "OddWeeks" if "odd" in words else "EvenWeeks" if "even" in words else "Weekly"


def _holidays(sheet: HolidaySheet) -> dict[str, Any]:
    repetition: dict[str, Any] = {"type": "RepetitionEveryYear"}
    if sheet.years:
        repetition = {"type": "RepetitionInSelectedYears", "years": sheet.years}
    days = [
        {"holidayName": name, "hours": [_interval(part.split()) for part in times.split(",")]}
        for name, times in sheet.days.items()
    ]
    return {"repetition": repetition, "holidays": days}
