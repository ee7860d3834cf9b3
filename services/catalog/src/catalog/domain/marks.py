"""Cursors made of short marks of entries.

Scores differ between replicas and between moments, so a position says nothing on the next page; what has been shown
does. The first pages come best first, and their cursor is the set of the entries shown. An address can't hold more than
so many: after them the rest comes in the order of marks, which no change of an entry moves, and the cursor adds the
last mark shown. So a list of any length comes to its end, and repeats nothing. 40 bits keep two of 5 000 entries apart
but once in 90 000 sets.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b

_SIZE = 5
MOST_RANKED = 900
"""Entries that come best first; the page that passes it is the last such one."""

LONGEST_PAGE = 100


class UnreadableCursor(ValueError):
    """A cursor that this service did not write."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What earlier pages have shown: the entries marked `seen`, and once `after` is given, every mark up to it."""

    seen: frozenset[int] = frozenset()
    after: int | None = None

    def and_then(self, entry_ids: Iterable[str]) -> Shown:
        """With one more page; marks of an ordered page only move `after`."""
        marks = [mark(entry_id) for entry_id in entry_ids]
        if self.after is not None:
            return Shown(self.seen, max(marks, default=self.after))
        seen = self.seen | set(marks)
        return Shown(seen, 0 if len(seen) >= MOST_RANKED else None)


def mark(entry_id: str) -> int:
    return int.from_bytes(blake2b(entry_id.encode(), digest_size=_SIZE).digest())


def cursor_of(shown: Shown) -> str:
    """A cursor in URL-safe text: a byte that tells whether the first mark is `after`, and the marks."""
    ordered = shown.after is not None
    marks = [*([shown.after] if shown.after is not None else []), *sorted(shown.seen)]
    packed = bytes([ordered]) + b"".join(one.to_bytes(_SIZE) for one in marks)
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def shown_before(cursor: str) -> Shown:
    """What a cursor says; an empty one says nothing. Raises UnreadableCursor."""
    if not cursor:
        return Shown()
    try:
        packed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise UnreadableCursor from None
    ordered, marks = packed[:1], packed[1:]
    if ordered not in (b"\0", b"\1") or len(marks) % _SIZE or len(marks) > (MOST_RANKED + LONGEST_PAGE) * _SIZE:
        raise UnreadableCursor
    numbers = [int.from_bytes(marks[at : at + _SIZE]) for at in range(0, len(marks), _SIZE)]
    if ordered == b"\0":
        return Shown(frozenset(numbers))
    if not numbers:
        raise UnreadableCursor
    return Shown(frozenset(numbers[1:]), numbers[0])
