"""Events to the single sessions ahead.

Sessions move with time although the activity stays the same. So that an unchanged activity is not published again at
every reading, they are counted from Monday 00:00 of the present week (Europe/Helsinki) and not from now: within a week
the list is the same, and a listing with sessions is published again when the next week begins. Sessions earlier in the
week that are over are part of it; readers leave them out by the clock.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Self

from event_schemas.ids import ChannelId
from event_schemas.place import Place
from event_schemas.session import Session
from lahella_ingest.domain.activity import DayTime, Event
from lahella_ingest.domain.recurrence import days_of, local_date
from lahella_ingest.domain.wire import HELSINKI

MOST_SESSIONS = 200
_AHEAD = timedelta(days=90)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Horizon:
    """The days whose sessions are listed, both inclusive."""

    first: date
    last: date

    @classmethod
    def of_week(cls, now: datetime) -> Self:
        monday = _monday_of(now)
        return cls(monday, monday + _AHEAD - _DAY)


def next_week(now: datetime) -> datetime:
    """When the horizon moves: the coming Monday 00:00 in Helsinki, in UTC."""
    return datetime.combine(_monday_of(now) + timedelta(days=7), time(), HELSINKI).astimezone(UTC)


def _monday_of(now: datetime) -> date:
    today = now.astimezone(HELSINKI).date()
    return today - timedelta(days=today.weekday())


@dataclass(frozen=True, slots=True)
class Setting:
    """What all sessions of one channel share."""

    channel_id: ChannelId | None
    place: Place | None
    online: bool


def sessions_of(event: Event, setting: Setting, horizon: Horizon) -> list[Session]:
    """Sessions of one event within the horizon, unsorted."""
    return [
        Session(
            start=start,
            end=end if end is None or end > start else None,
            zone=event.zone.key,
            place=setting.place,
            online=setting.online,
            channel_id=setting.channel_id,
        )
        for start, end in _times(event, horizon)
    ]


def is_over(event: Event, horizon: Horizon) -> bool:
    """Whether no session of the event can come within this horizon or a later one."""
    last = event.start if event.type == "1" else event.recurrence.end if event.recurrence else event.start
    return last is not None and local_date(last, event.zone) < horizon.first


def _times(event: Event, horizon: Horizon) -> Iterator[tuple[datetime, datetime | None]]:
    if event.type == "1" or event.recurrence is None:
        day = local_date(event.start, event.zone)
        if horizon.first <= day <= horizon.last:
            yield from _on_day(event, day)
    elif event.type == "3":
        yield from _range(event, horizon)
    else:
        for day in days_of(event, horizon.first, horizon.last):
            yield from _on_day(event, day)


def _range(event: Event, horizon: Horizon) -> Iterator[tuple[datetime, datetime | None]]:
    """One session for the whole range, not cut at the horizon: cut, it would change every week."""
    first = local_date(event.start, event.zone)
    end = event.recurrence.end if event.recurrence else None
    last = local_date(end, event.zone) if end else None
    if first <= horizon.last and (last is None or last >= horizon.first):
        yield _at(event, first, time()), None if last is None else _at(event, last + _DAY, time())


def _on_day(event: Event, day: date) -> Iterator[tuple[datetime, datetime | None]]:
    times = (
        [each for each in event.recurrence.day_times if each.weekday == day.isoweekday()] if event.recurrence else []
    )
    if times:
        yield from (_timed(event, day, each) for each in times)
    else:
        yield _untimed(event, day)


def _timed(event: Event, day: date, times: DayTime) -> tuple[datetime, datetime | None]:
    if times.end is None:
        return _at(event, day, times.start), None
    end_day = day + _DAY if times.end <= times.start else day
    return _at(event, day, times.start), _at(event, end_day, times.end)


def _untimed(event: Event, day: date) -> tuple[datetime, datetime | None]:
    """The clock time of the event's start; midnight means that only the day is known, so the session is the day."""
    clock = event.start.astimezone(event.zone).time()
    if clock == time():
        return _at(event, day, clock), _at(event, day + _DAY, clock)
    return _at(event, day, clock), None


def _at(event: Event, day: date, clock: time) -> datetime:
    """A wall-clock time on a day: summer time changes the moment, not the clock."""
    return datetime.combine(day, clock.replace(tzinfo=None), event.zone).astimezone(UTC)
