"""Quiet hours in Finnish time, whatever the season."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify.domain.notification import Notification
from notify.domain.timing import QuietHours, look_again_at, sendable_at

NIGHT = QuietHours.parse("22:00-07:00")

# Without the hour that is skipped in spring: an end inside it does not exist.
hours = st.times().filter(lambda moment: moment.hour != 3)
moments = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def waiting(moment: datetime) -> Notification:
    return Notification(UUID(int=1), "r" * 16, "sms", "t", 1, "fi", False, moment, utc("2039-01-01T00:00"))


@pytest.mark.parametrize(
    ("asked", "sent"),
    [
        ("2027-03-27T21:30", "2027-03-28T04:00"),  # the short night: summer time begins
        ("2027-10-30T20:30", "2027-10-31T05:00"),  # the long night: it ends
        ("2027-10-31T00:30", "2027-10-31T05:00"),  # 03:30 the first time
        ("2027-10-31T01:30", "2027-10-31T05:00"),  # 03:30 the second time
        ("2027-01-11T04:59:59", "2027-01-11T05:00"),
        ("2027-01-11T05:00", "2027-01-11T05:00"),
        ("2027-01-11T19:59:59", "2027-01-11T19:59:59"),
        ("2027-01-11T20:00", "2027-01-12T05:00"),
    ],
)
def test_what_is_asked_for_at_night_waits_for_the_morning(asked: str, sent: str) -> None:
    assert sendable_at(waiting(utc(asked)), now=utc(asked), quiet=NIGHT) == utc(sent)


def test_an_urgent_one_does_not_wait() -> None:
    night = utc("2027-01-11T23:00")
    assert sendable_at(replace(waiting(night), urgent=True), now=night, quiet=NIGHT) == night


def test_one_that_expires_at_night_is_looked_at_when_it_expires() -> None:
    night, early = utc("2027-01-11T23:00"), utc("2027-01-12T04:00")
    assert look_again_at(replace(waiting(night), expires_at=early), wanted=night, quiet=NIGHT) == early


def test_nothing_is_sent_before_its_time() -> None:
    assert sendable_at(waiting(utc("2027-01-12T10:00")), now=utc("2027-01-11T10:00"), quiet=NIGHT) == utc(
        "2027-01-12T10:00"
    )


@given(moments, hours, hours)
def test_the_moment_given_is_never_quiet_and_at_most_a_day_away(moment: datetime, begin: time, end: time) -> None:
    quiet = QuietHours.parse(f"{begin:%H:%M}-{end:%H:%M}")
    sendable = sendable_at(waiting(moment), now=moment, quiet=quiet)
    assert moment <= sendable
    assert (sendable - moment).total_seconds() <= 25 * 3600
    assert not quiet.holds(sendable)


def test_in_the_hour_that_comes_twice_the_end_is_still_ahead() -> None:
    second_time = utc("2027-10-31T01:15")
    assert QuietHours.parse("22:00-03:30").end_after(second_time) == utc("2027-10-31T01:30")


@pytest.mark.parametrize("text", ["", "22-07", "24:00-07:00", "22:00-07:60", " 22:00-07:00", "٢٢:00-07:00"])
def test_an_unreadable_span_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="22:00-07:00"):
        QuietHours.parse(text)
