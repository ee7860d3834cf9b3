"""On which dates Finnish holidays fall."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache

from event_schemas.hours import Holiday

_FIXED = {
    Holiday.NEW_YEARS_DAY: (1, 1),
    Holiday.EPIPHANY: (1, 6),
    Holiday.MAY_DAY_EVE: (4, 30),
    Holiday.MAY_DAY: (5, 1),
    Holiday.INDEPENDENCE_DAY: (12, 6),
    Holiday.CHRISTMAS_EVE: (12, 24),
    Holiday.CHRISTMAS_DAY: (12, 25),
    Holiday.SECOND_DAY_OF_CHRISTMAS: (12, 26),
    Holiday.NEW_YEARS_EVE: (12, 31),
}
_DAYS_AFTER_EASTER = {
    Holiday.MAUNDY_THURSDAY: -3,
    Holiday.GOOD_FRIDAY: -2,
    Holiday.EASTER_SUNDAY: 0,
    Holiday.EASTER_MONDAY: 1,
    Holiday.ASCENSION_DAY: 39,
    Holiday.WHIT_SUNDAY: 49,
}
_FRIDAY, _SATURDAY = 4, 5


def holidays_on(day: date) -> frozenset[str]:
    """Every holiday that falls on the day; Ascension Day may be May Day too."""
    return frozenset(holiday for holiday, when in _of_year(day.year).items() if when == day)


@lru_cache(maxsize=16)
def _of_year(year: int) -> Mapping[Holiday, date]:
    sunday = _easter(year)
    return {
        **{holiday: date(year, month, day) for holiday, (month, day) in _FIXED.items()},
        **{holiday: sunday + timedelta(days) for holiday, days in _DAYS_AFTER_EASTER.items()},
        Holiday.MIDSUMMER_EVE: _weekday_from(date(year, 6, 19), _FRIDAY),
        Holiday.MIDSUMMER_DAY: _weekday_from(date(year, 6, 20), _SATURDAY),
        Holiday.ALL_SAINTS_DAY: _weekday_from(date(year, 10, 31), _SATURDAY),
    }


def _weekday_from(first: date, weekday: int) -> date:
    """The first such weekday on or after `first`."""
    return first + timedelta((weekday - first.weekday()) % 7)


def _easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (Meeus/Jones/Butcher; Meeus: Astronomical Algorithms, chapter 8)."""
    golden, (century, rest) = year % 19, divmod(year, 100)
    leaps, odd = divmod(century, 4)
    moved = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leaps - moved + 15) % 30
    quarters, years = divmod(rest, 4)
    to_sunday = (32 + 2 * odd + 2 * quarters - epact - years) % 7
    late = (golden + 11 * epact + 22 * to_sunday) // 451
    month, day = divmod(epact + to_sunday - 7 * late + 114, 31)
    return date(year, month, day + 1)
