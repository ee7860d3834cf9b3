"""Opening hours in local time. Which calendar date a holiday falls on is the reader's to work out."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from event_schemas.base import LocalTime, TimeZone, Value, extensible
from event_schemas.text import LocalizedText


class Weekday(StrEnum):
    """Days of the week."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


class OpeningStatus(StrEnum):
    """What an interval means."""

    OPEN = "open"
    CLOSED = "closed"
    ON_RESERVATION = "on-reservation"


class WeekParity(StrEnum):
    """In which ISO weeks an interval repeats."""

    EVERY = "every"
    ODD = "odd"
    EVEN = "even"


class Holiday(StrEnum):
    """Finnish holidays that a source can give hours for."""

    NEW_YEARS_DAY = "new-years-day"
    EPIPHANY = "epiphany"
    MAUNDY_THURSDAY = "maundy-thursday"
    GOOD_FRIDAY = "good-friday"
    EASTER_SUNDAY = "easter-sunday"
    EASTER_MONDAY = "easter-monday"
    MAY_DAY_EVE = "may-day-eve"
    MAY_DAY = "may-day"
    ASCENSION_DAY = "ascension-day"
    WHIT_SUNDAY = "whit-sunday"
    MIDSUMMER_EVE = "midsummer-eve"
    MIDSUMMER_DAY = "midsummer-day"
    ALL_SAINTS_DAY = "all-saints-day"
    INDEPENDENCE_DAY = "independence-day"
    CHRISTMAS_EVE = "christmas-eve"
    CHRISTMAS_DAY = "christmas-day"
    SECOND_DAY_OF_CHRISTMAS = "second-day-of-christmas"
    NEW_YEARS_EVE = "new-years-eve"


AnyHoliday = Annotated[Holiday | str, Field(union_mode="left_to_right"), extensible(Holiday)]


class Interval(Value):
    """From `opens` to `closes`; a `closes` that is not later than `opens` is on the next day."""

    opens: LocalTime
    closes: LocalTime
    status: OpeningStatus = OpeningStatus.OPEN
    note: LocalizedText = Field(default_factory=dict)


class WeeklyInterval(Interval):
    """An interval of one weekday; several a day are normal."""

    day: Weekday
    week_parity: WeekParity = WeekParity.EVERY


class _Hours(Value):
    zone: TimeZone = "Europe/Helsinki"
    heading: LocalizedText = Field(default_factory=dict)
    note: LocalizedText = Field(default_factory=dict)


class WeeklyHours(_Hours):
    """The ordinary week; a day without intervals is closed. Both dates are inclusive, None is open-ended."""

    kind: Literal["weekly"] = "weekly"
    valid_from: date | None = None
    valid_to: date | None = None
    intervals: tuple[WeeklyInterval, ...] = ()


class ExceptionHours(_Hours):
    """A deviation that replaces the ordinary week between two inclusive dates; no interval means closed."""

    kind: Literal["exception"] = "exception"
    valid_from: date
    valid_to: date
    intervals: tuple[WeeklyInterval, ...] = ()


class HolidayHours(_Hours):
    """Hours of one holiday, in the years listed or in every year; no interval means closed."""

    kind: Literal["holiday"] = "holiday"
    holiday: AnyHoliday
    years: tuple[int, ...] = ()
    intervals: tuple[Interval, ...] = ()


class ContinuousHours(_Hours):
    """Round the clock, or one unbroken weekly stretch from a day and time to another (it may wrap over Sunday)."""

    kind: Literal["continuous"] = "continuous"
    status: OpeningStatus = OpeningStatus.OPEN
    from_day: Weekday | None = None
    from_time: LocalTime | None = None
    to_day: Weekday | None = None
    to_time: LocalTime | None = None
    valid_from: date | None = None
    valid_to: date | None = None


OpeningHours = Annotated[
    WeeklyHours | ExceptionHours | HolidayHours | ContinuousHours,
    Field(discriminator="kind"),
]
