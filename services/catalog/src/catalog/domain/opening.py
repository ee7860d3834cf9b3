"""Whether something is open at a moment, by its opening hours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from catalog.domain.holidays import holidays_on
from catalog.domain.zones import zone_named
from event_schemas.hours import (
    ContinuousHours,
    ExceptionHours,
    HolidayHours,
    Interval,
    OpeningHours,
    OpeningStatus,
    Weekday,
    WeeklyHours,
    WeeklyInterval,
    WeekParity,
)

_WEEKDAYS = tuple(Weekday)
_DAY = timedelta(days=1)
_MINUTES_OF_DAY = 24 * 60
_MINUTES_OF_WEEK = 7 * _MINUTES_OF_DAY


@dataclass(frozen=True, slots=True)
class Opening:
    """Open or not, which holds until the moment `until` at least."""

    is_open: bool
    until: datetime


@dataclass(frozen=True, slots=True)
class _Stretch:
    start: datetime
    end: datetime
    status: OpeningStatus


def opening(hours: Sequence[OpeningHours], at: datetime) -> Opening:
    """Whether the hours of one channel say open; what is by reservation only is not open to whoever comes.

    An exception replaces the ordinary hours of its dates, the hours of a holiday those of that day, an exception even
    these. An interval belongs to the day on which it begins. Clock times that the change to or from summer time skips
    or repeats are read as RFC 5545 (3.3.5) reads them.
    """
    stretches = [one for zone in {zone_named(one.zone) for one in hours} for one in _near(hours, at, zone)]
    now = {one.status for one in stretches if one.start <= at < one.end}
    bounds = (bound for one in stretches for bound in (one.start, one.end) if bound > at)
    is_open = OpeningStatus.OPEN in now and OpeningStatus.CLOSED not in now
    return Opening(is_open, min(bounds, default=at + _DAY))


def _near(hours: Sequence[OpeningHours], at: datetime, zone: ZoneInfo) -> Iterator[_Stretch]:
    """What yesterday, today and tomorrow have in store: tomorrow's first bound ends what nothing ends today."""
    today = at.astimezone(zone).date()
    given = [one for one in hours if zone_named(one.zone) is zone]
    for day in (today - _DAY, today, today + _DAY):
        yield from (_placed(one, day, zone) for one in _of_day(given, day))


def _of_day(hours: Sequence[OpeningHours], day: date) -> list[Interval]:
    exceptions = [one for one in hours if isinstance(one, ExceptionHours) and one.valid_from <= day <= one.valid_to]
    if exceptions:
        return [interval for one in exceptions for interval in _of_weekday(one.intervals, day)]
    holidays = [one for one in hours if isinstance(one, HolidayHours) and _falls_on(one, day)]
    if holidays:
        return [interval for one in holidays for interval in one.intervals]
    return [interval for one in hours for interval in _ordinary(one, day)]


def _falls_on(hours: HolidayHours, day: date) -> bool:
    return hours.holiday in holidays_on(day) and (not hours.years or day.year in hours.years)


def _of_weekday(intervals: Iterable[WeeklyInterval], day: date) -> Iterator[Interval]:
    parity = WeekParity.ODD if day.isocalendar().week % 2 else WeekParity.EVEN
    weekday = _WEEKDAYS[day.weekday()]
    return (one for one in intervals if one.day == weekday and one.week_parity in (WeekParity.EVERY, parity))


def _ordinary(hours: OpeningHours, day: date) -> Iterator[Interval]:
    if not isinstance(hours, WeeklyHours | ContinuousHours):
        return
    if not (hours.valid_from or date.min) <= day <= (hours.valid_to or date.max):
        return
    yield from _of_weekday(hours.intervals, day) if isinstance(hours, WeeklyHours) else _unbroken(hours, day)


def _unbroken(hours: ContinuousHours, day: date) -> Iterator[Interval]:
    """The part of a weekly stretch that is on one day; a stretch from and to the same moment is the whole week."""
    if hours.from_day is None or hours.to_day is None:
        yield Interval(opens="00:00", closes="24:00", status=hours.status)
        return
    begins = _minute_of_week(hours.from_day, hours.from_time or "00:00")
    lasts = (_minute_of_week(hours.to_day, hours.to_time or "24:00") - begins) % _MINUTES_OF_WEEK or _MINUTES_OF_WEEK
    midnight = day.weekday() * _MINUTES_OF_DAY
    for start in (begins - _MINUTES_OF_WEEK, begins):
        first, last = max(start, midnight), min(start + lasts, midnight + _MINUTES_OF_DAY)
        if first < last:
            yield Interval(opens=_clock(first - midnight), closes=_clock(last - midnight), status=hours.status)


def _minute_of_week(day: Weekday, clock: str) -> int:
    return _WEEKDAYS.index(day) * _MINUTES_OF_DAY + _minutes(clock)


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")[:2]
    return int(hours) * 60 + int(minutes)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _placed(interval: Interval, day: date, zone: ZoneInfo) -> _Stretch:
    opens, closes = _minutes(interval.opens), _minutes(interval.closes)
    ends = closes if closes > opens else closes + _MINUTES_OF_DAY
    return _Stretch(_moment(day, opens, zone), _moment(day, ends, zone), interval.status)


def _moment(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    days, rest = divmod(minutes, _MINUTES_OF_DAY)
    return datetime.combine(day + timedelta(days), time(*divmod(rest, 60)), zone).astimezone(UTC)
