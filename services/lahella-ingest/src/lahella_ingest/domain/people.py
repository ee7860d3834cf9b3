"""Whom an activity is for."""

from __future__ import annotations

import re
from collections.abc import Iterable

from event_schemas.listing import AgeRange

_RANGE = re.compile(r"ageGroup/range:(\d{1,3})-(\d{1,3})")
_OPEN_END = 99
"""The oldest group is 65-99, by which the source means everybody above."""


def age_ranges(demographic: Iterable[str]) -> tuple[AgeRange, ...]:
    """Age groups, joined where one follows the other. All ages are no limit: the source has no word for it."""
    found = sorted((int(match[1]), int(match[2])) for code in demographic if (match := _RANGE.fullmatch(code)))
    joined: list[tuple[int, int]] = []
    for lowest, highest in found:
        if joined and lowest <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(highest, joined[-1][1]))
        else:
            joined.append((lowest, highest))
    if joined == [(0, _OPEN_END)]:
        return ()
    return tuple(_range(lowest, highest) for lowest, highest in joined)


def _range(lowest: int, highest: int) -> AgeRange:
    return AgeRange(lowest=lowest, highest=None if highest >= _OPEN_END else highest)


def target_groups(demographic: Iterable[str]) -> tuple[str, ...]:
    """Limits by gender, as the source codes them; `gender/gender` is everybody."""
    return tuple(code for code in demographic if code.startswith("gender/") and code != "gender/gender")
