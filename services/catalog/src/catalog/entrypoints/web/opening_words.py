"""Opening hours in words; days that follow each other with the same hours share a line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, time
from typing import TypeVar

from babel.dates import format_date, format_time, get_day_names

from catalog.entrypoints.web.labels import mark
from catalog.entrypoints.web.translations import CLOCK, Wording
from event_schemas.channel import Channel
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
from event_schemas.text import LocalizedText, text_in

H = TypeVar("H", WeeklyHours, ExceptionHours, HolidayHours, ContinuousHours)

_WEEK = tuple(Weekday)
_STATUS = {OpeningStatus.CLOSED: mark("closed"), OpeningStatus.ON_RESERVATION: mark("by appointment")}
_PARITY = {WeekParity.ODD: mark("odd weeks"), WeekParity.EVEN: mark("even weeks")}
_ROUND_THE_CLOCK = {
    OpeningStatus.OPEN: mark("Open around the clock"),
    OpeningStatus.CLOSED: mark("Closed"),
    OpeningStatus.ON_RESERVATION: mark("By appointment around the clock"),
}


def hours(channel: Channel, wording: Wording) -> list[str]:
    """The ordinary week with the time it is valid for, then holidays, then what else deviates from it."""
    words = _Words(wording)
    return [
        *(line for one in _of(WeeklyHours, channel.hours) for line in words.weekly(one)),
        *(words.continuous(one) for one in _of(ContinuousHours, channel.hours)),
        *(line for one in _of(HolidayHours, channel.hours) for line in words.holiday(one)),
        *(line for one in sorted(_of(ExceptionHours, channel.hours), key=_dates) for line in words.exception(one)),
    ]


def _of(kind: type[H], some: Sequence[OpeningHours]) -> list[H]:
    return [one for one in some if isinstance(one, kind)]


def _day_by_day(intervals: Sequence[WeeklyInterval]) -> list[tuple[WeeklyInterval, WeeklyInterval]]:
    """The first and last of each run of days that have the same interval, in the order of the week."""
    alike: dict[str, list[list[WeeklyInterval]]] = {}
    for one in sorted(intervals, key=_place_in_week):
        runs = alike.setdefault(one.model_dump_json(exclude={"day"}), [])
        if runs and _WEEK.index(one.day) == _WEEK.index(runs[-1][-1].day) + 1:
            runs[-1].append(one)
        else:
            runs.append([one])
    found = [(run[0], run[-1]) for runs in alike.values() for run in runs]
    return sorted(found, key=lambda run: _place_in_week(run[0]))


def _place_in_week(one: WeeklyInterval) -> tuple[int, str]:
    return _WEEK.index(one.day), one.opens


def _dates(one: ExceptionHours) -> tuple[date, date]:
    return one.valid_from, one.valid_to


class _Words:
    def __init__(self, wording: Wording) -> None:
        self._wording = wording
        self._language = wording.language
        self._days = get_day_names("wide", context="stand-alone", locale=wording.language)

    def weekly(self, week: WeeklyHours) -> Iterator[str]:
        valid = self._within(week.valid_from, week.valid_to)
        return (
            self._of_week(first, last) + valid + self._note(first.note) for first, last in _day_by_day(week.intervals)
        )

    def continuous(self, hours: ContinuousHours) -> str:
        """A stretch of the week, or all of it."""
        valid = self._within(hours.valid_from, hours.valid_to) + self._note(hours.note)
        if hours.from_day is None or hours.to_day is None:
            return self._wording.text(_ROUND_THE_CLOCK[hours.status]) + valid
        begins = f"{self._day(hours.from_day)} {self._clock(hours.from_time or '00:00')}"
        ends = f"{self._day(hours.to_day)} {self._clock(hours.to_time or '24:00')}"
        return f"{begins} – {ends}{self._status(hours.status)}{valid}"

    def holiday(self, hours: HolidayHours) -> Iterator[str]:
        years = f" ({', '.join(map(str, hours.years))})" if hours.years else ""
        name = self._wording.label("holiday", hours.holiday) + years
        return self._deviating(name, [self._interval(one) for one in hours.intervals], hours.note)

    def exception(self, hours: ExceptionHours) -> Iterator[str]:
        days = self._period(hours.valid_from, hours.valid_to)
        return self._deviating(days, [self._of_week(*run) for run in _day_by_day(hours.intervals)], hours.note)

    def _deviating(self, when: str, intervals: Sequence[str], note: LocalizedText) -> Iterator[str]:
        told = intervals or [self._wording.text("closed")]
        return (f"{when}: {one}{self._note(note)}" for one in told)

    def _of_week(self, first: WeeklyInterval, last: WeeklyInterval) -> str:
        weeks = f", {self._wording.text(_PARITY[first.week_parity])}" if first.week_parity in _PARITY else ""
        days = self._day(first.day) if first is last else f"{self._day(first.day)}–{self._day(last.day)}"
        return f"{days} {self._interval(first)}{weeks}"

    def _interval(self, interval: Interval) -> str:
        return f"{self._clock(interval.opens)}–{self._clock(interval.closes)}{self._status(interval.status)}"

    def _status(self, status: OpeningStatus) -> str:
        return f" {self._wording.text(_STATUS[status])}" if status in _STATUS else ""

    def _day(self, day: Weekday) -> str:
        return str(self._days[_WEEK.index(day)])

    def _clock(self, written: str) -> str:
        if written.startswith("24"):  # the end of a day, which clocks don't show
            return CLOCK[self._language].replace("H", "24").replace("mm", "00")
        return format_time(time.fromisoformat(written), CLOCK[self._language], locale=self._language)

    def _within(self, begins: date | None, ends: date | None) -> str:
        period = self._period(begins, ends)
        return f" ({period})" if period else ""

    def _period(self, begins: date | None, ends: date | None) -> str:
        first, last = (format_date(day, "d.M.yyyy", locale=self._language) if day else "" for day in (begins, ends))
        return first if first == last else f"{first}–{last}"

    def _note(self, note: LocalizedText) -> str:
        told = text_in(note, self._language, "fi", "sv", "en")
        return f" – {told}" if told else ""
