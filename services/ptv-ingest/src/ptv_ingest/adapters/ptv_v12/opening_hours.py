"""Opening hours: six kinds of PTV's and its holidays, as the four kinds of listings."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from event_schemas import hours
from event_schemas.text import LocalizedText
from ptv_ingest.adapters.ptv_v12 import wire_parts as wire
from ptv_ingest.domain.texts import localized, one_line, plain

_TIME = re.compile(r"^(\d{1,2})[:.](\d{2})(?::\d{2})?$")
_STATUS = {
    "Open": hours.OpeningStatus.OPEN,
    "Closed": hours.OpeningStatus.CLOSED,
    "OpenOnReservation": hours.OpeningStatus.ON_RESERVATION,
}
_PARITY = {"OddWeeks": hours.WeekParity.ODD, "EvenWeeks": hours.WeekParity.EVEN}
_HOLIDAYS = {
    "NewYearEve": hours.Holiday.NEW_YEARS_EVE,
    "NewYearDay": hours.Holiday.NEW_YEARS_DAY,
    "Epiphany": hours.Holiday.EPIPHANY,
    "MaundyThursday": hours.Holiday.MAUNDY_THURSDAY,
    "GoodFriday": hours.Holiday.GOOD_FRIDAY,
    "EasterSunday": hours.Holiday.EASTER_SUNDAY,
    "EasterMonday": hours.Holiday.EASTER_MONDAY,
    "MayDayEve": hours.Holiday.MAY_DAY_EVE,
    "MayDay": hours.Holiday.MAY_DAY,
    "AscensionDay": hours.Holiday.ASCENSION_DAY,
    "WhitSunday": hours.Holiday.WHIT_SUNDAY,
    "MidsummerEve": hours.Holiday.MIDSUMMER_EVE,
    "MidsummerDay": hours.Holiday.MIDSUMMER_DAY,
    "AllSaintsDay": hours.Holiday.ALL_SAINTS_DAY,
    "IndependenceDay": hours.Holiday.INDEPENDENCE_DAY,
    "ChristmasEve": hours.Holiday.CHRISTMAS_EVE,
    "ChristmasDay": hours.Holiday.CHRISTMAS_DAY,
    "SecondDayOfChristmas": hours.Holiday.SECOND_DAY_OF_CHRISTMAS,
}


def opening_hours(given: wire.ServiceHours, left_out: Counter[str]) -> tuple[hours.OpeningHours, ...]:
    """All readable hours, in an order of their own: PTV's changes between reads without a change of meaning."""
    found = [made for hour in given.hours if (made := _hour(hour, left_out)) is not None]
    found.sort(key=lambda made: (made.kind, made.model_dump_json()))
    return (*_one_ordinary_week(found), *_holidays(given.holiday_service_hours, left_out))


def _one_ordinary_week(found: list[hours.OpeningHours]) -> list[hours.OpeningHours]:
    """An ordinary week torn into several blocks of the same dates and texts becomes one again."""
    weeks: dict[str, hours.WeeklyHours] = {}
    others: list[hours.OpeningHours] = []
    for made in found:
        if not isinstance(made, hours.WeeklyHours):
            others.append(made)
            continue
        key = made.model_dump_json(exclude={"intervals"})
        before = weeks.get(key)
        intervals = (
            made.intervals
            if before is None
            else _sorted([*before.intervals, *(one for one in made.intervals if one not in before.intervals)])
        )
        weeks[key] = made.model_copy(update={"intervals": intervals})
    return [*weeks.values(), *others]


def _hour(hour: wire.Hour, left_out: Counter[str]) -> hours.OpeningHours | None:
    texts = {"heading": _line(hour.heading), "note": _text(hour.additional_information)}
    match hour.type:
        case "WeeklyUntilFurtherNoticeServiceHour" | "WeeklyDateRangeServiceHour":
            return hours.WeeklyHours(
                valid_from=hour.from_date, valid_to=hour.to_date, intervals=_week(hour, left_out), **texts
            )
        case "ExceptionalDateRangeServiceHour" if hour.from_date and hour.to_date:
            open_again = tuple(one for one in _week(hour, left_out) if one.status != "closed" or one.note)
            return hours.ExceptionHours(valid_from=hour.from_date, valid_to=hour.to_date, intervals=open_again, **texts)
        case (
            "ContinuousAlwaysValidServiceHour"
            | "ContinuousWeekdaysUntilFurtherNoticeServiceHour"
            | "ContinuousDateRangeServiceHour"
        ):
            return _continuous(hour, texts)
    left_out["unknown-hours"] += 1
    return None


def _continuous(hour: wire.Hour, texts: dict[str, LocalizedText]) -> hours.ContinuousHours:
    return hours.ContinuousHours(
        status=_STATUS.get(hour.opening_status, hours.OpeningStatus.OPEN),
        from_day=_day(hour.from_day),
        from_time=_time(hour.from_time),
        to_day=_day(hour.to_day),
        to_time=_time(hour.to_time),
        valid_from=hour.from_date,
        valid_to=hour.to_date,
        **texts,
    )


def _week(hour: wire.Hour, left_out: Counter[str]) -> tuple[hours.WeeklyInterval, ...]:
    found: list[hours.WeeklyInterval] = []
    for name, day_hours in hour.weekly_hours.items():
        day = _day(name)
        for interval in day_hours.hours:
            opens, closes = _time(interval.start), _time(interval.end)
            if day is None or opens is None or closes is None:
                left_out["unreadable-hours"] += 1
                continue
            found.append(
                hours.WeeklyInterval(
                    day=day,
                    opens=opens,
                    closes=closes,
                    status=_STATUS.get(interval.opening_status, hours.OpeningStatus.OPEN),
                    week_parity=_PARITY.get(interval.repetition, hours.WeekParity.EVERY),
                    note=_text(interval.additional_information),
                )
            )
    return _sorted(found)


def _sorted(intervals: Iterable[hours.WeeklyInterval]) -> tuple[hours.WeeklyInterval, ...]:
    days = list(hours.Weekday)
    return tuple(sorted(intervals, key=lambda one: (days.index(one.day), one.opens, one.closes, one.week_parity)))


def _holidays(given: wire.HolidayHours | None, left_out: Counter[str]) -> list[hours.HolidayHours]:
    if given is None:
        return []
    years = tuple(sorted(given.repetition.years)) if given.repetition.type == "RepetitionInSelectedYears" else ()
    found = []
    for holiday in given.holidays:
        name = _HOLIDAYS.get(holiday.holiday_name)
        if name is None:
            left_out["unknown-holiday"] += 1
        else:
            found.append(hours.HolidayHours(holiday=name, years=years, intervals=_holiday_intervals(holiday)))
    return sorted(found, key=lambda made: list(hours.Holiday).index(hours.Holiday(made.holiday)))


def _holiday_intervals(holiday: wire.Holiday) -> tuple[hours.Interval, ...]:
    found = []
    for interval in holiday.hours:
        opens, closes = _time(interval.start), _time(interval.end)
        status = _STATUS.get(interval.opening_status, hours.OpeningStatus.OPEN)
        note = _text(interval.additional_information)
        if opens and closes and (status != hours.OpeningStatus.CLOSED or note):
            found.append(hours.Interval(opens=opens, closes=closes, status=status, note=note))
    return tuple(sorted(found, key=lambda one: (one.opens, one.closes)))


def _time(written: str | None) -> str | None:
    match = _TIME.match((written or "").strip())
    if match is None:
        return None
    time = f"{int(match[1]):02d}:{match[2]}"
    return time if (time <= "23:59" and match[2] < "60") or time == "24:00" else None


def _day(name: str | None) -> hours.Weekday | None:
    lowered = (name or "").lower()
    return hours.Weekday(lowered) if lowered in set(hours.Weekday) else None


def _line(texts: dict[str, str]) -> LocalizedText:
    return localized({language: one_line(text) for language, text in texts.items()})


def _text(texts: dict[str, str]) -> LocalizedText:
    return localized({language: plain(text) for language, text in texts.items()})
