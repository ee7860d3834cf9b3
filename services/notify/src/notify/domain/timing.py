"""When a notification may be sent: not before its time, not in quiet hours, not when it is of no more use."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from notify.domain.notification import Notification

_SPAN = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)", re.ASCII)
_ZONE = ZoneInfo("Europe/Helsinki")


@dataclass(frozen=True, slots=True)
class QuietHours:
    """A daily span of wall-clock time in Finland, from `begin` up to but without `end`; it may pass midnight."""

    begin: time
    end: time

    @classmethod
    def parse(cls, text: str) -> QuietHours:
        """From `22:00-07:00`; ValueError otherwise."""
        match = _SPAN.fullmatch(text)
        if match is None:
            raise ValueError("quiet hours are written as 22:00-07:00")
        begin_hour, begin_minute, end_hour, end_minute = map(int, match.groups())
        return cls(time(begin_hour, begin_minute), time(end_hour, end_minute))

    def holds(self, moment: datetime) -> bool:
        local = moment.astimezone(_ZONE).time()
        if self.begin <= self.end:
            return self.begin <= local < self.end
        return local >= self.begin or local < self.end

    def end_after(self, moment: datetime) -> datetime:
        """The first end of the span after `moment`, in UTC: a night may have 8, 9 or 10 hours."""
        local = moment.astimezone(_ZONE)
        day = local.date() if local.time() < self.end else local.date() + timedelta(days=1)
        end = datetime.combine(day, self.end, _ZONE).astimezone(UTC)
        # In the hour that comes twice in autumn the first end may be past already.
        return end if end > moment else datetime.combine(day, self.end.replace(fold=1), _ZONE).astimezone(UTC)


def sendable_at(notification: Notification, *, now: datetime, quiet: QuietHours | None) -> datetime:
    """The earliest moment from `now` on at which it may be sent. Only urgent ones break quiet hours."""
    moment = max(now, notification.not_before)
    if quiet is None or notification.urgent or not quiet.holds(moment):
        return moment
    return quiet.end_after(moment)


def look_again_at(notification: Notification, *, wanted: datetime, quiet: QuietHours | None) -> datetime:
    """When the sender has to look at it next: at the time it may be sent, or when it expires, whichever is first."""
    return min(sendable_at(notification, now=wanted, quiet=quiet), notification.expires_at)
