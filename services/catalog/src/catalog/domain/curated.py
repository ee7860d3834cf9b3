"""The county's own content: entries that no source has, with what is to come of what recurs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice, takewhile

from catalog.domain.zones import FINLAND
from event_schemas.listing import ListingPublished
from event_schemas.session import Session

_MOST_SESSIONS = 10


@dataclass(frozen=True, slots=True)
class Schedule:
    """Days by the rule `first`, `last`, `every`, with single days beside it; clock times of Finland."""

    starts: time
    ends: time
    online: bool
    first: date | None = None
    last: date | None = None
    every: timedelta = timedelta(weeks=1)
    days: tuple[date, ...] = ()
    left_out: frozenset[date] = frozenset()

    def coming(self, now: datetime) -> tuple[Session, ...]:
        """The next ones that have not ended, at most ten."""
        sessions = (self._session(day) for day in self._days(now.astimezone(FINLAND).date()))
        return tuple(islice((one for one in sessions if one.end and one.end > now), _MOST_SESSIONS))

    def _days(self, today: date) -> Iterator[date]:
        """From today on, in order; a day of both kinds once."""
        ruled = islice(takewhile(self._is_within, self._ruled(today)), _MOST_SESSIONS + len(self.left_out) + 1)
        yield from (day for day in sorted({*ruled, *self.days}) if day >= today and day not in self.left_out)

    def _ruled(self, today: date) -> Iterator[date]:
        if self.first is None:
            return
        passed = max(0, (today - self.first) // self.every)
        day = self.first + passed * self.every
        while True:
            yield day
            day += self.every

    def _is_within(self, day: date) -> bool:
        return self.last is None or day <= self.last

    def _session(self, day: date) -> Session:
        start, end = (datetime.combine(day, at, FINLAND) for at in (self.starts, self.ends))
        return Session(start=start, end=end, online=self.online)


@dataclass(frozen=True, slots=True)
class Curated:
    """An entry of the content pack; without a schedule it is always offered."""

    description: ListingPublished
    schedule: Schedule | None = None

    def on(self, now: datetime) -> ListingPublished | None:
        """The description with its next sessions; None when they are all past."""
        if self.schedule is None:
            return self.description
        sessions = self.schedule.coming(now)
        return self.description.model_copy(update={"sessions": sessions}) if sessions else None
