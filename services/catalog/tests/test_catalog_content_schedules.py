"""What is to come of what recurs."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from catalog.domain.curated import Curated, Schedule
from catalog.domain.zones import FINLAND

from .samples import described

FIRST, LAST = date(2026, 1, 13), date(2026, 12, 29)
FORTNIGHTLY = Schedule(time(17), time(18, 30), online=True, first=FIRST, last=LAST, every=timedelta(weeks=2))
NOWS = st.datetimes(datetime(2025, 12, 1), datetime(2027, 2, 1), timezones=st.just(UTC))  # noqa: DTZ001 (hypothesis adds the zone)


@given(NOWS)
def test_coming_sessions_are_those_of_the_rule_that_have_not_ended_in_order(now: datetime) -> None:
    days = [FIRST + timedelta(weeks=2 * number) for number in range(26)]
    ends = [datetime.combine(day, time(18, 30), FINLAND) for day in days if day <= LAST]
    assert [one.end for one in FORTNIGHTLY.coming(now)] == [end for end in ends if end > now][:10]


def test_clock_time_stays_when_summer_time_ends() -> None:
    weekly = Schedule(time(17), time(18), online=False, first=date(2026, 10, 20))
    starts = [one.start for one in weekly.coming(datetime(2026, 10, 19, tzinfo=UTC))[:2]]
    assert starts == [datetime(2026, 10, 20, 14, tzinfo=UTC), datetime(2026, 10, 27, 15, tzinfo=UTC)]


def test_day_left_out_has_no_session_and_a_single_day_beside_the_rule_has() -> None:
    more = Schedule(
        time(9),
        time(10),
        online=False,
        first=date(2026, 11, 2),
        days=(date(2026, 11, 4),),
        left_out=frozenset({date(2026, 11, 9)}),
    )
    days = [one.start.date() for one in more.coming(datetime(2026, 11, 1, tzinfo=UTC))[:3]]
    assert days == [date(2026, 11, 2), date(2026, 11, 4), date(2026, 11, 16)]


def test_entry_whose_sessions_are_all_past_is_not_offered() -> None:
    entry = Curated(described("content:day", "Päivä"), Schedule(time(9), time(15), online=False, days=(FIRST,)))
    assert entry.on(datetime(2026, 1, 13, 12, tzinfo=UTC)) is not None
    assert entry.on(datetime(2026, 1, 13, 13, tzinfo=UTC)) is None
