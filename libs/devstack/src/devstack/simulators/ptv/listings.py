"""What can go wrong with a paged listing: it ends early, its total lies, or it moves while it is read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Truncation:
    """Only the first `keep` rows are given; `total` is what the listing claims to hold, its true size when None."""

    keep: int
    total: int | None = None


@dataclass(frozen=True)
class Drift:
    """`change` happens once page `after_page` of the kind's listing was answered."""

    kind: str
    after_page: int
    change: Callable[[], None]


@dataclass
class Listings:
    """The tricks now in force, for both versions of the interface."""

    truncated: dict[str, Truncation] = field(default_factory=dict)
    drifts: list[Drift] = field(default_factory=list)

    def rows(self, kind: str, rows: list[T]) -> tuple[list[T], int]:
        """The rows a listing gives, and the number of rows it claims."""
        cut = self.truncated.get(kind)
        if cut is None:
            return rows, len(rows)
        return rows[: cut.keep], len(rows) if cut.total is None else cut.total

    def answered(self, kind: str, page: int) -> None:
        """To be told after each page."""
        due = [drift for drift in self.drifts if (drift.kind, drift.after_page) == (kind, page)]
        for drift in due:
            self.drifts.remove(drift)
            drift.change()
