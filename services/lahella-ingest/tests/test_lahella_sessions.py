"""Events to sessions."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from lahella_activities import moment, ms, weekly

from lahella_ingest.domain.activity import Event
from lahella_ingest.domain.sessions import Horizon, Setting, next_week, sessions_of
from lahella_ingest.domain.wire import HELSINKI

NOWHERE = Setting(None, None, online=False)
SPRING = Horizon(date(2026, 3, 16), date(2026, 4, 5))
"""Around 29 March 2026, when summer time begins in Finland."""


def local(wire: dict[str, object], horizon: Horizon) -> list[str]:
    """Starts and ends as wall-clock times."""
    sessions = sessions_of(Event.model_validate(wire), NOWHERE, horizon)
    clock = [(each.start.astimezone(HELSINKI), each.end and each.end.astimezone(HELSINKI)) for each in sessions]
    return [f"{start:%Y-%m-%d %H:%M}{f'-{end:%H:%M}' if end else ''}" for start, end in clock]


def test_weekly_event_keeps_its_clock_time_across_summer_time() -> None:
    event = weekly("2026-01-12 00:00", 2, "18:00", "19:30")
    assert local(event, SPRING) == ["2026-03-17 18:00-19:30", "2026-03-24 18:00-19:30", "2026-03-31 18:00-19:30"]
    starts = [session.start for session in sessions_of(Event.model_validate(event), NOWHERE, SPRING)]
    assert [start.hour for start in starts] == [16, 16, 15]


@given(
    st.integers(1, 7),
    st.times(),
    st.dates(date(2024, 1, 1), date(2030, 12, 31)),
    st.sampled_from(["P1D", "P1W", "P2W", "P3W"]),
)
def test_local_time_stays_whatever_the_day(weekday: int, clock: time, monday: date, period: str) -> None:
    clock = clock.replace(second=0, microsecond=0, fold=0)
    event = Event.model_validate(weekly("2024-01-01 00:00", weekday, f"{clock:%H:%M}", "23:59", period=period))
    for session in sessions_of(event, NOWHERE, Horizon(monday, monday + timedelta(days=89))):
        start = session.start.astimezone(HELSINKI)
        skipped = datetime.combine(start.date(), clock, HELSINKI).astimezone(UTC).astimezone(HELSINKI).time() != clock
        assert start.time() == clock or (skipped and clock.hour == 3)
        assert start.isoweekday() == weekday
        assert session.end is None or session.end > session.start


CHANGES = [date(2026, 3, 29), date(2026, 10, 25), date(2027, 3, 28), date(2027, 10, 31)]
"""Sundays on which the clocks change in Finland, at 3:00 or 4:00."""


@given(
    st.sampled_from(CHANGES),
    st.integers(-89, 0),
    st.integers(0, 7 * 24 * 12 - 1),
    st.integers(1, 23 * 12),
    st.sampled_from(["1", "2", "3", "4"]),
)
def test_around_a_change_of_clocks_every_session_is_at_its_clock_time_and_as_long_as_it_says(
    change: date, offset: int, start_slot: int, length: int, kind: str
) -> None:
    """Slots and lengths are of five minutes; times the change skips or repeats are another test's."""
    first = change + timedelta(days=offset)
    weekday, minutes = start_slot // 288 + 1, start_slot % 288 * 5
    begins, ends = (
        time(minutes // 60, minutes % 60),
        time((minutes + length * 5) // 60 % 24, (minutes + length * 5) % 60),
    )
    assume(not {begins.hour, ends.hour} & {3})
    event = weekly(f"{change - timedelta(days=200)} {begins:%H:%M}", weekday, f"{begins:%H:%M}", f"{ends:%H:%M}") | {
        "type": kind
    }
    horizon = Horizon(first, first + timedelta(days=89))
    sessions = sessions_of(Event.model_validate(event), NOWHERE, horizon)
    if kind in ("2", "4"):
        assert len(sessions) in (12, 13)
        for session in sessions:
            start, end = session.start.astimezone(HELSINKI), (session.end or session.start).astimezone(HELSINKI)
            assert (start.isoweekday(), start.time(), end.time()) == (weekday, begins, ends)
            assert first <= start.date() <= first + timedelta(days=89)
            assert end.date() - start.date() == timedelta(days=ends <= begins)
    elif kind == "3":
        assert [each.start.astimezone(HELSINKI).time() for each in sessions] == [time()]
    else:
        assert sessions == []


def test_single_event_on_the_day_of_a_change_keeps_its_clock_time() -> None:
    for day in CHANGES:
        wire = {"start": ms(f"{day} 12:00"), "type": "1"}
        assert local(wire, Horizon(day, day)) == [f"{day} 12:00"]


def test_hour_that_comes_twice_is_taken_the_first_time() -> None:
    october = Horizon(date(2026, 10, 25), date(2026, 10, 25))
    (session,) = sessions_of(Event.model_validate(weekly("2026-01-12 00:00", 7, "03:30", "05:00")), NOWHERE, october)
    assert (session.start, session.end) == (
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        datetime(2026, 10, 25, 3, 0, tzinfo=UTC),
    )


def test_time_that_summer_time_skips_is_an_hour_later_and_never_ends_before_it_starts() -> None:
    assert local(weekly("2026-01-12 00:00", 7, "03:30", "04:00"), SPRING) == [
        "2026-03-22 03:30-04:00",
        "2026-03-29 04:30",
        "2026-04-05 03:30-04:00",
    ]


def test_days_are_those_of_the_zone_and_not_of_utc() -> None:
    event = weekly(
        "2026-03-17 00:00", 2, "10:00", "11:00", end=ms("2026-03-24 00:00"), exclude=[ms("2026-03-17 00:00")]
    )
    assert local(event, SPRING) == ["2026-03-24 10:00-11:00"]


def test_every_other_week_counts_from_the_week_of_the_start() -> None:
    event = weekly("2026-03-04 00:00", 1, "10:00", "11:00", period="P2W")
    assert local(event, SPRING) == ["2026-03-16 10:00-11:00", "2026-03-30 10:00-11:00"]


def test_monthly_weekday_is_the_same_one_of_each_month() -> None:
    event = weekly("2026-01-12 00:00", 7, "11:00", "14:00", period="P1M") | {"type": "2"}
    horizon = Horizon(date(2026, 2, 1), date(2026, 4, 30))
    assert local(event, horizon) == ["2026-02-15 11:00-14:00", "2026-03-15 11:00-14:00", "2026-04-19 11:00-14:00"]


def test_fifth_weekday_of_a_month_becomes_the_last() -> None:
    event = weekly("2026-01-29 00:00", 4, "11:00", "12:00", period="P1M")
    assert local(event, Horizon(date(2026, 2, 1), date(2026, 3, 31))) == [
        "2026-02-26 11:00-12:00",
        "2026-03-26 11:00-12:00",
    ]


def test_monthly_date_leaves_out_months_without_it() -> None:
    event = {"start": ms("2026-01-31 18:00"), "type": "2", "recurrence": {"period": "P1M"}}
    assert local(event, Horizon(date(2026, 2, 1), date(2026, 4, 30))) == ["2026-03-31 18:00"]


def test_session_over_midnight_ends_on_the_next_day() -> None:
    event = weekly("2026-03-16 00:00", 1, "22:00", "01:00", end=ms("2026-03-16 00:00"))
    (session,) = sessions_of(Event.model_validate(event), NOWHERE, SPRING)
    assert session.end == moment("2026-03-17 01:00")
    assert local(weekly("2026-03-30 00:00", 1, "22:00", "24:00"), SPRING) == ["2026-03-30 22:00-00:00"]


def test_single_event_has_the_clock_time_of_its_start() -> None:
    assert local({"start": ms("2026-03-28 12:00"), "type": "1"}, SPRING) == ["2026-03-28 12:00"]
    assert local({"start": ms("2026-04-06 12:00"), "type": 1}, SPRING) == []


def test_single_event_at_midnight_is_the_whole_day_even_when_that_has_23_hours() -> None:
    (session,) = sessions_of(Event.model_validate({"start": ms("2026-03-29 00:00"), "type": "1"}), NOWHERE, SPRING)
    assert session.end is not None
    assert session.end - session.start == timedelta(hours=23)


def test_range_is_one_session_to_the_end_of_its_last_day() -> None:
    event = {
        "start": ms("2026-01-01 00:00"),
        "type": "3",
        "recurrence": {"period": "P1D", "end": ms("2027-05-31 00:00")},
    }
    (session,) = sessions_of(Event.model_validate(event), NOWHERE, SPRING)
    assert (session.start, session.end) == (moment("2026-01-01 00:00"), moment("2027-06-01 00:00"))
    assert sessions_of(Event.model_validate(event), NOWHERE, Horizon(date(2027, 6, 1), date(2027, 7, 1))) == []


@pytest.mark.parametrize("now", ["2026-03-16 00:00", "2026-03-22 23:59"])
def test_horizon_stays_the_same_within_a_week_and_moves_on_monday(now: str) -> None:
    assert Horizon.of_week(moment(now)) == Horizon(date(2026, 3, 16), date(2026, 6, 13))
    assert next_week(moment(now)) == moment("2026-03-23 00:00")
