"""Which of the opening hours in the index say open at a moment.

Services share hours: there are far fewer kinds of them than channels, and each changes its state a few times a day. So
each state is worked out once and kept until it may change.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from threading import Lock

from catalog.domain.opening import Opening, opening
from event_schemas.hours import OpeningHours

_ALWAYS = datetime.min.replace(tzinfo=UTC)
_FIRST_PRUNED = 10_000


class OpenPatterns:
    """Opening hours by key; `take` from one thread, `open_at` from another."""

    def __init__(self) -> None:
        self._hours: dict[str, tuple[OpeningHours, ...]] = {}
        self._states: dict[str, tuple[datetime, Opening]] = {}
        self._open: tuple[datetime, list[str]] = (_ALWAYS, [])
        self._prune_at = _FIRST_PRUNED
        self._lock = Lock()

    def take(self, hours: Mapping[str, tuple[OpeningHours, ...]]) -> None:
        with self._lock:
            new = {key: given for key, given in hours.items() if key not in self._hours}
            self._hours.update(new)
            if new:
                self._open = (_ALWAYS, [])

    def open_at(self, at: datetime) -> list[str]:
        """Keys of the hours that say open in the minute of `at`."""
        minute = at.replace(second=0, microsecond=0)
        with self._lock:
            if self._open[0] != minute:
                self._open = (minute, [key for key in self._hours if self._is_open(key, minute)])
            return self._open[1]

    def prune(self, is_used: Callable[[str], bool]) -> None:
        """Forgets what no document has any more, whenever there has come to be twice as much as was kept last."""
        if len(self._hours) < self._prune_at:
            return
        unused = [key for key in list(self._hours) if not is_used(key)]
        with self._lock:
            for key in unused:
                del self._hours[key]
                self._states.pop(key, None)
            self._prune_at = max(_FIRST_PRUNED, 2 * len(self._hours))

    def _is_open(self, key: str, at: datetime) -> bool:
        since, state = self._states.get(key, (at, None))
        if state is None or not since <= at < state.until:
            state = opening(self._hours[key], at)
            self._states[key] = (at, state)
        return state.is_open
