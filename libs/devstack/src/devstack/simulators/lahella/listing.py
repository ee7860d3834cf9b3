"""How the list of activities is served when it misbehaves: it shifts between pages, repeats itself, or ends early."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

T = TypeVar("T")


@dataclass
class Drift:
    """What happens to the activities after the page that ends at or behind the `after`-th has been served."""

    after: int
    change: Callable[[], None]


@dataclass
class Oddities:
    """The ways in force; each is used up as often as asked."""

    drifts: list[Drift] = field(default_factory=list)
    repeats: int = 0
    """How many later pages are the first page once more, saying that there is more."""
    truncated_at: int | None = None
    total_lies: bool = False
    """Whether the total of a truncated list is told as if nothing were missing from it."""

    def clear(self) -> None:
        self.drifts.clear()
        self.repeats, self.truncated_at, self.total_lies = 0, None, False


@dataclass(frozen=True)
class Slice:
    """A page of something: `total` as it would be told, `has_more` as it is."""

    first: int
    last: int
    total: int
    has_more: bool

    def of(self, rows: Sequence[T]) -> Sequence[T]:
        return rows[self.first : self.last]


def serve(oddities: Oddities, count: int, skip: int, limit: int) -> Slice:
    """Which of `count` rows a page holds."""
    if skip and oddities.repeats:
        oddities.repeats -= 1
        return Slice(0, limit, count, has_more=True)
    end = count if oddities.truncated_at is None else min(count, oddities.truncated_at)
    told = end if oddities.total_lies else count
    return Slice(skip, min(skip + limit, end), told, skip + limit < end)


def drift(oddities: Oddities, last: int) -> None:
    """Lets happen what waits for the page that ended at `last`."""
    due = [one for one in oddities.drifts if one.after <= last]
    oddities.drifts = [one for one in oddities.drifts if one not in due]
    for one in due:
        one.change()
