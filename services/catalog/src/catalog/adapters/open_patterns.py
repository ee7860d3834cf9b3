"""Which of the opening hours in the index say open at a moment.

Services share hours: there are far fewer kinds of them than services, and each changes its state a few times a day. So
each state is worked out once and kept until it may change.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from threading import Lock

from catalog.domain.opening import Opening, opening
from event_schemas.hours import OpeningHours

HoursByKey = Mapping[str, tuple[OpeningHours, ...]]

_NEVER = datetime.min.replace(tzinfo=UTC)
_FIRST_PRUNED = 20_000


class OpenPatterns:
    """Numbers of patterns, each the opening hours of all channels of a service. Threads may share it.

    `prune_from` is the number of patterns below which none is forgotten.
    """

    def __init__(self, *, prune_from: int = _FIRST_PRUNED) -> None:
        self._hours: dict[str, tuple[OpeningHours, ...]] = {}
        self._states: dict[str, tuple[datetime, Opening]] = {}
        self._numbers: dict[frozenset[str], int] = {}
        self._next = 1
        self._open: tuple[datetime, frozenset[int]] = (_NEVER, frozenset())
        self._prune_from = self._prune_at = prune_from
        self._lock = Lock()

    def number(self, hours: HoursByKey) -> int:
        """The pattern's own number, from 1 on; 0 for a service that tells no hours."""
        if not hours:
            return 0
        with self._lock:
            keys = frozenset(hours)
            if keys not in self._numbers:
                self._hours.update(hours)
                self._numbers[keys] = self._next
                self._next += 1
                self._open = (_NEVER, frozenset())
            return self._numbers[keys]

    def open_at(self, at: datetime) -> frozenset[int]:
        """Numbers of the patterns with any channel open in the minute of `at`."""
        minute = at.replace(second=0, microsecond=0)
        with self._lock:
            if self._open[0] != minute:
                opened = {key for key in self._hours if self._is_open(key, minute)}
                numbers = (number for keys, number in self._numbers.items() if not opened.isdisjoint(keys))
                self._open = (minute, frozenset(numbers))
            return self._open[1]

    def prune(self, is_used: Callable[[int], bool]) -> None:
        """Forgets what no document has any more, whenever there has come to be twice as much as was kept last."""
        with self._lock:
            if len(self._numbers) < self._prune_at:
                return
            self._numbers = {keys: number for keys, number in self._numbers.items() if is_used(number)}
            kept = frozenset().union(*self._numbers)
            self._hours = {key: hours for key, hours in self._hours.items() if key in kept}
            self._states = {key: state for key, state in self._states.items() if key in kept}
            self._prune_at = max(self._prune_from, 2 * len(self._numbers))

    def _is_open(self, key: str, at: datetime) -> bool:
        since, state = self._states.get(key, (at, None))
        if state is None or not since <= at < state.until:
            state = opening(self._hours[key], at)
            self._states[key] = (at, state)
        return state.is_open
