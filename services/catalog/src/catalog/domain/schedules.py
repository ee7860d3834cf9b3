"""Opening hours and sessions as schedules of HSDS 3.1 (Human Services Data Specification, Open Referral).

Times are local, without an offset: a fixed one would be wrong for half of the year. What HSDS has no field for (that a
schedule is an exception, round the clock, by reservation) is told in `description`, the zone in `notes`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import orjson

from catalog.domain.zones import zone_named
from event_schemas.entry import EntryPublished
from event_schemas.hours import (
    ContinuousHours,
    ExceptionHours,
    HolidayHours,
    OpeningHours,
    OpeningStatus,
    Weekday,
    WeeklyHours,
    WeeklyInterval,
    WeekParity,
)
from event_schemas.session import Session

Schedule = dict[str, Any]
_DAYS = {day: day.value[:2].upper() for day in Weekday}
# ISO weeks; a year may have 53, after which two odd ones follow each other, so that an interval of 2 would slip.
_WEEKS = {
    WeekParity.EVERY: None,
    WeekParity.ODD: ",".join(map(str, range(1, 54, 2))),
    WeekParity.EVEN: ",".join(map(str, range(2, 53, 2))),
}
_WEEK = timedelta(days=7)


def schedules(entry: EntryPublished) -> list[Schedule]:
    """Schedules of an entry: when its channels are open, and when its sessions are."""
    hours = [(channel.channel_id, some) for channel in entry.channels for some in channel.hours]
    of_hours = [{**one, **_told(some), "channel": channel} for channel, some in hours for one in _of_hours(some)]
    return [_named(entry, one) for one in (*of_hours, *_of_sessions(entry.sessions))]


def _named(entry: EntryPublished, given: Schedule) -> Schedule:
    """With an id that stays as long as the schedule says the same."""
    channel = given.pop("channel", None)
    said = {name: value for name, value in given.items() if value is not None}
    name = orjson.dumps([entry.entry_id, channel, said], option=orjson.OPT_SORT_KEYS).decode()
    return {"id": str(uuid5(NAMESPACE_URL, name)), "service_id": entry.entry_id, **said}


def _told(hours: OpeningHours) -> Schedule:
    texts = [text.text for given in (hours.heading, hours.note) for _, text in sorted(given.items())]
    return {"notes": " · ".join([zone_named(hours.zone).key, *texts])}


def _of_hours(hours: OpeningHours) -> Iterator[Schedule]:
    match hours:
        case WeeklyHours():
            yield from _weeks(hours.intervals, hours.valid_from, hours.valid_to, "")
        case ExceptionHours():
            yield from _exception(hours)
        case HolidayHours():
            yield from _holiday(hours)
        case ContinuousHours():
            yield _unbroken(hours)


def _weeks(intervals: Iterable[WeeklyInterval], start: date | None, end: date | None, kind: str) -> Iterator[Schedule]:
    """One schedule for each time of day, so that a day with two openings has two."""
    days: defaultdict[tuple[str, str, OpeningStatus, WeekParity], list[Weekday]] = defaultdict(list)
    for one in intervals:
        days[one.opens, one.closes, one.status, one.week_parity].append(one.day)
    for (opens, closes, status, parity), some in sorted(days.items()):
        yield {
            "valid_from": start and start.isoformat(),
            "valid_to": end and end.isoformat(),
            "freq": "WEEKLY",
            "byday": ",".join(_DAYS[day] for day in Weekday if day in some),
            "byweekno": _WEEKS[parity],
            **_between(opens, closes),
            "description": _said(kind, status),
        }


def _exception(hours: ExceptionHours) -> Iterator[Schedule]:
    if hours.intervals:
        yield from _weeks(hours.intervals, hours.valid_from, hours.valid_to, "exception")
    else:
        dates = {"valid_from": hours.valid_from.isoformat(), "valid_to": hours.valid_to.isoformat()}
        yield {**dates, "description": _said("exception", OpeningStatus.CLOSED)}


def _holiday(hours: HolidayHours) -> Iterator[Schedule]:
    kind = " ".join(["exception: holiday", str(hours.holiday), *map(str, hours.years)])
    if not hours.intervals:
        yield {"description": _said(kind, OpeningStatus.CLOSED)}
    yield from ({**_between(one.opens, one.closes), "description": _said(kind, one.status)} for one in hours.intervals)


def _unbroken(hours: ContinuousHours) -> Schedule:
    """Round the clock, or from one time of the week to another, of which HSDS can only hold the beginning."""
    days = [hours.from_day] if hours.from_day else list(Weekday)
    if hours.from_day is None or hours.to_day is None:
        told, ends = "round the clock", {"opens_at": "00:00", "closes_at": "24:00"}
    else:
        told = f"without a break until {_DAYS[hours.to_day]} {hours.to_time or '24:00'}"
        ends = {"opens_at": hours.from_time or "00:00"}
    return {
        "valid_from": hours.valid_from and hours.valid_from.isoformat(),
        "valid_to": hours.valid_to and hours.valid_to.isoformat(),
        "freq": "WEEKLY",
        "byday": ",".join(_DAYS[day] for day in days),
        **ends,
        "description": _said(told, hours.status),
    }


def _of_sessions(sessions: Sequence[Session]) -> Iterator[Schedule]:
    """Sessions a week apart at one local time are one recurrence, whatever the clock change does to them in UTC."""
    held = sorted((one for one in sessions if not one.cancelled), key=_slot)
    for (_, opens, closes, zone), some in groupby(held, key=_slot):
        days = sorted({one.start.astimezone(zone_named(zone)).date() for one in some})
        for run in _runs(days):
            yield {**_recurrence(run), "opens_at": opens, "closes_at": closes, "notes": zone}


def _slot(session: Session) -> tuple[int, str, str | None, str]:
    start, end = _local(session, session.start), session.end and _local(session, session.end)
    return start.weekday(), _clock(start.time()), _clock(end.time()) if end else None, zone_named(session.zone).key


def _local(session: Session, moment: datetime) -> datetime:
    return moment.astimezone(zone_named(session.zone))


def _runs(days: Sequence[date]) -> Iterator[list[date]]:
    run: list[date] = []
    for day in days:
        if run and day - run[-1] != _WEEK:
            yield run
            run = []
        run.append(day)
    if run:
        yield run


def _recurrence(run: Sequence[date]) -> Schedule:
    """`valid_to`, not `until`: sources tell of the sessions of some months, not of the end of a group."""
    first, last = run[0].isoformat(), run[-1].isoformat()
    if len(run) == 1:
        return {"dtstart": first, "valid_from": first, "valid_to": last, "count": 1}
    byday = _DAYS[list(Weekday)[run[0].weekday()]]
    return {"dtstart": first, "valid_from": first, "valid_to": last, "freq": "WEEKLY", "byday": byday}


def _between(opens: str, closes: str) -> Schedule:
    return {"opens_at": opens, "closes_at": closes}


def _clock(moment: time) -> str:
    return moment.isoformat("minutes")


def _said(kind: str, status: OpeningStatus) -> str | None:
    return "; ".join(part for part in (kind, "" if status == OpeningStatus.OPEN else str(status)) if part) or None
