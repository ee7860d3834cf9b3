"""On which days an event takes place. Dates are those of the event's own zone, never of UTC."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from lahella_ingest.domain.activity import Event

_WEEKS = re.compile(r"P(\d)W")


def local_date(moment: datetime, zone: ZoneInfo) -> date:
    """The source writes days as midnight of some machine's zone, so only the date in the event's zone is meant."""
    return moment.astimezone(zone).date()


def days_of(event: Event, first: date, last: date) -> Iterator[date]:
    """Days of a repeated event from `first` to `last`, both inclusive."""
    begins = local_date(event.start, event.zone)
    until = event.recurrence.end if event.recurrence else None
    ends = min(last, local_date(until, event.zone)) if until else last
    excluded = {local_date(moment, event.zone) for moment in event.recurrence.exclude} if event.recurrence else set()
    day = max(first, begins)
    while day <= ends:
        if day not in excluded and occurs_on(event, begins, day):
            yield day
        day += timedelta(days=1)


def occurs_on(event: Event, begins: date, day: date) -> bool:
    """Whether the rhythm that starts on `begins` meets `day`; the days named, or else the first day's own, count."""
    period = event.recurrence.period if event.recurrence else "P1D"
    weekdays = {time.weekday for time in event.recurrence.day_times} if event.recurrence else set()
    if period == "P1M":
        return _monthly(begins, day, weekdays)
    if period == "P1D":
        return not weekdays or day.isoweekday() in weekdays
    weeks = _WEEKS.fullmatch(period)
    every = int(weeks[1]) if weeks else 1
    return (
        day.isoweekday() in (weekdays or {begins.isoweekday()})
        and (_monday(day) - _monday(begins)).days % (7 * every) == 0
    )


def _monthly(begins: date, day: date, weekdays: set[int]) -> bool:
    """Each month on the same date; with weekdays, on the same one of the month as their first after the start.

    A fifth one becomes the month's last. A month without the date is left out (RFC 5545 §3.3.10).
    """
    if not weekdays:
        return day.day == begins.day
    if day.isoweekday() not in weekdays:
        return False
    ordinal = (_first_on_or_after(begins, day.isoweekday()).day - 1) // 7
    return _is_last_in_month(day) if ordinal == 4 else (day.day - 1) // 7 == ordinal


@lru_cache(maxsize=1024)
def _first_on_or_after(begins: date, weekday: int) -> date:
    return begins + timedelta(days=(weekday - begins.isoweekday()) % 7)


def _is_last_in_month(day: date) -> bool:
    return (day + timedelta(days=7)).month != day.month


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
