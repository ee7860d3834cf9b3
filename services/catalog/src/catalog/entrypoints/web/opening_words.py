"""Opening hours in words, a line per interval."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from babel.dates import format_date, get_day_names

from catalog.entrypoints.web.translations import Wording
from event_schemas.channel import Channel
from event_schemas.hours import ContinuousHours, ExceptionHours, OpeningStatus, WeeklyHours, WeeklyInterval

_WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def hours(channel: Channel, wording: Wording) -> list[str]:
    """The ordinary week with the time it is valid for, then what deviates from it."""
    weekly = [one for one in channel.hours if isinstance(one, WeeklyHours)]
    lines = [line for one in weekly for line in _weekly(one, wording)]
    lines += [
        wording.text("Open around the clock")
        for one in channel.hours
        if isinstance(one, ContinuousHours) and one.from_day is None
    ]
    exceptions = sorted(
        (one for one in channel.hours if isinstance(one, ExceptionHours)),
        key=lambda one: (one.valid_from, one.valid_to),
    )
    return lines + [line for one in exceptions for line in _exception(one, wording)]


def _weekly(week: WeeklyHours, wording: Wording) -> Iterator[str]:
    valid = _period(week.valid_from, week.valid_to, wording.language)
    for interval in week.intervals:
        yield f"{_weekly_interval(interval, wording)}{f' ({valid})' if valid else ''}"


def _exception(deviation: ExceptionHours, wording: Wording) -> Iterator[str]:
    days = _period(deviation.valid_from, deviation.valid_to, wording.language)
    if not deviation.intervals:
        yield f"{days}: " + wording.text("closed")
    for interval in deviation.intervals:
        yield f"{days}: {_weekly_interval(interval, wording)}"


def _weekly_interval(interval: WeeklyInterval, wording: Wording) -> str:
    day = str(get_day_names("wide", context="stand-alone", locale=wording.language)[_WEEK.index(interval.day)])
    told = f"{day} {interval.opens}–{interval.closes}"
    if interval.status is OpeningStatus.CLOSED:
        return f"{told} " + wording.text("closed")
    if interval.status is OpeningStatus.ON_RESERVATION:
        return f"{told} " + wording.text("by appointment")
    return told


def _period(begins: date | None, ends: date | None, language: str) -> str:
    first, last = (format_date(day, "d.M.yyyy", locale=language) if day else "" for day in (begins, ends))
    return first if first == last else f"{first}–{last}"
