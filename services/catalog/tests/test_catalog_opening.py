"""Open or not at a moment: exceptions, holidays, nights, and the days on which clocks change."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import TypeAdapter

from catalog.adapters.open_patterns import OpenPatterns
from catalog.domain.holidays import holidays_on
from catalog.domain.opening import opening
from event_schemas.hours import Holiday, OpeningHours

HELSINKI = ZoneInfo("Europe/Helsinki")
HOURS: TypeAdapter[tuple[OpeningHours, ...]] = TypeAdapter(tuple[OpeningHours, ...])
WORKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")


def day(name: str, opens: str, closes: str, **more: str) -> dict[str, Any]:
    return {"day": name, "opens": opens, "closes": closes, **more}


def weekly(*intervals: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"kind": "weekly", "intervals": intervals, **more}


def exception(first: str, last: str, *intervals: dict[str, Any]) -> dict[str, Any]:
    return {"kind": "exception", "valid_from": first, "valid_to": last, "intervals": intervals}


def at(written: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=HELSINKI, fold=fold)


def is_open(hours: list[dict[str, Any]], moment: datetime) -> bool:
    return opening(HOURS.validate_python(hours), moment).is_open


OFFICE = weekly(*(day(name, "09:00", "15:00") for name in WORKDAYS))
BAR = weekly(day("friday", "20:00", "04:00"))
MIDSUMMER = {"kind": "holiday", "holiday": "midsummer-eve", "intervals": [{"opens": "10:00", "closes": "12:00"}]}
CHRISTMAS = {"kind": "holiday", "holiday": "christmas-eve", "years": [2027], "intervals": []}
ROUND_THE_CLOCK = {"kind": "continuous"}
WEEKEND = {"kind": "continuous", "from_day": "friday", "from_time": "16:00", "to_day": "monday", "to_time": "08:00"}
CASES = [
    ([OFFICE], "2026-11-24T09:00", True, "from the opening time"),
    ([OFFICE], "2026-11-24T08:59", False, "not before it"),
    ([OFFICE], "2026-11-24T15:00", False, "not from the closing time on"),
    ([OFFICE], "2026-11-28T10:00", False, "not on a day without an interval"),
    ([weekly(day("tuesday", "09:00", "11:00"), day("tuesday", "12:00", "15:00"))], "2026-11-24T11:30", False, "break"),
    ([OFFICE, exception("2026-11-24", "2026-11-24")], "2026-11-24T10:00", False, "an exception without hours closes"),
    ([OFFICE, exception("2026-11-24", "2026-11-25")], "2026-11-26T10:00", True, "an exception ends"),
    (
        [OFFICE, exception("2026-11-23", "2026-11-29", day("tuesday", "17:00", "19:00"))],
        "2026-11-24T18:00",
        True,
        "own",
    ),
    (
        [OFFICE, exception("2026-11-23", "2026-11-29", day("tuesday", "17:00", "19:00"))],
        "2026-11-24T10:00",
        False,
        "not",
    ),
    (
        [OFFICE, exception("2026-11-23", "2026-11-29", day("tuesday", "17:00", "19:00"))],
        "2026-11-25T10:00",
        False,
        "all",
    ),
    ([OFFICE, MIDSUMMER], "2026-06-19T11:00", True, "a holiday has hours of its own"),
    ([OFFICE, MIDSUMMER], "2026-06-19T14:00", False, "which replace the ordinary ones"),
    (
        [OFFICE, MIDSUMMER, exception("2026-06-19", "2026-06-19")],
        "2026-06-19T11:00",
        False,
        "an exception wins over them",
    ),
    ([OFFICE, CHRISTMAS], "2026-12-24T10:00", True, "a holiday of another year changes nothing"),
    ([OFFICE, CHRISTMAS], "2027-12-24T10:00", False, "of this year it does"),
    ([BAR], "2026-11-28T03:59", True, "an interval may end on the next day"),
    ([BAR], "2026-11-28T04:00", False, "and ends there"),
    ([BAR], "2026-11-27T03:00", False, "the night before is not its own"),
    ([BAR, exception("2026-11-28", "2026-11-28")], "2026-11-28T02:00", True, "an interval belongs to its first day"),
    ([BAR, exception("2026-11-27", "2026-11-27")], "2026-11-28T02:00", False, "with which it falls away"),
    ([ROUND_THE_CLOCK], "2026-11-29T03:00", True, "round the clock"),
    ([ROUND_THE_CLOCK, exception("2026-11-29", "2026-11-29")], "2026-11-29T03:00", False, "but for an exception"),
    ([WEEKEND], "2026-11-27T15:59", False, "a stretch begins"),
    ([WEEKEND], "2026-11-29T12:00", True, "lasts over Sunday"),
    ([WEEKEND], "2026-11-30T07:59", True, "into Monday"),
    ([WEEKEND], "2026-11-30T08:00", False, "and ends"),
    ([weekly(day("tuesday", "09:00", "15:00", week_parity="odd"))], "2026-11-24T10:00", False, "week 48 is even"),
    ([weekly(day("tuesday", "09:00", "15:00", week_parity="odd"))], "2026-11-17T10:00", True, "week 47 is odd"),
    ([weekly(day("tuesday", "09:00", "15:00", status="on-reservation"))], "2026-11-24T10:00", False, "by reservation"),
    ([OFFICE, weekly(day("tuesday", "11:00", "12:00", status="closed"))], "2026-11-24T11:30", False, "closed wins"),
    ([weekly(day("tuesday", "09:00", "15:00"), valid_to="2026-11-23")], "2026-11-24T10:00", False, "no more valid"),
    ([weekly(day("tuesday", "09:00", "24:00"))], "2026-11-24T23:59", True, "24:00 ends the day"),
]


@pytest.mark.parametrize(("hours", "moment", "expected", "why"), CASES)
def test_open_or_not(hours: list[dict[str, Any]], moment: str, expected: bool, why: str) -> None:
    assert is_open(hours, at(moment)) is expected, why


def test_night_with_an_hour_too_few_closes_at_its_clock_time() -> None:
    night = [weekly(day("saturday", "22:00", "05:00"))]
    assert is_open(night, at("2027-03-28T04:59"))
    assert not is_open(night, at("2027-03-28T05:00"))


def test_hour_that_comes_twice_is_read_as_its_first_coming() -> None:
    night = [weekly(day("saturday", "22:00", "03:30"))]
    assert is_open(night, at("2026-10-25T03:29"))
    assert not is_open(night, at("2026-10-25T03:29", fold=1))


def test_zone_of_the_hours_counts_and_not_that_of_the_question() -> None:
    utc = at("2026-11-24T09:30").astimezone(ZoneInfo("UTC"))
    assert is_open([OFFICE], utc)
    assert not is_open([{**OFFICE, "zone": "Europe/London"}], utc)


def test_state_holds_until_the_moment_told() -> None:
    given = HOURS.validate_python(
        [OFFICE, BAR, exception("2026-11-26", "2026-11-26", day("thursday", "10:00", "11:00"))]
    )
    moment, end = at("2026-11-23T00:00").astimezone(ZoneInfo("UTC")), at("2026-11-30T00:00")
    while moment < end:
        now = opening(given, moment)
        assert now.until > moment
        assert opening(given, now.until - timedelta(minutes=1)).is_open is now.is_open
        moment = now.until


@pytest.mark.parametrize(
    ("holiday", "days"),
    [
        (Holiday.GOOD_FRIDAY, ["2026-04-03", "2027-03-26", "2038-04-23"]),
        (Holiday.EASTER_MONDAY, ["2026-04-06", "2027-03-29"]),
        (Holiday.ASCENSION_DAY, ["2026-05-14", "2027-05-06"]),
        (Holiday.WHIT_SUNDAY, ["2026-05-24"]),
        (Holiday.MIDSUMMER_EVE, ["2026-06-19", "2027-06-25"]),
        (Holiday.MIDSUMMER_DAY, ["2026-06-20", "2027-06-26"]),
        (Holiday.ALL_SAINTS_DAY, ["2026-10-31", "2027-11-06"]),
        (Holiday.INDEPENDENCE_DAY, ["2026-12-06"]),
    ],
)
def test_holidays_fall_where_the_calendar_has_them(holiday: Holiday, days: list[str]) -> None:
    for written in days:
        assert holiday in holidays_on(date.fromisoformat(written))


def test_services_with_equal_hours_share_a_pattern_and_those_without_have_none() -> None:
    patterns = OpenPatterns()
    office, bar = HOURS.validate_python([OFFICE]), HOURS.validate_python([BAR])
    numbers = [patterns.number(hours) for hours in ({"o": office}, {"o": office, "b": bar}, {"o": office}, {})]
    assert numbers == [1, 2, 1, 0]
    assert patterns.open_at(at("2026-11-24T10:00")) == {1, 2}
    assert patterns.open_at(at("2026-11-28T02:00")) == {2}


def test_patterns_that_no_service_has_any_more_are_forgotten_once_they_are_many() -> None:
    patterns = OpenPatterns(prune_from=2)
    office = HOURS.validate_python([OFFICE])
    kept, gone = patterns.number({"kept": office}), patterns.number({"gone": office})
    patterns.prune(lambda number: number == kept)
    assert patterns.open_at(at("2026-11-24T10:00")) == {kept}
    assert patterns.number({"gone": office}) not in (kept, gone)
